//! Incoming messages on one network connection: how many are unacknowledged, checked against the receive maximum of
//! this client (MQTT 5 sections 3.1.2.11.3 and 4.9), and which topics the aliases stand for (section 3.3.2.3.4).
//! Versions before MQTT 5 have neither.
//!
//! Knows no session: repeated QoS 2 messages are recognised in `received`.

use std::collections::HashMap;

use super::identifiers::IdSet;
use super::trouble::{Breach, Violation};
use crate::protocol::{ConnectProperties, Outline, Qos};

/// The most memory for the topic names of aliases, in bytes: this client's own limit. 65,535 aliases of 65,535 bytes
/// would take 4 GiB, so limiting the number of aliases is not enough.
pub(super) const NAMES: usize = 64 << 20;

/// See the head of the file.
#[derive(Clone, Debug, Default)]
pub(super) struct Arrivals {
    /// The receive maximum in CONNECT.
    receive_maximum: u32,
    /// QoS 2 messages that arrived on this connection and have no PUBCOMP yet. Allocated with the first one.
    unfinished: Option<IdSet>,
    alias_maximum: u16,
    names: HashMap<u16, Box<str>>,
    /// Total length of `names`, in bytes.
    bytes: usize,
    /// Aliases whose names were not kept for lack of room. Allocated with the first one.
    nameless: Option<IdSet>,
    /// This was reported to the user.
    told: bool,
}

impl Arrivals {
    /// For a connection with these properties in CONNECT. `None`: the version has no such limits.
    pub(super) fn new(asked: Option<&ConnectProperties>) -> Self {
        Self {
            receive_maximum: asked.map_or(u32::MAX, |asked| {
                asked.receive_maximum.unwrap_or(u16::MAX).into()
            }),
            alias_maximum: asked.map_or(0, |asked| asked.topic_alias_maximum.unwrap_or(0)),
            ..Self::default()
        }
    }

    /// A PUBLISH arrived. `topic`: its topic name, which may be empty; ignored if the PUBLISH has no alias.
    pub(super) fn publish(&mut self, outline: &Outline, topic: &str) -> Result<(), Violation> {
        self.alias(outline.topic_alias, topic)?;
        if outline.qos == Qos::AtMostOnce {
            return Ok(());
        }
        // A QoS 1 message is acknowledged at once, so at most this one is unacknowledged.
        let open = self.unfinished.as_ref().map_or(0, IdSet::len);
        let again = outline.qos == Qos::ExactlyOnce
            && self
                .unfinished
                .as_ref()
                .is_some_and(|open| open.contains(outline.packet_id));
        if !again && open >= self.receive_maximum {
            return Err(Violation {
                breach: Breach {
                    detail: "more unacknowledged messages than the receive maximum allows",
                    clause: "MQTT 5 3.3.4 [MQTT-3.3.4-9]",
                },
                code: 0x93,
            });
        }
        if outline.qos == Qos::ExactlyOnce && self.receive_maximum < u32::MAX {
            self.unfinished
                .get_or_insert_with(IdSet::new)
                .insert(outline.packet_id);
        }
        Ok(())
    }

    /// PUBCOMP is sent.
    pub(super) fn finished(&mut self, id: u16) {
        if let Some(unfinished) = &mut self.unfinished {
            unfinished.remove(id);
        }
    }

    /// The topic name that an alias stands for; empty if it stands for none.
    pub(super) fn name(&self, alias: u16) -> &str {
        self.names.get(&alias).map_or("", |name| name)
    }

    fn alias(&mut self, alias: u16, topic: &str) -> Result<(), Violation> {
        if alias == 0 {
            return Ok(());
        }
        if alias > self.alias_maximum {
            return Err(Violation {
                breach: Breach {
                    detail: "a topic alias above the maximum",
                    clause: "MQTT 5 3.1.2.11.5 [MQTT-3.1.2-26]",
                },
                code: 0x94,
            });
        }
        if topic.is_empty() {
            return if self.names.contains_key(&alias) || self.is_nameless(alias) {
                Ok(())
            } else {
                Err(Breach {
                    detail: "a topic alias that stands for nothing",
                    clause: "MQTT 5 3.3.2.3.4",
                }
                .into())
            };
        }
        let before = self.name(alias);
        if before == topic {
            return Ok(());
        }
        self.bytes = self.bytes.saturating_sub(before.len());
        if self.bytes + topic.len() > NAMES {
            // Without this, later messages would be shown under the alias's previous topic.
            self.names.remove(&alias);
            self.nameless.get_or_insert_with(IdSet::new).insert(alias);
            return Ok(());
        }
        self.bytes += topic.len();
        self.names.insert(alias, topic.into());
        if let Some(nameless) = &mut self.nameless {
            nameless.remove(alias);
        }
        Ok(())
    }

    fn is_nameless(&self, alias: u16) -> bool {
        let nameless = self.nameless.as_ref();
        nameless.is_some_and(|nameless| nameless.contains(alias))
    }

    /// True once per connection: a name was not kept for lack of room.
    pub(super) fn has_become_full(&mut self) -> bool {
        let full = self.nameless.is_some();
        full && !std::mem::replace(&mut self.told, full)
    }
}
