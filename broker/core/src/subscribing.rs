//! SUBSCRIBE and UNSUBSCRIBE (sections 3.8 and 3.10).

use midge::protocol::{PacketType, RetainHandling, Version, check_topic_filter, serving};

use crate::interest::{Asked, parts};
use crate::output::{Ending, Event, Why};
use crate::slab::Key;
use crate::state::State;
use crate::wire::{self, Entry};

impl State {
    /// SUBSCRIBE: one code for each filter, in their order.
    pub fn subscribe(&mut self, key: Key, session: Key, packet: &[u8], packet_id: u16) {
        let Some(version) = self.version(key) else {
            return;
        };
        if self.has_too_many(key, packet, version) {
            return;
        }
        let (id, entries) = wire::entries(packet, version);
        let in_use = self.is_in_use(session, packet_id);
        let mut codes = Vec::new();
        for entry in entries {
            let granted = if in_use {
                Err(0x91)
            } else {
                self.subscribe_to(session, &entry, id)
            };
            codes.push(match granted {
                Ok(()) => entry.options.qos.bits(),
                Err(code) => {
                    self.refuse_filter(session, entry.filter, code);
                    // MQTT 3.1 has no code for it. Who knows none takes it for what it is in MQTT 3.1.1.
                    if version == Version::V5 { code } else { 0x80 }
                }
            });
        }
        self.answer_all(key, PacketType::Suback, packet_id, &codes);
        self.feed(session);
    }

    /// SUBACK or UNSUBACK, with the reason of the first refusal.
    fn answer_all(&mut self, key: Key, packet_type: PacketType, packet_id: u16, codes: &[u8]) {
        let Some(connection) = self.connections.get(key) else {
            return;
        };
        let version = connection.version;
        let refusal = codes.iter().find(|code| **code >= 0x80);
        let reason = refusal.and_then(|code| connection.reason(*code, 8 + codes.len()));
        self.send(key, |out| {
            wire::codes(packet_type, version, packet_id, codes, reason, out);
        });
    }

    fn version(&self, key: Key) -> Option<Version> {
        Some(self.connections.get(key)?.version)
    }

    /// The packet identifier is that of a QoS 2 message that was not released (MQTT 5 section 2.2.1).
    fn is_in_use(&self, session: Key, packet_id: u16) -> bool {
        let session = self.sessions.get(session);
        session.is_some_and(|session| session.received.contains(&packet_id))
    }

    fn refuse_filter(&mut self, session: Key, filter: &str, code: u8) {
        self.complain(session, |client_id| Event::FilterRefused {
            client_id,
            filter: filter.into(),
            code,
        });
    }

    /// Whether a packet has more filters than one may have. That is the end of its connection: no person types so many.
    fn has_too_many(&mut self, key: Key, packet: &[u8], version: Version) -> bool {
        let most = self.settings.limits.filters_per_packet;
        let has = wire::entries(packet, version).1.nth(most).is_some();
        if has {
            self.close(key, Ending::Broker(0x97, Why::Filters), true);
        }
        has
    }

    /// Subscribes to one filter, or says with a reason code of MQTT 5 why not.
    fn subscribe_to(&mut self, key: Key, entry: &Entry<'_>, id: u32) -> Result<(), u8> {
        let limits = &self.settings.limits;
        let filter = entry.filter;
        let (group, inner) = parts(filter);
        let Some(session) = self.sessions.get_mut(key) else {
            return Err(0x80);
        };
        let old = session.filters.get(filter);
        let is_new = old.is_none();
        if check_topic_filter(filter).is_err() || serving::levels(filter.as_bytes()) > limits.levels
        {
            return Err(0x8F);
        }
        if !self.access.may_subscribe(&session.person, inner) {
            return Err(0x87);
        }
        let is_full = session.filters.len() >= limits.filters_per_client
            || session.filter_bytes + filter.len() > limits.filter_bytes_per_client
            || self.interest.len().0 >= limits.filters
            || self.interest.bytes() + filter.len() > limits.filter_bytes;
        if is_new && is_full {
            return Err(0x97);
        }
        // [MQTT-3.8.4-3]: the same filter replaces the subscription.
        session.filters.insert(filter.into(), (entry.options, id));
        session.shared += usize::from(is_new && group.is_some());
        if is_new {
            session.filter_bytes += filter.len();
        }
        let asked = Asked::new(entry.options, id);
        self.interest.add(key, filter, asked, true);
        self.store_filter(key, filter);
        let wants_retained = match entry.options.retain_handling {
            RetainHandling::Always => true,
            RetainHandling::IfNew => is_new,
            RetainHandling::Never => false,
        };
        // Shared subscriptions are sent no retained messages (MQTT 5 section 4.8.2).
        if wants_retained && group.is_none() {
            self.begin_to_look(key, filter, asked);
        }
        Ok(())
    }

    /// UNSUBSCRIBE: in MQTT 5 one code for each filter, in their order.
    pub fn unsubscribe(&mut self, key: Key, session: Key, packet: &[u8], packet_id: u16) {
        let Some(version) = self.version(key) else {
            return;
        };
        if self.has_too_many(key, packet, version) {
            return;
        }
        let (_, entries) = wire::entries(packet, version);
        let in_use = self.is_in_use(session, packet_id);
        let mut codes = Vec::new();
        for entry in entries {
            codes.push(match in_use {
                true => 0x91,
                false if check_topic_filter(entry.filter).is_err() => 0x8F,
                false if self.unsubscribe_from(session, entry.filter) => 0,
                false => 0x11,
            });
        }
        self.answer_all(key, PacketType::Unsuback, packet_id, &codes);
    }

    fn unsubscribe_from(&mut self, key: Key, filter: &str) -> bool {
        let Some(session) = self.sessions.get_mut(key) else {
            return false;
        };
        if session.filters.remove(filter).is_none() {
            return false;
        }
        session.shared -= usize::from(parts(filter).0.is_some());
        session.filter_bytes -= filter.len();
        self.interest.remove(key, filter);
        self.stop_looking(key, filter);
        self.forget_filter(key, filter);
        true
    }
}
