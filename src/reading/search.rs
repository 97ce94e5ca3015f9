//! Looking for text in bytes, case-insensitively, without allocating. Knows nothing else.

/// Whether `bytes`, read as text, contain `needle`, case-insensitively. `needle` is in lower case.
pub fn contains(bytes: &[u8], needle: &str) -> bool {
    match needle.as_bytes() {
        [] => true,
        [first, ..] if needle.is_ascii() => contains_ascii(bytes, needle.as_bytes(), *first),
        _ => bytes
            .utf8_chunks()
            .any(|chunk| contains_text(chunk.valid(), needle)),
    }
}

fn contains_ascii(bytes: &[u8], needle: &[u8], first: u8) -> bool {
    let last = needle.last().copied().unwrap_or(first);
    let mut rest = bytes;
    while let Some(at) = memchr::memchr2(first, first.to_ascii_uppercase(), rest) {
        let Some(candidate) = rest.get(at..at + needle.len()) else {
            return false;
        };
        // Most candidates end here, and for less than a comparison costs.
        if candidate
            .last()
            .is_some_and(|byte| byte.eq_ignore_ascii_case(&last))
            && candidate.eq_ignore_ascii_case(needle)
        {
            return true;
        }
        rest = rest.get(at + 1..).unwrap_or_default();
    }
    false
}

fn contains_text(text: &str, needle: &str) -> bool {
    text.char_indices().any(|(at, _)| {
        let mut here = text
            .get(at..)
            .unwrap_or_default()
            .chars()
            .flat_map(char::to_lowercase);
        needle.chars().all(|wanted| here.next() == Some(wanted))
    })
}
