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
fn text_stands_on_one_line_and_is_cut_at_160_characters() {
    assert_eq!(text(b"21.5"), "21.5");
    assert_eq!(text(b"{\n\t\"a\": 1\r\n}"), "{  \"a\": 1  }");
    assert_eq!(text("溫度".repeat(300).as_bytes()), "溫度".repeat(80));
    assert_eq!(text("𝄞".repeat(161).as_bytes()).chars().count(), 160);
    let mut cut_inside = vec![b'x'; 643];
    cut_inside.extend("溫".as_bytes());
    assert_eq!(text(&cut_inside), "x".repeat(160));
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
        Preview::Hex(vec!["fe"; 16].join(" "))
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
