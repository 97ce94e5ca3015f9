//! Texts of unknown origin and length, cut for where they are shown.

use midge::desk::text::{cut, hex, is_long, readable, shortened, spoken, topic_words};

#[test]
fn a_text_is_cut_between_characters_and_only_where_there_is_more() {
    assert_eq!(cut("溫度計", 2), "溫度…");
    assert_eq!(cut("溫度計", 3), "溫度計");
    assert_eq!(cut("", 0), "");
    assert_eq!(cut("a", 0), "…");
}

#[test]
fn what_is_shown_at_first_has_a_limit() {
    let most = "é".repeat(160);
    assert!(!is_long(&most));
    assert_eq!(shortened(&most), most);
    let more = format!("{most}x");
    assert!(is_long(&more));
    assert_eq!(shortened(&more), format!("{most}…"));
}

#[test]
fn what_cannot_be_seen_is_spelled_inside_of_a_sentence() {
    assert_eq!(topic_words("a/b"), "a/b");
    assert!(!topic_words("a\u{202e}b").contains('\u{202e}'));
    assert!(!spoken("ok\u{200b}").contains('\u{200b}'));
}

#[test]
fn bytes_are_shown_as_text_only_where_they_are_meant_for_reading() {
    assert_eq!(readable("17 °C".as_bytes()), Some("17 °C"));
    assert_eq!(readable(b""), Some(""));
    assert_eq!(readable(b"a\tb"), None);
    assert_eq!(readable(&[0xff]), None);
    assert_eq!(hex(&[0, 0xff, 0x1b]), "00 ff 1b");
    assert_eq!(hex(&[]), "");
}
