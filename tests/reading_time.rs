//! Times as people read them: the date where it is not today's, and each moment in the local time that held then.
#![cfg(not(target_arch = "wasm32"))]

use std::cell::Cell;

use midge::reading::{Date, Moment, Offsets, next_day};

const HOUR: f64 = 3_600_000.0;
const DAY: f64 = 24.0 * HOUR;
/// 2026-11-27T00:00:00Z.
const MIDNIGHT: f64 = 1_795_737_600_000.0;

fn say(date: Date, year: bool) -> String {
    let day = format!("{}.{}.", date.day, date.month);
    if year {
        format!("{day}{}", date.year)
    } else {
        day
    }
}

fn on(time: f64, offset: f64, today: i64) -> String {
    let mut out = String::new();
    Moment::new(time, offset).on(today, say, &mut out);
    out
}

#[test]
fn a_message_of_today_shows_its_time_and_one_of_another_day_its_date_too() {
    let today = Moment::new(MIDNIGHT + 10.0 * HOUR, 0.0).day;
    assert_eq!(on(MIDNIGHT + 33_087_318.0, 0.0, today), "09:11:27.318");
    assert_eq!(on(MIDNIGHT, 0.0, today), "00:00:00.000");
    assert_eq!(on(MIDNIGHT - 1.0, 0.0, today), "26.11. 23:59:59.999");
    assert_eq!(on(MIDNIGHT - 1877.0, 0.0, today), "26.11. 23:59:58.123");
    assert_eq!(on(MIDNIGHT + DAY, 0.0, today), "28.11. 00:00:00.000");
    // A clock that was wrong.
    assert_eq!(
        on(MIDNIGHT - 365.0 * DAY, 0.0, today),
        "27.11.2025 00:00:00.000"
    );
    assert_eq!(on(0.0, 0.0, today), "1.1.1970 00:00:00.000");
    assert_eq!(on(-1.0, 0.0, today), "31.12.1969 23:59:59.999");
}

#[test]
fn dates_get_the_room_they_need_and_today_gets_none() {
    let today = Moment::new(MIDNIGHT, 0.0).day;
    let columns = |time: f64, say| Moment::new(time, 0.0).date_columns(today, say);
    assert_eq!(columns(MIDNIGHT, say), 0);
    assert_eq!(columns(MIDNIGHT - 1.0, say), "26.11. ".len());
    assert_eq!(columns(0.0, say), "1.1.1970 ".len());
    assert_eq!(columns(MIDNIGHT - 1.0, |_, _| "11月26日".to_owned()), 9);
}

#[test]
fn the_day_is_the_local_one() {
    let taipei = 8.0 * HOUR;
    let today = Moment::new(MIDNIGHT + HOUR, taipei).day;
    assert_eq!(on(MIDNIGHT - 8.0 * HOUR, taipei, today), "00:00:00.000");
    assert_eq!(
        on(MIDNIGHT - 8.0 * HOUR - 1.0, taipei, today),
        "26.11. 23:59:59.999"
    );
    let new_york = -5.0 * HOUR;
    let today = Moment::new(MIDNIGHT + HOUR, new_york).day;
    assert_eq!(on(MIDNIGHT, new_york, today), "19:00:00.000");
}

#[test]
fn everything_said_has_date_time_and_distance_from_utc() {
    let whole = |offset: f64| Moment::new(MIDNIGHT + 1.0, offset).whole(say);
    assert_eq!(whole(0.0), "27.11.2026 00:00:00.001 UTC");
    assert_eq!(whole(8.0 * HOUR), "27.11.2026 08:00:00.001 UTC+08:00");
    assert_eq!(whole(-3.5 * HOUR), "26.11.2026 20:30:00.001 UTC−03:30");
    assert_eq!(whole(5.75 * HOUR), "27.11.2026 05:45:00.001 UTC+05:45");
}

/// Berlin, 25 October 2026: at 01:00 UTC clocks go back from 03:00 to 02:00.
fn berlin(time: f64) -> f64 {
    const BACK: f64 = 1_792_890_000_000.0;
    if time < BACK { 2.0 * HOUR } else { HOUR }
}

#[test]
fn two_moments_of_one_list_have_each_their_own_distance_from_utc() {
    let back = 1_792_890_000_000.0;
    let mut offsets = Offsets::default();
    let asked = Cell::new(0);
    let mut shown = |time: f64| {
        let offset = offsets.at(time, |time| {
            asked.set(asked.get() + 1);
            berlin(time)
        });
        Moment::new(time, offset).whole(say)
    };
    assert_eq!(shown(back - 1.0), "25.10.2026 02:59:59.999 UTC+02:00");
    assert_eq!(shown(back), "25.10.2026 02:00:00.000 UTC+01:00");
    assert_eq!(
        shown(back - 0.5 * HOUR),
        "25.10.2026 02:30:00.000 UTC+02:00"
    );
    assert_eq!(
        shown(back + 0.5 * HOUR),
        "25.10.2026 02:30:00.000 UTC+01:00"
    );
    // Asked for once for each quarter, not for each row.
    let before = asked.get();
    for millis in 0..1000 {
        shown(back + f64::from(millis) * 800.0);
    }
    assert_eq!(asked.get(), before);
}

#[test]
fn offsets_of_half_hours_and_of_a_browser_that_does_not_know_are_taken() {
    let mut offsets = Offsets::default();
    // Lord Howe Island moves by half an hour, at 15:00 UTC.
    let change = 1_775_314_800_000.0;
    let lord_howe = |time: f64| {
        if time < change {
            11.0 * HOUR
        } else {
            10.5 * HOUR
        }
    };
    assert_eq!(offsets.at(change - 1.0, lord_howe), 11.0 * HOUR);
    assert_eq!(offsets.at(change, lord_howe), 10.5 * HOUR);
    assert_eq!(offsets.at(f64::NAN, |_| f64::NAN), 0.0);
    assert_eq!(offsets.at(1e300, |_| f64::NAN), 0.0);
    // Nothing overflows, whatever a clock says.
    for time in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300, -1e300] {
        assert!(!on(time, f64::INFINITY, 0).is_empty());
        next_day(time, |_| 0.0);
    }
    // After a journey the same quarter has another offset.
    offsets.forget();
    assert_eq!(offsets.at(change, |_| 0.0), 0.0);
}

#[test]
fn dates_are_those_of_the_calendar() {
    let dates = [
        (0, (1970, 1, 1)),
        (-1, (1969, 12, 31)),
        (11_016, (2000, 2, 29)),
        (11_017, (2000, 3, 1)),
        (19_782, (2024, 2, 29)),
        (20_088, (2024, 12, 31)),
        (20_089, (2025, 1, 1)),
        (20_784, (2026, 11, 27)),
        (47_540, (2100, 2, 28)),
        (47_541, (2100, 3, 1)),
    ];
    for (day, (year, month, of_month)) in dates {
        assert_eq!(
            Date::of_day(day),
            Date {
                year,
                month,
                day: of_month
            }
        );
    }
    // No day is left out, and none comes twice.
    let mut before = Date::of_day(-800_000);
    for day in -799_999..800_000 {
        let date = Date::of_day(day);
        let next =
            date.year == before.year && date.month == before.month && date.day == before.day + 1;
        let month = date.day == 1
            && before.day >= 28
            && (date.month == before.month + 1 || (date.month == 1 && before.month == 12));
        assert!(next || month, "{before:?} {date:?}");
        before = date;
    }
}

#[test]
fn the_next_day_begins_at_local_midnight() {
    assert_eq!(next_day(MIDNIGHT, |_| 0.0), MIDNIGHT + DAY);
    assert_eq!(next_day(MIDNIGHT - 1.0, |_| 0.0), MIDNIGHT);
    assert_eq!(next_day(MIDNIGHT, |_| 8.0 * HOUR), MIDNIGHT + 16.0 * HOUR);
    // The day on which clocks go back has 25 hours.
    let before = 1_792_879_200_000.0; // 24 October, 22:00 UTC, midnight in Berlin
    assert_eq!(next_day(before, berlin), before + 25.0 * HOUR);
    assert_eq!(next_day(before - 1.0, berlin), before);
    // Where clocks go back at midnight itself, the day ends an hour later.
    let change = MIDNIGHT + 3.0 * HOUR;
    let asuncion = |time: f64| {
        if time < change {
            -3.0 * HOUR
        } else {
            -4.0 * HOUR
        }
    };
    assert_eq!(next_day(MIDNIGHT, asuncion), change + HOUR);
    // Where they go forward at midnight, it ends there.
    let santiago = |time: f64| {
        if time < change {
            -3.0 * HOUR
        } else {
            -2.0 * HOUR
        }
    };
    assert_eq!(next_day(MIDNIGHT, santiago), change);
}
