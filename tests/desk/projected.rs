//! What a projector shows of a payload.

use midge::desk::projected::{Size, projected};

#[test]
fn a_number_is_as_large_as_the_page_and_a_text_is_whole_as_far_as_it_can_be_read() {
    assert_eq!(projected(b"23.5"), ("23.5".to_owned(), Size::Huge));
    assert_eq!(
        projected("溫度 23 °C\n".as_bytes()),
        ("溫度 23 °C".to_owned(), Size::Huge)
    );
    assert_eq!(projected(b"").1, Size::Huge);
    assert_eq!(projected(b"the lamp is on").1, Size::Large);
    assert_eq!(
        projected(b"{\"temp\": 23.5, \"unit\": \"C\"}").1,
        Size::Text
    );
    let (long, size) = projected("é".repeat(5_000).as_bytes());
    assert_eq!((long.chars().count(), size), (601, Size::Text));
    assert!(long.ends_with('…'));
}

#[test]
fn bytes_are_shown_in_hexadecimal() {
    assert_eq!(projected(b"\xff\x00").0, "ff 00");
    let (long, _) = projected(&[0xff; 1_000_000]);
    assert!(long.ends_with("ff …") && long.len() < 200);
}
