//! The target of the inspector, and the packet that it shows.

use serde::{Deserialize, Serialize};

use crate::link::Pair;
use crate::protocol::{PublishProperties, Qos, Version};

/// What the inspector is to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Target {
    /// The packet with this sequence number ([`crate::link::Row::seq`]).
    Packet(u64),
    /// The latest message of the topic with this node in the tree. It is updated.
    Topic(u32),
}

/// The packet that the inspector shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Inspected {
    /// The target that this answers. The user may have chosen another one meanwhile.
    pub target: Option<Target>,
    /// Its number in the capture; `None` if it was evicted.
    pub seq: Option<u64>,
    /// The topic's node in the tree, for a PUBLISH.
    pub node: Option<u32>,
    /// Milliseconds since the Unix epoch.
    pub time: f64,
    /// It was sent by this client.
    pub outgoing: bool,
    /// Quality of service.
    pub qos: Qos,
    /// Retain flag.
    pub retain: bool,
    /// DUP flag.
    pub dup: bool,
    /// 0 where there is none.
    pub packet_id: u16,
    /// Topic name.
    pub topic: String,
    /// Where the payload starts in `bytes`.
    pub payload: u32,
    /// The whole packet, with a password in it masked.
    #[serde(with = "serde_bytes")]
    pub bytes: Vec<u8>,
    /// The subscriptions that match its topic: filter and colour number.
    pub matched: Vec<(String, u8)>,
    /// Every field of the packet, in the order of its bytes.
    pub fields: Vec<Field>,
    /// The packets of the same delivery (PUBLISH, PUBACK, PUBREC, PUBREL, PUBCOMP), oldest first.
    pub delivery: Vec<Step>,
    /// The version that was spoken.
    pub version: Version,
    /// Properties of a PUBLISH of MQTT 5.
    pub properties: Option<PublishProperties>,
    /// How many further user properties there are.
    pub further_properties: u32,
    /// The message violates the protocol.
    pub flawed: bool,
    /// It is a request, or the response to one.
    pub pair: Option<Pair>,
    /// The payload of the message before this one on the same topic, if it is still there and at most 256 KiB.
    #[serde(with = "serde_bytes")]
    pub before: Option<Vec<u8>>,
    /// What Sparkplug's payloads are read with.
    pub sparkplug: Option<SparkplugContext>,
    /// What is known of that message beside its payload.
    pub sibling: Option<Sibling>,
}

/// What a payload of Sparkplug is read with. Payloads of at most 256 KiB.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SparkplugContext {
    /// The payload of the birth before it, of its node or its device.
    #[serde(with = "serde_bytes")]
    pub birth: Option<Vec<u8>>,
    /// The payload of the message before it that counts in the same sequence.
    #[serde(with = "serde_bytes")]
    pub previous: Option<Vec<u8>>,
}

/// A message and the one before it on the same topic.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sibling {
    /// Milliseconds from the one before to this one.
    pub after: f64,
    /// The retain flag of the one before.
    pub retain: bool,
}

/// One field of a packet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// Its first byte, counted from the start of the packet.
    pub start: u32,
    /// The byte after its last.
    pub end: u32,
    /// The name of the field in the specification, in English. The page looks up its translation.
    pub name: String,
    /// The value as readable text; may be empty.
    pub value: String,
    /// The section of the specification.
    pub clause: String,
    /// What is wrong with it.
    pub fault: Option<String>,
}

/// One packet of a delivery.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Its number in the capture.
    pub seq: u64,
    /// The packet type's name as in the specification, in capitals.
    pub packet: String,
    /// It was sent by this client.
    pub outgoing: bool,
    /// Milliseconds since the Unix epoch.
    pub time: f64,
}
