//! Spans of time in a query: read, meant in local time, and written as short as they mean the same.
#![cfg(not(target_arch = "wasm32"))]

use midge::reading::{LocalTime, Span, span_term, with_span};
use proptest::prelude::*;

const HOUR_MS: f64 = 3_600_000.0;
/// 2026-11-27T04:30:00Z.
const NOW_MS: f64 = 1_795_753_800_000.0;

/// Taiwan.
fn taipei(_: f64) -> f64 {
    8.0 * HOUR_MS
}

/// Clocks are put forward from 01:00 to 02:00 UTC on 2026-03-29, and back at 01:00 UTC on 2026-10-25.
fn berlin(time: f64) -> f64 {
    let summer = (1_774_746_000_000.0..1_792_890_000_000.0).contains(&time);
    if summer { 2.0 * HOUR_MS } else { HOUR_MS }
}

fn at(now_ms: f64, offset: fn(f64) -> f64) -> LocalTime {
    LocalTime {
        now_us: (now_ms * 1000.0) as u64,
        offset,
    }
}

/// Milliseconds.
fn meant(span: &str, local: LocalTime) -> (f64, f64) {
    let (from, to) = Span::read(span).expect(span).resolve(local);
    (from as f64 / 1000.0, to as f64 / 1000.0)
}

#[test]
fn times_are_of_today_and_local() {
    let local = at(NOW_MS, taipei);
    // It is 12:30 there.
    let noon = NOW_MS - HOUR_MS / 2.0;
    assert_eq!(meant("12:00:00..12:01:00", local), (noon, noon + 60_000.0));
    assert_eq!(meant("12:00", local), (noon, noon + 60_000.0));
    assert_eq!(meant("12:00:05", local), (noon + 5_000.0, noon + 6_000.0));
    assert_eq!(meant("12:00:05.2", local), (noon + 5_200.0, noon + 5_300.0));
    assert_eq!(meant("12:00:05.217", local).0, noon + 5_217.0);
    assert_eq!(meant("12:00..", local), (noon, u64::MAX as f64 / 1000.0));
    assert_eq!(meant("..12:00", local), (0.0, noon));
    assert_eq!(
        meant("2026-11-26T12:00..2026-11-26T12:05", local).0,
        noon - 24.0 * HOUR_MS
    );
}

#[test]
fn a_time_that_has_not_begun_is_yesterdays_and_an_end_is_after_its_beginning() {
    let local = at(NOW_MS, taipei);
    let noon = NOW_MS - HOUR_MS / 2.0;
    assert_eq!(meant("13:00", local).0, noon - 23.0 * HOUR_MS);
    assert_eq!(
        meant("23:59..00:01", local),
        (
            noon - 12.0 * HOUR_MS - 60_000.0,
            noon - 12.0 * HOUR_MS + 60_000.0
        )
    );
    assert_eq!(meant("23:59", local).1, noon - 12.0 * HOUR_MS);
    assert_eq!(
        meant("23:00..2026-11-26T01:00", local),
        (noon - 37.0 * HOUR_MS, noon - 35.0 * HOUR_MS)
    );
}

#[test]
fn an_hour_that_clocks_show_twice_is_meant_whole() {
    let now = at(1_792_900_000_000.0, berlin);
    let (from, to) = meant("2026-10-25T02:10..2026-10-25T02:20", now);
    assert_eq!(from, 1_792_887_000_000.0, "before they are put back");
    assert_eq!(to, 1_792_891_200_000.0, "after");
    // What they skip.
    let (skipped, _) = meant("2026-03-29T02:30", now);
    assert_eq!(skipped, 1_774_747_800_000.0);
}

#[test]
fn what_is_no_span_is_refused() {
    for wrong in [
        "",
        "..",
        "1",
        "10",
        "10:0",
        "24:00",
        "10:60",
        "10:00:60",
        "10:00:00.1234",
        "10:00:00.",
        "10:00..10",
        "10:00...10:01",
        "-1:00",
        "+1:00",
        "2026-02-30T10:00",
        "2026-1-1T10:00",
        "2026-01-01",
        "T10:00",
        "10:00:00:00",
        "１０:00",
    ] {
        assert_eq!(Span::read(wrong), None, "{wrong}");
    }
}

#[test]
fn a_span_takes_the_place_of_another_in_a_query() {
    let term = Some("at:10:00..10:01");
    for (query, with, without) in [
        ("", "at:10:00..10:01", ""),
        ("lamp", "lamp at:10:00..10:01", "lamp"),
        ("at:09:00 lamp", "lamp at:10:00..10:01", "lamp"),
        (
            "  \"two  words\"   at:09:00.. $.t > 3 ",
            "\"two  words\" $.t > 3 at:10:00..10:01",
            "\"two  words\" $.t > 3",
        ),
        ("-at:09:00 a", "-at:09:00 a at:10:00..10:01", "-at:09:00 a"),
        ("a qos:7 b", "a qos:7 b at:10:00..10:01", "a qos:7 b"),
    ] {
        assert_eq!(with_span(query, term), with);
        assert_eq!(with_span(query, None), without);
    }
}

proptest! {
    #[test]
    fn what_is_written_means_what_it_was_written_for(
        from in 0.0f64..4_000_000_000_000.0,
        length in 1.0f64..400_000_000.0,
        ago in 0.0f64..400_000_000.0,
        unit in prop::sample::select(vec![1.0, 100.0, 1_000.0, 60_000.0]),
        offset in prop::sample::select(vec![taipei as fn(f64) -> f64, berlin]),
    ) {
        let whole = |time: f64| (time / unit).floor() * unit;
        let from = whole(from);
        let to = from + whole(length).max(unit);
        let local = at(from + ago, offset);
        let term = span_term(from, to, local);
        let span = term.strip_prefix("at:").unwrap();
        let (meant_from, meant_to) = meant(span, local);
        // The hour that is there twice is meant whole.
        prop_assert!(meant_from == from || meant_from == from - HOUR_MS, "{} {}", term, from);
        prop_assert!(meant_to == to || meant_to == to + HOUR_MS, "{} {}", term, to);
    }
}
