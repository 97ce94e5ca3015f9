//! What this side still has to do in the session: subscriptions to request or to end, and the user's messages from the
//! request to publish until the last acknowledgement.
//!
//! Invariant: a packet identifier is in use exactly as long as it belongs to one unanswered SUBSCRIBE or UNSUBSCRIBE,
//! to one unfinished delivery, or to a discarded delivery that the broker may still know. Identifiers are therefore
//! taken and freed only here. Knows no connection and produces no output: its caller reports what was sent and what
//! arrived.

mod suspected;
mod whole;

use super::Waiting;
use super::held_back::{Held, HeldBack, HeldMessage};
use super::identifiers::Identifiers;
use super::in_flight::{Ended, Flight, InFlight, Received};
use super::queue::{Publication, Queue};
use super::room::Room;
use super::subscriptions::{Answer, Request, Subscriptions};
use super::trouble::Breach;
use crate::protocol::Codes;

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

#[cfg(test)]
mod tests;
