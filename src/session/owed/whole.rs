//! Everything that is owed at once: when a session begins anew, is given up, is left to storage, or is restored from there.

use super::super::held_back::Held;
use super::super::in_flight::{Ended, Flight, InFlight, Released, Remains};
use super::super::queue::{Publication, Queue};
use super::{Discarded, Owed, StartedOver};
use crate::protocol::Qos;

impl Owed {
    /// The broker has no session. Returns the QoS 1 messages that were sent, to be sent again as new ones. Held-back
    /// messages stay held back, as messages that were never sent.
    pub(in super::super) fn start_over(&mut self) -> StartedOver {
        let Remains {
            freed,
            anew,
            mut unknown,
        } = self.in_flight.give_up();
        for id in freed {
            self.identifiers.free(id);
        }
        self.free_spent();
        for held in self.held_back.take_all() {
            match held {
                Held::Message(id, publication) => {
                    if let Some(id) = id {
                        self.identifiers.free(id);
                    }
                    if publication.message.qos == Qos::AtLeastOnce {
                        self.held_back.push(Held::Message(None, publication));
                    } else {
                        unknown.push(Ended::of(&publication));
                    }
                }
                Held::Release(released) => {
                    self.identifiers.free(released.id);
                    unknown.push(released.ended());
                }
            }
        }
        StartedOver { anew, unknown }
    }

    /// Gives up all messages.
    pub(in super::super) fn discard(&mut self) -> Discarded {
        self.take_back_held();
        let mut discarded = Discarded::default();
        while let Some(publication) = self.queue.pop() {
            discarded.unsent.push(publication.message.number);
        }
        let released = self.in_flight.released().map(Released::ended);
        discarded.unknown.extend(released);
        let sent = self.in_flight.sent().map(Flight::ended);
        discarded.unknown.extend(sent);
        for id in self.in_flight.give_up().freed {
            self.identifiers.free(id);
        }
        discarded
    }

    /// Removes all messages, because from now on they are kept in storage only.
    pub(in super::super) fn park(&mut self) -> (Queue, InFlight) {
        self.take_back_held();
        let in_flight = std::mem::take(&mut self.in_flight);
        for id in in_flight.identifiers() {
            self.identifiers.free(id);
        }
        (std::mem::take(&mut self.queue), in_flight)
    }

    /// Takes these messages back. They come before those that were published since.
    pub(in super::super) fn unpark(&mut self, queue: Queue, in_flight: InFlight) {
        for id in in_flight.identifiers() {
            self.identifiers.reserve(id);
        }
        self.in_flight = in_flight;
        let mut later = std::mem::replace(&mut self.queue, queue);
        while let Some(publication) = later.pop() {
            self.queue.push(publication);
        }
    }

    /// A restored delivery may have this packet identifier.
    pub(in super::super) fn may_restore(&self, id: u16) -> bool {
        self.identifiers.is_free(id)
    }

    /// Restores a message that was sent. To be called in the order of keys, after [`Self::may_restore`].
    pub(in super::super) fn restore_sent(&mut self, id: u16, publication: Publication) {
        self.identifiers.reserve(id);
        self.in_flight.restore(Flight {
            id,
            publication,
            until: 0,
        });
    }

    /// Restores a message after PUBREC. To be called after [`Self::may_restore`].
    pub(in super::super) fn restore_released(&mut self, released: Released) {
        self.identifiers.reserve(released.id);
        self.in_flight.restore_released(released);
    }

    /// Nothing is held back any more: these messages share the fate of the others.
    fn take_back_held(&mut self) {
        for held in self.held_back.take_all().into_iter().rev() {
            self.go_on(held);
        }
        self.free_spent();
    }

    fn free_spent(&mut self) {
        for id in self.held_back.take_spent() {
            self.identifiers.free(id);
        }
    }
}
