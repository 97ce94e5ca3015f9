//! The user's messages, from the wish to publish to the last acknowledgement (MQTT 3.1.1 and 5 sections 3.3 to 3.7, 4.3,
//! 4.4, 4.6 and 4.9), and the broker's side of QoS 2.

use super::aliases::Stand;
use super::in_flight::{Ended, Flight, Received, Released, Remains, WINDOW};
use super::queue::{LONGEST, Publication};
use super::state::{Stage, State};
use super::trouble::Breach;
use super::{Change, Delivery, Event, Limit, Message, PublishFault, stored};
use crate::protocol::{
    Acknowledgement, EncodeError, PacketType, PublishParts, Qos, Version, check_topic_name, encode,
};

/// Reason code: the packet identifier is not known (MQTT 5 section 2.4).
const IDENTIFIER_NOT_FOUND: u8 = 0x92;

/// Reason codes from here on are refusals (MQTT 5 section 2.4).
const REFUSALS: u8 = 0x80;

impl State {
    /// The user publishes a message: now, or when it can be.
    pub(super) fn publish(&mut self, message: Message) {
        let number = message.number;
        if let Err(why) = self.try_publish(message) {
            self.say(Event::PublishFailed { number, why });
        }
    }

    fn try_publish(&mut self, mut message: Message) -> Result<(), PublishFault> {
        let limit = match &self.settings {
            Some(settings) if self.stage != Stage::Idle => settings.queue,
            _ => return Err(PublishFault::NotConnected),
        };
        message.properties.topic_alias = None;
        self.check(&message)?;
        let number = message.number;
        let mut publication = Publication {
            key: self.next_key(),
            queued_at: self.now,
            message,
        };
        let at_once = publication.message.qos == Qos::AtMostOnce
            || self.queue.len() == 0
                && self.in_flight.caught_up()
                && self.in_flight.has_room(self.window());
        if self.live() && at_once {
            match self.send_first(publication, false) {
                Ok(()) => return Ok(()),
                Err(waits) => publication = waits,
            }
        }
        if !self.queue.has_room(publication.size(), &limit) {
            return Err(PublishFault::QueueFull);
        }
        self.store_waiting(&publication);
        self.queue.push(publication);
        self.say(Event::Queued { number });
        Ok(())
    }

    /// What can be known to be wrong before there is a connection, so that it does not come up hours later.
    fn check(&self, message: &Message) -> Result<(), PublishFault> {
        check_topic_name(&message.topic).map_err(|_| PublishFault::Topic)?;
        if message.topic.len() + message.payload.len() + 4 > LONGEST {
            return Err(PublishFault::TooLarge);
        }
        if self.version() == Version::V5 {
            let parts = PublishParts {
                topic: &message.topic,
                properties: Some(&message.properties),
                ..PublishParts::default()
            };
            encode::publish(&parts, Version::V5, &mut Vec::new()).map_err(publish_fault)?;
        }
        self.allow(message).map_err(PublishFault::Forbidden)
    }

    /// Holds a message against what the broker granted on this connection.
    fn allow(&self, message: &Message) -> Result<(), Limit> {
        match &self.granted {
            Some(granted) if message.qos > granted.maximum_qos => {
                Err(Limit::Qos(granted.maximum_qos))
            }
            Some(granted) if message.retain && !granted.retain => Err(Limit::Retain),
            _ => Ok(()),
        }
    }

    /// The user withdraws a message that waits.
    pub(super) fn cancel(&mut self, number: u32) {
        if let Some(publication) = self.queue.withdraw(number) {
            self.unstore(publication.key);
            self.say(Event::Cancelled { number });
        }
    }

    /// How many messages may be sent and unacknowledged on this connection [MQTT-3.3.4-7], [MQTT-4.9.0-1].
    fn window(&self) -> usize {
        self.granted.as_ref().map_or(WINDOW, |granted| {
            usize::from(granted.receive_maximum).min(WINDOW)
        })
    }

    /// CONNACK accepted: goes on where the last connection ended, or starts over.
    pub(super) fn take_up(&mut self, session_present: bool) {
        let granted = self.granted.as_ref();
        let highest = granted.map_or(0, |granted| granted.topic_alias_maximum);
        self.aliases.begin(highest);
        self.in_flight.begin();
        self.store_session();
        if session_present {
            // In versions before MQTT 5 maybe of a session that this client knows nothing of. MQTT 3.1.1 leaves the
            // choice, and to go on keeps the messages that wait there; with nothing to resume, all filters are asked
            // for.
            self.subscriptions.resume();
            self.ask();
            // In the order in which PUBREC came [MQTT-4.6.0-4].
            let released: Vec<u16> = self.in_flight.released().map(|one| one.id).collect();
            for id in released {
                self.send_plain(Delivery::Control, |out| encode::pubrel(id, out));
            }
        } else {
            for id in self.received.iter().collect::<Vec<_>>() {
                self.unstore(stored::received_key(id));
            }
            self.received.clear();
            self.subscriptions.forget_held();
            self.store_held();
            self.ask();
            self.start_over();
        }
        self.pump();
    }

    /// The broker has no session: QoS 1 messages are sent anew as new messages; what became of QoS 2 messages that were
    /// sent cannot be found out.
    fn start_over(&mut self) {
        let Remains {
            freed,
            anew,
            unknown,
        } = self.in_flight.give_up();
        for id in freed {
            self.identifiers.free(id);
        }
        for ended in &unknown {
            self.unstore(ended.key);
        }
        let sent_anew = u32::try_from(anew.len()).unwrap_or(u32::MAX);
        for publication in anew.into_iter().rev() {
            self.store_waiting(&publication);
            self.queue.push_front(publication);
        }
        self.tell_unfinished(sent_anew, unknown);
    }

    /// The session is over on this side: what is unfinished is given up and told.
    pub(super) fn discard_session(&mut self) {
        let empty = self.queue.len() + self.in_flight.len() == 0 && !self.known;
        if !empty {
            self.store(|| Change::Clear);
        }
        while let Some(publication) = self.queue.pop() {
            self.say(Event::PublishFailed {
                number: publication.message.number,
                why: PublishFault::NotConnected,
            });
        }
        let mut unknown: Vec<Ended> = self.in_flight.released().map(Released::ended).collect();
        unknown.extend(self.in_flight.sent().map(Flight::ended));
        for id in self.in_flight.give_up().freed {
            self.identifiers.free(id);
        }
        self.tell_unfinished(0, unknown);
        self.forget();
    }

    fn tell_unfinished(&mut self, sent_anew: u32, unknown: Vec<Ended>) {
        if sent_anew > 0 || !unknown.is_empty() {
            let unknown = unknown.iter().map(|ended| ended.number).collect();
            self.say(Event::Unfinished { sent_anew, unknown });
        }
    }

    /// Sends what may be sent, in order: first again what the broker may not have [MQTT-4.4.0-1], then what waits. QoS 0
    /// does not wait for acknowledgements.
    pub(super) fn pump(&mut self) {
        if !self.live() {
            return;
        }
        self.expire();
        let window = self.window();
        while self.in_flight.has_room(window) && !self.in_flight.caught_up() {
            self.send_again();
        }
        while self.in_flight.has_room(window)
            && self.in_flight.caught_up()
            && let Some(publication) = self.queue.pop()
        {
            if let Err(waits) = self.send_first(publication, true) {
                self.queue.push_front(waits);
                break;
            }
        }
        for publication in self.queue.take_at_most_once() {
            if let Err(waits) = self.send_first(publication, true) {
                self.queue.push(waits);
            }
        }
    }

    /// Gives up what has expired while it waited. What was sent does not expire [MQTT-4.3.3-7].
    pub(super) fn expire(&mut self) {
        if self.version() != Version::V5 {
            return;
        }
        for publication in self.queue.take_expired(self.now) {
            self.fail(&publication, PublishFault::Expired);
        }
    }

    /// When [`Self::expire`] has something to do.
    pub(super) fn expiry(&self) -> Option<u64> {
        (self.version() == Version::V5 && self.stage != Stage::Idle)
            .then(|| self.queue.expiry())
            .flatten()
    }

    /// Sends a message for the first time, or says why it failed. Given back: no packet identifier is free.
    fn send_first(
        &mut self,
        mut publication: Publication,
        waited: bool,
    ) -> Result<(), Publication> {
        if let Err(limit) = self.allow(&publication.message) {
            self.fail(&publication, PublishFault::Forbidden(limit));
            return Ok(());
        }
        let number = publication.message.number;
        if publication.message.qos == Qos::AtMostOnce {
            if waited {
                self.unstore(publication.key);
            }
            match self.write_publish(&mut publication, 0, false) {
                Ok(()) => self.say(Event::Published { number }),
                Err(why) => self.say(Event::PublishFailed { number, why }),
            }
            return Ok(());
        }
        let Some(id) = self.identifiers.take() else {
            return Err(publication);
        };
        self.store(|| stored::sent(id, &publication));
        match self.write_publish(&mut publication, id, false) {
            Ok(()) => self.in_flight.push(Flight { id, publication }),
            Err(why) => {
                self.identifiers.free(id);
                self.fail(&publication, why);
            }
        }
        Ok(())
    }

    /// Sends the next message again that may be sent again, with DUP and its own packet identifier.
    fn send_again(&mut self) {
        let mut in_flight = std::mem::take(&mut self.in_flight);
        let sent = in_flight.to_resend().map(|flight| {
            self.allow(&flight.publication.message)
                .map_err(PublishFault::Forbidden)?;
            self.write_publish(&mut flight.publication, flight.id, true)
        });
        match sent {
            Some(Err(why)) => {
                // The broker takes less than it did when the message was sent.
                if let Some(Flight { id, publication }) = in_flight.drop_unsendable() {
                    self.identifiers.free(id);
                    self.fail(&publication, why);
                }
            }
            _ => in_flight.resent(),
        }
        self.in_flight = in_flight;
    }

    fn fail(&mut self, publication: &Publication, why: PublishFault) {
        self.unstore(publication.key);
        let number = publication.message.number;
        self.say(Event::PublishFailed { number, why });
    }

    /// Writes one PUBLISH, with what is left of its message expiry interval and with an alias for its topic.
    fn write_publish(
        &mut self,
        publication: &mut Publication,
        id: u16,
        dup: bool,
    ) -> Result<(), PublishFault> {
        let interval = publication.message.properties.message_expiry;
        if interval.is_some() {
            // What was sent before must be sent again, and 0 could be read as no expiry at all.
            let left = publication.remaining(self.now);
            let least = u32::from(dup || interval != Some(0));
            publication.message.properties.message_expiry = left.map(|left| left.max(least));
        }
        let written = self.write_message(&publication.message, id, dup);
        publication.message.properties.message_expiry = interval;
        written
    }

    fn write_message(&mut self, message: &Message, id: u16, dup: bool) -> Result<(), PublishFault> {
        let version = self.version();
        let largest = self
            .granted
            .as_ref()
            .and_then(|granted| granted.packet_size);
        let mut stand = self.aliases.stand(&message.topic);
        let written = loop {
            let (topic, alias, behind) = match stand {
                Stand::Full => (message.topic.as_str(), None, ""),
                Stand::Fresh(alias) => (message.topic.as_str(), Some(alias), ""),
                Stand::Known(alias) => ("", Some(alias), message.topic.as_str()),
            };
            let parts = PublishParts {
                topic,
                payload: &message.payload,
                qos: message.qos,
                retain: message.retain,
                dup,
                packet_id: id,
                properties: Some(&message.properties),
                topic_alias: alias,
            };
            let write = |out: &mut Vec<u8>| {
                let start = out.len();
                encode::publish(&parts, version, out).map_err(publish_fault)?;
                match largest {
                    Some(largest) if out.len() - start > largest as usize => {
                        Err(PublishFault::Forbidden(Limit::PacketSize(largest)))
                    }
                    _ => Ok(()),
                }
            };
            let kind = Delivery::Publication(message.number);
            match self.outbox.write_aliased(version, kind, behind, write) {
                Ok(()) => break Ok(()),
                // Without the alias it may just fit.
                Err(Some(PublishFault::Forbidden(_))) if matches!(stand, Stand::Fresh(_)) => {
                    stand = Stand::Full;
                }
                Err(why) => break Err(why.unwrap_or(PublishFault::TooLarge)),
            }
        };
        if written.is_ok() {
            self.aliases.sent(&message.topic, stand);
            if let Some(keep_alive) = &mut self.keep_alive {
                keep_alive.sent(self.now);
            }
        }
        written
    }

    /// PUBACK.
    pub(super) fn puback(&mut self, puback: Acknowledgement) -> Result<(), Breach> {
        let ended = self.in_flight.puback(puback.packet_id)?;
        self.ended(ended, puback);
        Ok(())
    }

    /// PUBREC. One that accepts is answered in any case, so that the broker can finish.
    pub(super) fn pubrec(&mut self, pubrec: Acknowledgement) -> Result<(), Breach> {
        let id = pubrec.packet_id;
        if pubrec.code >= REFUSALS {
            let ended = self.in_flight.refuse(id)?;
            self.ended(ended, pubrec);
            return Ok(());
        }
        let received = self.in_flight.pubrec(id)?;
        if let Received::First(Released { key, order, .. }) = received {
            self.store(|| stored::released(key, id, order));
        }
        self.send_release(PacketType::Pubrel, id, received != Received::Unknown);
        Ok(())
    }

    /// PUBCOMP. The broker had said that it has the message, so a reason code changes nothing: it knows no more of it.
    pub(super) fn pubcomp(&mut self, pubcomp: &Acknowledgement) -> Result<(), Breach> {
        let ended = self.in_flight.pubcomp(pubcomp.packet_id)?;
        let packet_id = pubcomp.packet_id;
        self.ended(
            ended,
            Acknowledgement {
                packet_id,
                ..Acknowledgement::default()
            },
        );
        Ok(())
    }

    /// A delivery came to its end: its packet identifier is free, and there is room for another.
    fn ended(&mut self, ended: Option<Ended>, acknowledgement: Acknowledgement) {
        let Some(Ended { number, key }) = ended else {
            return;
        };
        self.identifiers.free(acknowledgement.packet_id);
        self.unstore(key);
        self.say(match acknowledgement.code {
            code @ REFUSALS.. => Event::PublishRefused {
                number,
                code,
                reason: acknowledgement.reason_string,
            },
            _ => Event::Published { number },
        });
        self.ask();
        self.pump();
    }

    /// A QoS 2 message came from the broker: it is remembered before PUBREC says so.
    pub(super) fn receive_exactly_once(&mut self, id: u16) -> Delivery {
        let delivery = self.received.publish(id);
        if delivery == Delivery::Message {
            self.store(|| stored::received(id));
        }
        self.send_plain(Delivery::Control, |out| encode::pubrec(id, out));
        delivery
    }

    /// PUBREL: the identifier may stand for a new message from here on. Answered in any case.
    pub(super) fn pubrel(&mut self, pubrel: &Acknowledgement) {
        let id = pubrel.packet_id;
        let known = self.received.release(id);
        if known {
            self.unstore(stored::received_key(id));
        }
        self.send_release(PacketType::Pubcomp, id, known);
    }

    /// PUBREL or PUBCOMP. Only MQTT 5 can say that an identifier is not known, as may be after a loss on either side.
    fn send_release(&mut self, packet_type: PacketType, id: u16, known: bool) {
        let code = if known || self.version() != Version::V5 {
            0
        } else {
            IDENTIFIER_NOT_FOUND
        };
        let sent = self.send(Delivery::Control, |out| {
            encode::acknowledge(packet_type, id, code, out)
        });
        debug_assert!(sent.is_ok(), "{sent:?}");
    }
}

fn publish_fault(error: EncodeError) -> PublishFault {
    match error {
        EncodeError::Topic(_) | EncodeError::ResponseTopic(_) => PublishFault::Topic,
        _ => PublishFault::TooLarge,
    }
}
