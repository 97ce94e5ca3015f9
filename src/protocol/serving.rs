//! Reading a client's packets on the server's side: the content of CONNECT, and the topic filters of SUBSCRIBE and
//! UNSUBSCRIBE. The same walk as elsewhere, with an observer that notes positions; nothing is copied.
//!
//! Knows no limits and no broker.

use super::cursor::{Observer, Value};
use super::fault::{Fault, FaultKind};
use super::header;
use super::label::{self, Label};
use super::packet::{Direction, PacketType, Version};
use super::walk;

/// The content of a CONNECT (section 3.1) that is needed to admit a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Greeting<'p> {
    /// The version of the connection.
    pub version: Version,
    /// The user name; `None`: there is none.
    pub user_name: Option<&'p [u8]>,
    /// The password; `None`: there is none.
    pub password: Option<&'p [u8]>,
    /// The topic of the will; `None`: there is no will.
    pub will_topic: Option<&'p [u8]>,
}

/// The version that a whole CONNECT asks for. `None`: it is not supported, or this is no CONNECT.
pub fn version(packet: &[u8]) -> Option<Version> {
    let (first, rest) = packet.split_first()?;
    if PacketType::from_bits(first >> 4) != Some(PacketType::Connect) {
        return None;
    }
    let (_, length_bytes) = header::remaining_length(rest).ok()??;
    let (&[high, low], body) = rest.get(length_bytes..)?.split_first_chunk()?;
    let (name, body) = body.split_at_checked(u16::from_be_bytes([high, low]).into())?;
    let level = *body.first()?;
    [Version::V31, Version::V311, Version::V5]
        .into_iter()
        .find(|version| version.protocol_name().as_bytes() == name && version.level() == level)
}

/// Reads a whole CONNECT of this version.
pub fn greeting(packet: &[u8], version: Version) -> Result<Greeting<'_>, Fault> {
    let mut found = Noted {
        packet,
        greeting: Greeting {
            version,
            user_name: None,
            password: None,
            will_topic: None,
        },
    };
    let outline = walk::walk(packet, version, Some(Direction::Outgoing), &mut found)?;
    if outline.packet_type != PacketType::Connect {
        return Err(Fault {
            kind: FaultKind::TypeNotAllowed,
            at: 0,
            packet_type: Some(outline.packet_type),
            version,
        });
    }
    Ok(found.greeting)
}

struct Noted<'p> {
    packet: &'p [u8],
    greeting: Greeting<'p>,
}

impl<'p> Observer<'p> for Noted<'p> {
    fn field(&mut self, start: usize, end: usize, label: &'static Label, _: Value<'p>) {
        let place = if label.name == label::USER_NAME.name {
            &mut self.greeting.user_name
        } else if label.name == label::PASSWORD.name {
            &mut self.greeting.password
        } else if label.name == label::WILL_TOPIC.name {
            &mut self.greeting.will_topic
        } else {
            return;
        };
        *place = self.packet.get(start..end);
    }
}

/// One topic filter of a SUBSCRIBE or UNSUBSCRIBE.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'p> {
    /// The filter; not checked beyond its length.
    pub filter: &'p [u8],
    /// Its options in SUBSCRIBE: the byte after it. `None` in UNSUBSCRIBE.
    pub options: Option<u8>,
}

/// The entries of a whole SUBSCRIBE or UNSUBSCRIBE, and the bytes before the first: packet identifier and properties.
/// Filters are not checked, so that an invalid one does not hide those after it. Ends where the packet cannot be read.
#[derive(Clone, Copy, Debug)]
pub struct Entries<'p> {
    /// The bytes between the fixed header and the first filter.
    pub before: &'p [u8],
    rest: &'p [u8],
    has_options: bool,
}

/// Finds the entries of a packet.
pub fn entries(packet: &[u8], version: Version) -> Option<Entries<'_>> {
    let (first, rest) = packet.split_first()?;
    let has_options = match PacketType::from_bits(first >> 4)? {
        PacketType::Subscribe => true,
        PacketType::Unsubscribe => false,
        _ => return None,
    };
    let (_, length_bytes) = header::remaining_length(rest).ok()??;
    let body = rest.get(length_bytes..)?;
    let mut before = 2;
    if version == Version::V5 {
        let (length, length_bytes) = header::remaining_length(body.get(2..)?).ok()??;
        before += length_bytes + length;
    }
    let (before, rest) = body.split_at_checked(before)?;
    Some(Entries {
        before,
        rest,
        has_options,
    })
}

impl Entries<'_> {
    /// Whether nothing remains after the last entry that could be read.
    pub fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }
}

impl<'p> Iterator for Entries<'p> {
    type Item = Entry<'p>;

    fn next(&mut self) -> Option<Entry<'p>> {
        let (&[high, low], rest) = self.rest.split_first_chunk()?;
        let (filter, rest) = rest.split_at_checked(u16::from_be_bytes([high, low]).into())?;
        let (options, rest) = if self.has_options {
            let (&options, rest) = rest.split_first()?;
            (Some(options), rest)
        } else {
            (None, rest)
        };
        self.rest = rest;
        Some(Entry { filter, options })
    }
}

/// Appends the fixed header of a packet: its first byte, and how many bytes follow. `length` is at most
/// [`super::LARGEST_LENGTH`].
pub fn write_header(first: u8, length: usize, out: &mut Vec<u8>) {
    out.push(first);
    header::write_remaining_length(length.min(header::LARGEST_LENGTH), out);
}

/// How many levels a topic name or filter has (section 4.7.1.1).
#[inline]
pub fn levels(topic: &[u8]) -> usize {
    // A sum without a branch, which the compiler vectorises: this runs for every message.
    1 + topic
        .iter()
        .map(|&byte| usize::from(byte == b'/'))
        .sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONNECT: &[u8] = b"\x10\x1c\0\x04MQTT\x04\xc6\0\x3c\0\x01c\0\x01w\0\x02hi\0\x01u\0\x01p";

    #[test]
    fn a_connect_tells_its_version_its_user_and_its_will() {
        let mut packet = CONNECT.to_vec();
        packet[1] = (packet.len() - 2) as u8;
        assert_eq!(version(&packet), Some(Version::V311));
        let greeting = greeting(&packet, Version::V311).unwrap();
        assert_eq!(greeting.user_name, Some(&b"u"[..]));
        assert_eq!(greeting.password, Some(&b"p"[..]));
        assert_eq!(greeting.will_topic, Some(&b"w"[..]));
        packet[8] = 6;
        assert_eq!(version(&packet), None);
        for end in 0..packet.len() {
            // Nothing to tell and nothing to break.
            let _ = version(&packet[..end]);
        }
    }

    #[test]
    fn a_filter_at_fault_does_not_hide_those_behind_it() {
        let packet = b"\x82\x0f\0\x07\0\x03a/#\x01\0\x03#/a\0";
        let mut found = entries(packet, Version::V311).unwrap();
        assert_eq!(found.before, b"\0\x07");
        let filters: Vec<_> = found.by_ref().map(|entry| entry.filter).collect();
        assert_eq!(filters, [b"a/#", b"#/a"]);
        assert!(found.is_at_end());
        let five = b"\x82\x09\0\x07\x02\x0b\x01\0\x01a\x02";
        let mut found = entries(five, Version::V5).unwrap();
        assert_eq!(found.before, b"\0\x07\x02\x0b\x01");
        let entry = found.next().unwrap();
        assert_eq!((entry.filter, entry.options), (&b"a"[..], Some(2)));
    }

    #[test]
    fn levels_are_counted_by_their_separators() {
        assert_eq!(levels(b"a"), 1);
        assert_eq!(levels(b"/"), 2);
        assert_eq!(levels(&b"a/".repeat(128)), 129);
    }
}
