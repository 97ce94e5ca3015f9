//! SASLprep (RFC 4013): how names and passwords are made comparable. Knows no SCRAM.
//!
//! The steps are `stringprep`'s own, with its tables of RFC 3454. Its function for all of them is not called, as it brings
//! the Unicode tables of normalisation, more than everything else in the worker: the browser has them.

use stringprep::tables;

use crate::session::Normalize;

/// What SASLprep makes of a text that is to be stored; `None` where it refuses.
///
/// `normalize` may know a later Unicode than RFC 3454, which is of version 3.2. That does not show: what was not assigned
/// then is refused at the end.
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

/// Text of both directions, or of the right-to-left one with something else at an end (RFC 3454 section 6).
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
