//! A span of time as a query names it, in local time: `10:00:00..10:01:00`, `10:05` for that minute, `10:00..` from then
//! on, `..10:00` until then, each with a date before it where that is not clear: `2026-11-27T10:00..2026-11-27T10:05`. A
//! span begins with its first moment and ends before its last.
//!
//! Without a date, the latest time is meant that has begun; an end that is not after its beginning is on the next day.
//! What the local time is, is asked for from outside.

use super::time::{Date, Moment};

const SECOND_MS: i64 = 1_000;
const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 86_400_000;

/// Now, and the local time.
#[derive(Clone, Copy, Debug)]
pub struct LocalTime {
    /// Microseconds since the Unix epoch.
    pub now_us: u64,
    /// Milliseconds by which local time is ahead of UTC at a moment, given in milliseconds since the Unix epoch.
    pub offset: fn(f64) -> f64,
}

impl Default for LocalTime {
    /// The beginning of the Unix epoch, in UTC.
    fn default() -> Self {
        Self {
            now_us: 0,
            offset: |_| 0.0,
        }
    }
}

/// A time as clocks show it, perhaps with a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WallTime {
    /// Its day, counted from 1970-01-01.
    day: Option<i64>,
    /// Milliseconds of the day.
    millis: i64,
}

/// A span. At least one end is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    from: Option<WallTime>,
    to: Option<WallTime>,
}

impl Span {
    /// Reads a span.
    pub fn read(text: &str) -> Option<Self> {
        let Some((from, to)) = text.split_once("..") else {
            let (from, unit) = wall_time(text)?;
            let end = from.millis + unit;
            let to = WallTime {
                day: from.day.map(|day| day + end / DAY_MS),
                millis: end % DAY_MS,
            };
            return Some(Self {
                from: Some(from),
                to: Some(to),
            });
        };
        let side = |side: &str| match side {
            "" => Some(None),
            side => Some(Some(wall_time(side)?.0)),
        };
        let span = Self {
            from: side(from)?,
            to: side(to)?,
        };
        (span.from.is_some() || span.to.is_some()).then_some(span)
    }

    /// The moments it means, in microseconds since the Unix epoch: from the first to before the second.
    pub fn resolve(&self, local: LocalTime) -> (u64, u64) {
        let now = local.now_us as f64 / 1000.0;
        let today = Moment::new(now, (local.offset)(now)).day;
        let day_of = |side: Option<WallTime>| side.and_then(|side| side.day);
        let (from_day, to_day) = (day_of(self.from), day_of(self.to));
        let from = self.from.map(|from| {
            let day = from_day.unwrap_or_else(|| match (to_day, self.to) {
                // The last such time before its end.
                (Some(day), Some(to)) => day - i64::from(to.millis <= from.millis),
                _ => {
                    let begun = utc(today, from.millis, local.offset, false) <= now;
                    today - i64::from(!begun)
                }
            });
            (day, from.millis)
        });
        let to = self.to.map(|to| {
            let day = to_day.unwrap_or_else(|| match from {
                Some((day, millis)) => day + i64::from(to.millis <= millis),
                None => today,
            });
            (day, to.millis)
        });
        let micros = |ms: f64| if ms > 0.0 { (ms * 1000.0) as u64 } else { 0 };
        (
            from.map_or(0, |(day, millis)| {
                micros(utc(day, millis, local.offset, false))
            }),
            to.map_or(u64::MAX, |(day, millis)| {
                micros(utc(day, millis, local.offset, true))
            }),
        )
    }
}

/// The term for what came from the first moment to before the second, in milliseconds since the Unix epoch, as short as
/// it means just that.
pub fn span_term(from_ms: f64, to_ms: f64, local: LocalTime) -> String {
    let (from_ms, to_ms) = (from_ms.round(), to_ms.round());
    let exact = [from_ms, to_ms].iter().any(|ms| ms % 1000.0 != 0.0);
    let written = |ms: f64, with_date: bool| {
        let moment = Moment::new(ms, (local.offset)(ms));
        let mut text = String::new();
        if with_date {
            let Date { year, month, day } = Date::of_day(moment.day);
            text.push_str(&format!("{year:04}-{month:02}-{day:02}T"));
        }
        moment.clock(&mut text);
        if !exact {
            text.truncate(text.len() - 4);
        }
        text
    };
    let both = |dates: bool| format!("{}..{}", written(from_ms, dates), written(to_ms, dates));
    let short = both(false);
    let meant = ((from_ms * 1000.0) as u64, (to_ms * 1000.0) as u64);
    let same = Span::read(&short).is_some_and(|span| span.resolve(local) == meant);
    format!("at:{}", if same { short } else { both(true) })
}

/// The moment at which clocks show this. They show some times twice, when they are put back: then it is the first or the last
/// of the two. Those that they skip are read as if they had not been put forward yet.
fn utc(day: i64, millis: i64, offset: fn(f64) -> f64, last: bool) -> f64 {
    let shown = (day * DAY_MS + millis) as f64;
    let (before, after) = (offset(shown - DAY_MS as f64), offset(shown + DAY_MS as f64));
    let holds = |ahead: &f64| offset(shown - ahead) == *ahead;
    let mut ahead = [before, after].into_iter().filter(holds);
    let first = ahead.next();
    let found = if last {
        ahead.next_back().or(first)
    } else {
        first
    };
    shown - found.unwrap_or(before)
}

/// A time, and how many milliseconds its last part stands for.
fn wall_time(text: &str) -> Option<(WallTime, i64)> {
    let (day, time) = match text.split_once(['T', 't']) {
        Some((date, time)) => (Some(day_of(date)?), time),
        None => (None, text),
    };
    let mut parts = time.split(':');
    let hour = number(parts.next()?, 1..=2, 23)?;
    let minute = number(parts.next()?, 2..=2, 59)?;
    let mut millis = hour * 60 * MINUTE_MS + minute * MINUTE_MS;
    let mut unit = MINUTE_MS;
    if let Some(seconds) = parts.next() {
        let (whole, fraction) = match seconds.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (seconds, None),
        };
        millis += number(whole, 2..=2, 59)? * SECOND_MS;
        unit = SECOND_MS;
        if let Some(fraction) = fraction {
            unit = [100, 10, 1].get(fraction.len().checked_sub(1)?).copied()?;
            millis += number(fraction, 1..=3, 999)? * unit;
        }
    }
    parts
        .next()
        .is_none()
        .then_some((WallTime { day, millis }, unit))
}

fn day_of(date: &str) -> Option<i64> {
    let mut parts = date.split('-');
    let year = number(parts.next()?, 4..=4, 9999)?;
    let month = number(parts.next()?, 2..=2, 12)?;
    let day = number(parts.next()?, 2..=2, 31)?;
    if parts.next().is_some() {
        return None;
    }
    let wanted = Date {
        year,
        month: month as u8,
        day: day as u8,
    };
    let day = wanted.day_number();
    (Date::of_day(day) == wanted).then_some(day)
}

fn number(text: &str, digits: std::ops::RangeInclusive<usize>, most: i64) -> Option<i64> {
    if !digits.contains(&text.len()) || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok().filter(|number| *number <= most)
}
