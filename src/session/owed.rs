//! What this side still has to do in the session: subscriptions to request or to end, and the user's messages from the
//! request to publish until the last acknowledgement.
//!
//! Invariant: a packet identifier is in use exactly as long as it belongs to one unanswered SUBSCRIBE or UNSUBSCRIBE,
//! to one unfinished delivery, or to a discarded delivery that the broker may still know. Identifiers are therefore
//! taken and freed only here. Knows no connection and produces no output: its caller reports what was sent and what
//! arrived.

use super::Waiting;
use super::held_back::{Held, HeldBack, HeldMessage};
use super::identifiers::Identifiers;
use super::in_flight::{Ended, Flight, InFlight, Received, Released, Remains, Unfinished};
use super::queue::{Publication, Queue};
use super::room::Room;
use super::subscriptions::{Answer, Request, Subscriptions};
use super::trouble::Breach;
use crate::protocol::{Codes, Qos};

/// See the head of the file.
#[derive(Debug, Default)]
pub(super) struct Owed {
    identifiers: Identifiers,
    subscriptions: Subscriptions,
    queue: Queue,
    in_flight: InFlight,
    held_back: HeldBack,
}

/// What became of messages in a session that is over.
#[derive(Debug, Default)]
pub(super) struct StartedOver {
    /// QoS 1 messages, which can be sent anew.
    pub anew: Vec<Publication>,
    /// Publications whose outcome is unknown.
    pub unknown: Vec<Ended>,
}

/// What was given up together with a session.
#[derive(Debug, Default)]
pub(super) struct Discarded {
    /// Numbers of messages that were not sent.
    pub unsent: Vec<u32>,
    /// Publications whose outcome is unknown.
    pub unknown: Vec<Ended>,
}

/// What is there.
impl Owed {
    pub(super) fn subscriptions(&self) -> &Subscriptions {
        &self.subscriptions
    }

    /// For changes that involve no packet identifier. Methods that free one need [`Identifiers`] as an argument, so
    /// they can only be called here.
    pub(super) fn subscriptions_mut(&mut self) -> &mut Subscriptions {
        &mut self.subscriptions
    }

    pub(super) fn queue(&self) -> &Queue {
        &self.queue
    }

    pub(super) fn in_flight(&self) -> &InFlight {
        &self.in_flight
    }

    pub(super) fn held_back(&self) -> impl Iterator<Item = &Held> {
        self.held_back.iter()
    }

    pub(super) fn held_back_shown(&self) -> impl Iterator<Item = HeldMessage<'_>> {
        self.held_back.shown()
    }

    pub(super) fn waiting_shown(&self) -> impl Iterator<Item = Waiting<'_>> {
        self.queue.iter().map(Waiting::from)
    }

    /// How many messages were sent and are not finished.
    pub(super) fn unfinished(&self) -> usize {
        self.in_flight.len() + self.held_back.len()
    }

    /// No message is waiting, unfinished or held back.
    pub(super) fn has_no_messages(&self) -> bool {
        self.queue.len() + self.unfinished() == 0
    }

    pub(super) fn identifiers_in_use(&self) -> usize {
        self.identifiers.in_use()
    }
}

/// SUBSCRIBE and UNSUBSCRIBE.
impl Owed {
    /// The next SUBSCRIBE, and its packet identifier. `None`: nothing to request, or no identifier is free. Call
    /// [`Self::subscribed`] or [`Self::not_subscribed`] next.
    pub(super) fn next_subscribe(&mut self, room: Room) -> Option<(u16, Request<'_>)> {
        let request = self.subscriptions.to_ask(room)?;
        Some((self.identifiers.take()?, request))
    }

    /// It was sent. It is suspected if the connection ends before `until`.
    pub(super) fn subscribed(&mut self, id: u16, at: &[usize], until: u64) {
        self.subscriptions.asked(id, at, until);
    }

    /// It cannot be encoded. Removes its first filter and returns it: only one at a time, so that an invalid filter
    /// does not take valid ones with it.
    pub(super) fn not_subscribed(&mut self, id: u16, at: &[usize]) -> Option<String> {
        self.identifiers.free(id);
        self.subscriptions.reject(at)
    }

    /// The next UNSUBSCRIBE, and its packet identifier. `None`: nothing to request, or no identifier is free. Call
    /// [`Self::unsubscribed`] or [`Self::not_unsubscribed`] next.
    pub(super) fn next_unsubscribe(&mut self, room: Room) -> Option<(u16, Vec<&str>)> {
        let filters = self.subscriptions.to_leave(room);
        if filters.is_empty() {
            return None;
        }
        Some((self.identifiers.take()?, filters))
    }

    /// It was sent with `count` filters. It is suspected if the connection ends before `until`.
    pub(super) fn unsubscribed(&mut self, id: u16, count: usize, until: u64) {
        self.subscriptions.left(id, count, until);
    }

    /// It cannot be encoded.
    pub(super) fn not_unsubscribed(&mut self, id: u16) {
        self.identifiers.free(id);
    }

    /// SUBACK. `None`: there was no such SUBSCRIBE.
    pub(super) fn suback(&mut self, suback: &Codes) -> Option<Vec<Answer>> {
        self.subscriptions.suback(suback, &mut self.identifiers)
    }

    /// UNSUBACK. `None`: there was no such UNSUBSCRIBE.
    pub(super) fn unsuback(&mut self, unsuback: &Codes) -> Option<Vec<(String, u8)>> {
        self.subscriptions.unsuback(unsuback, &mut self.identifiers)
    }
}

/// Messages, on one connection.
impl Owed {
    /// A new connection: nothing has been sent on it yet.
    pub(super) fn begin(&mut self) {
        self.in_flight.begin();
    }

    /// The connection has ended: unanswered requests will get no answer.
    pub(super) fn hang_up(&mut self) {
        self.subscriptions.sleep(&mut self.identifiers);
    }

    /// Adds a message to the end of the queue.
    pub(super) fn wait(&mut self, publication: Publication) {
        self.queue.push(publication);
    }

    /// Adds a message to the front of the queue.
    pub(super) fn wait_first(&mut self, publication: Publication) {
        self.queue.push_front(publication);
    }

    /// Removes the message at the front of the queue.
    pub(super) fn next_waiting(&mut self) -> Option<Publication> {
        self.queue.pop()
    }

    /// Removes the QoS 0 messages, in order, up to the first that does not fit.
    pub(super) fn next_at_most_once(
        &mut self,
        fits: impl FnMut(usize) -> bool,
    ) -> Vec<Publication> {
        self.queue.take_at_most_once(fits)
    }

    /// Removes the messages that have expired.
    pub(super) fn take_expired(&mut self, now: u64) -> Vec<Publication> {
        self.queue.take_expired(now)
    }

    /// Removes the message with this number from the queue.
    pub(super) fn withdraw(&mut self, number: u32) -> Option<Publication> {
        self.queue.withdraw(number)
    }

    /// A packet identifier for a message that is about to be sent for the first time. `None`: none is free. Call
    /// [`Self::sent`] or [`Self::not_sent`] next.
    pub(super) fn next_identifier(&mut self) -> Option<u16> {
        self.identifiers.take()
    }

    /// A message was sent for the first time.
    pub(super) fn sent(&mut self, flight: Flight) {
        self.in_flight.push(flight);
    }

    /// It cannot be sent, and is given up.
    pub(super) fn not_sent(&mut self, id: u16) {
        self.identifiers.free(id);
    }

    /// Removes the next message to be sent again on this connection. Call [`Self::sent_again`] next, or
    /// [`Self::not_sent`] with its identifier.
    pub(super) fn next_again(&mut self) -> Option<Flight> {
        self.in_flight.take_again()
    }

    /// It was sent again.
    pub(super) fn sent_again(&mut self, flight: Flight) {
        self.in_flight.push_again(flight);
    }

    /// PUBREL was sent. It is suspected if the connection ends before `until`.
    pub(super) fn released(&mut self, id: u16, until: u64) {
        self.in_flight.released_here(id, until);
    }

    /// PUBACK, whatever its reason code. `None`: there is no such delivery.
    pub(super) fn puback(&mut self, id: u16) -> Result<Option<Ended>, Breach> {
        let ended = self.in_flight.puback(id)?;
        Ok(self.freed(id, ended))
    }

    /// PUBREC that accepts.
    pub(super) fn pubrec(&mut self, id: u16) -> Result<Received, Breach> {
        self.in_flight.pubrec(id)
    }

    /// PUBREC that accepts, even for a QoS 1 message: PUBREL lets the broker finish.
    pub(super) fn pubrec_anyhow(&mut self, id: u16) -> Received {
        self.in_flight.release_anyhow(id)
    }

    /// PUBREC that refuses. `None`: there is no such delivery.
    pub(super) fn refused(&mut self, id: u16) -> Result<Option<Ended>, Breach> {
        let ended = self.in_flight.refuse(id)?;
        Ok(self.freed(id, ended))
    }

    /// PUBCOMP, whatever its reason code. `None`: there is no such delivery.
    pub(super) fn pubcomp(&mut self, id: u16) -> Result<Option<Ended>, Breach> {
        let ended = self.in_flight.pubcomp(id)?;
        Ok(self.freed(id, ended))
    }

    /// An acknowledgement of the wrong type: the delivery ends all the same.
    pub(super) fn end_anyhow(&mut self, id: u16) -> Option<Ended> {
        let ended = self.in_flight.end_anyhow(id);
        self.freed(id, ended)
    }

    fn freed(&mut self, id: u16, ended: Option<Ended>) -> Option<Ended> {
        if ended.is_some() {
            self.identifiers.free(id);
        }
        ended
    }
}

/// What is suspected if the connection ends.
impl Owed {
    /// How many filters of SUBSCRIBE, and how many other things, are suspected if the connection ends now.
    pub(super) fn on_trial(&self, now: u64) -> (usize, usize) {
        let subscriptions = &self.subscriptions;
        let others = subscriptions.leaving_on_trial(now) + self.in_flight.on_trial(now);
        (subscriptions.on_trial(now), others)
    }

    /// The connection ended: counts a strike against each suspected message. Returns the highest count.
    pub(super) fn strike_messages(&mut self, now: u64) -> u8 {
        self.in_flight.strike(now)
    }

    /// Something in the session is suspected of having ended connections.
    pub(super) fn suspects(&self) -> bool {
        self.subscriptions.suspects() || self.in_flight.suspects() || self.queue.suspects()
    }

    /// Clears what has been outstanding for so long on a working connection.
    pub(super) fn acquit(&mut self, now: u64) {
        self.subscriptions.acquit(now);
        self.in_flight.acquit(now);
    }

    /// Holds back the first suspected delivery. Returns its number.
    pub(super) fn hold_back(&mut self, now: u64) -> Option<u32> {
        let held = match self.in_flight.take_on_trial(now)? {
            Unfinished::Sent(flight) => Held::Message(Some(flight.id), flight.publication),
            Unfinished::Released(released) => Held::Release(released),
        };
        let number = held.number();
        self.held_back.push(held);
        Some(number)
    }

    /// Resumes the held-back delivery with this number, with `strikes` against it. False: there is none.
    pub(super) fn send_held(&mut self, number: u32, strikes: u8) -> bool {
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
    pub(super) fn drop_held(&mut self, number: u32) -> Option<u64> {
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

    fn go_on(&mut self, held: Held) {
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

/// Beginning and end of a session.
impl Owed {
    /// The broker has no session. Returns the QoS 1 messages that were sent, to be sent again as new ones. Held-back
    /// messages stay held back, as messages that were never sent.
    pub(super) fn start_over(&mut self) -> StartedOver {
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
    pub(super) fn discard(&mut self) -> Discarded {
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
    pub(super) fn park(&mut self) -> (Queue, InFlight) {
        self.take_back_held();
        let in_flight = std::mem::take(&mut self.in_flight);
        for id in in_flight.identifiers() {
            self.identifiers.free(id);
        }
        (std::mem::take(&mut self.queue), in_flight)
    }

    /// Takes these messages back. They come before those that were published since.
    pub(super) fn unpark(&mut self, queue: Queue, in_flight: InFlight) {
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
    pub(super) fn may_restore(&self, id: u16) -> bool {
        self.identifiers.is_free(id)
    }

    /// Restores a message that was sent. To be called in the order of keys, after [`Self::may_restore`].
    pub(super) fn restore_sent(&mut self, id: u16, publication: Publication) {
        self.identifiers.reserve(id);
        self.in_flight.restore(Flight {
            id,
            publication,
            until: 0,
        });
    }

    /// Restores a message after PUBREC. To be called after [`Self::may_restore`].
    pub(super) fn restore_released(&mut self, released: Released) {
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

#[cfg(test)]
mod tests;
