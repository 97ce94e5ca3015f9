//! What a control packet says that people look for: its reason codes, and the topic filters that it names. An observer of the
//! same walk as [`super::fields()`].

use super::cursor::{Observer, Value};
use super::label::{self, Label};
use super::packet::{PacketType, Version};
use super::walk;

/// Whether a packet of either direction carries this reason code, or a return code of MQTT 3.1.1 (MQTT 5 section 2.4, MQTT
/// 3.1.1 sections 3.2.2.3 and 3.9.3). SUBACK and UNSUBACK carry several. Where MQTT 5 leaves a code out it is 0; packets
/// that have none in this version carry none. Of a malformed packet what stands before the fault counts.
pub fn carries_code(packet: &[u8], version: Version, code: u8) -> bool {
    let mut seen = Codes {
        is_wanted: |_, found| found == code,
        any: false,
        found: false,
    };
    let whole = walk::observed(packet, version, None, &mut seen).is_ok();
    let left_out = whole && !seen.any && code == 0 && may_leave_out(packet, version);
    seen.found || left_out
}

/// Whether a packet of either direction carries a code that refuses: from 0x80 on (MQTT 5 section 2.4), or a CONNACK of MQTT
/// 3.1.1 that does not accept (section 3.2.2.3).
pub fn refuses(packet: &[u8], version: Version) -> bool {
    let mut seen = Codes {
        is_wanted: |connack, found| found >= 0x80 || (connack && found != 0),
        any: false,
        found: false,
    };
    // What stands before a fault was said all the same.
    let _ = walk::observed(packet, version, None, &mut seen);
    seen.found
}

/// Packets whose code may be left out where it is 0 (MQTT 5 sections 3.4.2.1, 3.14.2.1, 3.15.2.1).
fn may_leave_out(packet: &[u8], version: Version) -> bool {
    let packet_type = packet
        .first()
        .and_then(|first| PacketType::from_bits(first >> 4));
    version == Version::V5
        && matches!(
            packet_type,
            Some(
                PacketType::Puback
                    | PacketType::Pubrec
                    | PacketType::Pubrel
                    | PacketType::Pubcomp
                    | PacketType::Disconnect
                    | PacketType::Auth
            )
        )
}

/// Whether a SUBSCRIBE or UNSUBSCRIBE names this topic filter.
pub fn names_filter(packet: &[u8], version: Version, filter: &str) -> bool {
    let mut seen = Filters {
        wanted: filter.as_bytes(),
        found: false,
    };
    // What stands before a fault was named all the same.
    let _ = walk::observed(packet, version, None, &mut seen);
    seen.found
}

/// `is_wanted`: of a CONNACK before MQTT 5, and the code.
struct Codes<F> {
    is_wanted: F,
    any: bool,
    found: bool,
}

impl<F: Fn(bool, u8) -> bool> Observer<'_> for Codes<F> {
    fn field(&mut self, _: usize, _: usize, _: &'static Label, value: Value<'_>) {
        let (connack, code) = match value {
            Value::ConnackCode(code) => (true, code),
            Value::SubackCode(code) | Value::Reason(_, code) => (false, code),
            _ => return,
        };
        self.any = true;
        self.found |= (self.is_wanted)(connack, code);
    }
}

struct Filters<'w> {
    wanted: &'w [u8],
    found: bool,
}

impl Observer<'_> for Filters<'_> {
    fn field(&mut self, _: usize, _: usize, label: &'static Label, value: Value<'_>) {
        if let Value::Text(text) = value
            && label.name == label::TOPIC_FILTER.name
        {
            self.found |= text == self.wanted;
        }
    }
}
