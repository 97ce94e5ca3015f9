//! Outgoing QoS 1 and 2 messages whose delivery is not finished, in the order in which they were published
//! (MQTT 3.1.1 sections 4.3, 4.4 and 4.6). Knows no connection: it is told what came, and says what to send.

use std::collections::VecDeque;

use super::trouble::Breach;
use crate::protocol::Qos;

/// How many messages may be sent and unacknowledged. MQTT 3.1.1 sets no limit; without one a burst would pile up in the
/// socket, where nothing can be told of it.
pub(super) const WINDOW: usize = 100;

/// One message. Its packet is kept as it was first encoded, without DUP.
#[derive(Clone, Debug)]
pub(super) struct Flight {
    pub id: u16,
    pub number: u32,
    pub qos: Qos,
    pub packet: Vec<u8>,
}

/// What an acknowledgement meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// The delivery of this publication is finished; its identifier is free.
    Finished(u32),
    /// PUBREL is to be sent.
    Release,
    /// There is no such delivery: late, and harmless.
    Unknown,
}

/// What became of the messages of a session that the broker no longer has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Remains {
    /// Packet identifiers that are free now.
    pub freed: Vec<u16>,
    /// QoS 1 messages that are sent anew.
    pub sent_anew: u32,
    /// Publications whose outcome is unknown.
    pub unknown: Vec<u32>,
    /// Publications that were never sent, and will not be.
    pub unsent: Vec<u32>,
}

/// All unfinished messages.
#[derive(Clone, Debug, Default)]
pub(super) struct InFlight {
    /// Not acknowledged at all; the first `sent` of them were sent.
    publishing: VecDeque<Flight>,
    sent: usize,
    /// QoS 2 after PUBREC, in the order in which PUBREC came [MQTT-4.6.0-4]: identifier and number. The message itself
    /// must not be sent again, so it is not kept.
    releasing: VecDeque<(u16, u32)>,
}

impl InFlight {
    /// How many are unfinished.
    pub(super) fn len(&self) -> usize {
        self.publishing.len() + self.releasing.len()
    }

    /// A new message, to be sent when its turn comes.
    pub(super) fn push(&mut self, flight: Flight) {
        self.publishing.push_back(flight);
    }

    /// The next message to be sent for the first time, if the window is open. Counts as sent.
    pub(super) fn send_next(&mut self) -> Option<&Flight> {
        if self.sent + self.releasing.len() >= WINDOW {
            return None;
        }
        let flight = self.publishing.get(self.sent)?;
        self.sent += 1;
        Some(flight)
    }

    /// What to send again on a connection that resumes the session: PUBREL for these identifiers first, then these
    /// messages with DUP [MQTT-4.4.0-1], [MQTT-4.6.0-1].
    pub(super) fn resend(&self) -> (impl Iterator<Item = u16>, impl Iterator<Item = &Flight>) {
        (
            self.releasing.iter().map(|&(id, _)| id),
            self.publishing.iter().take(self.sent),
        )
    }

    /// PUBACK.
    pub(super) fn puback(&mut self, id: u16) -> Result<Progress, Breach> {
        let Some(at) = self.sent_at(id) else {
            return self.unless_releasing(
                id,
                Breach {
                    detail: "PUBACK for a QoS 2 message",
                    clause: "4.3.3",
                },
            );
        };
        self.take(
            at,
            Qos::AtLeastOnce,
            Breach {
                detail: "PUBACK for a QoS 2 message",
                clause: "4.3.3",
            },
        )
        .map(|flight| Progress::Finished(flight.number))
    }

    /// PUBREC. One that comes again, or for a message nobody knows, is answered all the same, so that the broker can
    /// finish.
    pub(super) fn pubrec(&mut self, id: u16) -> Result<Progress, Breach> {
        let Some(at) = self.sent_at(id) else {
            return Ok(Progress::Release);
        };
        let flight = self.take(
            at,
            Qos::ExactlyOnce,
            Breach {
                detail: "PUBREC for a QoS 1 message",
                clause: "4.3.2",
            },
        )?;
        self.releasing.push_back((flight.id, flight.number));
        Ok(Progress::Release)
    }

    /// PUBCOMP.
    pub(super) fn pubcomp(&mut self, id: u16) -> Result<Progress, Breach> {
        if self.sent_at(id).is_some() {
            return Err(Breach {
                detail: "PUBCOMP without PUBREL",
                clause: "4.3.3",
            });
        }
        let at = self
            .releasing
            .iter()
            .position(|&(releasing, _)| releasing == id);
        Ok(at
            .and_then(|at| self.releasing.remove(at))
            .map_or(Progress::Unknown, |(_, number)| Progress::Finished(number)))
    }

    /// The broker has no session any more. QoS 1 messages start over as new messages; QoS 2 messages that were sent are
    /// given up, because a second sending could be a second delivery.
    pub(super) fn start_over(&mut self) -> Remains {
        let mut remains = Remains::default();
        for (id, number) in self.releasing.drain(..) {
            remains.freed.push(id);
            remains.unknown.push(number);
        }
        let sent = std::mem::take(&mut self.sent);
        let mut at = 0;
        self.publishing.retain(|flight| {
            at += 1;
            if at > sent {
                return true;
            }
            let again = flight.qos == Qos::AtLeastOnce;
            if again {
                remains.sent_anew += 1;
            } else {
                remains.freed.push(flight.id);
                remains.unknown.push(flight.number);
            }
            again
        });
        remains
    }

    /// The session was ended from this side: nothing is sent any more.
    pub(super) fn give_up(&mut self) -> Remains {
        let mut remains = Remains::default();
        let sent = std::mem::take(&mut self.sent);
        for (id, number) in self.releasing.drain(..) {
            remains.freed.push(id);
            remains.unknown.push(number);
        }
        for (at, flight) in self.publishing.drain(..).enumerate() {
            remains.freed.push(flight.id);
            if at < sent {
                &mut remains.unknown
            } else {
                &mut remains.unsent
            }
            .push(flight.number);
        }
        remains
    }

    /// Where a sent message is. At most [`WINDOW`] are looked at, and acknowledgements mostly come in order.
    fn sent_at(&self, id: u16) -> Option<usize> {
        self.publishing
            .iter()
            .take(self.sent)
            .position(|flight| flight.id == id)
    }

    fn take(&mut self, at: usize, qos: Qos, otherwise: Breach) -> Result<Flight, Breach> {
        if self
            .publishing
            .get(at)
            .is_none_or(|flight| flight.qos != qos)
        {
            return Err(otherwise);
        }
        self.sent = self.sent.saturating_sub(1);
        self.publishing.remove(at).ok_or(otherwise)
    }

    fn unless_releasing(&self, id: u16, otherwise: Breach) -> Result<Progress, Breach> {
        if self.releasing.iter().any(|&(releasing, _)| releasing == id) {
            Err(otherwise)
        } else {
            Ok(Progress::Unknown)
        }
    }
}
