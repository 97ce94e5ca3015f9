//! JSON and hexadecimal for reading: every token as it came.

use midge::payload::{
    JsonKind, NotHex, check_json, hex_row, lay_out, parse_hex, picture_type, values,
};
use proptest::prelude::*;

fn written(text: &str) -> String {
    let mut out = String::new();
    for line in lay_out(text, usize::MAX).expect("JSON") {
        out.push_str(&"  ".repeat(line.depth));
        if let Some(key) = line.key {
            out.push_str(&text[key]);
            out.push_str(": ");
        }
        out.push_str(&text[line.value]);
        if line.comma {
            out.push(',');
        }
        out.push('\n');
    }
    out
}

#[test]
fn lines_are_indented_and_tokens_stay_as_they_came() {
    let text = r#"{"a":1.50,"b":[true,null,{}],"c\"":"x,}\\","d":1e99}"#;
    let expected = "{\n  \"a\": 1.50,\n  \"b\": [\n    true,\n    null,\n    {}\n  ],\n  \"c\\\"\": \"x,}\\\\\",\n  \"d\": 1e99\n}\n";
    assert_eq!(written(text), expected);
}

#[test]
fn sixty_four_digits_stay_sixty_four_digits() {
    let digits = "1".repeat(64);
    let lines = lay_out(&digits, usize::MAX).expect("JSON");
    assert_eq!(
        (lines.len(), &digits[lines[0].value.clone()], lines[0].kind),
        (1, digits.as_str(), JsonKind::Number)
    );
}

#[test]
fn what_is_not_json_is_refused_with_its_place() {
    for text in ["", "{", "{\"a\":}", "[1,]", "nul", "{} x", "'a'"] {
        assert!(check_json(text).is_err(), "{text}");
    }
    assert!(
        check_json("{\"a\":}")
            .unwrap_err()
            .0
            .contains("line 1 column 6")
    );
}

#[test]
fn a_deep_document_is_refused_and_does_not_overflow() {
    assert!(lay_out(&"[".repeat(100_000), usize::MAX).is_err());
}

#[test]
fn values_are_found_by_their_path() {
    let one = values(r#"{"a":{"b":[1,2]},"c":"x"}"#, usize::MAX).expect("JSON");
    let other = values(r#"{"c":"y", "a": {"b": [1, 3], "d": 0}}"#, usize::MAX).expect("JSON");
    let mut both: Vec<_> = one
        .iter()
        .filter_map(|(path, value)| Some((value.as_str(), other.get(path)?.as_str())))
        .collect();
    both.sort_unstable();
    assert_eq!(both, [("\"x\"", "\"y\""), ("1", "1"), ("2", "3")]);
    assert_eq!((one.len(), other.len()), (3, 4));
}

#[test]
fn a_document_of_many_lines_is_laid_out_only_as_far_as_is_asked_for() {
    let text = format!("[{}0]", "0,".repeat(100_000));
    let lines = lay_out(&text, 1_000).expect("JSON");
    assert_eq!(lines.len(), 1_000);
    assert_eq!(values(&text, 1_000).expect("JSON").len(), 999);
}

proptest! {
    #[test]
    fn the_layout_says_the_same_as_the_text(value in json()) {
        let text = value.to_string();
        let again: serde_json::Value = serde_json::from_str(&written(&text)).expect("JSON");
        prop_assert_eq!(again, value);
    }

    #[test]
    fn nothing_typed_makes_it_panic(text in ".{0,64}") {
        let _ = (lay_out(&text, usize::MAX), parse_hex(&text));
    }

    #[test]
    fn bytes_come_back_from_their_hexadecimal(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        let typed: String = bytes.iter().map(|byte| format!("{byte:02X} ")).collect();
        prop_assert_eq!(parse_hex(&typed), Ok(bytes));
    }
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::Value;
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map(".{0,4}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

#[test]
fn hexadecimal_is_read_as_people_write_it() {
    assert_eq!(
        parse_hex("0xDE, 0xad be:ef\n00"),
        Ok(vec![0xde, 0xad, 0xbe, 0xef, 0])
    );
    assert_eq!(parse_hex("abc"), Err(NotHex::Odd));
    assert_eq!(parse_hex("0g"), Err(NotHex::Character('g')));
    assert_eq!(parse_hex(" "), Ok(Vec::new()));
}

#[test]
fn a_row_of_hexadecimal_has_offset_bytes_and_characters() {
    let mut row = String::new();
    hex_row(b"0123456789abcdefHi\n", 1, &mut row);
    assert_eq!(row, format!("000010  48 69 0a {}  Hi.", "   ".repeat(13)));
}

#[test]
fn pictures_are_told_by_their_first_bytes() {
    assert_eq!(picture_type(b"\x89PNG\r\n\x1a\n..."), Some("image/png"));
    assert_eq!(picture_type(b"RIFF\0\0\0\0WEBPVP8 "), Some("image/webp"));
    assert_eq!(picture_type(b"GIF89"), None);
}
