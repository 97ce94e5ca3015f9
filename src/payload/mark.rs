//! Byte order marks: bytes that some editors and programs put before text, to tell its encoding.

/// What a byte order mark says of the text behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// EF BB BF. Text of MQTT needs none, and many readers of JSON take offence.
    Utf8,
    /// FF FE or FE FF.
    Utf16,
    /// FF FE 00 00 or 00 00 FE FF.
    Utf32,
}

impl Mark {
    /// The mark that stands before these bytes.
    pub fn before(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xef, 0xbb, 0xbf, ..] => Some(Self::Utf8),
            [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => Some(Self::Utf32),
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some(Self::Utf16),
            _ => None,
        }
    }
}

/// The bytes without the mark of UTF-8.
pub fn unmarked(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}
