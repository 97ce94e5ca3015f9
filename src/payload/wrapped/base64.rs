//! Base64 (RFC 4648), as it is met: either alphabet, with or without its end, on lines.

/// Shorter texts are words more often than base64.
const LEAST: usize = 16;

/// The six bits of a character; `None` where it is none.
fn bits(byte: u8) -> Option<u8> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    })
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// It can be read as base64.
pub fn may_be(bytes: &[u8]) -> bool {
    let mut count = 0usize;
    let mut ends = 0usize;
    for &byte in bytes {
        match byte {
            b'=' => ends += 1,
            _ if is_space(byte) => {}
            _ if ends == 0 && bits(byte).is_some() => count += 1,
            _ => return false,
        }
    }
    let whole = match count % 4 {
        1 => false,
        2 => ends == 0 || ends == 2,
        3 => ends <= 1,
        _ => ends == 0,
    };
    count > 0 && whole
}

/// It is base64, and neither a word nor a number: its length is whole, and it has letters of both sizes and digits, or an
/// end. Looks at the start only where that tells.
pub fn is_seen(bytes: &[u8]) -> bool {
    if bytes.len() < LEAST || bytes.iter().take(LEAST).any(|&byte| bits(byte).is_none()) {
        return false;
    }
    let trimmed = bytes.trim_ascii();
    let has = |test: fn(&u8) -> bool| trimmed.iter().any(test);
    let ended = trimmed.ends_with(b"=");
    let mixed =
        has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase) && has(u8::is_ascii_digit);
    let length = trimmed.iter().filter(|byte| !is_space(**byte)).count();
    (ended || mixed) && length.is_multiple_of(4) && may_be(trimmed)
}

/// Reads base64 in turns.
#[derive(Clone, Debug, Default)]
pub struct Decoder {
    kept: u32,
    count: u8,
    ended: bool,
}

impl Decoder {
    /// Adds what these characters stand for. `Err`: the one at this place does not belong there.
    pub fn read(&mut self, text: &[u8], out: &mut Vec<u8>) -> Result<(), usize> {
        for (at, &byte) in text.iter().enumerate() {
            if is_space(byte) {
                continue;
            }
            if byte == b'=' {
                self.ended = true;
                continue;
            }
            let Some(bits) = bits(byte).filter(|_| !self.ended) else {
                return Err(at);
            };
            self.kept = self.kept << 6 | u32::from(bits);
            self.count += 1;
            if self.count == 4 {
                let [_, bytes @ ..] = self.kept.to_be_bytes();
                out.extend_from_slice(&bytes);
                *self = Self::default();
            }
        }
        Ok(())
    }

    /// The last bytes. `false`: a character is missing.
    pub fn end(self, out: &mut Vec<u8>) -> bool {
        let [_, first, second, _] =
            (self.kept << (6 * (4 - u32::from(self.count)) % 24)).to_be_bytes();
        match self.count {
            0 => {}
            2 => out.push(first),
            3 => out.extend_from_slice(&[first, second]),
            _ => return false,
        }
        true
    }
}
