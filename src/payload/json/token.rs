//! Where the tokens of JSON end, and what is wrong within one.

use super::fault::{JsonFault, NotJson, NumberFault, Open, character, shown, word};

/// Where the next token starts.
pub fn after_space(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let space = rest
        .iter()
        .position(|byte| !matches!(byte, b' ' | b'\n' | b'\r' | b'\t'));
    at + space.unwrap_or(rest.len())
}

/// Where the next token starts, comments passed over. In JSON nothing outside of strings begins like one.
pub fn after_gap(text: &[u8], at: usize) -> usize {
    let mut at = after_space(text, at);
    while let Some(end) = after_comment(text, at) {
        at = after_space(text, end);
    }
    at
}

/// The end of the comment that starts here, if one does and has an end.
pub fn after_comment(text: &[u8], start: usize) -> Option<usize> {
    let rest = text.get(start..)?;
    if rest.starts_with(b"#") || rest.starts_with(b"//") {
        let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        return Some(start + end);
    }
    let inside = rest.strip_prefix(b"/*")?;
    let end = memchr::memmem::find(inside, b"*/")?;
    Some(start + 2 + end + 2)
}

/// The end of the string that starts here, in the quotes that it starts with.
pub fn string_end(text: &[u8], start: usize) -> usize {
    let quote = text.get(start).copied().unwrap_or(b'"');
    let mut at = start + 1;
    while let Some(&byte) = text.get(at) {
        match byte {
            b'\\' => at += 2,
            _ if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

/// The end of the number or word that starts here.
pub fn single_end(text: &[u8], start: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    let length = rest
        .iter()
        .position(|byte| b" \n\r\t,]}{[\"'#/:".contains(byte));
    // At least one byte, so that this ends for a text that is not JSON.
    start + length.unwrap_or(rest.len()).max(1)
}

/// The end of a word: one of JSON's three, or a fault.
pub fn value_word(text: &[u8], start: usize) -> Result<usize, NotJson> {
    let fault = |fault| Err(NotJson { fault, at: start });
    let letter = character(text, start);
    if !letter.is_alphabetic() && !matches!(letter, '_' | '$') {
        return fault(JsonFault::Character(letter));
    }
    let here = word(text, start);
    let end = here.end;
    let instead = match text.get(here.clone()).unwrap_or_default() {
        b"true" | b"false" | b"null" => return Ok(end),
        b"True" | b"TRUE" => "true",
        b"False" | b"FALSE" => "false",
        b"None" | b"NULL" | b"Null" | b"nil" | b"undefined" => "null",
        word if is_no_number(word) => return fault(JsonFault::NoNumber(shown(text, here))),
        _ => return fault(JsonFault::Unknown(shown(text, here))),
    };
    fault(JsonFault::Word(shown(text, here), instead))
}

fn is_no_number(word: &[u8]) -> bool {
    let words: [&[u8]; 7] = [
        b"NaN",
        b"nan",
        b"NAN",
        b"Infinity",
        b"infinity",
        b"Inf",
        b"inf",
    ];
    words.contains(&word)
}

/// The end of a number.
pub fn number(text: &[u8], start: usize) -> Result<usize, NotJson> {
    let byte = |at: usize| text.get(at).copied().unwrap_or_default();
    let digits = |from: usize| {
        let rest = text.get(from..).unwrap_or_default();
        let length = rest.iter().position(|byte| !byte.is_ascii_digit());
        from + length.unwrap_or(rest.len())
    };
    let no_digit = |at: usize| {
        let fault = if at >= text.len() {
            JsonFault::Unfinished(Open::Value)
        } else {
            JsonFault::Number(NumberFault::NoDigit)
        };
        Err(NotJson { fault, at })
    };
    let whole = start + usize::from(byte(start) == b'-');
    let mut at = digits(whole);
    if at == whole {
        let here = word(text, at);
        if is_no_number(text.get(here.clone()).unwrap_or_default()) {
            let fault = JsonFault::NoNumber(shown(text, start..here.end));
            return Err(NotJson { fault, at: start });
        }
        return no_digit(at);
    }
    if byte(whole) == b'0' && (at > whole + 1 || matches!(byte(at), b'x' | b'X')) {
        let fault = JsonFault::Number(NumberFault::LeadingZero);
        return Err(NotJson { fault, at: start });
    }
    if byte(at) == b'.' {
        let part = at + 1;
        at = digits(part);
        if at == part {
            return no_digit(at);
        }
    }
    if matches!(byte(at), b'e' | b'E') {
        let power = at + 1 + usize::from(matches!(byte(at + 1), b'+' | b'-'));
        at = digits(power);
        if at == power {
            return no_digit(at);
        }
    }
    Ok(at)
}

/// The end of a string. `lone` is set to the position of an escape of half a surrogate pair.
pub fn string(text: &[u8], start: usize, mut lone: impl FnMut(usize)) -> Result<usize, NotJson> {
    let mut at = start + 1;
    // The position of an escape that needs its other half.
    let mut high = None;
    loop {
        let Some(&byte) = text.get(at) else {
            let fault = JsonFault::Unfinished(Open::String);
            let at = text.len();
            return Err(NotJson { fault, at });
        };
        if byte == b'\\' && text.get(at + 1) == Some(&b'u') {
            let Some(unit) = unit(text, at) else {
                let cut = at + 6 > text.len();
                let (fault, at) = if cut {
                    (JsonFault::Unfinished(Open::String), text.len())
                } else {
                    (JsonFault::Unicode, at)
                };
                return Err(NotJson { fault, at });
            };
            let before = high.take();
            match unit {
                0xdc00..=0xdfff if before.is_some() => {}
                0xdc00..=0xdfff => lone(at),
                _ => {
                    if let Some(before) = before {
                        lone(before);
                    }
                    high = (0xd800..=0xdbff).contains(&unit).then_some(at);
                }
            }
            at += 6;
            continue;
        }
        if let Some(before) = high.take() {
            lone(before);
        }
        match byte {
            b'"' => return Ok(at + 1),
            b'\\' => match text.get(at + 1) {
                Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => at += 2,
                Some(_) => {
                    let fault = JsonFault::Escape(character(text, at + 1));
                    return Err(NotJson { fault, at });
                }
                None => at += 1,
            },
            0..0x20 => {
                let fault = JsonFault::Control(byte);
                return Err(NotJson { fault, at });
            }
            _ => at += 1,
        }
    }
}

/// The code unit of the escape `\uXXXX` that starts here.
pub fn unit(text: &[u8], at: usize) -> Option<u16> {
    let digits = text.get(at + 2..at + 6)?;
    digits.iter().try_fold(0u16, |unit, &digit| {
        let digit = char::from(digit).to_digit(16)?;
        Some(unit << 4 | u16::try_from(digit).ok()?)
    })
}
