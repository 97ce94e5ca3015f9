//! How a payload is shown: the shape that says most of it, without a choice of the user's, and what a shape decides beside
//! that.

use crate::{
    desk::inspected::payload,
    link::Inspected,
    payload::{cbor_in_whole, check_json, looks_like_cbor, picture_type, unmarked},
};

/// How a payload is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Laid out as JSON.
    Json,
    /// Laid out in CBOR's diagnostic notation.
    Cbor,
    /// As UTF-8 text.
    Text,
    /// In hexadecimal.
    Hex,
}

/// Beyond this, JSON is not tried by itself.
const JSON_LIMIT: usize = 8 * 1024 * 1024;

/// It may be JSON, by its first character.
fn looks_like_json(bytes: &[u8]) -> bool {
    let mut letters = unmarked(bytes).iter();
    let first = letters.find(|letter| !letter.is_ascii_whitespace());
    bytes.len() <= JSON_LIMIT && matches!(first, Some(b'{' | b'['))
}

/// What the sender says that it is, in small letters.
fn content_type(one: &Inspected) -> String {
    let properties = one.properties.as_ref();
    let kind = properties.and_then(|properties| properties.content_type.as_deref());
    let kind = kind.unwrap_or_default().split(';').next();
    kind.unwrap_or_default().trim().to_ascii_lowercase()
}

/// Whether it is worth a try to read it as JSON.
pub fn may_be_json(one: &Inspected) -> bool {
    let bytes = payload(one);
    if looks_like_json(bytes) {
        return true;
    }
    let kind = content_type(one);
    bytes.len() <= JSON_LIMIT && (kind == "application/json" || kind.ends_with("+json"))
}

/// It is CBOR by what the sender says, or looks so and is no text.
fn is_cbor(one: &Inspected) -> bool {
    let kind = content_type(one);
    let said = ["application/cbor", "application/cbor-seq"].contains(&kind.as_str())
        || kind.ends_with("+cbor")
        || kind.ends_with("+cbor-seq");
    said || (looks_like_cbor(payload(one)) && plain(payload(one)) == Shape::Hex)
}

/// The shape for bytes that are no JSON.
fn plain(bytes: &[u8]) -> Shape {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Shape::Hex;
    };
    // Control characters other than white space are not meant for reading.
    let odd = text
        .bytes()
        .take(4096)
        .any(|byte| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x1b));
    if odd { Shape::Hex } else { Shape::Text }
}

/// The shape that says most, given what the sender says of the payload, and whether it was read as JSON from start to end.
/// What is said is a hint: the bytes decide.
pub fn best_of(one: &Inspected, is_json: bool) -> Shape {
    if is_json {
        return Shape::Json;
    }
    if is_cbor(one) {
        return Shape::Cbor;
    }
    let found = plain(payload(one));
    let Some(properties) = &one.properties else {
        return found;
    };
    let kind = content_type(one);
    if std::str::from_utf8(payload(one)).is_err() {
        found
    } else if found == Shape::Hex
        && (kind.starts_with("text/") || properties.payload_is_text == Some(true))
    {
        Shape::Text
    } else if found == Shape::Text && kind == "application/octet-stream" {
        Shape::Hex
    } else {
        found
    }
}

/// The shape of bytes of which nothing else is known.
fn best(bytes: &[u8]) -> Shape {
    let text = std::str::from_utf8(unmarked(bytes));
    match text {
        Ok(text) if looks_like_json(bytes) && check_json(text).is_ok() => Shape::Json,
        _ if looks_like_cbor(bytes) && plain(bytes) == Shape::Hex => Shape::Cbor,
        _ => plain(bytes),
    }
}

/// What the user copies of a payload that he sees in this shape.
pub fn copied(shape: Shape, bytes: &[u8]) -> String {
    match shape {
        Shape::Hex => hexadecimal(bytes),
        // What cannot be read to its end is not copied in part.
        Shape::Cbor => cbor_in_whole(bytes).unwrap_or_else(|| hexadecimal(bytes)),
        Shape::Json | Shape::Text => String::from_utf8_lossy(bytes).into_owned(),
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The name of the file that a payload is saved to, made of its topic: whatever the topic says, it names a file and no
/// folder.
pub fn file_name(topic: &str, bytes: &[u8]) -> String {
    let safe = |letter: char| {
        if letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.') {
            letter
        } else {
            '_'
        }
    };
    let stem: String = topic.chars().take(80).map(safe).collect();
    let stem = stem.trim_matches('.');
    let stem = if stem.is_empty() { "payload" } else { stem };
    format!("{stem}.{}", ending(bytes))
}

fn ending(bytes: &[u8]) -> &'static str {
    match picture_type(bytes) {
        Some("image/png") => "png",
        Some("image/jpeg") => "jpg",
        Some("image/gif") => "gif",
        Some("image/webp") => "webp",
        _ => match best(bytes) {
            Shape::Json => "json",
            Shape::Cbor => "cbor",
            Shape::Text => "txt",
            Shape::Hex => "bin",
        },
    }
}
