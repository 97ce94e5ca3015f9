//! Hexadecimal: shows bytes as rows, and reads typed digits.

use std::fmt::Write;

/// Why a text is not hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotHex {
    /// The number of digits is odd.
    Odd,
    /// This is not a digit.
    Character(char),
}

/// Bytes in a row of [`hex_row`]: with their characters beside them they fit a phone and a narrow column.
pub const ROW_BYTES: usize = 8;

/// Reads typed hexadecimal. White space, commas, colons and `0x` before a byte are ignored.
pub fn parse_hex(text: &str) -> Result<Vec<u8>, NotHex> {
    let mut bytes = Vec::with_capacity(text.len() / 2);
    let mut high = None;
    let mut rest = text.chars().peekable();
    while let Some(letter) = rest.next() {
        if letter.is_whitespace() || matches!(letter, ',' | ':') {
            continue;
        }
        if letter == '0'
            && high.is_none()
            && rest.next_if(|next| matches!(next, 'x' | 'X')).is_some()
        {
            continue;
        }
        let digit = letter
            .to_digit(16)
            .and_then(|digit| u8::try_from(digit).ok())
            .ok_or(NotHex::Character(letter))?;
        match high.take() {
            None => high = Some(digit),
            Some(high) => bytes.push(high << 4 | digit),
        }
    }
    if high.is_some() {
        Err(NotHex::Odd)
    } else {
        Ok(bytes)
    }
}

/// How many rows these many bytes take.
pub fn hex_rows(length: usize) -> usize {
    length.div_ceil(ROW_BYTES)
}

/// The ASCII character of a byte, others as a dot.
pub fn character(byte: u8) -> char {
    if (0x20..0x7f).contains(&byte) {
        char::from(byte)
    } else {
        '.'
    }
}

/// Appends row number `row`: offset, 8 bytes, and their characters.
pub fn hex_row(bytes: &[u8], row: usize, out: &mut String) {
    let start = row * ROW_BYTES;
    let part = bytes
        .get(start..bytes.len().min(start + ROW_BYTES))
        .unwrap_or_default();
    let _ = write!(out, "{start:06x}  ");
    for index in 0..ROW_BYTES {
        match part.get(index) {
            Some(byte) => {
                let _ = write!(out, "{byte:02x} ");
            }
            None => out.push_str("   "),
        }
        if index == ROW_BYTES / 2 - 1 {
            out.push(' ');
        }
    }
    out.push(' ');
    out.extend(part.iter().copied().map(character));
}
