//! Quotes words for a POSIX shell, and writes bytes for its `printf`.

use std::borrow::Cow;
use std::fmt::Write;

use super::line::{NoLine, Part};

/// Writes text as one word. It is quoted if it contains characters with a meaning for the shell.
pub fn quote(word: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%=,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        Cow::Borrowed(word)
    } else {
        Cow::Owned(format!("'{}'", word.replace('\'', r"'\''")))
    }
}

/// Writes a text of a packet as one word.
pub fn text(text: &str, part: Part) -> Result<Cow<'_, str>, NoLine> {
    let refused = |c: char| {
        c.is_control()
            || (u32::from(c) & 0xfffe) == 0xfffe
            || ('\u{fdd0}'..='\u{fdef}').contains(&c)
    };
    if text.chars().any(refused) {
        return Err(NoLine::Refused(part));
    }
    // It does not end in a line break, which `$(...)` would remove.
    Ok(if is_seen(text) {
        quote(text)
    } else {
        Cow::Owned(substituted(text.as_bytes()))
    })
}

/// Writes any bytes as one word. `None`: a word cannot contain them.
pub fn bytes(bytes: &[u8]) -> Option<Cow<'_, str>> {
    if bytes.contains(&0) || bytes.ends_with(b"\n") {
        return None;
    }
    Some(match std::str::from_utf8(bytes) {
        Ok(text) if is_seen(text) => quote(text),
        _ => Cow::Owned(substituted(bytes)),
    })
}

/// A word that the shell evaluates.
fn substituted(bytes: &[u8]) -> String {
    // Between double quotes, an interactive shell would expand `!`.
    format!("\"$({})\"", printf(bytes).replace('!', r"\041"))
}

/// The command that prints these bytes.
pub fn printf(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() + 16);
    out.push_str("printf '");
    let mut rest = bytes;
    while !rest.is_empty() {
        let valid = match std::str::from_utf8(rest) {
            Ok(text) => text,
            Err(error) => rest
                .get(..error.valid_up_to())
                .and_then(|valid| std::str::from_utf8(valid).ok())
                .unwrap_or_default(),
        };
        for c in valid.chars() {
            match c {
                '\n' => out.push_str(r"\n"),
                '\t' => out.push_str(r"\t"),
                '%' => out.push_str("%%"),
                '\\' => out.push_str(r"\\"),
                '\'' => octal(b"'", &mut out),
                // It would be read as an option.
                '-' if out.ends_with("printf '") => octal(b"-", &mut out),
                c if is_seen_alone(c) => out.push(c),
                c => octal(c.encode_utf8(&mut [0; 4]).as_bytes(), &mut out),
            }
        }
        rest = rest.get(valid.len()..).unwrap_or_default();
        if let Some((first, after)) = rest.split_first() {
            octal(&[*first], &mut out);
            rest = after;
        }
    }
    out.push('\'');
    out
}

fn octal(bytes: &[u8], out: &mut String) {
    for byte in bytes {
        // Writing into a string cannot fail.
        let _ = write!(out, "\\{byte:03o}");
    }
}

/// All its characters are visible, and pasting them into a terminal does not change them.
pub fn is_seen(text: &str) -> bool {
    text.chars().all(is_seen_alone)
}

fn is_seen_alone(c: char) -> bool {
    let white = c.is_whitespace() && c != ' ';
    let hidden = matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0e}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}');
    !(c.is_control() || white || hidden)
}
