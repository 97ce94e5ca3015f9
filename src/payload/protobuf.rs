//! Protobuf without a schema: field numbers, wire types, and what the bytes of a field may be. Names, and whether 150 is
//! 150 or -75, are known to a schema alone, so the other readings stand beside the first one. Nothing calls itself, and
//! nothing is guessed for longer than its bytes.

mod field;
mod layout;

pub use field::{ProtobufProblem, Wire, field, is_message};
pub use layout::{ProtobufFault, ProtobufLayout};

use field::fields_are;

/// Beyond this, a payload is not tried by itself.
const MOST_TRIED: usize = 1024 * 1024;
/// Shorter ones may be anything.
const LEAST: usize = 8;
/// Field numbers beyond this are hardly ever used.
const USUAL: u32 = 1_000;
/// Bytes of a text that make a guess a good one.
const LEAST_TEXT: usize = 3;

/// Whether these bytes may be protobuf that nobody announced: several fields with usual numbers, one of them a text. By
/// chance, bytes are fields now and then.
pub fn looks_like_protobuf(bytes: &[u8]) -> bool {
    if bytes.len() < LEAST || bytes.len() > MOST_TRIED {
        return false;
    }
    let (mut count, mut texts) = (0, 0);
    let whole = fields_are(bytes, |field| {
        count += 1;
        if let Wire::Bytes(value) = field.wire
            && has_text(value)
        {
            texts += 1;
        }
        field.number <= USUAL
    });
    whole && count >= 2 && texts > 0
}

/// It is a text, or a message that begins with one.
fn has_text(value: &[u8]) -> bool {
    let is_text = |value: &[u8]| value.len() >= LEAST_TEXT && layout::readable(value);
    let inside = || match field(value, 0).ok()?.0.wire {
        Wire::Bytes(inside) if is_message(value) => Some(is_text(inside)),
        _ => None,
    };
    is_text(value) || inside().unwrap_or(false)
}

/// All of it on lines, no string cut. `None` for what is no protobuf.
pub fn protobuf_in_whole(bytes: &[u8]) -> Option<String> {
    let mut layout = ProtobufLayout::with_whole_strings();
    layout.go_on(bytes, usize::MAX);
    layout
        .fault()
        .is_none()
        .then(|| super::diagnostic::written(layout.lines()))
}
