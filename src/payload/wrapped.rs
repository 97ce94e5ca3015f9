//! Payloads inside of something: packed by gzip, zlib or zstd, written as base64, or text in UTF-16. What is inside is made
//! in turns, to a bound that is said when it is met: a few bytes can stand for gigabytes.

mod base64;
mod opening;
mod source;
mod utf16;

pub use opening::{MOST_INSIDE, Opened, Opening, WhyNot};

use super::{kind::kind, mark::Mark};

/// What a payload is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrapping {
    /// RFC 1952.
    Gzip,
    /// RFC 1950.
    Zlib,
    /// RFC 8878.
    Zstd,
    /// RFC 4648, in either alphabet, with or without its end, on any number of lines.
    Base64,
    /// Text with a byte order mark.
    Utf16,
}

impl Wrapping {
    /// Its name, in every language.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zlib => "zlib",
            Self::Zstd => "zstd",
            Self::Base64 => "base64",
            Self::Utf16 => "UTF-16",
        }
    }

    /// What these bytes are in, by how they begin. Of base64 it is known only whether they may be: most short words are.
    pub fn seen(bytes: &[u8]) -> Option<Self> {
        match kind(bytes) {
            Some("gzip") => return Some(Self::Gzip),
            Some("zstd") => return Some(Self::Zstd),
            _ => {}
        }
        if Mark::before(bytes) == Some(Mark::Utf16) && bytes.len().is_multiple_of(2) {
            return Some(Self::Utf16);
        }
        if is_zlib(bytes) {
            return Some(Self::Zlib);
        }
        base64::is_seen(bytes).then_some(Self::Base64)
    }

    /// It may be opened as base64 by choice.
    pub fn may_be_base64(bytes: &[u8]) -> bool {
        base64::may_be(bytes)
    }
}

/// A head as zlib writes it: the method, a window, and a check of the two. Text never begins so, save by chance with `x`.
fn is_zlib(bytes: &[u8]) -> bool {
    match *bytes {
        [first, second, _, ..] => {
            let head = u16::from_be_bytes([first, second]);
            let usual = first == 0x78 && matches!(second, 0x01 | 0x5e | 0x9c | 0xda);
            usual && head.is_multiple_of(31) && bytes.len() >= 8
        }
        _ => false,
    }
}
