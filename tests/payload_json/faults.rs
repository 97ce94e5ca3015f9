//! What is not JSON: what is wrong with it, and where.

use midge::payload::{
    Check, Checked, JsonFault, Layout, Mark, NumberFault, Open, Place, check_json, place, unmarked,
};
use proptest::prelude::*;

use crate::generated::document;

/// The fault, and its line and column.
fn fault(text: &str) -> (JsonFault, usize, usize) {
    let not = check_json(text).expect_err(text);
    let Place { line, column } = place(text.as_bytes(), not.at);
    (not.fault, line, column)
}

#[test]
fn what_people_take_for_json_is_told_by_its_kind() {
    use JsonFault as F;
    let word = |word: &str, instead| F::Word(word.to_owned(), instead);
    for (text, expected, column) in [
        ("", F::Nothing, 1),
        ("  ", F::Nothing, 3),
        ("{", F::Unfinished(Open::Object), 2),
        ("[1", F::Unfinished(Open::Array), 3),
        ("[[],{}", F::Unfinished(Open::Array), 7),
        ("{\"a\"", F::Unfinished(Open::Object), 5),
        ("\"abc", F::Unfinished(Open::String), 5),
        ("\"abc\\", F::Unfinished(Open::String), 6),
        ("\"\\u00", F::Unfinished(Open::String), 6),
        ("-", F::Unfinished(Open::Value), 2),
        ("1.", F::Unfinished(Open::Value), 3),
        ("{\"a\":}", F::MissingValue, 6),
        ("[,1]", F::MissingValue, 2),
        ("[1,,2]", F::MissingValue, 4),
        ("{\"a\":1,}", F::TrailingComma, 8),
        ("[1,]", F::TrailingComma, 4),
        ("[1 2]", F::MissingComma, 4),
        ("{\"a\":1 \"b\":2}", F::MissingComma, 8),
        ("{\"a\" 1}", F::MissingColon, 6),
        ("[1}", F::WrongBracket(Open::Array), 3),
        ("{\"a\":1]", F::WrongBracket(Open::Object), 7),
        ("{]", F::WrongBracket(Open::Object), 2),
        ("{} {}", F::Second, 4),
        ("{\"a\":1}\n{\"a\":2}", F::Second, 1),
        ("1 2", F::Second, 3),
        ("{}}", F::After('}'), 3),
        ("{} x", F::After('x'), 4),
        ("{}\0", F::After('\0'), 3),
        ("{'a':1}", F::SingleQuote, 2),
        ("['a']", F::SingleQuote, 2),
        ("{“a”:1}", F::CurlyQuote('“'), 2),
        ("// a\n1", F::Comment, 1),
        ("[1, /* two */ 2]", F::Comment, 5),
        ("{} # over", F::Comment, 4),
        ("{a:1}", F::PlainKey("a".into()), 2),
        ("{1:2}", F::Key('1'), 2),
        ("[NaN]", F::NoNumber("NaN".into()), 2),
        ("-Infinity", F::NoNumber("-Infinity".into()), 1),
        ("{\"a\": True}", word("True", "true"), 7),
        ("None", word("None", "null"), 1),
        ("undefined", word("undefined", "null"), 1),
        ("nul", F::Unknown("nul".into()), 1),
        ("hello", F::Unknown("hello".into()), 1),
        ("007", F::Number(NumberFault::LeadingZero), 1),
        ("0x1f", F::Number(NumberFault::LeadingZero), 1),
        ("+1", F::Number(NumberFault::Plus), 1),
        (".5", F::Number(NumberFault::PointFirst), 1),
        ("[5.]", F::Number(NumberFault::NoDigit), 4),
        ("[1e+]", F::Number(NumberFault::NoDigit), 5),
        ("\"a\tb\"", F::Control(9), 3),
        ("\"a\nb\"", F::Control(10), 3),
        ("\"\\x41\"", F::Escape('x'), 2),
        ("\"\\u12g4\"", F::Unicode, 2),
        ("(1)", F::Character('('), 1),
        ("\u{feff}1", F::Character('\u{feff}'), 1),
    ] {
        let (found, _, at) = fault(text);
        assert_eq!((found, at), (expected, column), "{text:?}");
    }
}

#[test]
fn the_place_counts_lines_and_characters_from_one() {
    assert_eq!(fault("{\n  \"溫度 🌡\": 1,\n}").1, 3);
    let (_, line, column) = fault("{\"a\": 1,\n  \"溫度 🌡\": NaN}");
    assert_eq!((line, column), (2, 11));
    assert_eq!(
        place("ab\n\n好x".as_bytes(), 7),
        Place { line: 3, column: 2 }
    );
    assert_eq!(place(b"ab", 99), Place { line: 1, column: 3 });
}

#[test]
fn a_word_of_any_length_is_told_by_its_start() {
    let (found, ..) = fault(&"溫".repeat(100_000));
    assert_eq!(found, JsonFault::Unknown("溫".repeat(24)));
}

#[test]
fn a_byte_order_mark_is_found_and_what_follows_is_checked() {
    let marked = b"\xef\xbb\xbf{\"t\":1}";
    assert_eq!(Mark::before(marked), Some(Mark::Utf8));
    assert_eq!(unmarked(marked), b"{\"t\":1}");
    assert_eq!(
        Check::default().go_on(unmarked(marked), usize::MAX),
        Checked::Json
    );
    for (bytes, mark) in [
        (b"\xff\xfe{\0".as_slice(), Some(Mark::Utf16)),
        (b"\xfe\xff\0{", Some(Mark::Utf16)),
        (b"\xff\xfe\0\0{\0\0\0", Some(Mark::Utf32)),
        (b"\0\0\xfe\xff", Some(Mark::Utf32)),
        (b"\xef\xbb", None),
        (b"{}", None),
        (b"", None),
    ] {
        assert_eq!(Mark::before(bytes), mark, "{bytes:x?}");
    }
    // One mark is one; a second is a character of the text.
    assert_eq!(unmarked(b"\xef\xbb\xbf\xef\xbb\xbf1"), b"\xef\xbb\xbf1");
}

#[test]
fn an_escape_that_names_half_a_character_is_json_and_is_found() {
    for (text, at) in [
        (r#""\ud800""#, Some(1)),
        (r#""ab\udc00""#, Some(3)),
        (r#"["\ud83d\ude00", "\ud83d x"]"#, Some(18)),
        (r#""\ud800\ud83d\ude00""#, Some(1)),
        (r#""\ud83d\n""#, Some(1)),
        (r#""\ud83d\ude00""#, None),
        (r#""\\ud800""#, None),
    ] {
        let mut check = Check::default();
        assert_eq!(check.go_on(text.as_bytes(), usize::MAX), Checked::Json);
        assert_eq!(check.lone_surrogate(), at, "{text}");
    }
}

/// Another reader of JSON, whose words we would otherwise have to believe.
fn other_says(text: &str) -> Result<(), (usize, usize)> {
    serde_json::from_str::<serde::de::IgnoredAny>(text)
        .map(drop)
        .map_err(|error| (error.line(), error.column()))
}

proptest! {
    #[test]
    fn it_takes_what_another_reader_takes(text in "[\\[\\]{},:\"\\\\ut0-9a-f .+\n'-]{0,24}") {
        prop_assert_eq!(check_json(&text).is_ok(), other_says(&text).is_ok(), "{}", text);
    }

    #[test]
    fn one_changed_character_is_judged_as_another_reader_judges_it(
        text in document(),
        at in any::<prop::sample::Index>(),
        put in "[\\[\\]{},:\"\\\\0-9a .]?",
    ) {
        let at = text.floor_char_boundary(at.index(text.len() + 1));
        let end = text[at..].chars().next().map_or(at, |letter| at + letter.len_utf8());
        let text = format!("{}{put}{}", &text[..at], &text[end..]);
        match (check_json(&text), other_says(&text)) {
            (Ok(()), Ok(())) => {}
            (Err(not), Err((line, _))) => {
                // The other one counts columns by bytes, and from elsewhere; the lines are the same or next to it.
                let own = place(text.as_bytes(), not.at).line;
                prop_assert!(own.abs_diff(line) <= 1, "{} and {}: {}", own, line, text);
            }
            other => prop_assert!(false, "{:?}: {}", other, text),
        }
    }
}

/// What is nearly JSON: as it is laid out, the first fault's place, and how many there are.
fn nearly(text: &str) -> (String, usize, usize) {
    let mut check = Check::forgiving();
    assert_eq!(
        check.go_on(text.as_bytes(), usize::MAX),
        Checked::Json,
        "{text}"
    );
    let (first, count) = check.passed().expect(text).clone();
    let mut layout = Layout::default();
    layout.go_on(text.as_bytes(), usize::MAX);
    let bytes = text.as_bytes();
    let mut out = String::new();
    for line in layout.lines() {
        if let Some(key) = line.shown_key(bytes) {
            out.push_str(key);
            out.push(':');
        }
        out.push_str(line.shown(bytes));
        out.push_str(if line.comma { "," } else { "" });
    }
    (out, first.at, count)
}

#[test]
fn what_is_nearly_json_is_laid_out_with_its_first_fault() {
    for (text, laid_out, at, count) in [
        (
            "{\"a\": NaN, \"b\": -Infinity}",
            "{\"a\":NaN,\"b\":-Infinity}",
            6,
            2,
        ),
        ("[1, 2,]", "[1,2,]", 6, 1),
        ("{\"a\": 1,}", "{\"a\":1,}", 8, 1),
        ("{}\n{}\n[1]", "{}{}[1]", 3, 2),
        ("// first\n{\"a\": /* in */ 1} # last", "{\"a\":1}", 0, 3),
        ("{'a': 'it\"s'}", "{'a':'it\"s'}", 1, 2),
        ("{a: True, b_2: None}", "{a:True,b_2:None}", 1, 4),
        ("[007, +1, .5, 0x1F, 1.]", "[007,+1,.5,0x1F,1.]", 1, 5),
        ("[1 2 \"a\" {}]", "[12\"a\"{}]", 3, 3),
        (
            "{\"a\": \"two\nlines\", \"b\": \"\\x\"}",
            "{\"a\":\"two\nlines\",\"b\":\"\\x\"}",
            10,
            2,
        ),
    ] {
        assert_eq!(nearly(text), (laid_out.to_owned(), at, count), "{text}");
    }
}

#[test]
fn where_it_is_not_plain_what_is_meant_it_stops() {
    for text in [
        "{\"a\" 1}",
        "[1}",
        "{\"a\":1b:2}",
        "[1",
        "{} x",
        "[abc]",
        "/* open",
        "{'a}",
        "[,1]",
    ] {
        let mut check = Check::forgiving();
        let end = check.go_on(text.as_bytes(), usize::MAX);
        assert!(matches!(end, Checked::Not(_)), "{text}: {end:?}");
    }
}

proptest! {
    #[test]
    fn a_forgiving_check_comes_to_an_end_the_same_in_any_turns(
        parts in proptest::collection::vec(prop_oneof![
            Just("{"), Just("}"), Just("["), Just("]"), Just(","), Just(":"), Just("\""), Just("'"), Just("a"),
            Just("NaN"), Just("1"), Just("-"), Just("."), Just(" "), Just("\n"), Just("/*"), Just("*/"), Just("//"),
            Just("#"), Just("\\"), Just("溫"), Just("\u{0}"), Just("True"), Just("\"k\":"),
        ], 0..40),
        step in 1usize..5,
    ) {
        let text = parts.concat();
        let whole = Check::forgiving().go_on(text.as_bytes(), usize::MAX);
        let mut turns = Check::forgiving();
        let end = loop {
            match turns.go_on(text.as_bytes(), step) {
                Checked::Unknown => {}
                end => break end,
            }
        };
        prop_assert_eq!(&end, &whole);
        // What it forgives is what the strict one refuses, from the same place on.
        let strict = check_json(&text);
        let first = turns.passed().map(|(first, _)| first.clone());
        match (first, whole) {
            (Some(first), _) => prop_assert_eq!(strict, Err(first)),
            (None, Checked::Not(not)) => prop_assert_eq!(strict, Err(not)),
            (None, _) => prop_assert_eq!(strict, Ok(())),
        }
        let document = match end {
            Checked::Not(not) => text.get(..not.at).expect("a whole character").to_owned(),
            _ => text,
        };
        let mut layout = Layout::default();
        layout.go_on(document.as_bytes(), usize::MAX);
        prop_assert!(layout.is_done() && layout.at() <= document.len());
    }
}
