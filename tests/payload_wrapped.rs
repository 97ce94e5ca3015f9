//! Payloads inside of something: opened to their end, to a bound, or as far as they go, with a word why.

use std::{io::Write, sync::Arc};

use flate2::{
    Compression,
    write::{GzEncoder, ZlibEncoder},
};
use midge::payload::{MOST_INSIDE, Opened, Opening, WhyNot, Wrapping};
use proptest::prelude::*;

fn opened_in(wrapping: Wrapping, bytes: &[u8], turn: usize) -> Opened {
    let mut opening = Opening::new(wrapping, Arc::new(bytes.to_vec()));
    // Each turn goes on, so there is an end.
    loop {
        if let Some(opened) = opening.go_on(turn) {
            return opened;
        }
    }
}

fn opened(wrapping: Wrapping, bytes: &[u8]) -> (Vec<u8>, Option<WhyNot>) {
    let opened = opened_in(wrapping, bytes, usize::MAX);
    assert_eq!(opened.wrapping, wrapping);
    (opened.bytes, opened.why_not)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

fn packed(bytes: &[u8]) -> [(Wrapping, Vec<u8>); 3] {
    [
        (Wrapping::Gzip, gzip(bytes)),
        (Wrapping::Zlib, zlib(bytes)),
        (Wrapping::Zstd, zstd(bytes)),
    ]
}

const TEXT: &[u8] = br#"{"device": "lab-1", "t": 21.5, "list": [1, 2, 3]}"#;

#[test]
fn what_is_packed_is_seen_and_opened() {
    for (wrapping, bytes) in packed(TEXT) {
        assert_eq!(Wrapping::seen(&bytes), Some(wrapping));
        assert_eq!(
            opened(wrapping, &bytes),
            (TEXT.to_vec(), None),
            "{wrapping:?}"
        );
    }
}

#[test]
fn several_after_each_other_are_one() {
    let twice = [gzip(b"one "), gzip(b"two")].concat();
    assert_eq!(opened(Wrapping::Gzip, &twice), (b"one two".to_vec(), None));
    let twice = [
        zstd(b"one "),
        b"\x50\x2a\x4d\x18\x02\x00\x00\x00xx".to_vec(),
        zstd(b"two"),
    ]
    .concat();
    assert_eq!(opened(Wrapping::Zstd, &twice), (b"one two".to_vec(), None));
    let filled = [gzip(b"one"), vec![0; 7]].concat();
    assert_eq!(opened(Wrapping::Gzip, &filled), (b"one".to_vec(), None));
}

#[test]
fn what_is_cut_damaged_or_followed_is_told_and_shown_as_far_as_it_goes() {
    for (wrapping, bytes) in packed(TEXT) {
        let cut = &bytes[..bytes.len() - 9];
        assert_eq!(opened(wrapping, cut).1, Some(WhyNot::Cut), "{wrapping:?}");
        let after = [bytes.as_slice(), b"more"].concat();
        assert_eq!(
            opened(wrapping, &after),
            (TEXT.to_vec(), Some(WhyNot::After(bytes.len()))),
            "{wrapping:?}"
        );
    }
    for (wrapping, mut bytes) in [(Wrapping::Gzip, gzip(TEXT)), (Wrapping::Zlib, zlib(TEXT))] {
        // The check at the end.
        let last = bytes.len() - 6 + usize::from(wrapping == Wrapping::Zlib) * 4;
        bytes[last] ^= 1;
        assert_eq!(
            opened(wrapping, &bytes).1,
            Some(WhyNot::Damaged),
            "{wrapping:?}"
        );
    }
}

#[test]
fn a_few_bytes_that_stand_for_gigabytes_stop_at_the_bound() {
    const BOUND: usize = 1 << 21;
    let huge = vec![0; BOUND + 1];
    for (wrapping, bytes) in packed(&huge) {
        assert!(bytes.len() < 100_000, "{wrapping:?}");
        let mut opening = Opening::bounded(wrapping, Arc::new(bytes), BOUND);
        let mut turns = 1;
        let opened = loop {
            if let Some(opened) = opening.go_on(1 << 17) {
                break opened;
            }
            turns += 1;
        };
        assert_eq!(opened.why_not, Some(WhyNot::TooMuch), "{wrapping:?}");
        assert_eq!(opened.bytes.len(), BOUND);
        assert!(turns >= 8, "{wrapping:?}: {turns} turns");
    }
    let just = vec![0; BOUND];
    for (wrapping, bytes) in packed(&just) {
        let opened = Opening::bounded(wrapping, Arc::new(bytes), BOUND).go_on(usize::MAX);
        let why_not = opened.expect("one turn").why_not;
        assert_eq!(why_not, None, "{wrapping:?}");
    }
}

#[test]
fn zstd_that_looks_back_too_far_or_needs_a_dictionary_is_not_opened() {
    // A window of 2 GiB, and then no more.
    let window = b"\x28\xb5\x2f\xfd\x00\xa8\x01\x00\x00";
    assert_eq!(opened(Wrapping::Zstd, window).1, Some(WhyNot::Window));
    let dictionary = b"\x28\xb5\x2f\xfd\x01\x40\x07\x01\x00\x00";
    assert_eq!(
        opened(Wrapping::Zstd, dictionary).1,
        Some(WhyNot::Dictionary)
    );
}

#[test]
fn members_that_hold_nothing_do_not_take_one_long_turn() {
    let many = gzip(b"").repeat(20_000);
    let mut opening = Opening::new(Wrapping::Gzip, Arc::new(many));
    let mut turns = 1;
    while opening.go_on(1 << 20).is_none() {
        turns += 1;
    }
    assert!(turns > 10, "{turns}");
}

#[test]
fn base64_is_read_as_it_is_met() {
    for (text, bytes) in [
        (&b"aGVsbG8="[..], &b"hello"[..]),
        (b"aGVsbG8", b"hello"),
        (b"aGVs\r\nbG8=\n", b"hello"),
        (b"_-8", b"\xff\xef"),
        (b"/+8=", b"\xff\xef"),
    ] {
        assert!(Wrapping::may_be_base64(text));
        assert_eq!(
            opened(Wrapping::Base64, text),
            (bytes.to_vec(), None),
            "{text:?}"
        );
    }
    assert_eq!(opened(Wrapping::Base64, b"aGVsb").1, Some(WhyNot::Cut));
    assert_eq!(
        opened(Wrapping::Base64, b"aGVs!G8").1,
        Some(WhyNot::After(4))
    );
    for text in [&b""[..], b"a", b"aGVsb", b"a=b", b"{}", b"aGVs===="] {
        assert!(!Wrapping::may_be_base64(text), "{text:?}");
    }
}

#[test]
fn words_and_numbers_are_not_taken_for_base64() {
    for text in [
        &b"temperature-sensor-1"[..],
        b"1234567890123456",
        b"DEADBEEFDEADBEEF",
        b"deadbeefdeadbeef",
        b"online",
        b"Living room lamp",
        b"livingRoomLampOn",
    ] {
        assert_eq!(Wrapping::seen(text), None, "{text:?}");
    }
    assert_eq!(
        Wrapping::seen(b"eyJ0IjogMjEuNSwgIm4iOiAxfQ=="),
        Some(Wrapping::Base64)
    );
    assert_eq!(
        Wrapping::seen(b"eyJ0IjogMjEuNSwgIm4iOiAx"),
        Some(Wrapping::Base64)
    );
}

#[test]
fn utf_16_is_text_by_its_mark() {
    let text = "{\"溫\": \"😀\"}";
    let units: Vec<u16> = std::iter::once(0xfeff).chain(text.encode_utf16()).collect();
    let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
    let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    for bytes in [big, little] {
        assert_eq!(Wrapping::seen(&bytes), Some(Wrapping::Utf16));
        assert_eq!(
            opened(Wrapping::Utf16, &bytes),
            (text.as_bytes().to_vec(), None)
        );
    }
    assert_eq!(
        opened(Wrapping::Utf16, b"\xfe\xff\xd8\x00\x00a"),
        ("\u{fffd}a".as_bytes().to_vec(), Some(WhyNot::Halves(1)))
    );
    assert_eq!(
        opened(Wrapping::Utf16, b"\xfe\xff\xd8\x00"),
        ("\u{fffd}".as_bytes().to_vec(), Some(WhyNot::Halves(1)))
    );
}

proptest! {
    #[test]
    fn whatever_is_packed_comes_out(bytes in proptest::collection::vec(any::<u8>(), 0..2000), turn in 1usize..3000) {
        for (wrapping, packed) in packed(&bytes) {
            let opened = opened_in(wrapping, &packed, turn);
            prop_assert_eq!(&opened.bytes, &bytes, "{:?}", wrapping);
            prop_assert_eq!(opened.why_not, None);
        }
    }

    #[test]
    fn what_is_changed_on_the_way_is_opened_to_an_end(text in "[a-c]{0,300}", at in any::<prop::sample::Index>(), other in any::<u8>(), length in any::<prop::sample::Index>()) {
        for (wrapping, mut packed) in packed(text.as_bytes()) {
            let at = at.index(packed.len());
            packed[at] = other;
            packed.truncate(length.index(packed.len()) + 1);
            let opened = opened_in(wrapping, &packed, 100);
            prop_assert!(opened.bytes.len() <= MOST_INSIDE);
        }
    }

    #[test]
    fn any_bytes_are_opened_to_an_end(bytes in proptest::collection::vec(any::<u8>(), 0..300), turn in 1usize..5000) {
        for wrapping in [Wrapping::Gzip, Wrapping::Zlib, Wrapping::Zstd, Wrapping::Base64, Wrapping::Utf16] {
            prop_assert_eq!(opened_in(wrapping, &bytes, turn), opened_in(wrapping, &bytes, usize::MAX));
        }
    }
}
