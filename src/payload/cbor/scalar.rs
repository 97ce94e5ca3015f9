//! Values that hold no others, in diagnostic notation (RFC 8949 section 8).

use std::fmt::Write;

use minicbor::data::Token;

use super::{float, line::CborKind};

/// A value as it is written.
pub struct Scalar {
    pub text: String,
    pub kind: CborKind,
    /// Bytes of a string of which only the start is written.
    pub whole: Option<usize>,
}

/// The value, unless the token opens or closes something. Of a string, the first `most` bytes.
pub fn scalar(token: &Token<'_>, most: usize) -> Option<Scalar> {
    let short = |text: String, kind| Scalar {
        text,
        kind,
        whole: None,
    };
    let number = |text: String| Some(short(text, CborKind::Number));
    let word = |text: String| Some(short(text, CborKind::Word));
    match *token {
        Token::Bool(value) => word(value.to_string()),
        Token::Null => word("null".to_owned()),
        Token::Undefined => word("undefined".to_owned()),
        Token::Simple(value) => word(format!("simple({value})")),
        Token::U8(value) => number(value.to_string()),
        Token::U16(value) => number(value.to_string()),
        Token::U32(value) => number(value.to_string()),
        Token::U64(value) => number(value.to_string()),
        Token::I8(value) => number(value.to_string()),
        Token::I16(value) => number(value.to_string()),
        Token::I32(value) => number(value.to_string()),
        Token::I64(value) => number(value.to_string()),
        Token::Int(value) => number(integer(value.into())),
        Token::F16(value) | Token::F32(value) => number(float::single(value)),
        Token::F64(value) => number(float::double(value)),
        Token::String(value) => Some(text(value, most)),
        Token::Bytes(value) => Some(bytes(value, most)),
        Token::Array(_)
        | Token::Map(_)
        | Token::Tag(_)
        | Token::Break
        | Token::BeginBytes
        | Token::BeginString
        | Token::BeginArray
        | Token::BeginMap => None,
    }
}

/// From -2^64 to 2^64 - 1, without division of 128 bits.
fn integer(value: i128) -> String {
    let sign = if value < 0 { "-" } else { "" };
    match u64::try_from(value.unsigned_abs()) {
        Ok(size) => format!("{sign}{size}"),
        Err(_) => "-18446744073709551616".to_owned(),
    }
}

fn text(value: &str, most: usize) -> Scalar {
    let shown = value.get(..value.floor_char_boundary(most));
    let shown = shown.unwrap_or_default();
    let mut text = String::with_capacity(shown.len() + 2);
    text.push('"');
    for character in shown.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            control if control.is_control() => {
                // Writing into a string cannot fail.
                let _ = write!(text, "\\u{:04x}", u32::from(control));
            }
            plain => text.push(plain),
        }
    }
    close(text, "\"", CborKind::Text, shown.len(), value.len())
}

fn bytes(value: &[u8], most: usize) -> Scalar {
    let shown = value.get(..most).unwrap_or(value);
    let mut text = String::with_capacity(shown.len() * 2 + 3);
    text.push_str("h'");
    for byte in shown {
        let _ = write!(text, "{byte:02x}");
    }
    close(text, "'", CborKind::Bytes, shown.len(), value.len())
}

fn close(mut text: String, quote: &str, kind: CborKind, shown: usize, all: usize) -> Scalar {
    let cut = shown < all;
    if cut {
        text.push('…');
    }
    text.push_str(quote);
    Scalar {
        text,
        kind,
        whole: cut.then_some(all),
    }
}
