//! What one network connection keeps of incoming messages: how many are unacknowledged, held against the receive maximum
//! that this client gave (MQTT 5 sections 3.1.2.11.3 and 4.9), and what topic aliases stand for (section 3.3.2.3.4).
//! Before MQTT 5 there are neither.
//!
//! Knows no session: repeats are `received`'s business.

use std::collections::HashMap;

use super::identifiers::IdSet;
use super::trouble::{Breach, Violation};
use crate::protocol::{ConnectProperties, Outline, Qos};

/// Bytes of topic names behind aliases, together. 65,535 aliases of 65,535 bytes would be 4 GiB, and the number of
/// aliases alone does not tell.
const NAMES: usize = 16 << 20;

/// One connection's.
#[derive(Clone, Debug, Default)]
pub(super) struct Arrivals {
    /// As CONNECT said.
    receive_maximum: u32,
    /// QoS 2 messages that came on this connection and have no PUBCOMP yet. Made with the first.
    unfinished: Option<IdSet>,
    alias_maximum: u16,
    names: HashMap<u16, Box<str>>,
    /// Bytes in `names`.
    bytes: usize,
}

impl Arrivals {
    /// For a connection whose CONNECT says this. `None`: it has no such limits.
    pub(super) fn new(asked: Option<&ConnectProperties>) -> Self {
        Self {
            receive_maximum: asked.map_or(u32::MAX, |asked| {
                asked.receive_maximum.unwrap_or(u16::MAX).into()
            }),
            alias_maximum: asked.map_or(0, |asked| asked.topic_alias_maximum.unwrap_or(0)),
            ..Self::default()
        }
    }

    /// A PUBLISH came. `topic`: its topic name, which may be empty; not looked at without an alias.
    pub(super) fn publish(&mut self, outline: &Outline, topic: &str) -> Result<(), Violation> {
        self.alias(outline.topic_alias, topic)?;
        if outline.qos == Qos::AtMostOnce {
            return Ok(());
        }
        // QoS 1 is acknowledged at once, so that only this one can be open.
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

    /// PUBCOMP goes out.
    pub(super) fn finished(&mut self, id: u16) {
        if let Some(unfinished) = &mut self.unfinished {
            unfinished.remove(id);
        }
    }

    /// What an alias stands for; empty for one that stands for nothing.
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
            return if self.names.contains_key(&alias) {
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
        let given_back = before.len();
        self.bytes = self.bytes.saturating_sub(given_back) + topic.len();
        if self.bytes > NAMES {
            return Err(Violation {
                breach: Breach {
                    detail: "more bytes of topic names behind aliases than this client keeps",
                    clause: "MQTT 5 3.3.2.3.4",
                },
                code: 0x97,
            });
        }
        self.names.insert(alias, topic.into());
        Ok(())
    }
}
