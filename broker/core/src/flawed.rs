//! SUBSCRIBE and UNSUBSCRIBE whose filters break the rules for filters. Somebody may have typed them: each is refused by
//! itself, the others of its packet are granted, and the connection goes on.

use midge::protocol::{
    Fault, FaultKind, FilterFault, PacketType, Version, check_topic_filter, serving,
};

/// Whether this fault is of a filter, and everything else in the packet is in order. The walk ended at the first fault, and
/// has not seen what stands behind it.
///
/// # Errors
/// The fault that ends the connection.
pub fn only_filters(packet: &[u8], version: Version, found: Fault) -> Result<PacketType, Fault> {
    let packet_type = match (found.kind, found.packet_type) {
        (
            FaultKind::Filter(fault),
            Some(packet_type @ (PacketType::Subscribe | PacketType::Unsubscribe)),
        ) if is_typed(fault) => packet_type,
        _ => return Err(found),
    };
    let malformed = |kind| Fault { kind, ..found };
    let mut entries = serving::entries(packet, version).ok_or(found)?;
    for entry in entries.by_ref() {
        let filter =
            std::str::from_utf8(entry.filter).map_err(|_| malformed(FaultKind::NotUtf8))?;
        match check_topic_filter(filter) {
            Err(fault) if !is_typed(fault) => return Err(malformed(FaultKind::Filter(fault))),
            _ => {}
        }
        if let Some(options) = entry.options {
            check_options(options, filter, version).map_err(malformed)?;
        }
    }
    if entries.is_at_end() {
        Ok(packet_type)
    } else {
        Err(malformed(FaultKind::LengthOverEnd))
    }
}

/// What a person may type. Nobody types nothing, or U+0000.
fn is_typed(fault: FilterFault) -> bool {
    match fault {
        FilterFault::HashNotLast { .. }
        | FilterFault::HashNotAlone { .. }
        | FilterFault::PlusNotAlone { .. }
        | FilterFault::ShareGroupEmpty
        | FilterFault::ShareGroupWildcard
        | FilterFault::ShareFilterEmpty => true,
        FilterFault::Empty | FilterFault::TooLong | FilterFault::Nul => false,
    }
}

/// MQTT 5 section 3.8.3.1, MQTT 3.1.1 section 3.8.3.
fn check_options(options: u8, filter: &str, version: Version) -> Result<(), FaultKind> {
    match version {
        Version::V5 if options & 0xC0 != 0 => Err(FaultKind::SubscriptionOptionsReserved(options)),
        Version::V5 if options & 0x03 == 3 => Err(FaultKind::RequestedQos(3)),
        Version::V5 if options & 0x30 == 0x30 => Err(FaultKind::RetainHandlingThree),
        Version::V5 if options & 0x04 != 0 && filter.starts_with("$share/") => {
            Err(FaultKind::NoLocalShared)
        }
        Version::V31 | Version::V311 if options > 2 => Err(FaultKind::RequestedQos(options)),
        _ => Ok(()),
    }
}
