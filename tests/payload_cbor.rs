//! CBOR laid out: the examples of RFC 8949 Appendix A, what is no CBOR, and bytes that mean harm.
#![cfg(not(target_arch = "wasm32"))]

use midge::payload::{
    CborFault, CborLayout, CborProblem, LineKind, cbor_on_a_line, looks_like_cbor, parse_hex,
};
use proptest::prelude::*;

fn bytes(hex: &str) -> Vec<u8> {
    parse_hex(hex).expect("hexadecimal")
}

fn laid_out(bytes: &[u8]) -> CborLayout {
    let mut layout = CborLayout::default();
    layout.go_on(bytes, usize::MAX);
    assert!(layout.is_done());
    layout
}

/// The lines joined as they would stand on one, two spaces per level before each.
fn lines(bytes: &[u8]) -> Vec<String> {
    let layout = laid_out(bytes);
    let written = layout.lines().iter().map(|line| {
        let mut text = "  ".repeat(line.depth);
        line.write(&mut text);
        text
    });
    written.collect()
}

fn fault(bytes: &[u8]) -> Option<(CborProblem, usize)> {
    laid_out(bytes)
        .fault()
        .map(|CborFault { problem, at }| (problem, at))
}

#[test]
fn the_specifications_examples_are_written_as_it_writes_them() {
    for (hex, written) in [
        ("00", "0"),
        ("17", "23"),
        ("1818", "24"),
        ("1903e8", "1000"),
        ("1a000f4240", "1000000"),
        ("1bffffffffffffffff", "18446744073709551615"),
        ("3bffffffffffffffff", "-18446744073709551616"),
        ("20", "-1"),
        ("3903e7", "-1000"),
        ("f90000", "0.0"),
        ("f98000", "-0.0"),
        ("f93e00", "1.5"),
        ("f97bff", "65504.0"),
        ("fa47c35000", "100000.0"),
        ("fb3ff199999999999a", "1.1"),
        ("fbc010666666666666", "-4.1"),
        ("f97c00", "Infinity"),
        ("f97e00", "NaN"),
        ("fbfff0000000000000", "-Infinity"),
        ("f4", "false"),
        ("f5", "true"),
        ("f6", "null"),
        ("f7", "undefined"),
        ("f0", "simple(16)"),
        ("f8ff", "simple(255)"),
        ("c249010000000000000000", "2(h'010000000000000000')"),
        ("c11a514b67b0", "1(1363896240)"),
        (
            "c074323031332d30332d32315432303a30343a30305a",
            "0(\"2013-03-21T20:04:00Z\")",
        ),
        ("d818456449455446", "24(h'6449455446')"),
        ("40", "h''"),
        ("4401020304", "h'01020304'"),
        ("60", "\"\""),
        ("6449455446", "\"IETF\""),
        ("62225c", "\"\\\"\\\\\""),
        ("62c3bc", "\"ü\""),
        ("64f0908591", "\"𐅑\""),
        ("80", "[]"),
        ("a0", "{}"),
    ] {
        assert_eq!(lines(&bytes(hex)), [written], "{hex}");
        assert_eq!(fault(&bytes(hex)), None, "{hex}");
    }
}

#[test]
fn what_holds_others_is_laid_out_a_value_a_line() {
    assert_eq!(
        lines(&bytes("a26161016162820203")),
        [
            "{",
            "  \"a\": 1,",
            "  \"b\": [",
            "    2,",
            "    3",
            "  ]",
            "}"
        ]
    );
    // Any item may be a key, and stands above its value then.
    assert_eq!(
        lines(&bytes("a1820102f5")),
        ["{", "  [", "    1,", "    2", "  ]:", "  true", "}"]
    );
    assert_eq!(
        lines(&bytes("c182c2410105")),
        ["1([", "  2(h'01'),", "  5", "])"]
    );
}

#[test]
fn what_has_no_length_is_marked_so() {
    assert_eq!(lines(&bytes("9f0102ff")), ["[_", "  1,", "  2", "]"]);
    assert_eq!(lines(&bytes("bf6146f5ff")), ["{_", "  \"F\": true", "}"]);
    assert_eq!(
        lines(&bytes("5f42010243030405ff")),
        ["(_", "  h'0102',", "  h'030405'", ")"]
    );
    assert_eq!(
        lines(&bytes("7f657374726561646d696e67ff")),
        ["(_", "  \"strea\",", "  \"ming\"", ")"]
    );
    assert_eq!(lines(&bytes("9fff")), ["[_", "]"]);
}

#[test]
fn several_items_are_a_sequence() {
    assert_eq!(lines(&bytes("018102f6")), ["1", "[", "  2", "]", "null"]);
    assert_eq!(fault(&bytes("018102f6")), None);
}

#[test]
fn what_is_no_cbor_says_what_and_where_after_what_could_be_read() {
    for (hex, problem, at, read) in [
        ("", CborProblem::Cut, 0, 0),
        ("820105ff", CborProblem::StrayBreak, 3, 4),
        ("8201", CborProblem::Cut, 2, 2),
        ("44010203", CborProblem::Cut, 0, 0),
        ("1c", CborProblem::NoItem, 0, 0),
        ("821c", CborProblem::NoItem, 1, 1),
        ("61ff", CborProblem::NotUtf8, 0, 0),
        ("bf6161ff", CborProblem::NoValue, 3, 2),
        ("5f6161ff", CborProblem::WrongChunk, 1, 1),
        ("5f5f4101ffff", CborProblem::WrongChunk, 1, 1),
        ("a16161", CborProblem::Cut, 3, 2),
        ("c1", CborProblem::Cut, 1, 1),
        ("9fc1ff", CborProblem::StrayBreak, 2, 2),
    ] {
        let layout = laid_out(&bytes(hex));
        let fault = layout.fault().map(|fault| (fault.problem, fault.at));
        assert_eq!(fault, Some((problem, at)), "{hex}");
        assert_eq!(layout.lines().len(), read, "{hex}: {:?}", layout.lines());
    }
}

#[test]
fn a_long_string_shows_its_start_and_says_its_length() {
    let mut long = bytes("7a00002710");
    long.extend("é".repeat(5_000).bytes());
    let layout = laid_out(&long);
    let [line] = layout.lines() else {
        panic!("one line");
    };
    assert_eq!(line.whole, Some(10_000));
    assert!(line.value.ends_with("é…\""));
    assert!(line.value.len() < 4_110);
}

#[test]
fn depth_and_announced_lengths_cost_only_what_was_asked_for() {
    // A million levels, a hundred lines.
    let deep = vec![0x81; 1_000_000];
    let mut layout = CborLayout::default();
    layout.go_on(&deep, 100);
    assert_eq!((layout.lines().len(), layout.is_done()), (100, false));
    // More items than there are bytes.
    for hex in ["9bffffffffffffffff01", "bbffffffffffffffff0102"] {
        assert_eq!(
            laid_out(&bytes(hex)).fault().map(|fault| fault.problem),
            Some(CborProblem::Cut)
        );
    }
    // Tags without end get lines of their own.
    let mut tagged = vec![0xc1; 100_000];
    tagged.push(0x05);
    let layout = laid_out(&tagged);
    assert!(layout.lines().iter().all(|line| line.value.len() < 40));
    let open = layout
        .lines()
        .iter()
        .filter(|line| line.kind == LineKind::Open)
        .count();
    let shut = layout
        .lines()
        .iter()
        .filter(|line| line.kind == LineKind::Close)
        .count();
    assert_eq!(open, shut);
}

#[test]
fn cbor_is_known_by_its_tag_or_by_being_one_map_or_array() {
    for hex in [
        "d9d9f700",
        "a16174f94d40",
        "8401020304",
        "bf6161f5ff",
        "83010203",
    ] {
        assert!(looks_like_cbor(&bytes(hex)), "{hex}");
    }
    for hex in [
        "",
        "00",
        "8105",
        "80",
        "a1",
        "a161740000",
        "8401020305ff",
        "ff",
        "d9d9f7",
    ] {
        assert!(!looks_like_cbor(&bytes(hex)), "{hex}");
    }
    assert!(!looks_like_cbor(b"plain text"));
}

#[test]
fn a_row_of_the_list_has_the_start_on_one_line() {
    assert_eq!(
        cbor_on_a_line(&bytes("a2617482f93e00016175a0"), 160).as_deref(),
        Some("{\"t\": [1.5, 1], \"u\": {}}")
    );
    let mut long = vec![0x98, 200];
    long.extend([1; 200]);
    let line = cbor_on_a_line(&long, 20).expect("CBOR");
    assert_eq!(line, "[1, 1, 1, 1, 1, 1, 1");
    assert_eq!(cbor_on_a_line(b"\x01", 20), None);
}

proptest! {
    #[test]
    fn any_bytes_are_laid_out_to_an_end(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let layout = laid_out(&bytes);
        prop_assert!(layout.at() <= bytes.len());
        let fault = layout.fault().map(|fault| (fault.problem, fault.at));
        match fault {
            None => prop_assert!(layout.at() == bytes.len() && !bytes.is_empty()),
            Some((problem, at)) => {
                prop_assert!(at < bytes.len() || problem == CborProblem::Cut);
                prop_assert!(at <= bytes.len());
            }
        }
    }

    #[test]
    fn turns_make_what_one_go_makes(bytes in proptest::collection::vec(any::<u8>(), 0..200), step in 1usize..5) {
        let mut turns = CborLayout::default();
        let mut wanted = step;
        while !turns.is_done() {
            turns.go_on(&bytes, wanted);
            wanted = turns.lines().len() + step;
        }
        let whole = laid_out(&bytes);
        prop_assert_eq!(turns.lines(), whole.lines());
        prop_assert_eq!(turns.fault(), whole.fault());
    }
}

/// The same numbers as in `tests/browser.rs`, where JavaScript writes them.
#[test]
fn floats_have_the_fewest_digits() {
    let written = [
        ("f93e00", "1.5"),
        ("f90000", "0.0"),
        ("f98000", "-0.0"),
        ("f97c00", "Infinity"),
        ("f97e00", "NaN"),
        ("fa47c35000", "100000.0"),
        ("fa3dcccccd", "0.1"),
        ("fa7f7fffff", "3.4028235e38"),
        ("fa00000001", "1e-45"),
        ("fb3fb999999999999a", "0.1"),
        ("fb4037000000000000", "23.0"),
        ("fb7e37e43c8800759c", "1e300"),
        ("fbc010666666666666", "-4.1"),
        ("fbfff0000000000000", "-Infinity"),
    ];
    for (hex, text) in written {
        let mut layout = CborLayout::default();
        layout.go_on(&bytes(&format!("81{hex}")), 10);
        assert_eq!(layout.lines()[1].value, text, "{hex}");
    }
}
