//! Hexadecimal as it is shown and typed, and pictures by their first bytes.

use midge::payload::{NotHex, hex_row, parse_hex, picture_type};
use proptest::prelude::*;

proptest! {
    #[test]
    fn bytes_come_back_from_their_hexadecimal(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        let typed: String = bytes.iter().map(|byte| format!("{byte:02X} ")).collect();
        prop_assert_eq!(parse_hex(&typed), Ok(bytes));
    }
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
    hex_row(b"0123456789abcdefHi\n", 2, &mut row);
    assert_eq!(row, format!("000010  48 69 0a {}Hi.", " ".repeat(17)));
    row.clear();
    hex_row(b"01234567Hi", 0, &mut row);
    assert_eq!(row, "000000  30 31 32 33  34 35 36 37  01234567");
}

#[test]
fn pictures_are_told_by_their_first_bytes() {
    assert_eq!(picture_type(b"\x89PNG\r\n\x1a\n..."), Some("image/png"));
    assert_eq!(picture_type(b"RIFF\0\0\0\0WEBPVP8 "), Some("image/webp"));
    assert_eq!(picture_type(b"GIF89"), None);
}
