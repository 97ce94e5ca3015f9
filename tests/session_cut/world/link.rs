//! The link between page and broker, and its mishaps.

use midge::session::Phase;

use super::super::broker::TOPIC;
use super::{Act, Happening, MILLI, Mishap, World, connection};

impl World {
    /// Bytes arrive at one end, up to the next mishap.
    pub(super) fn arrive(&mut self, bytes: &[u8], hand_over: impl FnOnce(&mut Self, &[u8])) {
        let room = self
            .mishaps
            .front()
            .map_or(u64::MAX, |(at, _)| at.saturating_sub(self.steps));
        let taken = bytes.len().min(usize::try_from(room).unwrap_or(usize::MAX));
        self.steps += taken as u64;
        if taken > 0 {
            hand_over(self, &bytes[..taken]);
        }
        self.suffer_if_due();
    }

    pub(super) fn suffer_if_due(&mut self) {
        self.places.push(self.steps);
        if let Some((at, mishap)) = self.mishaps.front().copied()
            && at <= self.steps
        {
            self.mishaps.pop_front();
            self.suffer(mishap);
        }
    }

    pub(super) fn suffer(&mut self, mishap: Mishap) {
        let steps = self.steps;
        self.note(|| format!("after {steps} steps: {mishap:?}"));
        match mishap {
            Mishap::Vanish if self.link.is_some() => {
                if !self.vanishing {
                    self.vanishing = true;
                    self.ledger.vanished(self.now);
                }
            }
            Mishap::Vanish => {}
            Mishap::Cut { forget, crash } => {
                if crash && let Some(page) = self.page.take() {
                    let away = page.session.phase() == Phase::Disconnected;
                    self.unsure |= away || page.uncommitted() > 0;
                    self.ledger.crashed();
                    self.remove_wake();
                    self.add(self.now + 50 * MILLI, Happening::Reopen);
                    self.link = None;
                    self.vanishing = false;
                }
                self.hang_up();
                if forget {
                    self.broker.kept = None;
                    self.ledger.forgotten();
                }
            }
        }
    }

    /// Ends the connection at both ends. Of a half-open one the client does not hear.
    pub(super) fn hang_up(&mut self) {
        self.broker_loses(None);
        if let Some(connection) = self.link
            && !self.vanishing
        {
            self.link = None;
            self.add_in_order(2, MILLI, Happening::ClosedAtClient { connection });
        }
    }

    pub(super) fn broker_loses(&mut self, connection: Option<u64>) {
        let kept = self.broker.kept.is_some();
        self.broker.gone(connection);
        if kept && self.broker.kept.is_none() {
            self.ledger.forgotten();
        }
    }

    pub(super) fn after_broker(&mut self) {
        if !self.begun[1] && self.broker.holds(TOPIC) {
            self.begun[1] = true;
            for (number, qos) in self.plan.into.clone() {
                self.receive(number, qos);
            }
        }
        if let Some(connection) = self.broker.connection() {
            while let Some(reply) = self.broker.replies.pop_front() {
                self.add_in_order(1, MILLI / 3, Happening::Reply { connection, reply });
            }
        }
    }

    pub(super) fn act(&mut self, acts: Vec<Act>) {
        let life = self.lives;
        for act in acts {
            self.note(|| format!("    {act:?}"));
            match act {
                Act::Open(socket) => {
                    self.ledger.noticed(self.now);
                    self.link = None;
                    self.vanishing = false;
                    self.opening = Some(connection(life, socket));
                    let at = self.now + self.delay(MILLI);
                    self.add(at, Happening::Opened { life, socket });
                }
                Act::Send { socket, bytes } => {
                    let connection = connection(life, socket);
                    if self.link == Some(connection) {
                        self.split(0, bytes, |bytes| Happening::ToBroker { connection, bytes });
                    }
                }
                Act::Close(socket) => {
                    let connection = connection(life, socket);
                    self.opening = self.opening.filter(|opening| *opening != connection);
                    if self.link == Some(connection) {
                        if self.vanishing {
                            self.ledger.noticed(self.now);
                            self.link = None;
                            self.vanishing = false;
                        }
                        self.add_in_order(0, MILLI, Happening::ClosedAtBroker { connection });
                    }
                }
                Act::Wrote(number) => self.ledger.wrote(number),
                Act::Say(event) => self.hear(event),
            }
        }
    }

    pub(super) fn send_to_client(&mut self, connection: u64, bytes: Vec<u8>) {
        self.split(2, bytes, |bytes| Happening::ToClient { connection, bytes });
    }

    /// Puts bytes on their way, by chance in parts.
    pub(super) fn split(
        &mut self,
        way: usize,
        bytes: Vec<u8>,
        happening: impl Fn(Vec<u8>) -> Happening,
    ) {
        let mut rest = bytes;
        while let Some(chance) = &mut self.chance
            && rest.len() > 1
            && chance.u8(..6) == 0
        {
            let behind = rest.split_off(chance.usize(1..rest.len()));
            self.add_in_order(way, MILLI, happening(rest));
            rest = behind;
        }
        self.add_in_order(way, MILLI, happening(rest));
    }
}
