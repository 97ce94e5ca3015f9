//! Publishing: from the user's request until the message is sent, and sent again (MQTT 3.1.1 and 5 sections 3.3, 4.4
//! and 4.6, MQTT 5 section 4.9). Acknowledgements are handled in [`super::deliveries`].

use super::aliases::Naming;
use super::connected::Connected;
use super::in_flight::{Flight, WINDOW, WINDOW_BEFORE_FIVE};
use super::queue::Publication;
use super::state::State;
use super::{Event, Message, PacketRole, PublishFault, records};
use crate::protocol::{
    EncodeError, LARGEST_LENGTH, Limit, PublishParts, Qos, Version, check_topic_name, encode,
};

impl State {
    /// The user publishes a message. It is sent now, or queued.
    pub(super) fn publish(&mut self, message: Message) {
        let number = message.number;
        if let Err(why) = self.try_publish(message) {
            self.say(Event::PublishFailed { number, why });
        }
    }

    fn try_publish(&mut self, mut message: Message) -> Result<(), PublishFault> {
        let limit = match &self.settings {
            Some(settings) if self.stage.is_wanted() => settings.queue,
            _ => return Err(PublishFault::NotConnected),
        };
        message.properties.topic_alias = None;
        self.check(&message)?;
        let number = message.number;
        let mut publication = Publication {
            key: self.storage.next_key(),
            queued_at: self.clock.now(),
            strikes: 0,
            message,
        };
        // QoS 0 messages do not overtake each other.
        let at_once = match publication.message.qos {
            Qos::AtMostOnce => self.owed.queue().first_at_most_once().is_none(),
            Qos::AtLeastOnce | Qos::ExactlyOnce => {
                self.owed.queue().len() == 0
                    && self.may_demand()
                    && self.owed.in_flight().caught_up()
                    && self.owed.in_flight().has_room(self.window())
            }
        };
        if self.is_connected() && at_once && self.has_room(publication.size()) {
            match self.send_first(publication, false) {
                None => return Ok(()),
                Some(waits) => publication = waits,
            }
        }
        self.check_properties(&publication.message)?;
        if !self.owed.queue().has_room(publication.size(), &limit) {
            return Err(PublishFault::QueueFull);
        }
        self.store_waiting(&publication);
        self.owed.wait(publication);
        self.say(Event::Queued { number });
        Ok(())
    }

    /// Checks what can be known to be wrong before a message is sent.
    fn check(&self, message: &Message) -> Result<(), PublishFault> {
        check_topic_name(&message.topic).map_err(|_| PublishFault::Topic)?;
        if message.topic.len() + message.payload.len() + 4 > LARGEST_LENGTH {
            return Err(PublishFault::TooLarge);
        }
        self.allow(message).map_err(PublishFault::Forbidden)
    }

    /// Checks that the properties can be encoded, so that a queued message does not fail hours later.
    fn check_properties(&self, message: &Message) -> Result<(), PublishFault> {
        if self.version() == Version::V5 {
            let parts = PublishParts {
                topic: &message.topic,
                properties: Some(&message.properties),
                ..PublishParts::default()
            };
            encode::publish(&parts, Version::V5, &mut Vec::new()).map_err(publish_fault)?;
        }
        Ok(())
    }

    /// Checks a message against the limits of the broker on this connection.
    fn allow(&self, message: &Message) -> Result<(), Limit> {
        match self.granted() {
            Some(granted) if message.qos > granted.maximum_qos => {
                Err(Limit::Qos(granted.maximum_qos))
            }
            Some(granted) if message.retain && !granted.retain => Err(Limit::Retain),
            _ => Ok(()),
        }
    }

    /// The user cancels a waiting message.
    pub(super) fn cancel(&mut self, number: u32) {
        if let Some(publication) = self.owed.withdraw(number) {
            self.unstore(publication.key);
            self.say(Event::Cancelled { number });
        }
    }

    /// How many messages may be sent and unacknowledged on this connection [MQTT-3.3.4-7], [MQTT-4.9.0-1].
    fn window(&self) -> usize {
        match self.granted() {
            Some(granted) if self.version() == Version::V5 => {
                usize::from(granted.receive_maximum).min(WINDOW)
            }
            _ => WINDOW_BEFORE_FIVE,
        }
    }

    /// Sends what may be sent, in order: first messages to be sent again [MQTT-4.4.0-1], then waiting ones. QoS 0
    /// messages do not wait for acknowledgements. Nothing is sent while the send buffer is full. While something is
    /// suspected of ending connections, packets that need an answer are sent one at a time.
    pub(super) fn pump(&mut self) {
        if !self.is_connected() {
            return;
        }
        self.expire();
        self.calm_down();
        self.release();
        let window = self.window();
        while self.may_demand()
            && self.owed.in_flight().has_room(window)
            && let Some(flight) = self.owed.in_flight().first_again()
            && self.has_room(flight.publication.size())
        {
            self.send_again();
        }
        while self.may_demand()
            && self.owed.in_flight().has_room(window)
            && self.owed.in_flight().caught_up()
            && let Some(first) = self.owed.queue().first()
            && self.has_room(first.size())
            && let Some(publication) = self.owed.next_waiting()
        {
            if let Some(waits) = self.send_first(publication, true) {
                self.owed.wait_first(waits);
                break;
            }
        }
        if let Some(first) = self.owed.queue().first_at_most_once()
            && self.has_room(first.size())
        {
            let (line, mut written) = (&self.line, self.outbox.written());
            let at_most_once = self.owed.next_at_most_once(|size| {
                let fits = line.has_room(written, size);
                written += size as u64;
                fits
            });
            for publication in at_most_once {
                // QoS 0 needs no packet identifier, so the message is never returned.
                self.send_first(publication, true);
            }
        }
    }

    /// Gives up messages that expired while they waited. A message that was sent does not expire [MQTT-4.3.3-7].
    pub(super) fn expire(&mut self) {
        if self.version() != Version::V5 {
            return;
        }
        for publication in self.owed.take_expired(self.clock.now()) {
            self.fail(&publication, PublishFault::Expired);
        }
    }

    /// When [`Self::expire`] has something to do.
    pub(super) fn expiry(&self) -> Option<u64> {
        (self.version() == Version::V5 && self.stage.is_wanted())
            .then(|| self.owed.queue().expiry())
            .flatten()
    }

    /// Sends a message for the first time, or reports why it failed. Returns it if no packet identifier is free.
    fn send_first(&mut self, mut publication: Publication, waited: bool) -> Option<Publication> {
        if let Err(limit) = self.allow(&publication.message) {
            self.fail(&publication, PublishFault::Forbidden(limit));
            return None;
        }
        let number = publication.message.number;
        if publication.message.qos == Qos::AtMostOnce {
            if waited {
                self.unstore(publication.key);
            }
            match self.write_publish(&mut publication, 0, false) {
                Ok(()) => {
                    self.trial
                        .said(self.clock.now(), &publication.message.topic);
                    self.line.push(number, self.outbox.written());
                }
                Err(why) => self.say(Event::PublishFailed { number, why }),
            }
            return None;
        }
        let Some(id) = self.owed.next_identifier() else {
            return Some(publication);
        };
        self.store(|| records::sent(id, &publication));
        match self.write_publish(&mut publication, id, false) {
            Ok(()) => {
                let until = self.blamed_until();
                self.owed.sent(Flight {
                    id,
                    publication,
                    until,
                });
            }
            Err(why) => {
                self.owed.not_sent(id);
                self.fail(&publication, why);
            }
        }
        None
    }

    /// Sends the next message again that needs it, with DUP and its packet identifier.
    fn send_again(&mut self) {
        let Some(mut flight) = self.owed.next_again() else {
            return;
        };
        let allowed = self.allow(&flight.publication.message);
        let sent = allowed
            .map_err(PublishFault::Forbidden)
            .and_then(|()| self.write_publish(&mut flight.publication, flight.id, true));
        match sent {
            Ok(()) => {
                flight.until = self.blamed_until();
                self.owed.sent_again(flight);
            }
            // The broker allows less than it did when the message was first sent.
            Err(why) => {
                self.owed.not_sent(flight.id);
                self.fail(&flight.publication, why);
            }
        }
    }

    fn fail(&mut self, publication: &Publication, why: PublishFault) {
        self.unstore(publication.key);
        let number = publication.message.number;
        self.say(Event::PublishFailed { number, why });
    }

    /// Writes one PUBLISH, with the rest of its message expiry interval and, unless it is a repeat, with a topic alias.
    fn write_publish(
        &mut self,
        publication: &mut Publication,
        id: u16,
        dup: bool,
    ) -> Result<(), PublishFault> {
        let interval = publication.message.properties.message_expiry;
        if interval.is_some() {
            // A repeat must be sent even if it has expired, and a broker could read 0 as no expiry.
            let left = publication.remaining(self.clock.now());
            let least = u32::from(dup || interval != Some(0));
            publication.message.properties.message_expiry = left.map(|left| left.max(least));
        }
        let written = self.write_message(&publication.message, id, dup);
        publication.message.properties.message_expiry = interval;
        written
    }

    fn write_message(&mut self, message: &Message, id: u16, dup: bool) -> Result<(), PublishFault> {
        let version = self.version();
        let connected = self.stage.connected();
        let granted = connected.and_then(Connected::granted);
        let largest = granted.and_then(|granted| granted.packet_size);
        // A repeat carries its full topic: a broker may drop a duplicate before it looks at the alias, and later
        // messages with that alias would then have no topic. So only a first PUBLISH sets or uses an alias.
        let mut naming = match connected {
            Some(connected) if !dup => connected.naming(&message.topic),
            _ => Naming::Full,
        };
        let written = loop {
            let (topic, alias, behind) = match naming {
                Naming::Full => (message.topic.as_str(), None, ""),
                Naming::Fresh(alias) => (message.topic.as_str(), Some(alias), ""),
                Naming::Known(alias) => ("", Some(alias), message.topic.as_str()),
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
            let role = PacketRole::Publication(message.number);
            match self.outbox.write_aliased(version, role, behind, write) {
                Ok(()) => break Ok(()),
                // The packet may just fit without the alias.
                Err(Some(PublishFault::Forbidden(_))) if matches!(naming, Naming::Fresh(_)) => {
                    naming = Naming::Full;
                }
                Err(why) => break Err(why.unwrap_or(PublishFault::TooLarge)),
            }
        };
        if written.is_ok()
            && let Some(connected) = self.stage.connected_mut()
        {
            connected.named(&message.topic, naming);
            connected.sent(self.clock.now());
        }
        written
    }
}

fn publish_fault(error: EncodeError) -> PublishFault {
    match error {
        EncodeError::Topic(_) | EncodeError::ResponseTopic(_) => PublishFault::Topic,
        _ => PublishFault::TooLarge,
    }
}
