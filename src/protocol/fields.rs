//! The field map of a packet: what every byte of it is, for the packet view.
//!
//! An observer of the same walk that validates packets, so the two cannot disagree. Takes packets of either direction,
//! complete or not, valid or not. Never shows a password or authentication data.

use std::ops::Range;

use super::cursor::{Observer, Value};
use super::fault::{Fault, FaultKind};
use super::label::{self, Label};
use super::packet::{Outline, PacketType, Version};
use super::reason::{connack_name, reason_name, suback_name};
use super::{property, walk};

/// All values of [`Field::name`], which the page translates.
pub const NAMES: &[&str] = label::ALL;

/// The most fields that are listed. Any others are joined into one named `Further fields`.
pub const MOST: usize = 10_000;

/// One field of a packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The range of its bytes. Empty for an empty payload or text, and for something that is missing.
    pub range: Range<usize>,
    /// Its name in the specification, in English: one of [`NAMES`].
    pub name: &'static str,
    /// Its value as text, in English.
    pub value: String,
    /// The section of the specification that describes it, in the version of the packet; empty: none does.
    pub clause: &'static str,
    /// Its bytes are a password or authentication data: not to be shown.
    pub secret: bool,
    /// What is wrong with it.
    pub fault: Option<Fault>,
}

/// The fields of a packet of either direction, in the order of its bytes: every byte is in exactly one of them. Of a
/// malformed packet: the fields before the one at fault, that one with its fault, and the rest as `Not read`. A PUBLISH
/// whose boundaries are intact is listed to its end, with each fault at its field.
pub fn fields(packet: &[u8], version: Version) -> Vec<Field> {
    let mut list = List {
        done: Vec::new(),
        last: None,
        joined: None,
        version,
        packet_type: packet
            .first()
            .and_then(|first| PacketType::from_bits(first >> 4)),
        property_lengths: 0,
        promises_text: false,
    };
    let outcome = walk::observed(packet, version, None, &mut list);
    let fault = match outcome {
        Ok(outline) if list.promises_text && outline.packet_type == PacketType::Publish => {
            not_text(packet, &outline)
        }
        Ok(_) => None,
        Err(fault) => Some(fault),
    };
    list.settle(fault, packet.len())
}

/// A payload that is declared as UTF-8 and is not.
fn not_text(packet: &[u8], outline: &Outline) -> Option<Fault> {
    let payload = packet.get(outline.payload as usize..)?;
    let error = std::str::from_utf8(payload).err()?;
    Some(Fault {
        kind: FaultKind::PayloadNotText,
        at: outline.payload as usize + error.valid_up_to(),
        packet_type: Some(PacketType::Publish),
        version: Version::V5,
    })
}

/// A field that was reported and not yet made into text.
#[derive(Clone, Copy)]
struct Seen<'p> {
    start: usize,
    end: usize,
    label: &'static Label,
    value: Value<'p>,
    fault: Option<Fault>,
}

struct List<'p> {
    done: Vec<Field>,
    /// The latest field is kept apart, because if there is a fault, it is in this one.
    last: Option<Seen<'p>>,
    /// Range and number of the fields beyond the limit.
    joined: Option<Joined>,
    version: Version,
    packet_type: Option<PacketType>,
    /// How many property lengths were reported: the second one in CONNECT is that of its will.
    property_lengths: usize,
    /// The payload format indicator is 1.
    promises_text: bool,
}

/// The fields beyond the limit.
#[derive(Clone, Copy)]
struct Joined {
    start: usize,
    end: usize,
    count: usize,
    /// The first among them.
    fault: Option<Fault>,
}

impl<'p> Observer<'p> for List<'p> {
    fn field(&mut self, start: usize, end: usize, label: &'static Label, value: Value<'p>) {
        self.put_last_away();
        if label.name == label::PROPERTY_LENGTH.name {
            self.property_lengths += 1;
        }
        if label.name == label::PAYLOAD_FORMAT.name {
            self.promises_text = matches!(value, Value::Number(1));
        }
        self.last = Some(Seen {
            start,
            end,
            label,
            value,
            fault: None,
        });
    }

    fn forgives(&mut self, fault: &Fault) -> bool {
        let forgiven = fault.is_of_a_message();
        if forgiven {
            self.mark(*fault);
        }
        forgiven
    }
}

impl List<'_> {
    fn put_last_away(&mut self) {
        let Some(seen) = self.last.take() else {
            return;
        };
        // Leaves room for the joined field, the last one, and the rest that was not read.
        if self.done.len() < MOST - 3 {
            let field = self.written(seen);
            self.done.push(field);
        } else {
            let joined = self.joined.get_or_insert(Joined {
                start: seen.start,
                end: seen.end,
                count: 0,
                fault: None,
            });
            joined.end = seen.end;
            joined.count += 1;
            joined.fault = joined.fault.or(seen.fault);
        }
    }

    /// The field at fault is the last one, unless something turns out to be missing only later.
    fn mark(&mut self, fault: Fault) {
        let Some(last) = &mut self.last else {
            return;
        };
        let earlier = (fault.at < last.start)
            .then(|| {
                self.done.iter_mut().find(|field| {
                    field.range.contains(&fault.at) || field.range == (fault.at..fault.at)
                })
            })
            .flatten();
        match earlier {
            Some(field) => field.fault = field.fault.or(Some(fault)),
            None => last.fault = last.fault.or(Some(fault)),
        }
    }

    fn written(&self, seen: Seen<'_>) -> Field {
        let in_will = self.property_lengths > 1;
        Field {
            clause: seen.label.clause(self.version, self.packet_type, in_will),
            fault: seen.fault,
            ..plain(
                seen.start..seen.end,
                seen.label,
                match seen.value {
                    Value::Bytes if seen.label.secret => "•••".to_owned(),
                    value => words(value, seen.end - seen.start),
                },
            )
        }
    }

    fn settle(mut self, fault: Option<Fault>, size: usize) -> Vec<Field> {
        if let Some(fault) = fault {
            self.mark(fault);
        }
        if let Some(joined) = self.joined {
            self.done.push(Field {
                fault: joined.fault,
                ..plain(
                    joined.start..joined.end,
                    &label::FURTHER,
                    format!("{} fields", joined.count),
                )
            });
        }
        let Some(seen) = self.last else {
            // Nothing was reported, because there are no bytes.
            return self.done;
        };
        let last = self.written(seen);
        self.done.push(last);
        if seen.end < size {
            self.done.push(plain(
                seen.end..size,
                &label::NOT_READ,
                bytes(size - seen.end),
            ));
        }
        self.done
    }
}

fn plain(range: Range<usize>, label: &Label, value: String) -> Field {
    Field {
        range,
        name: label.name,
        value,
        clause: "",
        secret: label.secret,
        fault: None,
    }
}

fn bytes(count: usize) -> String {
    if count == 1 {
        "1 byte".to_owned()
    } else {
        format!("{count} bytes")
    }
}

fn words(value: Value<'_>, length: usize) -> String {
    match value {
        Value::Bytes => bytes(length),
        Value::FirstByte(byte) => first_byte(byte),
        Value::ConnectFlags(flags) => connect_flags(flags),
        Value::ConnectFlagsOfFive(flags) => {
            connect_flags(flags).replace("Clean Session", "Clean Start")
        }
        Value::ConnackFlags(flags) => {
            format!("Session Present {}{}", flags & 1, reserved(flags & 0xFE))
        }
        Value::ConnackCode(code) => format!("{code}: {}", connack_name(code)),
        Value::SubackCode(code) => format!("0x{code:02X}: {}", suback_name(code)),
        Value::Reason(packet_type, code) => format!(
            "0x{code:02X}: {}",
            reason_name(Version::V5, packet_type, code)
        ),
        Value::SubscriptionOptions(options) => subscription_options(options),
        Value::PropertyId(id) => format!(
            "0x{id:02X}: {}",
            u8::try_from(id).map_or("unknown", property::name)
        ),
        Value::Number(number) => number.to_string(),
        Value::Text(text) => String::from_utf8_lossy(text).into_owned(),
        Value::CutShort if length == 0 => "missing".to_owned(),
        Value::CutShort => format!("cut short after {}", bytes(length)),
    }
}

fn reserved(bits: u8) -> String {
    if bits == 0 {
        String::new()
    } else {
        format!(", reserved bits 0x{bits:02X}")
    }
}

fn first_byte(byte: u8) -> String {
    let (bits, flags) = (byte >> 4, byte & 0x0F);
    let Some(packet_type) = PacketType::from_bits(bits) else {
        return format!("reserved type {bits}, flags {flags:04b}");
    };
    match packet_type {
        PacketType::Publish => {
            format!(
                "PUBLISH, DUP {}, QoS {}, RETAIN {}",
                flags >> 3,
                (flags >> 1) & 3,
                flags & 1
            )
        }
        PacketType::Pubrel | PacketType::Subscribe | PacketType::Unsubscribe if flags == 2 => {
            packet_type.name().to_owned()
        }
        _ if flags == 0 => packet_type.name().to_owned(),
        _ => format!("{packet_type}, flags {flags:04b}"),
    }
}

fn connect_flags(flags: u8) -> String {
    let bit = |place: u8| flags >> place & 1;
    format!(
        "User Name {}, Password {}, Will Retain {}, Will QoS {}, Will {}, Clean Session {}{}",
        bit(7),
        bit(6),
        bit(5),
        flags >> 3 & 3,
        bit(2),
        bit(1),
        reserved(flags & 1),
    )
}

fn subscription_options(options: u8) -> String {
    format!(
        "Maximum QoS {}, No Local {}, Retain As Published {}, Retain Handling {}{}",
        options & 3,
        options >> 2 & 1,
        options >> 3 & 1,
        options >> 4 & 3,
        reserved(options & 0xC0),
    )
}
