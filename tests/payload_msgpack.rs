//! MessagePack, laid out: every kind of value, what is none, and any bytes at all.

use midge::payload::{
    MsgpackLayout, MsgpackProblem, looks_like_msgpack, msgpack_in_whole, protobuf_in_whole,
};
use proptest::prelude::*;

fn laid_out(bytes: &[u8]) -> MsgpackLayout {
    let mut layout = MsgpackLayout::default();
    layout.go_on(bytes, usize::MAX);
    layout
}

#[test]
fn every_kind_of_value_is_written() {
    for (bytes, text) in [
        (&b"\x05"[..], "5"),
        (b"\xff", "-1"),
        (
            b"\xcf\xff\xff\xff\xff\xff\xff\xff\xff",
            "18446744073709551615",
        ),
        (b"\xd3\x80\0\0\0\0\0\0\0", "-9223372036854775808"),
        (b"\xd0\x80", "-128"),
        (b"\xca\x3d\xcc\xcc\xcd", "0.1"),
        (b"\xcb\x40\x35\x80\0\0\0\0\0", "21.5"),
        (b"\xc0", "null"),
        (b"\xc3", "true"),
        (b"\xa2hi", "\"hi\""),
        (b"\xd9\x02h\n", "\"h\\n\""),
        (b"\xa1\xff", "h'ff'"),
        (b"\xc4\x02\x00\xff", "h'00ff'"),
        (b"\xd4\x07\x01", "ext(7, h'01')"),
        (
            b"\xd6\xff\x00\x00\x00\x00",
            "timestamp(1970-01-01T00:00:00Z)",
        ),
        (b"\x90", "[]"),
        (b"\x80", "{}"),
        (
            b"\xdc\x00\x02\x01\x92\x02\x03",
            "[\n  1,\n  [\n    2,\n    3\n  ]\n]",
        ),
        (
            b"\x82\xa1a\x01\x02\x91\xc2",
            "{\n  \"a\": 1,\n  2: [\n    false\n  ]\n}",
        ),
        (b"\x81\x91\x01\x02", "{\n  [\n    1\n  ]:\n  2\n}"),
        (b"\x01\x02", "1\n2"),
    ] {
        assert_eq!(msgpack_in_whole(bytes).as_deref(), Some(text), "{bytes:?}");
    }
}

#[test]
fn what_is_none_is_told_with_its_place() {
    for (bytes, problem, at, lines) in [
        (&b""[..], MsgpackProblem::Cut, 0, 0),
        (b"\x92\x01", MsgpackProblem::Cut, 2, 2),
        (b"\x92\x01\xc1", MsgpackProblem::NoItem, 2, 2),
        (b"\x81\xa1a", MsgpackProblem::Cut, 3, 2),
        (b"\xdb\xff\xff\xff\xff", MsgpackProblem::Cut, 0, 0),
    ] {
        let layout = laid_out(bytes);
        let fault = layout.fault().expect("a fault");
        assert_eq!(
            (fault.problem, fault.at, layout.lines().len()),
            (problem, at, lines),
            "{bytes:?}"
        );
    }
}

#[test]
fn only_one_map_of_names_is_taken_unasked() {
    assert!(looks_like_msgpack(b"\x81\xa1a\x01"));
    for bytes in [
        &b"\x81\xa1a"[..],
        b"\x81\xa1a\x01\x02",
        b"\x81\x01\x02",
        b"\x80",
        b"\x93\x01\x02\x03",
        b"",
    ] {
        assert!(!looks_like_msgpack(bytes), "{bytes:?}");
    }
}

#[test]
fn a_million_levels_take_only_the_lines_that_are_asked_for() {
    let deep = vec![0x91; 1_000_000];
    let mut layout = MsgpackLayout::default();
    layout.go_on(&deep, 1_000);
    assert_eq!((layout.lines().len(), layout.at()), (1_000, 1_000));
    assert!(!looks_like_msgpack(&deep));
}

proptest! {
    #[test]
    fn any_bytes_are_laid_out_to_an_end_in_any_turns(bytes in proptest::collection::vec(any::<u8>(), 0..300), step in 1usize..5) {
        let whole = laid_out(&bytes);
        prop_assert!(whole.at() <= bytes.len());
        // A fault may be at the end, too: a list of three that ends after two.
        prop_assert!(whole.fault().is_some() || (whole.at() == bytes.len() && !bytes.is_empty()));
        let mut turns = MsgpackLayout::default();
        while !turns.is_done() {
            let wanted = turns.lines().len() + step;
            turns.go_on(&bytes, wanted);
        }
        prop_assert_eq!(turns.lines(), whole.lines());
        if looks_like_msgpack(&bytes) {
            prop_assert!(whole.fault().is_none());
        }
        let _ = protobuf_in_whole(&bytes);
    }
}
