//! How a payload is shown: the shape that says most of it, without a choice of the user's, and what a shape decides beside
//! that.

use crate::{
    desk::inspected::payload,
    link::Inspected,
    payload::{
        Sparkplug, SparkplugTopic, Wrapping, cbor_in_whole, check_json, latin1, looks_like_cbor,
        looks_like_msgpack, looks_like_protobuf, msgpack_in_whole, picture_type, protobuf_in_whole,
        unmarked,
    },
};

/// How a payload is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Laid out as JSON.
    Json,
    /// Laid out in CBOR's diagnostic notation.
    Cbor,
    /// MessagePack, in the same notation.
    Msgpack,
    /// Protobuf without a schema, in the same notation.
    Protobuf,
    /// Metrics of Sparkplug B.
    Sparkplug,
    /// As UTF-8 text.
    Text,
    /// As text of a character a byte.
    Latin1,
    /// In hexadecimal.
    Hex,
}

/// All of them, in the order of the choices, with the names that they are stored by.
pub const SHAPES: [(Shape, &str); 8] = [
    (Shape::Json, "json"),
    (Shape::Cbor, "cbor"),
    (Shape::Msgpack, "msgpack"),
    (Shape::Protobuf, "protobuf"),
    (Shape::Sparkplug, "sparkplug"),
    (Shape::Text, "text"),
    (Shape::Latin1, "latin-1"),
    (Shape::Hex, "hex"),
];

impl Shape {
    /// The name that it is stored by.
    pub fn stored(self) -> &'static str {
        let mut shapes = SHAPES.iter();
        shapes
            .find(|(shape, _)| *shape == self)
            .map_or("", |(_, name)| name)
    }

    /// The shape that is stored by this name.
    pub fn of_stored(stored: &str) -> Option<Self> {
        let mut shapes = SHAPES.iter();
        shapes
            .find(|(_, name)| *name == stored)
            .map(|(shape, _)| *shape)
    }
}

/// Why a payload is shown in its shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The user chose it for the topic.
    Chosen,
    /// The sender says so.
    Said,
    /// It can be read so from its first byte to its last.
    Whole,
    /// Its topic says so, and it can be read so.
    Topic,
    /// It is nearly JSON: what is meant is plain.
    Nearly,
    /// Nothing else is known of it: it is text that can be read.
    Readable,
    /// It is not text, or has characters that no text has.
    Unreadable,
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

/// The binary format that the sender names.
fn said(one: &Inspected) -> Option<Shape> {
    let kind = content_type(one);
    let is = |names: &[&str], ends: &[&str]| {
        names.contains(&kind.as_str()) || ends.iter().any(|end| kind.ends_with(end))
    };
    if is(
        &["application/cbor", "application/cbor-seq"],
        &["+cbor", "+cbor-seq"],
    ) {
        Some(Shape::Cbor)
    } else if is(
        &[
            "application/msgpack",
            "application/x-msgpack",
            "application/vnd.msgpack",
        ],
        &["+msgpack"],
    ) {
        Some(Shape::Msgpack)
    } else if is(
        &[
            "application/protobuf",
            "application/x-protobuf",
            "application/vnd.google.protobuf",
        ],
        &["+protobuf"],
    ) {
        Some(Shape::Protobuf)
    } else {
        None
    }
}

/// The binary format that these bytes are, from start to end.
fn found(bytes: &[u8]) -> Option<Shape> {
    if plain(bytes) != Shape::Hex {
        None
    } else if looks_like_msgpack(bytes) {
        // Sooner than CBOR: a map whose keys are texts is hardly ever anything else by chance.
        Some(Shape::Msgpack)
    } else if looks_like_cbor(bytes) {
        Some(Shape::Cbor)
    } else if looks_like_protobuf(bytes) {
        Some(Shape::Protobuf)
    } else {
        None
    }
}

/// It is worth taking out of what it is in without being asked: of base64, which may be any word, only what makes sense.
pub fn makes_sense(wrapping: Wrapping, inside: &[u8]) -> bool {
    wrapping != Wrapping::Base64
        || plain(inside) == Shape::Text
        || found(inside).is_some()
        || picture_type(inside).is_some()
        || Wrapping::seen(inside).is_some()
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
    best_with_reason(one, is_json).0
}

/// The same, with the reason.
pub fn best_with_reason(one: &Inspected, is_json: bool) -> (Shape, Reason) {
    let bytes = payload(one);
    if is_json {
        return (Shape::Json, Reason::Whole);
    }
    if SparkplugTopic::of(&one.topic).is_some() && Sparkplug::read(bytes).fault.is_none() {
        return (Shape::Sparkplug, Reason::Topic);
    }
    if let Some(shape) = said(one) {
        return (shape, Reason::Said);
    }
    if let Some(shape) = found(bytes) {
        return (shape, Reason::Whole);
    }
    let by_bytes = plain(bytes);
    let kind = content_type(one);
    let is_text = one
        .properties
        .as_ref()
        .is_some_and(|properties| properties.payload_is_text == Some(true));
    if std::str::from_utf8(bytes).is_ok() {
        if by_bytes == Shape::Hex && (kind.starts_with("text/") || is_text) {
            return (Shape::Text, Reason::Said);
        }
        if by_bytes == Shape::Text && kind == "application/octet-stream" {
            return (Shape::Hex, Reason::Said);
        }
    }
    let reason = match by_bytes {
        Shape::Text => Reason::Readable,
        _ => Reason::Unreadable,
    };
    (by_bytes, reason)
}

/// The shape of bytes of which nothing else is known.
fn best(bytes: &[u8]) -> Shape {
    let text = std::str::from_utf8(unmarked(bytes));
    match text {
        Ok(text) if looks_like_json(bytes) && check_json(text).is_ok() => Shape::Json,
        _ => found(bytes).unwrap_or_else(|| plain(bytes)),
    }
}

/// What the user copies of a payload that he sees in this shape.
pub fn copied(shape: Shape, bytes: &[u8]) -> String {
    match shape {
        Shape::Hex => hexadecimal(bytes),
        // What cannot be read to its end is not copied in part.
        Shape::Cbor => cbor_in_whole(bytes).unwrap_or_else(|| hexadecimal(bytes)),
        Shape::Msgpack => msgpack_in_whole(bytes).unwrap_or_else(|| hexadecimal(bytes)),
        Shape::Protobuf | Shape::Sparkplug => {
            protobuf_in_whole(bytes).unwrap_or_else(|| hexadecimal(bytes))
        }
        Shape::Latin1 => latin1(bytes),
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
        _ if let Some(packed) = packed(bytes) => packed,
        _ => match best(bytes) {
            Shape::Json => "json",
            Shape::Cbor => "cbor",
            Shape::Msgpack => "msgpack",
            Shape::Protobuf | Shape::Sparkplug => "pb",
            Shape::Text | Shape::Latin1 => "txt",
            Shape::Hex => "bin",
        },
    }
}

/// The ending of what is packed.
fn packed(bytes: &[u8]) -> Option<&'static str> {
    match Wrapping::seen(bytes)? {
        Wrapping::Gzip => Some("gz"),
        Wrapping::Zlib => Some("zlib"),
        Wrapping::Zstd => Some("zst"),
        Wrapping::Utf16 => Some("txt"),
        Wrapping::Base64 => None,
    }
}
