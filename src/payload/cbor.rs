//! CBOR for reading (RFC 8949): laid out on lines in its diagnostic notation (section 8), every value as it came. Like
//! JSON's layout it goes on where it stopped and nothing calls itself, so what is kept is bounded by what was asked for.

mod layout;
mod scalar;

pub use layout::{CborFault, CborLayout, CborProblem};

use minicbor::Decoder;

use crate::payload::diagnostic::LineKind;

/// The tag that says "this is CBOR" and nothing else (section 3.4.6).
const SELF_DESCRIBED: &[u8] = b"\xd9\xd9\xf7";
/// Beyond this, a payload is not tried by itself.
const MOST_TRIED: usize = 1024 * 1024;
/// A shorter array may be anything: two bytes of a counter would be taken for CBOR now and then.
const LEAST_ARRAY: usize = 4;

/// Whether these bytes are CBOR that nobody announced: tagged as such, or exactly one map or array.
pub fn looks_like_cbor(bytes: &[u8]) -> bool {
    if bytes.len() > MOST_TRIED {
        return false;
    }
    let kind = bytes.first().map_or(0, |first| first >> 5);
    let plausible = bytes.starts_with(SELF_DESCRIBED)
        || match kind {
            4 => bytes.len() >= LEAST_ARRAY,
            5 => bytes.len() >= 2,
            _ => false,
        };
    if !plausible {
        return false;
    }
    let mut decoder = Decoder::new(bytes);
    decoder.skip().is_ok() && decoder.position() == bytes.len()
}

/// All of it on lines, no string cut. `None` for what is no CBOR.
pub fn cbor_in_whole(bytes: &[u8]) -> Option<String> {
    let mut layout = CborLayout::with_whole_strings();
    layout.go_on(bytes, usize::MAX);
    layout
        .fault()
        .is_none()
        .then(|| super::diagnostic::written(layout.lines()))
}

/// The start of CBOR on one line, of at most so many characters. `None` for what is none, or is cut off.
pub fn cbor_on_a_line(bytes: &[u8], most: usize) -> Option<String> {
    if !looks_like_cbor(bytes) {
        return None;
    }
    let mut layout = CborLayout::default();
    // A character at least is on each line.
    layout.go_on(bytes, most);
    let mut text = String::new();
    for line in layout.lines() {
        if !text.is_empty() && line.kind != LineKind::Close && !text.ends_with(['[', '{', '(']) {
            text.push(' ');
        }
        line.write(&mut text);
        if text.len() > most * 4 {
            break;
        }
    }
    Some(text.chars().take(most).collect())
}
