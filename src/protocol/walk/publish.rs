//! PUBLISH (section 3.3). This runs for every message.

use super::super::cursor::{Cursor, Observer};
use super::super::fault::{Fault, FaultKind};
use super::super::label;
use super::super::packet::{Outline, PacketType, Qos, Version};
use super::super::property;
use super::properties::properties;

/// Section 3.3. Byte 1 is checked already.
#[inline]
pub(super) fn publish<'p, O: Observer<'p>>(
    cursor: &mut Cursor<'p, '_, O>,
    first: u8,
) -> Result<Outline, Fault> {
    let qos = Qos::from_bits((first >> 1) & 3).unwrap_or_default();
    let has_properties = cursor.version == Version::V5;
    let topic = if has_properties {
        cursor.topic_name_or_none(&label::TOPIC_NAME_LENGTH, &label::TOPIC_NAME)?
    } else {
        cursor.topic_name(&label::TOPIC_NAME_LENGTH, &label::TOPIC_NAME)?
    };
    let topic_end = cursor.at;
    let packet_id = if qos == Qos::AtMostOnce {
        0
    } else {
        cursor.packet_id(&label::PACKET_ID)?
    };
    let (mut found, mut topic_alias) = ((0, 0), 0);
    if has_properties {
        let section = properties(cursor, property::IN_PUBLISH)?;
        (found, topic_alias) = (section.range, section.topic_alias);
        if topic.is_empty() && topic_alias == 0 {
            cursor.object(FaultKind::TopicEmpty, topic_end)?;
        }
    }
    let payload = cursor.at;
    cursor.rest(&label::PAYLOAD)?;
    // A packet has at most 268,435,460 bytes: its offsets fit.
    Ok(Outline {
        packet_type: PacketType::Publish,
        dup: first & 8 != 0,
        qos,
        retain: first & 1 != 0,
        packet_id,
        topic: ((topic_end - topic.len()) as u32, topic_end as u32),
        payload: payload as u32,
        properties: (found.0 as u32, found.1 as u32),
        topic_alias,
    })
}
