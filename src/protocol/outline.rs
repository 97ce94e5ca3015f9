//! The outline of a packet: validates it completely and finds its parts, without allocating.
//!
//! This runs for every message. It does not interpret the parts.

use super::fault::Fault;
use super::packet::{Direction, Outline, PacketType, Qos, Version};
use super::{header, topic, walk};

/// Validates one whole packet in this direction, and finds its parts. Checks every rule of the version that concerns a
/// single packet: type and flags, exact lengths, UTF-8 without U+0000, topic names and filters, packet identifiers,
/// codes, properties. Does not check whether a payload is valid UTF-8 if it is declared as such, nor anything that
/// depends on earlier packets.
#[inline]
pub fn outline(packet: &[u8], version: Version, direction: Direction) -> Result<Outline, Fault> {
    match plain_publish(packet, version) {
        Some(outline) => Ok(outline),
        None => walked(packet, version, direction),
    }
}

fn walked(packet: &[u8], version: Version, direction: Direction) -> Result<Outline, Fault> {
    walk::walk(packet, version, Some(direction), &mut ())
}

/// A short cut for the most frequent packet: a QoS 0 PUBLISH without properties whose topic name is plain ASCII. The
/// result is that of the walk, in fewer steps; `None`: use the walk.
#[inline]
fn plain_publish(packet: &[u8], version: Version) -> Option<Outline> {
    let (&first, rest) = packet.split_first()?;
    if first & 0b1111_1110 != 0b0011_0000 {
        return None;
    }
    let (length, length_bytes) = header::remaining_length(rest).ok()??;
    let body = rest.get(length_bytes..)?;
    let (&[high, low], behind) = body.split_first_chunk()?;
    let (name, behind) = behind.split_at_checked(u16::from_be_bytes([high, low]).into())?;
    let no_properties = usize::from(version == Version::V5);
    if body.len() != length
        || name.is_empty()
        || !topic::is_plain(name)
        || (no_properties == 1 && behind.first() != Some(&0))
    {
        return None;
    }
    // A packet has at most 268,435,460 bytes: its offsets fit.
    let start = (1 + length_bytes + 2) as u32;
    let end = start + name.len() as u32;
    let payload = end + no_properties as u32;
    Some(Outline {
        packet_type: PacketType::Publish,
        dup: false,
        qos: Qos::AtMostOnce,
        retain: first & 1 != 0,
        packet_id: 0,
        topic: (start, end),
        payload,
        properties: if no_properties == 1 {
            (payload, payload)
        } else {
            (0, 0)
        },
        topic_alias: 0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const VERSIONS: [Version; 3] = [Version::V31, Version::V311, Version::V5];

    fn assert_as_the_walk_says(packet: &[u8], version: Version) {
        let direction = Direction::Incoming;
        let walked = walk::walk(packet, version, Some(direction), &mut ());
        assert_eq!(outline(packet, version, direction), walked, "{packet:02x?}");
    }

    fn publish(first: u8, topic: &str, behind: &[u8]) -> Vec<u8> {
        let len = (topic.len() as u16).to_be_bytes();
        let body = [&len, topic.as_bytes(), behind].concat();
        let mut packet = vec![first];
        header::write_remaining_length(body.len(), &mut packet);
        [packet, body].concat()
    }

    #[test]
    fn the_short_way_is_taken_and_the_long_way_where_it_must_be() {
        for (version, behind) in [(Version::V311, &b"hi"[..]), (Version::V5, b"\0hi")] {
            let plain = publish(0x31, "a/b", behind);
            assert!(plain_publish(&plain, version).is_some());
            assert_as_the_walk_says(&plain, version);
            for other in [
                publish(0x32, "a/b", behind),
                publish(0x30, "a/+", behind),
                publish(0x30, "", behind),
                publish(0x30, "gr\u{fc}n", behind),
                plain[..plain.len() - 1].to_vec(),
                [&plain[..], b"!"].concat(),
            ] {
                assert!(plain_publish(&other, version).is_none());
                assert_as_the_walk_says(&other, version);
            }
        }
        let with_properties = publish(0x30, "a", b"\x02\x01\x01hi");
        assert!(plain_publish(&with_properties, Version::V5).is_none());
        assert_as_the_walk_says(&with_properties, Version::V5);
    }

    proptest! {
        #[test]
        fn whatever_is_like_a_publish_has_the_outline_of_the_walk(
            topic in "[a-c/+#\u{0}\u{e4}]{0,12}",
            behind in prop::collection::vec(0u8..4, 0..140),
            first in 0x30u8..0x40,
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..3),
            cut in 0usize..3,
        ) {
            let mut packet = publish(first, &topic, &behind);
            for (at, byte) in changes {
                let at = at.index(packet.len());
                packet[at] = byte;
            }
            packet.truncate(packet.len() - cut);
            for version in VERSIONS {
                assert_as_the_walk_says(&packet, version);
            }
        }
    }
}
