//! Places on the time strip and what they mean.

use midge::desk::timeline::{Scale, Sums, is_retained_flood, sums};
use midge::link::{Timeline, TimelineSlot};

/// 12:30:00 UTC.
const NOW: f64 = 1_795_753_800_000.0;

fn slot(at: u32, received: u32, sent: u32, retained: u32) -> TimelineSlot {
    TimelineSlot {
        at,
        received: vec![(Some(0), received)],
        sent,
        retained,
    }
}

fn minute() -> Timeline {
    Timeline {
        from: NOW - 60_000.0,
        width: 400.0,
        slots: vec![slot(0, 3, 0, 0), slot(1, 0, 2, 0), slot(149, 10, 0, 8)],
        ..Timeline::default()
    }
}

#[test]
fn places_and_times_are_each_others_inverse() {
    let scale = Scale::of(&minute(), NOW, 600.0).unwrap();
    assert_eq!((scale.from, scale.to), (NOW - 60_000.0, NOW));
    assert_eq!(scale.place(NOW - 30_000.0), 300.0);
    assert_eq!(scale.time(300.0), NOW - 30_000.0);
    assert_eq!(scale.time(-5.0), scale.from);
    assert_eq!(scale.time(9_000.0), NOW);
    assert_eq!(scale.slot_px(), 4.0);
}

#[test]
fn it_goes_on_with_time_and_the_first_messages_do_not_fill_it() {
    let later = Scale::of(&minute(), NOW + 60_000.0, 600.0).unwrap();
    assert_eq!((later.from, later.to), (NOW - 60_000.0, NOW + 60_000.0));
    let early = Timeline {
        from: NOW - 1_000.0,
        width: 100.0,
        slots: vec![slot(0, 1, 0, 0)],
        ..Timeline::default()
    };
    assert_eq!(Scale::of(&early, NOW, 600.0).unwrap().from, NOW - 30_000.0);
    // The engine's clock may be ahead of the page's.
    let ahead = Scale::of(&minute(), NOW - 5_000.0, 600.0).unwrap();
    assert_eq!(ahead.to, NOW);
    assert_eq!(Scale::of(&minute(), NOW, 0.0), None);
    let empty = Scale::of(&Timeline::default(), NOW, 600.0).unwrap();
    assert_eq!((empty.from, empty.to), (NOW - 30_000.0, NOW));
}

#[test]
fn a_span_has_whole_slots() {
    let scale = Scale::of(&minute(), NOW, 600.0).unwrap();
    let first = NOW - 60_000.0;
    assert_eq!(scale.slot_at(first + 401.0), (first + 400.0, first + 800.0));
    let span = (first, first + 800.0);
    assert_eq!(scale.between(first + 700.0, first + 100.0), span);
    assert_eq!(scale.between(first + 100.0, first + 700.0), span);
    assert_eq!(
        sums(&minute(), span.0, span.1),
        Sums {
            received: 3,
            sent: 2,
            retained: 0
        }
    );
    assert_eq!(sums(&minute(), first, NOW).received, 13);
}

#[test]
fn keys_move_by_slots_and_stay_within() {
    let scale = Scale::of(&minute(), NOW, 600.0).unwrap();
    let at = |key, from| scale.step(key, from).unwrap();
    let last = NOW - 200.0;
    assert_eq!(at("End", None), last);
    assert_eq!(at("ArrowLeft", None), last);
    assert_eq!(at("ArrowLeft", Some(last)), last - 400.0);
    assert_eq!(at("ArrowRight", Some(last)), last);
    assert_eq!(at("PageDown", Some(last)), last - 4_000.0);
    assert_eq!(at("Home", Some(last)), NOW - 59_800.0);
    assert_eq!(at("ArrowLeft", Some(NOW - 59_800.0)), NOW - 59_800.0);
    assert_eq!(scale.step("x", Some(last)), None);
}

#[test]
fn times_below_are_even_in_local_time_and_apart() {
    let scale = Scale::of(&minute(), NOW, 600.0).unwrap();
    let (ticks, step) = scale.ticks(0.0);
    assert_eq!(step, 10_000.0);
    assert_eq!(ticks.first(), Some(&(NOW - 60_000.0)));
    assert_eq!(ticks.len(), 7);
    let week = Timeline {
        from: NOW - 7.0 * 86_400_000.0,
        ..minute()
    };
    // India is half an hour off.
    let ahead = 5.5 * 3_600_000.0;
    let (ticks, step) = Scale::of(&week, NOW, 300.0).unwrap().ticks(ahead);
    assert!(ticks.len() <= 4);
    assert!(ticks.iter().all(|tick| (tick + ahead) % step == 0.0));
}

#[test]
fn a_flood_of_retained_messages_is_told_from_a_few() {
    assert!(is_retained_flood(&slot(0, 10, 0, 8)));
    assert!(!is_retained_flood(&slot(0, 10, 0, 4)));
    assert!(!is_retained_flood(&slot(0, 2, 0, 2)));
}
