//! SASLprep (RFC 4013): prepares user names and passwords for comparison. Knows no SCRAM.
//!
//! The steps and the tables of RFC 3454 are those of `stringprep`. Its own `saslprep` function is not used, because it
//! would add the Unicode tables for normalization, which are larger than the rest of the worker. The browser has them
//! already.

use stringprep::tables;

use crate::session::Normalize;

/// Prepares a text as a stored string; `None`: it is not allowed.
///
/// `normalize` may use a later Unicode than version 3.2 of RFC 3454. This makes no difference, because characters that
/// were unassigned then are rejected at the end.
pub(super) fn prepare(text: &str, normalize: Normalize) -> Option<String> {
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return Some(text.to_owned());
    }
    let mapped: String = text
        .chars()
        .map(|char| match tables::non_ascii_space_character(char) {
            true => ' ',
            false => char,
        })
        .filter(|char| !tables::commonly_mapped_to_nothing(*char))
        .collect();
    let normalized = normalize(&mapped);
    let refused = normalized.chars().any(prohibited)
        || mixed(&normalized)
        || normalized.chars().any(tables::unassigned_code_point);
    (!refused).then_some(normalized)
}

/// RFC 4013 section 2.3.
fn prohibited(char: char) -> bool {
    [
        tables::non_ascii_space_character,
        tables::ascii_control_character,
        tables::non_ascii_control_character,
        tables::private_use,
        tables::non_character_code_point,
        tables::inappropriate_for_plain_text,
        tables::inappropriate_for_canonical_representation,
        tables::change_display_properties_or_deprecated,
        tables::tagging_character,
    ]
    .iter()
    .any(|table| table(char))
}

/// Text that mixes both directions, or right-to-left text that begins or ends with another character (RFC 3454 section
/// 6).
fn mixed(text: &str) -> bool {
    if !text.contains(tables::bidi_r_or_al) {
        return false;
    }
    let ends = [text.chars().next(), text.chars().next_back()];
    text.contains(tables::bidi_l)
        || ends
            .into_iter()
            .flatten()
            .any(|end| !tables::bidi_r_or_al(end))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    use super::*;

    fn nfkc(text: &str) -> String {
        text.nfkc().collect()
    }

    fn as_the_library_does(text: &str) {
        let theirs = stringprep::saslprep(text).ok().map(String::from);
        assert_eq!(prepare(text, nfkc), theirs, "{text:?}");
    }

    #[test]
    fn every_character_is_prepared_as_the_library_does() {
        let mut text = String::new();
        for char in char::MIN..=char::MAX {
            text.clear();
            text.push(char);
            as_the_library_does(&text);
            text.push('a');
            as_the_library_does(&text);
        }
    }

    proptest! {
        #[test]
        fn every_text_is_prepared_as_the_library_does(
            text in "\\PC{0,6}",
            words in "[a-z\u{627}-\u{64a}\u{5d0}-\u{5ea}0-9 \u{ad}\u{a0}\u{2160}-\u{216b}]{0,8}",
        ) {
            as_the_library_does(&text);
            as_the_library_does(&words);
        }
    }
}
