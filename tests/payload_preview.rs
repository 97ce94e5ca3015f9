//! Previews: what one line of a list says about a payload.

use midge::payload::{Preview, preview};

fn text(payload: &[u8]) -> String {
    match preview(payload) {
        Preview::Text(text) => text,
        other => panic!("{other:?}"),
    }
}

#[test]
fn no_bytes_are_empty_and_not_text() {
    assert_eq!(preview(b""), Preview::Empty);
}

#[test]
fn text_stands_on_one_line_and_is_cut_at_160_characters_with_a_sign() {
    assert_eq!(text(b"21.5"), "21.5");
    assert_eq!(text(b"a\n\tb\r\nc"), "a  b  c");
    assert_eq!(
        text("溫度".repeat(300).as_bytes()),
        "溫度".repeat(79) + "溫…"
    );
    assert_eq!(text("𝄞".repeat(160).as_bytes()), "𝄞".repeat(160));
    assert_eq!(text("𝄞".repeat(161).as_bytes()), "𝄞".repeat(159) + "…");
    let mut cut_inside = vec![b'x'; 643];
    cut_inside.extend("溫".as_bytes());
    assert_eq!(text(&cut_inside), "x".repeat(159) + "…");
}

#[test]
fn json_shows_its_keys_with_their_values() {
    for (payload, line) in [
        (r#"{"temp":21.50,"unit":"C"}"#, "temp: 21.50, unit: C"),
        (" {\n\t\"a\": 1\r\n} ", "a: 1"),
        (
            r#"{"a":{"b":[1,true,null]},"c":{}}"#,
            "a: {b: [1, true, null]}, c: {}",
        ),
        ("[1, 2]", "[1, 2]"),
        ("[]", "[]"),
        ("{}", "{}"),
        // What could be taken for something else keeps its quotation marks.
        (
            r#"{"a":"21.5","b":"true","c":"","d":" x","e":"x, y"}"#,
            r#"a: "21.5", b: "true", c: "", d: " x", e: "x, y""#,
        ),
        (
            r#"{"a b":1,"":2,"溫度":"高"}"#,
            r#""a b": 1, "": 2, 溫度: 高"#,
        ),
        (
            r#"{"at":"2026-11-27","n":-1.5e3}"#,
            "at: 2026-11-27, n: -1.5e3",
        ),
        (r#"{"a":"x\ny\u6eab\ud834\udd1e\u202e"}"#, "a: x y溫𝄞 "),
        (r#"{"a":"\ud834"}"#, "a: \u{fffd}"),
        // No JSON: as it came.
        ("{a: 1}", "{a: 1}"),
        (r#"{"a":1"#, r#"{"a":1"#),
        (r#"{"a":1} x"#, r#"{"a":1} x"#),
        (r#""text""#, r#""text""#),
    ] {
        assert_eq!(text(payload.as_bytes()), line, "{payload}");
    }
}

#[test]
fn the_start_of_long_json_is_read_wherever_it_is_cut() {
    let long = format!(
        r#"{{"first":1,"text":"{}","list":[{}true]}}"#,
        "溫\\u6eab".repeat(20),
        "12.5e1, false, ".repeat(200)
    );
    for pad in 0..40 {
        let padded = format!("{}{long}", " ".repeat(pad));
        let line = text(padded.as_bytes());
        assert!(line.starts_with("first: 1, text: 溫溫"), "{pad}: {line}");
        assert!(
            line.ends_with('…') && line.chars().count() == 160,
            "{pad}: {line}"
        );
    }
    // Nothing that a broker sends takes long or much.
    for hostile in [
        "[".repeat(100_000),
        "{\"a\":".repeat(100_000),
        "\"\\".repeat(100_000),
        format!("[\"{}", "\\u".repeat(100_000)),
    ] {
        assert!(text(hostile.as_bytes()).chars().count() <= 160);
    }
}

#[test]
fn characters_that_would_turn_or_break_the_line_are_spaces() {
    assert_eq!(text("a\u{202e}b\u{2028}c\u{2066}d".as_bytes()), "a b c d");
}

#[test]
fn what_is_not_text_shows_its_first_bytes_in_hexadecimal() {
    assert_eq!(preview(&[0, 255]), Preview::Hex("00 ff".into()));
    assert_eq!(
        preview(&[0xfe; 1000]),
        Preview::Hex(vec!["fe"; 16].join(" ") + " …")
    );
    assert_eq!(
        preview("溫".as_bytes().get(..2).unwrap()),
        Preview::Hex("e6 ba".into())
    );
    assert_eq!(preview(b"a\0b"), Preview::Hex("61 00 62".into()));
}

#[test]
fn known_kinds_are_named() {
    for (payload, kind) in [
        (&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], "PNG"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "JPEG"),
        (b"GIF89a\x01\0", "GIF"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "WebP"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "WAV"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x1f\x8b\x08\0\0\0\0\0", "gzip"),
        (b"PK\x03\x04\x14\0", "zip"),
        (b"\0\0\0\x20ftypisom", "MP4"),
        (b"\0asm\x01\0\0\0", "WebAssembly"),
    ] {
        assert_eq!(preview(payload), Preview::Kind(kind));
    }
    assert_eq!(text(b"RIFFraff and more"), "RIFFraff and more");
}
