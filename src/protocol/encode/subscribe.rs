//! SUBSCRIBE and UNSUBSCRIBE (sections 3.8 and 3.10), checked here and written by mqttbytes.

use bytes::BytesMut;
use mqttbytes::{QoS, v4, v5};

use super::super::packet::{Qos, Version};
use super::super::topic::{check_topic_filter, is_shared};
use super::super::typed::{RetainHandling, SubscribeOptions};
use super::checked::check_size;
use super::error::EncodeError;
use super::properties::check_identifier;

/// SUBSCRIBE (section 3.8): at least one filter, each with its options. `identifier` and all options but the quality of
/// service are written in MQTT 5 only.
pub fn subscribe(
    packet_id: u16,
    filters: &[(&str, SubscribeOptions)],
    identifier: Option<u32>,
    version: Version,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    check_filters(packet_id, filters.iter().map(|(filter, _)| *filter), 3)?;
    if version != Version::V5 {
        let filters = filters.iter().map(|(filter, options)| v4::SubscribeFilter {
            path: (*filter).to_owned(),
            qos: qos(options.qos),
        });
        let packet = v4::Subscribe {
            pkid: packet_id,
            filters: filters.collect(),
        };
        return through_scratch(|scratch| packet.write(scratch), out);
    }
    check_identifier(identifier)?;
    let unfit =
        |(filter, options): &(&str, SubscribeOptions)| options.no_local && is_shared(filter);
    if let Some(index) = filters.iter().position(unfit) {
        return Err(EncodeError::NoLocalShared { index });
    }
    let filters = filters.iter().map(|(filter, options)| v5::SubscribeFilter {
        path: (*filter).to_owned(),
        qos: qos(options.qos),
        nolocal: options.no_local,
        preserve_retain: options.retain_as_published,
        retain_forward_rule: match options.retain_handling {
            RetainHandling::Always => v5::RetainForwardRule::OnEverySubscribe,
            RetainHandling::IfNew => v5::RetainForwardRule::OnNewSubscribe,
            RetainHandling::Never => v5::RetainForwardRule::Never,
        },
    });
    let packet = v5::Subscribe {
        pkid: packet_id,
        filters: filters.collect(),
        properties: identifier.map(|identifier| v5::SubscribeProperties {
            id: Some(identifier as usize),
            user_properties: Vec::new(),
        }),
    };
    through_scratch(|scratch| packet.write(scratch), out)
}

/// UNSUBSCRIBE (section 3.10): at least one filter.
pub fn unsubscribe(
    packet_id: u16,
    filters: &[&str],
    version: Version,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    check_filters(packet_id, filters.iter().copied(), 2)?;
    let all = filters.iter().map(|filter| (*filter).to_owned()).collect();
    if version == Version::V5 {
        let packet = v5::Unsubscribe {
            pkid: packet_id,
            filters: all,
            properties: None,
        };
        through_scratch(|scratch| packet.write(scratch), out)
    } else {
        let packet = v4::Unsubscribe {
            pkid: packet_id,
            topics: all,
        };
        through_scratch(|scratch| packet.write(scratch), out)
    }
}

fn qos(qos: Qos) -> QoS {
    match qos {
        Qos::AtMostOnce => QoS::AtMostOnce,
        Qos::AtLeastOnce => QoS::AtLeastOnce,
        Qos::ExactlyOnce => QoS::ExactlyOnce,
    }
}

/// `each`: bytes per filter in addition to its text.
fn check_filters<'a>(
    packet_id: u16,
    filters: impl ExactSizeIterator<Item = &'a str>,
    each: usize,
) -> Result<(), EncodeError> {
    if packet_id == 0 {
        return Err(EncodeError::PacketIdZero);
    }
    if filters.len() == 0 {
        return Err(EncodeError::NoFilters);
    }
    // The packet identifier, and the properties of MQTT 5: at most a length, an identifier and a number of four bytes.
    let mut length = 2 + 6;
    for (index, filter) in filters.enumerate() {
        check_topic_filter(filter).map_err(|fault| EncodeError::Filter { index, fault })?;
        length += each + filter.len();
    }
    check_size(length)
}

/// Lets mqttbytes write into an empty buffer, so that a partly written packet is never sent after an error.
fn through_scratch(
    write: impl FnOnce(&mut BytesMut) -> Result<usize, mqttbytes::Error>,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let mut scratch = BytesMut::new();
    write(&mut scratch).map_err(|_| EncodeError::Codec)?;
    out.extend_from_slice(&scratch);
    Ok(())
}
