//! Protobuf without a schema: numbers, wire types, what is inside of what, and any bytes at all.

use midge::payload::{ProtobufLayout, ProtobufProblem, looks_like_protobuf, protobuf_in_whole};
use proptest::prelude::*;

fn laid_out(bytes: &[u8]) -> ProtobufLayout {
    let mut layout = ProtobufLayout::default();
    layout.go_on(bytes, usize::MAX);
    layout
}

#[test]
fn each_wire_type_is_written_with_what_it_may_be() {
    for (bytes, text) in [
        (&b"\x08\x96\x01"[..], "1: 150"),
        (b"\x08\x03", "1: 3 / sint -2 /"),
        (
            b"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
            "1: 18446744073709551615 / int -1, sint -9223372036854775808 /",
        ),
        (b"\x12\x02hi", "2: \"hi\""),
        (b"\x12\x02\xff\xfe", "2: h'fffe'"),
        (b"\x1a\x03\x08\x96\x01", "3: {\n  1: 150\n}"),
        (b"\x1d\0\0\xc0\x3f", "3: 1069547520 / fixed32, float 1.5 /"),
        (
            b"\x19\0\0\0\0\0\0\xf8\x3f",
            "3: 4609434218613702656 / fixed64, double 1.5 /",
        ),
        (b"\x0b\x10\x01\x0c", "1: {\n  2: 1\n}"),
        (b"\xf8\xff\xff\xff\x0f\x01", "536870911: 1"),
        (b"", ""),
    ] {
        assert_eq!(protobuf_in_whole(bytes).as_deref(), Some(text), "{bytes:?}");
    }
}

#[test]
fn what_is_none_is_told_with_its_place() {
    for (bytes, problem, at) in [
        (&b"\x08\x01\x08"[..], ProtobufProblem::Cut, 2),
        (b"\x12\x05hi", ProtobufProblem::Cut, 0),
        (b"\x00\x01", ProtobufProblem::NoField, 0),
        (b"\x0e", ProtobufProblem::NoType, 0),
        (b"\x0c", ProtobufProblem::StrayEnd, 0),
        (b"\x0b\x14", ProtobufProblem::StrayEnd, 1),
        (
            b"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02",
            ProtobufProblem::TooLong,
            0,
        ),
    ] {
        let fault = laid_out(bytes).fault().expect("a fault");
        assert_eq!((fault.problem, fault.at), (problem, at), "{bytes:?}");
    }
}

#[test]
fn by_chance_bytes_are_not_taken_for_it() {
    assert!(looks_like_protobuf(b"\x0a\x05lab-1\x10\x96\x01"));
    for bytes in [
        &b"\x08\x96\x01"[..],
        b"\x08\x01\x10\x02\x18\x03\x20\x04",
        b"\0\0\0\0\0\0\0\0\0",
        b"just a text",
    ] {
        assert!(!looks_like_protobuf(bytes), "{bytes:?}");
    }
}

#[test]
fn messages_within_each_other_end_at_a_depth() {
    let mut bytes = b"\x08\x01".to_vec();
    for _ in 0..200 {
        let mut length = Vec::new();
        let mut left = bytes.len();
        while left >= 0x80 {
            length.push((left & 0x7f) as u8 | 0x80);
            left >>= 7;
        }
        length.push(left as u8);
        bytes = [&[0x0a], length.as_slice(), &bytes].concat();
    }
    let layout = laid_out(&bytes);
    assert!(layout.fault().is_none());
    let deepest = layout.lines().iter().map(|line| line.depth).max();
    assert_eq!(deepest, Some(64));
}

proptest! {
    #[test]
    fn any_bytes_are_laid_out_to_an_end_in_any_turns(bytes in proptest::collection::vec(any::<u8>(), 0..300), step in 1usize..5) {
        let whole = laid_out(&bytes);
        prop_assert!(whole.at() <= bytes.len());
        let mut turns = ProtobufLayout::default();
        while !turns.is_done() {
            let wanted = turns.lines().len() + step;
            turns.go_on(&bytes, wanted);
        }
        prop_assert_eq!(turns.lines(), whole.lines());
        prop_assert_eq!(turns.fault(), whole.fault());
        if looks_like_protobuf(&bytes) {
            prop_assert!(whole.fault().is_none());
        }
    }
}
