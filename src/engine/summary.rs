//! A control packet on one line of the list.

use crate::{capture, link};

/// A control packet on one line; for a malformed one, what is wrong with it.
pub(super) fn in_short(packet: &capture::Packet<'_>) -> link::Preview {
    /// The same length as the preview of a payload.
    const LONGEST: usize = 160;
    /// A line has no space for more, and a packet may be of any size.
    const READ: usize = 1024;
    let malformed = packet.malformed;
    let fields = if malformed {
        packet.fields()
    } else {
        packet.fields_within(READ)
    };
    let fault = fields
        .iter()
        .filter(|_| malformed)
        .find_map(|field| Some((field.name, field.fault?)));
    let mut line = String::new();
    if let Some((name, fault)) = fault {
        line = format!("{name}: {}", fault.kind);
    }
    let telling = fields.iter().filter(|field| {
        let about_bytes = field.name.ends_with("ength") || field.range.start == 0;
        // The other fields show the same.
        let doubled = ["Protocol Name", "Connect Flags", "Property Identifier"];
        field.fault.is_none() && !about_bytes && !doubled.contains(&field.name)
    });
    for field in telling.filter(|_| fault.is_none()) {
        if line.len() >= LONGEST {
            break;
        }
        if !line.is_empty() {
            line.push_str(", ");
        }
        line.push_str(field.name);
        line.push(' ');
        line.push_str(&field.value);
    }
    link::Preview::Text(line.chars().take(LONGEST).collect())
}
