//! UTF-16 with a byte order mark, to UTF-8.

/// Adds the text of these whole units. What is half a character is replaced; how many were is told. `carry` is the first half of
/// a character whose second half is in the next turn.
pub fn read(units: &[u8], big: bool, carry: &mut Option<u16>, out: &mut Vec<u8>) -> usize {
    let mut lost = 0;
    let units = units.chunks_exact(2).map(|pair| {
        let pair = [
            pair.first().copied().unwrap_or_default(),
            pair.get(1).copied().unwrap_or_default(),
        ];
        if big {
            u16::from_be_bytes(pair)
        } else {
            u16::from_le_bytes(pair)
        }
    });
    let all: Vec<u16> = carry.take().into_iter().chain(units).collect();
    let (whole, last) = match all.split_last() {
        Some((last, before)) if (0xd800..0xdc00).contains(last) => (before, Some(*last)),
        _ => (all.as_slice(), None),
    };
    *carry = last;
    let mut buffer = [0; 4];
    for letter in char::decode_utf16(whole.iter().copied()) {
        let letter = letter.unwrap_or_else(|_| {
            lost += 1;
            char::REPLACEMENT_CHARACTER
        });
        out.extend_from_slice(letter.encode_utf8(&mut buffer).as_bytes());
    }
    lost
}
