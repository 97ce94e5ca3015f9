//! The fields of a packet, with readable values.

use crate::{capture, link, protocol};

/// The fields of a packet.
pub(super) fn fields(packet: &capture::Packet<'_>) -> Vec<link::Field> {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let word = |field: protocol::Field| link::Field {
        start: offset(field.range.start),
        end: offset(field.range.end),
        name: field.name.to_owned(),
        value: field.value,
        clause: field.clause.to_owned(),
        fault: field
            .fault
            .map(|fault| format!("{fault} ({})", fault.clause())),
    };
    packet.fields().into_iter().map(word).collect()
}
