//! Values that hold no others, in diagnostic notation (RFC 8949 section 8).

use std::fmt::Write;

use super::line::LineKind;

/// A value as it is written.
pub struct Scalar {
    pub text: String,
    pub kind: LineKind,
    /// Bytes of a string of which only the start is written.
    pub whole: Option<usize>,
}

impl Scalar {
    /// One that is never cut.
    pub fn short(text: String, kind: LineKind) -> Self {
        Self {
            text,
            kind,
            whole: None,
        }
    }
}

/// The first `most` bytes of a text, in quotes.
pub fn text(value: &str, most: usize) -> Scalar {
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
    close(text, "\"", LineKind::Text, shown.len(), value.len())
}

/// The first `most` bytes, in hexadecimal.
pub fn bytes(value: &[u8], most: usize) -> Scalar {
    let shown = value.get(..most).unwrap_or(value);
    let mut text = String::with_capacity(shown.len() * 2 + 3);
    text.push_str("h'");
    for byte in shown {
        let _ = write!(text, "{byte:02x}");
    }
    close(text, "'", LineKind::Bytes, shown.len(), value.len())
}

fn close(mut text: String, quote: &str, kind: LineKind, shown: usize, all: usize) -> Scalar {
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
