//! The life of a connection, from the first attempt to the last: what happens on the socket, what is due by time, and
//! which troubles are worth a retry.

use super::clock::millis;
use super::keep_alive::Due;
use super::outbox::Queued;
use super::stage::Stage;
use super::state::State;
use super::trial::Weighed;
use super::verdict::{blames, cure};
use super::{Event, PacketRole, PublishFault, SocketEvent, Trouble};
use crate::protocol::{Disconnect, UNREACHED, Version, encode};

/// The WebSocket close code with which Midge's own host says that another client has taken over the client identifier.
/// The number is the reason code 0x8E of MQTT 5, plus 4000, where the range for applications begins.
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
                self.stage.heard(self.clock.now());
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
        match &self.stage {
            Stage::Opening { since } => {
                let after = self.clock.millis_since(*since);
                self.retry_elsewhere(Trouble::NotOpened { after });
            }
            Stage::Greeting(greeting) => {
                let after = self.clock.millis_since(greeting.since());
                let trouble = Trouble::ClosedBeforeConnack { code, after };
                // The broker did not even see the version.
                match UNREACHED.contains(&code) {
                    true => self.retry_elsewhere(trouble),
                    false => self.unanswered(trouble),
                }
            }
            // An ordinary loss, unless it repeats in the rhythm of two clients with one client identifier that take
            // over from each other.
            Stage::Connected(connected) => {
                let trouble = Trouble::Lost {
                    code,
                    reason: reason.to_owned(),
                    silence: self.clock.millis_since(connected.moved_at()),
                };
                self.thrown_out(code == TAKEN_OVER, trouble);
            }
            Stage::Idle | Stage::Over(_) | Stage::Waiting { .. } | Stage::Failed => {}
        }
    }

    /// The broker ended a connection that CONNACK had accepted. `certain`: it said that another client has taken over.
    pub(super) fn thrown_out(&mut self, certain: bool, trouble: Trouble) {
        if certain {
            return self.taken_over(true, trouble);
        }
        // An unanswered PINGREQ, a sleep or a change of network explains the end without blaming anything that was
        // sent.
        let now = self.clock.now();
        let connected = self.stage.connected();
        let unanswered = connected.is_some_and(|connected| connected.ping_is_unanswered(now));
        let explained = unanswered || self.clock.was_disturbed();
        let lasted = self.lasted();
        let weighed = if explained {
            Weighed::Nothing
        } else {
            self.weigh(lasted)
        };
        if self.may_rename() {
            return self.taken_over(false, trouble);
        }
        let fought = !explained && self.fight.thrown_out(self.is_stable(lasted));
        match weighed {
            // The cause was found and will not be sent again.
            Weighed::LeftOut => self.fight.forget(),
            // The cause may be found, and the next connections will show it.
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
            // The other client may keep the identifier.
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
        made_up && self.broker_session.ends()
    }

    /// DISCONNECT from the broker (MQTT 5 section 3.14). The only answer is to close the socket.
    pub(super) fn disconnected(&mut self, disconnect: Disconnect) {
        let Disconnect {
            code,
            reason_string,
            server_reference,
            ..
        } = disconnect;
        let weighed = if blames(code) {
            self.weigh(self.lasted())
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
        // What was outstanding is suspected, and the next connection sends it with care. So a retry may work even for a
        // code that is otherwise final.
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

    /// Does what is due by now.
    pub(super) fn time(&mut self) {
        let Some(timing) = self.settings.as_ref().map(|settings| settings.timing) else {
            return;
        };
        let now = self.clock.now();
        match &mut self.stage {
            Stage::Opening { since } if now >= since.saturating_add(timing.open) => {
                let after = self.clock.millis_since(*since);
                self.close(1000, "");
                self.retry_elsewhere(Trouble::OpenTimeout { after });
            }
            Stage::Greeting(greeting) if now >= greeting.since().saturating_add(timing.connack) => {
                let after = self.clock.millis_since(greeting.since());
                self.close(4008, "no CONNACK");
                self.unanswered(Trouble::NoConnack { after });
            }
            Stage::Connected(connected) => match connected.due(now) {
                Due::Missed(after) => {
                    self.close(4008, "no PINGRESP");
                    self.retry(Trouble::PingUnanswered {
                        after: millis(after),
                    });
                }
                Due::Ping => {
                    self.send_pingreq();
                    self.acquit();
                }
                Due::Nothing => self.acquit(),
            },
            Stage::Waiting { until } if now >= *until => self.begin(),
            _ => {}
        }
    }

    /// When [`Self::time`] has something to do next.
    pub(super) fn wake_at(&self) -> Option<u64> {
        let timing = &self.settings.as_ref()?.timing;
        let acquittal = self.trial.acquittal().filter(|_| self.is_connected());
        self.stage
            .wake_at(timing)
            .into_iter()
            .chain(acquittal)
            .min()
    }

    /// Sends DISCONNECT with the reason why this side ends the connection (MQTT 5 section 4.13), if CONNECT was sent.
    pub(super) fn part(&mut self, code: u8) {
        if self.version() != Version::V5 || !self.stage.receives() {
            return;
        }
        // A code that only a broker may send is replaced by "protocol error".
        for code in [code, PROTOCOL_ERROR] {
            let disconnect = Disconnect {
                code,
                ..Disconnect::default()
            };
            let write = |out: &mut Vec<u8>| encode::disconnect_with(&disconnect, out);
            if self.send(PacketRole::Control, write).is_ok() {
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

    /// Gives up: a retry would not help.
    pub(super) fn give_up(&mut self, trouble: Trouble) {
        self.note_end(0);
        self.fight.forget();
        self.hang_up();
        self.attempts.set_trouble(trouble);
        self.enter(Stage::Failed);
    }

    /// What answers at this address is no MQTT broker. A retry helps only if there was one before.
    pub(super) fn unless_it_has_worked(&mut self, trouble: Trouble) {
        if self.tries.settled() && !self.strict() {
            self.retry_elsewhere(trouble);
        } else {
            self.give_up(trouble);
        }
    }

    /// Tries again after a wait.
    pub(super) fn retry(&mut self, trouble: Trouble) {
        self.end(trouble);
        self.wait();
    }

    /// Tries the next address at once, or waits if all were tried.
    pub(super) fn retry_elsewhere(&mut self, trouble: Trouble) {
        self.end(trouble);
        if self.tries.next_address(self.addresses()) {
            self.begin();
        } else {
            self.wait();
        }
    }

    fn end(&mut self, trouble: Trouble) {
        self.note_end(self.lasted());
        self.hang_up();
        self.attempts.set_trouble(trouble);
    }

    /// Waits for the next try, longer with each round of failures.
    fn wait(&mut self) {
        let Some(settings) = &self.settings else {
            return;
        };
        self.tries.new_round();
        let failures = self.attempts.failed();
        let wait = self.chance.wait(failures, &settings.timing);
        self.enter(Stage::Waiting {
            until: self.clock.now().saturating_add(wait),
        });
    }

    /// A connection or an attempt has ended.
    fn note_end(&mut self, lasted: u64) {
        let Some((_, heard_at)) = self.stage.accepted() else {
            // Two clients that fight over a client identifier succeed with every attempt, so this is no fight.
            return self.fight.forget();
        };
        self.suspicion.ended(lasted);
        let stable = self.is_stable(lasted);
        self.attempts.lost(heard_at, self.clock.now(), stable);
        if stable {
            self.tries.new_round();
        }
    }

    /// How long the connection has been, or had been, accepted by CONNACK; 0 for one that never was.
    pub(super) fn lasted(&self) -> u64 {
        let accepted = self.stage.accepted();
        accepted.map_or(0, |(since, _)| self.clock.since(since))
    }

    pub(super) fn is_stable(&self, lasted: u64) -> bool {
        self.settings
            .as_ref()
            .is_some_and(|settings| lasted >= settings.timing.stable)
    }

    /// Ends everything that belongs to the network connection.
    pub(super) fn hang_up(&mut self) {
        while let Some(number) = self.line.next_cut() {
            let why = PublishFault::Cut;
            self.say(Event::PublishFailed { number, why });
        }
        self.stage.end();
        self.owed.hang_up();
    }
}
