//! PUBLISH from a client (section 3.3).

use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use bytes::Bytes;
use midge::protocol::{Outline, PacketType, Qos, check_topic_name, serving};

use crate::message::Message;
use crate::output::{Ending, Event, Why};
use crate::session::Will;
use crate::slab::Key;
use crate::state::State;
use crate::wire::{self, Properties, Value, id};

/// What is passed on of the properties of a PUBLISH or a will, and what is not.
#[derive(Debug, Default)]
pub struct Passed {
    pub bytes: Vec<u8>,
    pub expiry: Option<u32>,
    pub delay: u32,
}

/// Divides properties into those that are passed on as they are, in their order, and the others.
pub fn passed_on(properties: &[u8]) -> Passed {
    let mut passed = Passed::default();
    for (id, value, bytes) in Properties(properties) {
        match (id, value) {
            (id::MESSAGE_EXPIRY, Value::Number(seconds)) => passed.expiry = Some(seconds),
            (id::WILL_DELAY, Value::Number(seconds)) => passed.delay = seconds,
            (id::TOPIC_ALIAS | id::SUBSCRIPTION_ID, _) => {}
            _ => passed.bytes.extend_from_slice(bytes),
        }
    }
    passed
}

/// Topics that only the broker itself may publish to: its figures, and what it is told by subscriptions and by
/// administrators. Mosquitto keeps the same; other topics with a dollar sign are free (section 4.7.2 leaves them open).
pub fn is_own(topic: &str) -> bool {
    topic.starts_with('$')
        && ["$SYS", "$share", "$CONTROL"].iter().any(|own| {
            topic
                .strip_prefix(own)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
}

impl State {
    /// A PUBLISH came.
    pub fn publish(&mut self, key: Key, session: Key, packet: &[u8], outline: &Outline) {
        let (start, end) = outline.topic;
        let name = packet.get(start as usize..end as usize).unwrap_or_default();
        let name = std::str::from_utf8(name).unwrap_or_default();
        let topic = match self.named(key, name, outline.topic_alias) {
            Ok(topic) => topic,
            Err(why) => return self.close(key, why, true),
        };
        let topic = topic.as_deref().unwrap_or(name);
        let payload = packet.get(outline.payload as usize..).unwrap_or_default();
        self.counters.publish_received(payload.len());
        let Some(found) = self.sessions.get(session) else {
            return;
        };
        if outline.qos == Qos::ExactlyOnce {
            if found.received.contains(&outline.packet_id) {
                // [MQTT-4.3.3-10]: it was passed on already.
                self.answer(key, PacketType::Pubrec, outline.packet_id, 0);
                return;
            }
            if found.received.len() >= self.settings.limits.receive_maximum.into() {
                self.close(key, Ending::Broker(0x93, Why::ReceiveMaximum), true);
                return;
            }
        }
        let answer = match outline.qos {
            Qos::AtMostOnce => None,
            Qos::AtLeastOnce => Some(PacketType::Puback),
            Qos::ExactlyOnce => Some(PacketType::Pubrec),
        };
        if serving::levels(topic.as_bytes()) > self.settings.limits.levels {
            self.refuse_message(session, topic, 0x90);
            match answer {
                Some(answer) if self.is_five(key) => {
                    self.answer(key, answer, outline.packet_id, 0x90);
                }
                _ => self.close(key, Ending::Broker(0x90, Why::Levels), true),
            }
            return;
        }
        let says_no = answer.is_some() && self.is_five(key);
        if self.settings.stores {
            // To nobody before all that comes of it is told to storage: half of it would be lost, or come twice, with a
            // publisher that says it again.
            self.outbox.hold_back();
        }
        let code = self.pass_on(session, topic, payload, packet, outline, says_no);
        self.answer_publish(key, session, answer, outline.packet_id, code);
    }

    fn answer_publish(
        &mut self,
        key: Key,
        session: Key,
        answer: Option<PacketType>,
        packet_id: u16,
        code: u8,
    ) {
        let Some(answer) = answer else {
            self.outbox.let_go();
            return;
        };
        // Before MQTT 5 there is no way to say no: it is acknowledged all the same [MQTT-3.3.5-2].
        let is_taken = code < 0x80 || !self.is_five(key);
        if answer == PacketType::Pubrec && is_taken {
            if let Some(found) = self.sessions.get_mut(session) {
                found.received.insert(packet_id);
            }
            self.store_received(session, packet_id);
        }
        self.outbox.let_go();
        self.answer(key, answer, packet_id, code);
    }

    fn is_five(&self, key: Key) -> bool {
        self.connections
            .get(key)
            .is_some_and(|connection| connection.is_five())
    }

    /// The topic that an alias stands for, where the packet has no name; learns it where it has.
    fn named(&mut self, key: Key, name: &str, alias: u16) -> Result<Option<Arc<str>>, Ending> {
        if alias == 0 {
            return Ok(None);
        }
        let wrong = Err(Ending::Broker(0x94, Why::TopicAlias));
        let Some(connection) = self.connections.get_mut(key) else {
            return wrong;
        };
        if alias > self.settings.limits.aliases_from_client {
            return wrong;
        }
        if name.is_empty() {
            return match connection.aliases_in.get(&alias) {
                Some(topic) => Ok(Some(topic.clone())),
                None => wrong,
            };
        }
        connection.aliases_in.insert(alias, name.into());
        // There are few of them.
        let bytes: usize = connection
            .aliases_in
            .values()
            .map(|topic| topic.len())
            .sum();
        if bytes > self.settings.limits.alias_bytes {
            return Err(Ending::Broker(0x97, Why::AliasBytes));
        }
        Ok(None)
    }

    /// Passes a message on, if it may be. Gives the reason code of its acknowledgement.
    fn pass_on(
        &mut self,
        session: Key,
        topic: &str,
        payload: &[u8],
        packet: &[u8],
        outline: &Outline,
        says_no: bool,
    ) -> u8 {
        let Some(found) = self.sessions.get(session) else {
            return 0x80;
        };
        if is_own(topic) || !self.access.may_publish(&found.person, topic) {
            self.refuse_message(session, topic, 0x87);
            return 0x87;
        }
        let (start, end) = outline.properties;
        let properties = packet.get(start as usize..end as usize).unwrap_or_default();
        let passed = passed_on(properties);
        let from = found.person.client_id.clone();
        self.order += 1;
        let message = Arc::new(Message {
            topic: topic.into(),
            payload: Bytes::copy_from_slice(payload),
            properties: passed.bytes.into(),
            qos: outline.qos,
            retain: outline.retain,
            expiry: passed.expiry,
            arrived: self.now,
            from: Some(from),
            order: self.order,
            holds: AtomicU32::new(0),
            stored: AtomicU32::new(0),
        });
        if outline.retain && !self.has_room_to_retain(&message) {
            self.refuse_message(session, topic, 0x97);
            // Who cannot be told is served as far as can be: those who are subscribed have it.
            if says_no {
                return 0x97;
            }
        }
        match self.spread(message) {
            0 => 0x10,
            _ => 0,
        }
    }

    fn refuse_message(&mut self, session: Key, topic: &str, code: u8) {
        self.counters.dropped += 1;
        self.complain(session, |client_id| Event::PublishRefused {
            client_id: Some(client_id),
            topic: topic.into(),
            code,
        });
    }

    /// PUBACK, PUBREC, PUBREL or PUBCOMP. Before MQTT 5 without its code.
    pub fn answer(&mut self, key: Key, packet_type: PacketType, packet_id: u16, code: u8) {
        let Some(connection) = self.connections.get(key) else {
            return;
        };
        let code = if connection.is_five() { code } else { 0 };
        let reason = connection.reason(code, 5);
        self.send(key, |out| {
            wire::acknowledge(packet_type, packet_id, code, reason, out);
        });
    }

    /// A message of the owner's own.
    pub fn own_message(&mut self, topic: &str, payload: &[u8], qos: Qos, retain: bool) {
        if check_topic_name(topic).is_err() {
            return;
        }
        let message = self.make(topic, payload.into(), qos, retain, None);
        self.pending.push_back(message);
    }

    fn make(
        &mut self,
        topic: &str,
        payload: Vec<u8>,
        qos: Qos,
        retain: bool,
        from: Option<Arc<str>>,
    ) -> Arc<Message> {
        self.order += 1;
        Arc::new(Message {
            topic: topic.into(),
            payload: payload.into(),
            properties: Box::default(),
            qos,
            retain,
            expiry: None,
            arrived: self.now,
            from,
            order: self.order,
            holds: AtomicU32::new(0),
            stored: AtomicU32::new(0),
        })
    }

    /// The message that a will is.
    pub fn will_message(&mut self, will: Will, from: Arc<str>) -> Arc<Message> {
        self.order += 1;
        Arc::new(Message {
            topic: will.topic,
            payload: will.payload.into(),
            properties: will.properties,
            qos: will.qos,
            retain: will.retain,
            expiry: will.expiry,
            arrived: self.now,
            from: Some(from),
            order: self.order,
            holds: AtomicU32::new(0),
            stored: AtomicU32::new(0),
        })
    }
}
