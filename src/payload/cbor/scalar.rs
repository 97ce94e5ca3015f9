//! CBOR's values that hold no others.

use minicbor::data::Token;

use crate::payload::diagnostic::{LineKind, Scalar, bytes, float, text};

/// The value, unless the token opens or closes something. Of a string, the first `most` bytes.
pub fn scalar(token: &Token<'_>, most: usize) -> Option<Scalar> {
    let number = |text: String| Some(Scalar::short(text, LineKind::Number));
    let word = |text: String| Some(Scalar::short(text, LineKind::Word));
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
