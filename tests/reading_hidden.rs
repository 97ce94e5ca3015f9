//! What cannot be seen in a text is found and set apart; everything else shows as it is.
#![cfg(not(target_arch = "wasm32"))]

use midge::reading::{Hidden, Kind, Name, Part, all_parts, first_hidden, is_plain, parts, spelled};
use proptest::prelude::*;

fn shown(text: &str, kind: Kind) -> String {
    let parts = parts(text, kind);
    let parts = parts.iter().map(|part| match part {
        Part::Plain(text) => (*text).to_owned(),
        Part::Hidden { sign, .. } => format!("[{sign}]"),
    });
    parts.collect()
}

#[test]
fn spaces_at_the_ends_and_what_has_no_shape_are_marked() {
    let topics = [
        ("a/b", "a/b"),
        ("a/b ", "a/b[␣]"),
        (" a/b", "[␣]a/b"),
        ("a /b", "a[␣]/b"),
        ("a/ b", "a/[␣]b"),
        ("a/ /b", "a/[␣]/b"),
        ("living room/lamp", "living room/lamp"),
        ("living  room", "living[␣␣]room"),
        ("     ", "[␣×5]"),
        ("a\u{200b}b", "a[U+200B]b"),
        ("a\u{200b}\u{200b}\u{200b}\u{200b}b", "a[U+200B×4]b"),
        ("a\u{200b}\u{200c}", "a[U+200B][U+200C]"),
        ("\u{202e}evil", "[U+202E]evil"),
        ("\u{2066}a\u{2069}", "[U+2066]a[U+2069]"),
        ("a\nb", "a[⏎]b"),
        ("a\r\nb", "a[␍][⏎]b"),
        ("a\tb", "a[⇥]b"),
        ("a\0b", "a[␀]b"),
        ("\u{1b}[31m", "[␛][31m"),
        ("a\u{7f}", "a[␡]"),
        ("a\u{85}b", "a[U+0085]b"),
        ("\u{feff}a", "[U+FEFF]a"),
        ("so\u{ad}ft", "so[U+00AD]ft"),
        ("a\u{a0}b", "a[U+00A0]b"),
        ("a\u{3000}b", "a[U+3000]b"),
        ("a\u{2028}b", "a[U+2028]b"),
        ("\u{3164}", "[U+3164]"),
        ("\u{2800}", "[U+2800]"),
        ("\u{180e}", "[U+180E]"),
        ("a\u{2063}b", "a[U+2063]b"),
        ("a\u{e0041}", "a[U+E0041]"),
        ("a\u{fe0f}", "a[U+FE0F]"),
        ("漢\u{e0100}", "漢[U+E0100]"),
        ("a\u{ffff}", "a[U+FFFF]"),
    ];
    for (text, wanted) in topics {
        assert_eq!(shown(text, Kind::Topic), wanted, "{text:?}");
    }
}

#[test]
fn letters_of_all_scripts_and_pictures_are_left_as_they_are() {
    let plain = [
        "",
        "a",
        "溫度/實驗室",
        "Grüße",
        "e\u{301}",
        "שלום",
        "مرحبا",
        "ไทย",
        "हिन्दी",
        "한국어",
        "🌡️",
        "☃️",
        "👩‍🔬",
        "🏳️‍🌈",
        "👍🏽",
        "1️⃣",
        "#️⃣",
        "©️",
        "!\"§$%&/()=?",
        "U+FFFD \u{fffd}",
    ];
    for text in plain {
        assert!(
            is_plain(text, Kind::Topic),
            "{text:?}: {}",
            shown(text, Kind::Topic)
        );
        assert_eq!(first_hidden(text, Kind::Topic), None);
        assert_eq!(spelled(text, Kind::Topic), text);
    }
    // A joiner that joins nothing is one more thing that cannot be seen.
    assert_eq!(shown("👩\u{200d}", Kind::Topic), "👩[U+200D]");
    assert_eq!(shown("a\u{200d}b", Kind::Topic), "a[U+200D]b");
    assert_eq!(shown("1\u{fe0f}", Kind::Topic), "1[U+FE0F]");
}

#[test]
fn a_sentence_has_no_levels() {
    assert_eq!(shown("and / or", Kind::Text), "and / or");
    assert_eq!(shown("no. ", Kind::Text), "no.[␣]");
    assert_eq!(spelled("a\u{202e}b ", Kind::Text), "a⟨U+202E⟩b␣");
}

#[test]
fn the_first_one_is_named_with_its_place_among_characters() {
    let hidden = |letter, place, more| {
        Some(Hidden {
            letter,
            place,
            more,
        })
    };
    assert_eq!(
        first_hidden("溫度\u{200b}", Kind::Topic),
        hidden('\u{200b}', 3, 0)
    );
    assert_eq!(first_hidden(" a ", Kind::Topic), hidden(' ', 1, 1));
    assert_eq!(
        first_hidden("a b/c \u{202e}", Kind::Topic),
        hidden('\u{202e}', 7, 0)
    );
    assert_eq!(first_hidden("a b /c", Kind::Topic), hidden(' ', 4, 0));
    let names = [
        (' ', Name::Space),
        ('\t', Name::Tab),
        ('\n', Name::LineBreak),
        ('\u{2029}', Name::LineBreak),
        ('\0', Name::Nul),
        ('\u{1b}', Name::Control),
        ('\u{200b}', Name::ZeroWidthSpace),
        ('\u{feff}', Name::ByteOrderMark),
        ('\u{ad}', Name::SoftHyphen),
        ('\u{202e}', Name::Direction),
        ('\u{200f}', Name::Direction),
        ('\u{a0}', Name::OtherSpace),
        ('\u{3000}', Name::OtherSpace),
        ('\u{200d}', Name::Invisible),
    ];
    for (letter, name) in names {
        assert_eq!(Name::of(letter), name, "{letter:?}");
    }
}

#[test]
fn a_text_made_of_nothing_else_comes_to_few_parts() {
    let lines = "line\n".repeat(1_000);
    assert_eq!(all_parts(&lines, Kind::Text).len(), 2_000);
    assert_eq!(shown(&lines, Kind::Text).matches('⏎').count(), 31);
    for odd in [
        "\u{200b}".repeat(20_000),
        "a\u{200b}".repeat(10_000),
        "\u{200b}\u{200c}".repeat(10_000),
    ] {
        let parts = parts(&odd, Kind::Topic);
        assert!(parts.len() <= 64, "{}", parts.len());
        assert_eq!(whole(&parts), odd);
    }
}

fn whole(parts: &[Part<'_>]) -> String {
    let texts = parts.iter().map(|part| match part {
        Part::Plain(text) | Part::Hidden { text, .. } => *text,
    });
    texts.collect()
}

proptest! {
    #[test]
    fn the_parts_are_the_text_and_nothing_odd_stays_in_the_plain_ones(
        text in "([ a/\n\u{200b}\u{202e}\u{a0}溫🌡\u{fe0f}\u{200d}]|\\PC|\\pC){0,40}",
        topic in any::<bool>(),
    ) {
        let kind = if topic { Kind::Topic } else { Kind::Text };
        let parts = parts(&text, kind);
        prop_assert_eq!(whole(&parts), text.clone());
        prop_assert_eq!(is_plain(&text, kind), parts.iter().all(|part| matches!(part, Part::Plain(_))));
        prop_assert_eq!(first_hidden(&text, kind).is_none(), is_plain(&text, kind));
        for part in &parts {
            if let Part::Plain(plain) = part {
                prop_assert!(!plain.is_empty());
                let odd = |letter: char| letter.is_control() || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}' | '\u{a0}');
                prop_assert!(!plain.contains(odd));
            }
        }
        prop_assert!(!spelled(&text, kind).chars().any(char::is_control));
    }
}
