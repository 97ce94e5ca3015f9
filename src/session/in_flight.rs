//! Outgoing QoS 1 and 2 messages that were sent and whose delivery is not finished, in the order in which they were
//! sent (MQTT 3.1.1 and 5 sections 4.3, 4.4 and 4.6). Knows no connection: its caller reports what arrived, and asks
//! what to send.

mod suspected;

use std::collections::VecDeque;

use super::queue::Publication;
use super::trouble::Breach;
use crate::protocol::Qos;

/// The most messages that are sent and not acknowledged, even if the broker allows more: without a limit a burst would
/// pile up in the socket, where it cannot be observed or cancelled.
pub(super) const WINDOW: usize = 100;

/// The same before MQTT 5, where a broker cannot state its limit. Mosquitto accepts 20 by default and closes the
/// connection at the 21st QoS 2 message. The same messages would close the next connection too.
pub(super) const WINDOW_BEFORE_FIVE: usize = 20;

/// One message that was sent, and has its packet identifier until its delivery is finished.
#[derive(Clone, Debug)]
pub(super) struct Flight {
    pub id: u16,
    pub publication: Publication,
    /// Until then it is suspected if the connection ends. Valid only if it was sent on this connection.
    pub until: u64,
}

/// One QoS 2 message after PUBREC. The message itself must not be sent again [MQTT-4.3.3-6], so it is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Released {
    pub id: u16,
    pub number: u32,
    pub key: u64,
    /// Its place in the order in which PUBREC came.
    pub order: u64,
    /// How many connections ended with PUBREL unanswered.
    pub strikes: u8,
    /// Until then PUBREL is suspected if the connection ends; 0: it was not sent on this connection.
    pub until: u64,
}

/// An unfinished delivery that was removed from the list.
#[derive(Debug)]
pub(super) enum Unfinished {
    Sent(Flight),
    Released(Released),
}

/// A finished delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ended {
    pub number: u32,
    pub key: u64,
}

impl Ended {
    pub(super) fn of(publication: &Publication) -> Self {
        Self {
            number: publication.message.number,
            key: publication.key,
        }
    }
}

impl Flight {
    pub(super) fn ended(&self) -> Ended {
        Ended::of(&self.publication)
    }
}

impl Released {
    pub(super) fn ended(&self) -> Ended {
        Ended {
            number: self.number,
            key: self.key,
        }
    }
}

/// What PUBREC meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Received {
    /// The broker has the message.
    First(Released),
    /// A repeated PUBREC.
    Again,
    /// There is no such delivery.
    Unknown,
}

/// What remains of the messages of a session that is over.
#[derive(Debug, Default)]
pub(super) struct Remains {
    /// Packet identifiers that are free now.
    pub freed: Vec<u16>,
    /// QoS 1 messages, which can be sent again as new messages.
    pub anew: Vec<Publication>,
    /// Publications whose outcome is unknown.
    pub unknown: Vec<Ended>,
}

/// All unfinished messages.
#[derive(Clone, Debug, Default)]
pub(super) struct InFlight {
    /// Not acknowledged at all. The first `here` of them were sent on this connection.
    sent: VecDeque<Flight>,
    here: usize,
    /// After PUBREC, in the order in which it came [MQTT-4.6.0-4].
    released: VecDeque<Released>,
    order: u64,
}

impl InFlight {
    /// How many are unfinished.
    pub(super) fn len(&self) -> usize {
        self.sent.len() + self.released.len()
    }

    /// A new connection, on which nothing was sent yet.
    pub(super) fn begin(&mut self) {
        self.here = 0;
        for released in &mut self.released {
            released.until = 0;
        }
    }

    /// One more message may be sent on this connection. `window`: how many may be unacknowledged.
    pub(super) fn has_room(&self, window: usize) -> bool {
        self.here + self.released.len() < window
    }

    /// Nothing remains to be sent again on this connection.
    pub(super) fn caught_up(&self) -> bool {
        self.here >= self.sent.len()
    }

    /// A new message is sent.
    pub(super) fn push(&mut self, flight: Flight) {
        self.here += usize::from(self.caught_up());
        self.sent.push_back(flight);
    }

    /// The next message to be sent again on this connection.
    pub(super) fn first_again(&self) -> Option<&Flight> {
        self.sent.get(self.here)
    }

    /// Removes that message. Once it is sent, return it with [`Self::push_again`].
    pub(super) fn take_again(&mut self) -> Option<Flight> {
        self.sent.remove(self.here)
    }

    /// The message of [`Self::take_again`] was sent.
    pub(super) fn push_again(&mut self, flight: Flight) {
        self.sent.insert(self.here, flight);
        self.here += 1;
    }

    /// Those after PUBREC, in the order in which it came.
    pub(super) fn released(&self) -> impl Iterator<Item = &Released> {
        self.released.iter()
    }

    /// Those before any acknowledgement, in the order of sending.
    pub(super) fn sent(&self) -> impl Iterator<Item = &Flight> {
        self.sent.iter()
    }

    /// All packet identifiers in use.
    pub(super) fn identifiers(&self) -> impl Iterator<Item = u16> {
        let released = self.released.iter().map(|released| released.id);
        released.chain(self.sent.iter().map(|flight| flight.id))
    }

    /// A message of an earlier page, in the order of their keys.
    pub(super) fn restore(&mut self, flight: Flight) {
        self.sent.push_back(flight);
    }

    /// A message of an earlier page after PUBREC, in any order.
    pub(super) fn restore_released(&mut self, released: Released) {
        let at = self
            .released
            .partition_point(|earlier| earlier.order <= released.order);
        self.released.insert(at, released);
        self.order = self.order.max(released.order);
    }

    /// PUBACK, whatever its reason code. `None`: there is no such delivery.
    pub(super) fn puback(&mut self, id: u16) -> Result<Option<Ended>, Breach> {
        let breach = Breach {
            detail: "PUBACK for a QoS 2 message",
            clause: "4.3.3",
        };
        if let Some(at) = self.sent_at(id) {
            return self.take(at, Qos::AtLeastOnce, breach).map(Some);
        }
        if self.released_at(id).is_some() {
            return Err(breach);
        }
        Ok(None)
    }

    /// PUBREC that accepts.
    pub(super) fn pubrec(&mut self, id: u16) -> Result<Received, Breach> {
        let Some(at) = self.sent_at(id) else {
            return Ok(match self.released_at(id) {
                Some(_) => Received::Again,
                None => Received::Unknown,
            });
        };
        let ended = self.take(at, Qos::ExactlyOnce, PUBREC_FOR_QOS_1)?;
        Ok(Received::First(self.release(id, ended)))
    }

    /// PUBREC that accepts, even for a QoS 1 message: PUBREL lets the broker finish.
    pub(super) fn release_anyhow(&mut self, id: u16) -> Received {
        match self.sent_at(id).and_then(|at| self.remove(at)) {
            Some(flight) => Received::First(self.release(id, flight.ended())),
            None => Received::Unknown,
        }
    }

    /// An acknowledgement of the wrong type: the delivery ends all the same.
    pub(super) fn end_anyhow(&mut self, id: u16) -> Option<Ended> {
        match self.sent_at(id) {
            Some(at) => self.remove(at).map(|flight| flight.ended()),
            None => self.end_released(id),
        }
    }

    fn release(&mut self, id: u16, Ended { number, key }: Ended) -> Released {
        self.order = self.order.saturating_add(1);
        let released = Released {
            id,
            number,
            key,
            order: self.order,
            strikes: 0,
            until: 0,
        };
        self.released.push_back(released);
        released
    }

    /// PUBREC that refuses: the delivery is over, and PUBREL is not sent. `None`: there is no such delivery.
    pub(super) fn refuse(&mut self, id: u16) -> Result<Option<Ended>, Breach> {
        if let Some(at) = self.sent_at(id) {
            return self.take(at, Qos::ExactlyOnce, PUBREC_FOR_QOS_1).map(Some);
        }
        Ok(self.end_released(id))
    }

    /// PUBCOMP, whatever its reason code. `None`: there is no such delivery.
    pub(super) fn pubcomp(&mut self, id: u16) -> Result<Option<Ended>, Breach> {
        if self.sent_at(id).is_some() {
            return Err(Breach {
                detail: "PUBCOMP without PUBREL",
                clause: "4.3.3",
            });
        }
        Ok(self.end_released(id))
    }

    /// The session at the broker is over. QoS 1 messages can be sent again as new messages. QoS 2 messages cannot, as
    /// that could deliver them twice.
    pub(super) fn give_up(&mut self) -> Remains {
        let mut remains = Remains::default();
        for released in self.released.drain(..) {
            remains.freed.push(released.id);
            remains.unknown.push(released.ended());
        }
        self.here = 0;
        for flight in self.sent.drain(..) {
            remains.freed.push(flight.id);
            if flight.publication.message.qos == Qos::AtLeastOnce {
                remains.anew.push(flight.publication);
            } else {
                remains.unknown.push(flight.ended());
            }
        }
        remains
    }

    /// The next message whose PUBREL has not been sent on this connection.
    pub(super) fn next_release(&self) -> Option<u16> {
        let unsent = self.released.iter().find(|released| released.until == 0);
        unsent.map(|released| released.id)
    }

    /// PUBREL was sent. It is suspected if the connection ends before `until`.
    pub(super) fn released_here(&mut self, id: u16, until: u64) {
        if let Some(at) = self.released_at(id)
            && let Some(released) = self.released.get_mut(at)
        {
            released.until = until;
        }
    }

    /// Returns a message that was removed. It is the next to be sent on this connection.
    pub(super) fn put_back(&mut self, flight: Flight) {
        self.sent.insert(self.here, flight);
    }

    /// The position of a sent message. The list is no longer than the window, and acknowledgements mostly come in
    /// order, so a search is cheap.
    fn sent_at(&self, id: u16) -> Option<usize> {
        self.sent.iter().position(|flight| flight.id == id)
    }

    fn released_at(&self, id: u16) -> Option<usize> {
        self.released.iter().position(|released| released.id == id)
    }

    fn end_released(&mut self, id: u16) -> Option<Ended> {
        let at = self.released_at(id)?;
        self.released.remove(at).map(|released| released.ended())
    }

    fn take(&mut self, at: usize, qos: Qos, otherwise: Breach) -> Result<Ended, Breach> {
        if self
            .sent
            .get(at)
            .is_none_or(|flight| flight.publication.message.qos != qos)
        {
            return Err(otherwise);
        }
        let flight = self.remove(at).ok_or(otherwise)?;
        Ok(flight.ended())
    }

    fn remove(&mut self, at: usize) -> Option<Flight> {
        let flight = self.sent.remove(at)?;
        if at < self.here {
            self.here -= 1;
        }
        Some(flight)
    }
}

const PUBREC_FOR_QOS_1: Breach = Breach {
    detail: "PUBREC for a QoS 1 message",
    clause: "4.3.2",
};
