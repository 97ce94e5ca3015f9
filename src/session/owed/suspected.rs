//! What is suspected if a connection ends, and messages that are held back because of it. See [`super::super::trial`].

use super::super::held_back::Held;
use super::super::in_flight::{Flight, Released, Unfinished};
use super::super::queue::Publication;
use super::Owed;
use crate::protocol::Qos;

impl Owed {
    /// How many filters of SUBSCRIBE, and how many other things, are suspected if the connection ends now.
    pub(in super::super) fn on_trial(&self, now: u64) -> (usize, usize) {
        let subscriptions = &self.subscriptions;
        let others = subscriptions.leaving_on_trial(now) + self.in_flight.on_trial(now);
        (subscriptions.on_trial(now), others)
    }

    /// The connection ended: counts a strike against each suspected message. Returns the highest count.
    pub(in super::super) fn strike_messages(&mut self, now: u64) -> u8 {
        self.in_flight.strike(now)
    }

    /// Something in the session is suspected of having ended connections.
    pub(in super::super) fn suspects(&self) -> bool {
        self.subscriptions.suspects() || self.in_flight.suspects() || self.queue.suspects()
    }

    /// Clears what has been outstanding for so long on a working connection.
    pub(in super::super) fn acquit(&mut self, now: u64) {
        self.subscriptions.acquit(now);
        self.in_flight.acquit(now);
    }

    /// Holds back the first suspected delivery. Returns its number.
    pub(in super::super) fn hold_back(&mut self, now: u64) -> Option<u32> {
        let held = match self.in_flight.take_on_trial(now)? {
            Unfinished::Sent(flight) => Held::Message(Some(flight.id), flight.publication),
            Unfinished::Released(released) => Held::Release(released),
        };
        let number = held.number();
        self.held_back.push(held);
        Some(number)
    }

    /// Resumes the held-back delivery with this number, with `strikes` against it. False: there is none.
    pub(in super::super) fn send_held(&mut self, number: u32, strikes: u8) -> bool {
        let Some(held) = self.held_back.take(number) else {
            return false;
        };
        self.go_on(match held {
            Held::Message(id, publication) => Held::Message(
                id,
                Publication {
                    strikes,
                    ..publication
                },
            ),
            Held::Release(released) => Held::Release(Released {
                strikes,
                until: 0,
                ..released
            }),
        });
        true
    }

    /// Discards the held-back delivery with this number. Returns its key in storage.
    pub(in super::super) fn drop_held(&mut self, number: u32) -> Option<u64> {
        match self.held_back.take(number)? {
            Held::Message(id, publication) => {
                match id {
                    Some(id) if publication.message.qos == Qos::ExactlyOnce => {
                        self.held_back.spend(id);
                    }
                    Some(id) => self.identifiers.free(id),
                    None => {}
                }
                Some(publication.key)
            }
            Held::Release(released) => {
                self.held_back.spend(released.id);
                Some(released.key)
            }
        }
    }

    pub(super) fn go_on(&mut self, held: Held) {
        match held {
            Held::Message(Some(id), publication) => self.in_flight.put_back(Flight {
                id,
                publication,
                until: 0,
            }),
            Held::Message(None, publication) => self.queue.push_front(publication),
            Held::Release(released) => self.in_flight.restore_released(released),
        }
    }
}
