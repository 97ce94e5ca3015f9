//! What happens to the socket and what time brings: from the first try to the last. Which troubles a retry can cure is
//! decided here.

use super::clock::millis;
use super::keep_alive::{Due, KeepAlive};
use super::outbox::Queued;
use super::state::{Stage, State};
use super::trial::Weighed;
use super::verdict::{blames, cure};
use super::{Delivery, Event, PublishFault, SocketEvent, Trouble};
use crate::protocol::{Disconnect, Version, encode};

/// The WebSocket close code with which Midge's own host says that another client has taken over the client identifier.
/// The number is the reason code 0x8E of MQTT 5, on top of the range that is free for applications.
const TAKEN_OVER: u16 = 4142;

/// DISCONNECT: another client has taken over the client identifier (MQTT 5 section 3.14.2.1).
const SESSION_TAKEN_OVER: u8 = 0x8E;

/// DISCONNECT: protocol error.
const PROTOCOL_ERROR: u8 = 0x82;

impl State {
    pub(super) fn socket_event(&mut self, event: SocketEvent<'_>) {
        match event {
            SocketEvent::Opened { subprotocol } => self.opened(subprotocol),
            SocketEvent::OpenFailed {
                forbidden: Some(detail),
            } => {
                self.give_up(Trouble::Forbidden { detail });
            }
            SocketEvent::OpenFailed { forbidden: None } => self.closed(1006, ""),
            SocketEvent::Bytes(_) | SocketEvent::Filled => {
                self.answered = true;
                self.heard_at = self.clock.now();
                if let Some(keep_alive) = &mut self.keep_alive {
                    keep_alive.heard(self.clock.now());
                }
            }
            SocketEvent::TextFrame => {
                self.part(0x81);
                self.close(4003, "binary frames only");
                self.unless_it_has_worked(Trouble::TextFrame);
            }
            SocketEvent::Closed {
                code,
                reason,
                clean: _,
            } => self.closed(code, reason),
        }
    }

    /// The socket closed, and not because this side wanted it to.
    fn closed(&mut self, code: u16, reason: &str) {
        match self.stage {
            Stage::Opening { since } => {
                let after = self.clock.millis_since(since);
                self.retry_elsewhere(Trouble::NotOpened { after });
            }
            Stage::Greeting { since } => {
                let after = self.clock.millis_since(since);
                self.unanswered(Trouble::ClosedBeforeConnack { code, after });
            }
            Stage::Live { since } => self.lost(since, code, reason),
            Stage::Idle | Stage::Waiting { .. } | Stage::Failed => {}
        }
    }

    /// The socket closed while connected, without a word of the protocol. That is a loss like any other, unless it comes
    /// again and again in the rhythm of two clients that throw each other out.
    fn lost(&mut self, since: u64, code: u16, reason: &str) {
        let trouble = Trouble::Lost {
            code,
            reason: reason.to_owned(),
            silence: self.silence(),
        };
        self.thrown_out(since, code == TAKEN_OVER, trouble);
    }

    /// The broker ended the connection. `certain`: it said that another client has taken over.
    pub(super) fn thrown_out(&mut self, since: u64, certain: bool, trouble: Trouble) {
        if certain {
            return self.taken_over(true, trouble);
        }
        // The broker was silent before, or the machine slept or changed its network: that explains it.
        let unanswered = self
            .keep_alive
            .as_ref()
            .is_some_and(|keep_alive| keep_alive.unanswered(self.clock.now()));
        let explained = unanswered || self.clock.was_disturbed();
        let lasted = self.clock.since(since);
        let weighed = if explained {
            Weighed::Nothing
        } else {
            self.weigh(lasted)
        };
        if self.may_rename() {
            return self.taken_over(false, trouble);
        }
        let fought = !explained && self.fight.thrown_out(self.has_held(lasted));
        match weighed {
            // That was why.
            Weighed::LeftOut => self.fight.forget(),
            // That may be why, and it will come out.
            Weighed::Repeated => {}
            Weighed::Nothing | Weighed::Suspected if fought => {
                return self.taken_over(false, trouble);
            }
            Weighed::Nothing | Weighed::Suspected => {}
        }
        self.retry(trouble);
    }

    /// Another client has, or may have, the client identifier.
    fn taken_over(&mut self, certain: bool, trouble: Trouble) {
        let may_rename = self.may_rename();
        let Some(settings) = &mut self.settings else {
            return;
        };
        if may_rename {
            // Whoever has this identifier now may keep it.
            settings.connect.client_id = self.chance.client_id();
            return self.retry(trouble);
        }
        let client_id = settings.connect.client_id.clone();
        self.give_up(Trouble::Replaced { certain, client_id });
    }

    /// The client identifier may change without losing a session.
    fn may_rename(&self) -> bool {
        let made_up = self
            .settings
            .as_ref()
            .is_some_and(|settings| settings.client_id_made_up);
        made_up && self.ends
    }

    /// DISCONNECT from the broker (MQTT 5 section 3.14), which is answered by closing only.
    pub(super) fn disconnected(&mut self, disconnect: Disconnect) {
        let Disconnect {
            code,
            reason_string,
            server_reference,
            ..
        } = disconnect;
        let lasted = match self.stage {
            Stage::Live { since } => self.clock.since(since),
            _ => 0,
        };
        let weighed = if blames(code) {
            self.weigh(lasted)
        } else {
            Weighed::Nothing
        };
        self.close(1000, "");
        let trouble = Trouble::Disconnected {
            code,
            reason: reason_string,
            server_reference,
        };
        if code == SESSION_TAKEN_OVER {
            return self.taken_over(true, trouble);
        }
        self.fight.forget();
        // What it speaks of is not sent again in the same way, so that there may be another connection.
        if weighed != Weighed::Nothing {
            self.retry(trouble);
        } else {
            self.cured_by(cure(code), trouble);
        }
    }

    /// The time goes on.
    pub(super) fn advance(&mut self, now: u64) {
        self.clock.advance(now, self.wake_at());
    }

    /// What is due by now.
    pub(super) fn time(&mut self) {
        let Some(timing) = self.settings.as_ref().map(|settings| settings.timing) else {
            return;
        };
        match self.stage {
            Stage::Opening { since } if self.clock.now() >= since.saturating_add(timing.open) => {
                let after = self.clock.millis_since(since);
                self.close(1000, "");
                self.retry_elsewhere(Trouble::OpenTimeout { after });
            }
            Stage::Greeting { since }
                if self.clock.now() >= since.saturating_add(timing.connack) =>
            {
                let after = self.clock.millis_since(since);
                self.close(4008, "no CONNACK");
                self.unanswered(Trouble::NoConnack { after });
            }
            Stage::Live { .. } => {
                let due = self
                    .keep_alive
                    .as_mut()
                    .map(|keep_alive| keep_alive.due(self.clock.now()));
                match due {
                    Some(Due::Ping) => self.send_pingreq(),
                    Some(Due::Missed(after)) => {
                        self.close(4008, "no PINGRESP");
                        self.retry(Trouble::PingUnanswered {
                            after: millis(after),
                        });
                    }
                    Some(Due::Nothing) | None => {}
                }
                if self.live() {
                    self.acquit();
                }
            }
            Stage::Waiting { until } if self.clock.now() >= until => self.begin(),
            _ => {}
        }
    }

    /// When [`Self::time`] has something to do.
    pub(super) fn wake_at(&self) -> Option<u64> {
        let timing = &self.settings.as_ref()?.timing;
        match self.stage {
            Stage::Opening { since } => Some(since.saturating_add(timing.open)),
            Stage::Greeting { since } => Some(since.saturating_add(timing.connack)),
            Stage::Live { .. } => {
                let keep_alive = self.keep_alive.as_ref().and_then(KeepAlive::wake_at);
                keep_alive.into_iter().chain(self.trial.due).min()
            }
            Stage::Waiting { until } => Some(until),
            Stage::Idle | Stage::Failed => None,
        }
    }

    /// Says why the connection ends, where there is a word for it (MQTT 5 section 4.13) and CONNECT was sent.
    pub(super) fn part(&mut self, code: u8) {
        if self.version() != Version::V5 || !self.stage.receives() {
            return;
        }
        // A code that only a broker may say is a protocol error to it.
        for code in [code, PROTOCOL_ERROR] {
            let disconnect = Disconnect {
                code,
                ..Disconnect::default()
            };
            let write = |out: &mut Vec<u8>| encode::disconnect_with(&disconnect, out);
            if self.send(Delivery::Control, write).is_ok() {
                return;
            }
        }
    }

    /// Closes the socket, if there is one, and ends what belongs to it.
    pub(super) fn close(&mut self, code: u16, reason: &'static str) {
        self.shut(code, reason);
        self.hang_up();
    }

    /// Closes the socket, if there is one.
    pub(super) fn shut(&mut self, code: u16, reason: &'static str) {
        if self.stage.has_socket() {
            self.outbox.push(Queued::Close {
                socket: self.socket,
                code,
                reason,
            });
        }
    }

    /// A retry cannot cure it.
    pub(super) fn give_up(&mut self, trouble: Trouble) {
        self.note_end(0);
        self.fight.forget();
        self.hang_up();
        self.trouble = Some(trouble);
        self.enter(Stage::Failed);
    }

    /// What listens there is no broker, and a retry cannot cure it, unless there was one before.
    pub(super) fn unless_it_has_worked(&mut self, trouble: Trouble) {
        if self.tries.settled() && !self.strict() {
            self.retry_elsewhere(trouble);
        } else {
            self.give_up(trouble);
        }
    }

    /// Time may cure it.
    pub(super) fn retry(&mut self, trouble: Trouble) {
        self.end(trouble);
        self.wait();
    }

    /// Another address may cure it, which is tried at once; time, when all were tried.
    pub(super) fn retry_elsewhere(&mut self, trouble: Trouble) {
        self.end(trouble);
        if self.tries.next_address(self.addresses()) {
            self.begin();
        } else {
            self.wait();
        }
    }

    fn end(&mut self, trouble: Trouble) {
        let lasted = if let Stage::Live { since } = self.stage {
            self.clock.since(since)
        } else {
            0
        };
        self.note_end(lasted);
        self.hang_up();
        self.trouble = Some(trouble);
    }

    /// Waits for the next try, longer with each round of failures.
    fn wait(&mut self) {
        let Some(settings) = &self.settings else {
            return;
        };
        self.failures = self.failures.saturating_add(1);
        self.tries.new_round();
        let wait = self.chance.wait(self.failures, &settings.timing);
        self.enter(Stage::Waiting {
            until: self.clock.now().saturating_add(wait),
        });
    }

    /// A connection ended, or a try. After one that held, failures count from the first again.
    fn note_end(&mut self, lasted: u64) {
        if !self.live() {
            // In a fight every try succeeds.
            return self.fight.forget();
        }
        self.attempt = 0;
        self.suspicion.ended(lasted);
        self.lost_at = Some(self.heard_at);
        if self.has_held(lasted) {
            self.failures = 0;
            self.tries.new_round();
        }
    }

    pub(super) fn has_held(&self, lasted: u64) -> bool {
        self.settings
            .as_ref()
            .is_some_and(|settings| lasted >= settings.timing.held)
    }

    /// What belongs to the network connection ends with it.
    pub(super) fn hang_up(&mut self) {
        while let Some(number) = self.line.next_cut() {
            let why = PublishFault::Cut;
            self.say(Event::PublishFailed { number, why });
        }
        self.keep_alive = None;
        self.session_present = false;
        self.granted = None;
        self.exchange = None;
        for id in self.subscriptions.sleep() {
            self.identifiers.free(id);
        }
    }

    /// For how long nothing has come or been sent, in milliseconds.
    fn silence(&self) -> u32 {
        self.keep_alive.as_ref().map_or(0, |keep_alive| {
            self.clock.millis_since(keep_alive.moved_at())
        })
    }
}
