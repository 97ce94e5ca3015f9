//! Where the secrets of a packet are: passwords and authentication data. An observer of the same walk as
//! [`super::fields()`], so that the secrets of what is no packet, or is cut short, are found too.

use std::ops::Range;

use super::cursor::{Observer, Value};
use super::label::{self, Label};
use super::packet::{PacketType, Version};
use super::{property, walk};

/// The bytes of a packet of either direction that are not for everybody: passwords, authentication data, and what may be
/// either where the packet cannot be read. In order; they do not overlap.
pub fn secrets(packet: &[u8], version: Version) -> Vec<Range<usize>> {
    let packet_type = packet
        .first()
        .and_then(|first| PacketType::from_bits(first >> 4));
    let Some(packet_type @ (PacketType::Connect | PacketType::Connack | PacketType::Auth)) =
        packet_type
    else {
        return Vec::new();
    };
    let mut seen = Seen::default();
    if walk::observed(packet, version, None, &mut seen).is_err() {
        let unread = match (seen.secret, packet_type) {
            // Where its length is wrong, what follows may belong to it.
            (Some(end), _) => Some(end),
            (None, PacketType::Connect) => Some(seen.end),
            // The rest holds authentication data only behind their identifier, and MQTT 5 alone has them.
            (None, _) if version != Version::V5 => None,
            (None, _) => {
                let rest = packet.get(seen.property..).unwrap_or_default();
                memchr::memchr(property::AUTHENTICATION_DATA, rest).map(|at| seen.property + at + 1)
            }
        };
        if let Some(unread) = unread.filter(|start| *start < packet.len()) {
            seen.found.push(unread..packet.len());
        }
    }
    seen.found
}

/// What was seen of a packet.
#[derive(Default)]
struct Seen {
    found: Vec<Range<usize>>,
    /// Where the latest property starts, or else the latest field.
    property: usize,
    in_properties: bool,
    /// Where the latest field ends, and the latest secret.
    end: usize,
    secret: Option<usize>,
}

impl Observer<'_> for Seen {
    fn field(&mut self, start: usize, end: usize, label: &'static Label, _: Value<'_>) {
        if [label::LEFT_OVER.name, label::NOT_READ.name].contains(&label.name) {
            return;
        }
        if label.name == label::PROPERTY_ID.name {
            self.in_properties = true;
            self.property = start;
        } else if !self.in_properties {
            self.property = start;
        }
        if label.secret {
            self.found.push(start..end);
            self.secret = Some(end);
        }
        self.end = end;
    }
}
