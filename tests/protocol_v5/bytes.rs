//! Packets as bytes: the places where properties stand, and the properties.

use midge::protocol::Direction::{self, Incoming, Outgoing};

/// Bytes from hexadecimal with spaces; `'text'` stands for its bytes.
pub fn hex(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    for (index, part) in text.split('\'').enumerate() {
        if index % 2 == 1 {
            out.extend_from_slice(part.as_bytes());
            continue;
        }
        let digits: Vec<u8> = part
            .bytes()
            .filter(|byte| !byte.is_ascii_whitespace())
            .collect();
        for pair in digits.chunks(2) {
            out.push(u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap());
        }
    }
    out
}

/// A number as a variable byte integer (section 1.5.5).
pub fn variable(mut number: usize) -> Vec<u8> {
    let mut out = Vec::new();
    while number >= 128 {
        out.push((number % 128) as u8 | 0x80);
        number /= 128;
    }
    out.push(number as u8);
    out
}

/// A packet of this first byte and body.
pub fn packet(first: u8, body: &[u8]) -> Vec<u8> {
    let mut out = vec![first];
    out.extend(variable(body.len()));
    out.extend_from_slice(body);
    out
}

/// A place where properties stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    Connect,
    Will,
    Connack,
    Publish,
    Puback,
    Pubrec,
    Pubrel,
    Pubcomp,
    Subscribe,
    Suback,
    Unsubscribe,
    Unsuback,
    Disconnect,
    Auth,
}

use Holder::*;

pub const HOLDERS: [Holder; 14] = [
    Connect,
    Will,
    Connack,
    Publish,
    Puback,
    Pubrec,
    Pubrel,
    Pubcomp,
    Subscribe,
    Suback,
    Unsubscribe,
    Unsuback,
    Disconnect,
    Auth,
];

const BOTH: &[Direction] = &[Incoming, Outgoing];

impl Holder {
    /// Its first byte, what stands before the property length, and what stands behind the properties.
    fn parts(self) -> (u8, &'static str, &'static str) {
        match self {
            Connect => (0x10, "00 04 'MQTT' 05 02 00 3C", "00 01 'm'"),
            Will => (
                0x10,
                "00 04 'MQTT' 05 06 00 3C 00 00 01 'm'",
                "00 01 'w' 00 01 'p'",
            ),
            Connack => (0x20, "00 00", ""),
            Publish => (0x30, "00 01 't'", "'hello'"),
            Puback => (0x40, "00 0A 00", ""),
            Pubrec => (0x50, "00 0A 00", ""),
            Pubrel => (0x62, "00 0A 00", ""),
            Pubcomp => (0x70, "00 0A 00", ""),
            Subscribe => (0x82, "00 0A", "00 01 'f' 01"),
            Suback => (0x90, "00 0A", "01"),
            Unsubscribe => (0xA2, "00 0A", "00 01 'f'"),
            Unsuback => (0xB0, "00 0A", "00"),
            Disconnect => (0xE0, "81", ""),
            Auth => (0xF0, "18", ""),
        }
    }

    /// The ways that such a packet goes.
    pub fn directions(self) -> &'static [Direction] {
        match self {
            Connect | Will | Subscribe | Unsubscribe => &[Outgoing],
            Connack | Suback | Unsuback => &[Incoming],
            Publish | Puback | Pubrec | Pubrel | Pubcomp | Disconnect | Auth => BOTH,
        }
    }

    /// A packet with these properties, and where the first of them starts.
    pub fn with(self, properties: &[u8]) -> (Vec<u8>, usize) {
        let (first, before, behind) = self.parts();
        let length = variable(properties.len());
        let (before, behind) = (hex(before), hex(behind));
        let body = [&before, &length, properties, &behind].concat();
        let packet = packet(first, &body);
        let start = packet.len() - behind.len() - properties.len();
        (packet, start)
    }
}

/// A property as the specification has it.
pub struct Property {
    pub id: u8,
    pub name: &'static str,
    /// Values that are right.
    pub good: &'static [&'static str],
    pub holders: &'static [Holder],
}

const ALL: &[Holder] = &HOLDERS;
const ANSWERS: &[Holder] = &[
    Connack, Puback, Pubrec, Pubrel, Pubcomp, Suback, Unsuback, Disconnect, Auth,
];
const FLAG: &[&str] = &["00", "01"];
const TWO: &[&str] = &["00 00", "00 01", "FF FF"];
const TWO_NOT_ZERO: &[&str] = &["00 01", "01 00", "FF FF"];
const FOUR: &[&str] = &["00 00 00 00", "00 00 00 3C", "FF FF FF FF"];
const FOUR_NOT_ZERO: &[&str] = &["00 00 00 01", "FF FF FF FF"];
const TEXT: &[&str] = &["00 00", "00 01 'x'", "00 07 E6 BA AB '/+#/'"];
const BINARY: &[&str] = &["00 00", "00 03 00 FF C0"];
const PAIR: &[&str] = &["00 00 00 00", "00 01 'n' 00 02 'vv'"];

macro_rules! table {
    ($($id:literal $name:literal $good:expr, $holders:expr;)*) => {
        /// Section 2.2.2.2, table 2-4.
        pub const PROPERTIES: &[Property] =
            &[$(Property { id: $id, name: $name, good: $good, holders: $holders }),*];
    };
}

table! {
    0x01 "Payload Format Indicator" FLAG, &[Publish, Will];
    0x02 "Message Expiry Interval" FOUR, &[Publish, Will];
    0x03 "Content Type" TEXT, &[Publish, Will];
    0x08 "Response Topic" &["00 01 'r'", "00 03 'a/b'"], &[Publish, Will];
    0x09 "Correlation Data" BINARY, &[Publish, Will];
    0x0B "Subscription Identifier" &["01", "7F", "80 01", "FF FF FF 7F"], &[Publish, Subscribe];
    0x11 "Session Expiry Interval" FOUR, &[Connect, Connack, Disconnect];
    0x12 "Assigned Client Identifier" TEXT, &[Connack];
    0x13 "Server Keep Alive" TWO, &[Connack];
    0x15 "Authentication Method" TEXT, &[Connect, Connack, Auth];
    0x16 "Authentication Data" BINARY, &[Connect, Connack, Auth];
    0x17 "Request Problem Information" FLAG, &[Connect];
    0x18 "Will Delay Interval" FOUR, &[Will];
    0x19 "Request Response Information" FLAG, &[Connect];
    0x1A "Response Information" TEXT, &[Connack];
    0x1C "Server Reference" TEXT, &[Connack, Disconnect];
    0x1F "Reason String" TEXT, ANSWERS;
    0x21 "Receive Maximum" TWO_NOT_ZERO, &[Connect, Connack];
    0x22 "Topic Alias Maximum" TWO, &[Connect, Connack];
    0x23 "Topic Alias" TWO_NOT_ZERO, &[Publish];
    0x24 "Maximum QoS" FLAG, &[Connack];
    0x25 "Retain Available" FLAG, &[Connack];
    0x26 "User Property" PAIR, ALL;
    0x27 "Maximum Packet Size" FOUR_NOT_ZERO, &[Connect, Connack];
    0x28 "Wildcard Subscription Available" FLAG, &[Connack];
    0x29 "Subscription Identifiers Available" FLAG, &[Connack];
    0x2A "Shared Subscription Available" FLAG, &[Connack];
}

impl Property {
    /// It with a value, as bytes.
    pub fn with(&self, value: &str) -> Vec<u8> {
        let mut out = vec![self.id];
        out.extend(hex(value));
        out
    }

    /// What must stand beside it so that the packet is whole: the authentication method.
    pub fn beside(&self, holder: Holder) -> Vec<u8> {
        let needed = match holder {
            Auth => self.id != 0x15,
            Connect => self.id == 0x16,
            _ => false,
        };
        if needed {
            hex("15 00 01 'x'")
        } else {
            Vec::new()
        }
    }

    /// The ways that it goes in this packet.
    pub fn directions(&self, holder: Holder) -> &'static [Direction] {
        match (self.id, holder) {
            (0x0B, Publish) | (0x1C, Disconnect) => &[Incoming],
            (0x11, Disconnect) => &[Outgoing],
            _ => holder.directions(),
        }
    }
}
