//! How a front refuses a part of a packet and has the answer come in its order: it puts a mark in the place of a topic, and
//! the broker answers for that place with the mark's reason code.
//!
//! A mark begins with U+0000, which no topic may hold. It is never stored and never sent on.

/// Stands for a refusal with this reason code of MQTT 5, where a topic name or filter would stand.
#[must_use]
pub fn refused(code: u8) -> [u8; 3] {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |half: u8| DIGITS.get(usize::from(half)).copied().unwrap_or(b'0');
    [0, digit(code >> 4), digit(code & 0x0F)]
}

/// The reason code that this mark stands for; `None`: it is none.
pub(crate) fn code(topic: &str) -> Option<u8> {
    let digits = topic.strip_prefix('\0').filter(|rest| rest.len() == 2)?;
    let is_digit = |byte: u8| byte.is_ascii_hexdigit();
    digits.bytes().all(is_digit).then_some(())?;
    u8::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_tells_the_code_it_was_made_of() {
        for made_of in 0..=255 {
            let mark = refused(made_of);
            assert_eq!(code(std::str::from_utf8(&mark).unwrap()), Some(made_of));
        }
        for other in ["", "\0", "\0x", "a", "\0+1", "\x00123"] {
            assert_eq!(code(other), None, "{other:?}");
        }
    }
}
