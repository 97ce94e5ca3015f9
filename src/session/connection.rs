//! What happens to the socket and what time brings: from the first try to the last. Which troubles a retry can cure is
//! decided here.

use super::keep_alive::{Due, KeepAlive};
use super::outbox::Queued;
use super::settings::SECOND;
use super::state::{Reached, Stage, State};
use super::{Delivery, SocketEvent, Trouble};
use crate::protocol::{Fault, encode};

/// The WebSocket close code with which Midge's own host says that another client has taken over the client identifier.
/// The number is the reason code 0x8E of MQTT 5, on top of the range that is free for applications.
const TAKEN_OVER: u16 = 4142;

/// A deadline that is noticed so much later was slept through, in microseconds.
const SLEPT: u64 = 5 * SECOND;

/// For so long after a sleep or a change of network, a lost connection is put down to that, in microseconds.
const DISTURBED: u64 = 30 * SECOND;

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
                if let Some(keep_alive) = &mut self.keep_alive {
                    keep_alive.heard(self.now);
                }
            }
            SocketEvent::TextFrame => {
                self.close(4003, "binary frames only");
                self.give_up(Trouble::TextFrame);
            }
            SocketEvent::Closed {
                code,
                reason,
                clean: _,
            } => self.closed(code, reason),
        }
    }

    fn opened(&mut self, chosen: &str) {
        let Some(settings) = self
            .settings
            .as_ref()
            .filter(|_| matches!(self.stage, Stage::Opening { .. }))
        else {
            return;
        };
        if chosen != settings.subprotocol.name() {
            self.close(4002, "another subprotocol");
            return self.give_up(Trouble::Subprotocol {
                chosen: chosen.to_owned(),
            });
        }
        let connect = settings.connect.clone();
        if let Err(error) = self.send(Delivery::Control, |out| encode::connect(&connect, out)) {
            self.close(1000, "");
            return self.give_up(Trouble::Settings {
                detail: error.to_string(),
            });
        }
        self.reached = Reached::Sent;
        self.enter(Stage::Greeting { since: self.now });
    }

    /// The socket closed, and not because this side wanted it to.
    fn closed(&mut self, code: u16, reason: &str) {
        match self.stage {
            Stage::Opening { since } => {
                let after = self.millis_since(since);
                self.retry(Trouble::NotOpened { after });
            }
            Stage::Greeting { since } => {
                let after = self.millis_since(since);
                self.retry(Trouble::ClosedBeforeConnack { code, after });
            }
            Stage::Live { since } => self.lost(since, code, reason),
            Stage::Idle | Stage::Probing { .. } | Stage::Waiting { .. } | Stage::Failed => {}
        }
    }

    /// The socket closed while connected. Versions before MQTT 5 cannot say that another client has taken over, and two
    /// clients that both reconnect would throw each other out for ever.
    fn lost(&mut self, since: u64, code: u16, reason: &str) {
        let Some(settings) = &mut self.settings else {
            return;
        };
        let unanswered = self.keep_alive.as_ref().is_some_and(KeepAlive::unanswered);
        let trouble = Trouble::Lost {
            code,
            reason: reason.to_owned(),
        };
        if settings.may_rename() {
            // Whoever has this identifier now may keep it.
            settings.connect.client_id = self.chance.client_id();
            self.retry(trouble);
        } else if code == TAKEN_OVER {
            let client_id = settings.connect.client_id.clone();
            self.give_up(Trouble::Replaced {
                certain: true,
                client_id,
            });
        } else if unanswered || self.was_disturbed() {
            // The broker was silent before, or the machine slept or changed its network: the connection is rather gone
            // than taken.
            self.retry(trouble);
        } else {
            self.note_failure(self.now.saturating_sub(since));
            self.hang_up();
            self.trouble = Some(trouble);
            self.socket = self.socket.wrapping_add(1);
            self.outbox.push(Queued::Probe {
                socket: self.socket,
            });
            self.enter(Stage::Probing { since: self.now });
        }
    }

    /// The time goes on. A deadline that is noticed long after it was due: the machine has slept.
    pub(super) fn advance(&mut self, now: u64) {
        self.now = self.now.max(now);
        let overdue = self.wake_at().map_or(0, |due| self.now.saturating_sub(due));
        if overdue >= SLEPT {
            self.disturbed_at = Some(self.now);
        }
    }

    /// The machine woke up, or changed its network. A probe that runs proves nothing any more.
    pub(super) fn disturbed(&mut self) {
        self.disturbed_at = Some(self.now);
        if matches!(self.stage, Stage::Probing { .. }) {
            self.wait();
        }
    }

    fn was_disturbed(&self) -> bool {
        self.disturbed_at
            .is_some_and(|at| self.now.saturating_sub(at) <= DISTURBED)
    }

    /// The probe's result.
    pub(super) fn probed(&mut self, alive: bool) {
        if !matches!(self.stage, Stage::Probing { .. }) {
            return;
        }
        match &self.settings {
            Some(settings) if alive => {
                let client_id = settings.connect.client_id.clone();
                self.give_up(Trouble::Replaced {
                    certain: false,
                    client_id,
                });
            }
            _ => self.wait(),
        }
    }

    /// What is due by now. `mid_packet`: a packet has come in part.
    pub(super) fn time(&mut self, mid_packet: bool) {
        let Some(timing) = self.settings.as_ref().map(|settings| settings.timing) else {
            return;
        };
        match self.stage {
            Stage::Opening { since } if self.now >= since.saturating_add(timing.open) => {
                let after = self.millis_since(since);
                self.close(1000, "");
                self.retry(Trouble::OpenTimeout { after });
            }
            Stage::Greeting { since } if self.now >= since.saturating_add(timing.connack) => {
                let after = self.millis_since(since);
                self.close(4008, "no CONNACK");
                self.retry(Trouble::NoConnack { after });
            }
            Stage::Live { .. } => {
                let due = self
                    .keep_alive
                    .as_mut()
                    .map(|keep_alive| keep_alive.due(self.now, mid_packet));
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
            }
            Stage::Probing { since } if self.now >= since.saturating_add(timing.probe) => {
                self.wait()
            }
            Stage::Waiting { until } if self.now >= until => self.open(),
            _ => {}
        }
    }

    /// When [`Self::time`] has something to do.
    pub(super) fn wake_at(&self) -> Option<u64> {
        let timing = &self.settings.as_ref()?.timing;
        match self.stage {
            Stage::Opening { since } => Some(since.saturating_add(timing.open)),
            Stage::Greeting { since } => Some(since.saturating_add(timing.connack)),
            Stage::Live { .. } => self.keep_alive.as_ref()?.wake_at(),
            Stage::Probing { since } => Some(since.saturating_add(timing.probe)),
            Stage::Waiting { until } => Some(until),
            Stage::Idle | Stage::Failed => None,
        }
    }

    /// What came is not a packet.
    pub(super) fn malformed(&mut self, fault: Fault) {
        self.close(4002, "malformed packet");
        self.give_up(Trouble::Malformed {
            detail: fault.to_string(),
            clause: fault.clause().to_owned(),
        });
    }

    /// Closes the socket, if there is one.
    pub(super) fn close(&mut self, code: u16, reason: &'static str) {
        if self.stage.has_socket() {
            self.outbox.push(Queued::Close {
                socket: self.socket,
                code,
                reason,
            });
        }
        self.hang_up();
    }

    /// A retry cannot cure it.
    pub(super) fn give_up(&mut self, trouble: Trouble) {
        self.hang_up();
        self.trouble = Some(trouble);
        self.enter(Stage::Failed);
    }

    /// A retry may cure it.
    pub(super) fn retry(&mut self, trouble: Trouble) {
        let lasted = if let Stage::Live { since } = self.stage {
            self.now.saturating_sub(since)
        } else {
            0
        };
        self.note_failure(lasted);
        self.hang_up();
        self.trouble = Some(trouble);
        self.wait();
    }

    fn wait(&mut self) {
        let Some(settings) = &self.settings else {
            return;
        };
        let wait = self.chance.wait(self.failures, &settings.timing);
        self.enter(Stage::Waiting {
            until: self.now.saturating_add(wait),
        });
    }

    /// Counts a failure; after a connection that held, as the first.
    fn note_failure(&mut self, lasted: u64) {
        let held = self
            .settings
            .as_ref()
            .is_some_and(|settings| lasted >= settings.timing.held);
        self.failures = if held {
            1
        } else {
            self.failures.saturating_add(1)
        };
        if self.live() {
            self.attempt = 0;
        }
    }

    /// What belongs to the network connection ends with it.
    fn hang_up(&mut self) {
        self.keep_alive = None;
        self.session_present = false;
        for id in self.subscriptions.sleep() {
            self.identifiers.free(id);
        }
    }

    fn millis_since(&self, since: u64) -> u32 {
        millis(self.now.saturating_sub(since))
    }
}

fn millis(micros: u64) -> u32 {
    u32::try_from(micros / 1000).unwrap_or(u32::MAX)
}
