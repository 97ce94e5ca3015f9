//! Texts of unknown origin and length, cut for where they are shown.

use midge::desk::text::{cut, is_long, shortened, spoken, topic_words};

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
