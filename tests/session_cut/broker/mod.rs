//! A broker for one client, true to the specification, that also watches whether the client is. Knows no time but what
//! it is told, and no link: it takes bytes and leaves replies.

mod outgoing;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::wire::{self, FromClient};

/// What a broker may do in one way or another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Habits {
    /// MQTT 5: QoS 1 and 2 messages that it takes at once.
    pub receive_maximum: u16,
    /// MQTT 5: topic aliases that it takes.
    pub alias_maximum: u16,
    /// Hands a QoS 2 message on at PUBREL, not at PUBLISH (MQTT 3.1.1 figure 4.3, method A and B).
    pub on_release: bool,
    /// MQTT 5: refuses every publication whose number leaves 3 when divided by 7.
    pub refuses: bool,
}

/// Bytes to send to the client, and the packet identifier that they make free again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    pub bytes: Vec<u8>,
    pub frees: Option<u16>,
}

/// What a broker keeps for a client.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    filters: BTreeMap<String, u8>,
    /// QoS 2 from the client, not released: the message's number, and whether it was handed on.
    received: BTreeMap<u16, (u16, bool)>,
    /// To the client, in order.
    pub outgoing: VecDeque<Outgoing>,
}

/// One message for the client.
#[derive(Clone, Debug)]
pub struct Outgoing {
    number: u16,
    qos: u8,
    stage: Stage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Waiting,
    /// PUBLISH went out under this identifier.
    Sent(u16),
    /// PUBREC came, PUBREL went out.
    Released(u16),
}

/// One connection.
#[derive(Debug)]
struct Online {
    connection: u64,
    level: u8,
    buffer: Vec<u8>,
    ends: bool,
    present: bool,
    heard_at: u64,
    keep_alive: u64,
    window: usize,
    client_aliases: u16,
    alias_told: bool,
    aliases: BTreeMap<u16, String>,
    /// Identifiers the client uses and that were not answered for good.
    open: BTreeSet<u16>,
    /// Those of them that began with a PUBLISH on this connection.
    publications: BTreeSet<u16>,
    /// PUBACK, PUBREC, PUBCOMP, and PUBREL for what was published on this connection.
    expected: [VecDeque<u16>; 4],
}

/// The broker.
#[derive(Debug)]
pub struct Broker {
    pub habits: Habits,
    pub kept: Option<Kept>,
    online: Option<Online>,
    pub replies: VecDeque<Reply>,
    /// Numbers of the messages that were handed on, in order, with their quality of service.
    pub handed_on: Vec<(u16, u8)>,
    /// What the client did that the specification forbids.
    pub wrongs: Vec<String>,
    /// Session present of the last CONNACK.
    pub told_present: bool,
}

/// What messages are published to.
pub const TOPIC: &str = "t";

/// A filter that the user wants only at times, and that nothing is published to.
pub const SOMETIMES: &str = "u";

impl Broker {
    pub fn new(habits: Habits) -> Self {
        Self {
            habits,
            kept: None,
            online: None,
            replies: VecDeque::new(),
            handed_on: Vec::new(),
            wrongs: Vec::new(),
            told_present: false,
        }
    }

    /// A connection was made; any earlier one is over.
    pub fn accept(&mut self, connection: u64, now: u64) {
        self.gone(None);
        self.online = Some(Online {
            connection,
            level: 0,
            buffer: Vec::new(),
            ends: false,
            present: false,
            heard_at: now,
            keep_alive: 0,
            window: 0,
            client_aliases: 0,
            alias_told: false,
            aliases: BTreeMap::new(),
            open: BTreeSet::new(),
            publications: BTreeSet::new(),
            expected: Default::default(),
        });
    }

    /// This connection is over, or whichever there is.
    pub fn gone(&mut self, connection: Option<u64>) {
        if connection.is_none_or(|connection| self.connection() == Some(connection))
            && let Some(online) = self.online.take()
        {
            self.replies.clear();
            if online.ends {
                self.kept = None;
            }
        }
    }

    /// The number of the connection that is open.
    pub fn connection(&self) -> Option<u64> {
        self.online.as_ref().map(|online| online.connection)
    }

    /// The client was silent for one and a half times the keep alive [MQTT-3.1.2-24].
    pub fn is_fed_up(&self, now: u64) -> bool {
        self.online.as_ref().is_some_and(|online| {
            online.keep_alive > 0 && now > online.heard_at + online.keep_alive * 3 / 2
        })
    }

    /// It holds a subscription to this filter.
    pub fn holds(&self, filter: &str) -> bool {
        let kept = self.kept.as_ref();
        kept.is_some_and(|kept| kept.filters.contains_key(filter))
    }

    /// A reply has left: its identifier may be used again.
    pub fn sent(&mut self, reply: &Reply) {
        if let (Some(id), Some(online)) = (reply.frees, &mut self.online) {
            online.open.remove(&id);
            online.publications.remove(&id);
        }
    }

    /// Bytes of a connection. Says `false` when the connection is to be closed.
    pub fn receive(&mut self, connection: u64, now: u64, bytes: &[u8]) -> bool {
        if self.connection() != Some(connection) {
            return true;
        }
        if let Some(online) = &mut self.online {
            online.buffer.extend_from_slice(bytes);
        }
        while let Some(online) = &mut self.online {
            let Some(packet) = wire::take(&mut online.buffer, online.level) else {
                break;
            };
            online.heard_at = now;
            if let FromClient::Disconnect { .. } = packet {
                return false;
            }
            self.take(packet);
        }
        true
    }

    fn take(&mut self, packet: FromClient) {
        let Some(online) = &mut self.online else {
            return;
        };
        if (online.level == 0) != matches!(packet, FromClient::Connect { .. }) {
            return self.wrong(format!("{packet:?} out of its place"));
        }
        let level = online.level;
        match packet {
            FromClient::Connect { .. } => self.connect(&packet),
            FromClient::Publish {
                topic,
                alias,
                qos,
                dup,
                id,
                payload,
            } => {
                if topic.is_empty() {
                    if online.aliases.get(&alias).map(String::as_str) != Some(TOPIC) {
                        self.wrong(format!("alias {alias} stands for nothing"));
                    }
                } else if alias > 0 {
                    online.aliases.insert(alias, topic);
                }
                if alias > self.habits.alias_maximum {
                    self.wrong(format!("alias {alias} is above the maximum"));
                }
                let number = u16::from_be_bytes([payload[0], payload[1]]);
                self.published(number, qos, dup, id);
            }
            FromClient::Puback(id) => self.acknowledged(0, id),
            FromClient::Pubrec(id) => self.acknowledged(1, id),
            FromClient::Pubcomp(id) => self.acknowledged(2, id),
            FromClient::Pubrel(id) => {
                online.open.insert(id);
                // In the order of PUBREC [MQTT-4.6.0-4]; one for an earlier connection comes before.
                let first = online.expected[3].front().copied();
                if first == Some(id) {
                    online.expected[3].pop_front();
                } else if online.expected[3].contains(&id) {
                    return self.wrong(format!("PUBREL {id} instead of {first:?}"));
                }
                let known = self
                    .kept
                    .as_mut()
                    .and_then(|kept| kept.received.remove(&id));
                if let Some((number, false)) = known {
                    self.handed_on.push((number, 2));
                }
                let code = if level == 5 && known.is_none() {
                    0x92
                } else {
                    0
                };
                self.reply(wire::answer(0x70, id, code), Some(id));
            }
            FromClient::Subscribe { id, filters } => {
                self.open(id);
                let codes: Vec<u8> = filters.iter().map(|(_, qos)| *qos).collect();
                if let Some(kept) = &mut self.kept {
                    kept.filters.extend(filters);
                }
                self.reply(wire::codes(0x90, level, id, &codes), Some(id));
            }
            FromClient::Unsubscribe { id, filters } => {
                self.open(id);
                if let Some(kept) = &mut self.kept {
                    kept.filters.retain(|filter, _| !filters.contains(filter));
                }
                let codes = vec![0; if level == 5 { filters.len() } else { 0 }];
                self.reply(wire::codes(0xB0, level, id, &codes), Some(id));
            }
            FromClient::Pingreq => self.reply(wire::packet(0xD0, &[]), None),
            FromClient::Disconnect { .. } => {}
        }
    }

    fn connect(&mut self, packet: &FromClient) {
        let FromClient::Connect {
            level,
            clean,
            keep_alive,
            expiry,
            receive_maximum,
            alias_maximum,
        } = *packet
        else {
            return;
        };
        if clean {
            self.kept = None;
        }
        let present = self.kept.is_some();
        self.told_present = present;
        self.kept.get_or_insert_default();
        if let Some(online) = &mut self.online {
            online.level = level;
            online.present = present;
            online.ends = expiry == 0;
            online.keep_alive = u64::from(keep_alive) * 1_000_000;
            // Before MQTT 5 as many as mosquitto.
            online.window = usize::from(receive_maximum).min(20);
            online.client_aliases = alias_maximum;
        }
        let Habits {
            receive_maximum,
            alias_maximum,
            ..
        } = self.habits;
        self.reply(
            wire::connack(level, present, receive_maximum, alias_maximum),
            None,
        );
        let again = self.kept.as_ref().map_or_else(Vec::new, |kept| {
            kept.outgoing.iter().cloned().collect::<Vec<_>>()
        });
        for message in again {
            match message.stage {
                Stage::Waiting => {}
                Stage::Sent(id) => self.send(message.number, message.qos, true, id),
                Stage::Released(id) => self.release(id),
            }
        }
        self.flush();
    }

    fn published(&mut self, number: u16, qos: u8, dup: bool, id: u16) {
        if qos == 0 {
            self.handed_on.push((number, 0));
            return;
        }
        self.open(id);
        let Some((online, kept)) = self.online.as_mut().zip(self.kept.as_mut()) else {
            return;
        };
        online.publications.insert(id);
        let (level, present, open) = (online.level, online.present, online.publications.len());
        let known = kept.received.get(&id).copied();
        if dup && !present {
            self.wrong(format!("DUP on message {number} of a new session"));
        }
        if level == 5 && open > usize::from(self.habits.receive_maximum) {
            self.wrong(format!("message {number} is above the receive maximum"));
        }
        if let Some((earlier, _)) = known
            && (earlier != number || !dup || qos != 2)
        {
            self.wrong(format!(
                "identifier {id} of message {earlier} is used for {number}, DUP {dup}"
            ));
        }
        if level == 5 && self.habits.refuses && number % 7 == 3 {
            let first = if qos == 1 { 0x40 } else { 0x50 };
            return self.reply(wire::answer(first, id, 0x97), Some(id));
        }
        if qos == 1 {
            self.handed_on.push((number, 1));
            return self.reply(wire::answer(0x40, id, 0), Some(id));
        }
        if known.is_none() {
            let now = !self.habits.on_release;
            if now {
                self.handed_on.push((number, 2));
            }
            if let Some(kept) = &mut self.kept {
                kept.received.insert(id, (number, now));
            }
        }
        if let Some(online) = &mut self.online {
            online.expected[3].push_back(id);
        }
        self.reply(wire::answer(0x50, id, 0), None);
    }

    /// The client begins something under this identifier.
    fn open(&mut self, id: u16) {
        if let Some(online) = &mut self.online
            && (id == 0 || !online.open.insert(id))
        {
            self.wrong(format!("identifier {id} is used twice"));
        }
    }

    fn reply(&mut self, bytes: Vec<u8>, frees: Option<u16>) {
        self.replies.push_back(Reply { bytes, frees });
    }

    fn wrong(&mut self, what: String) {
        self.wrongs.push(what);
    }
}
