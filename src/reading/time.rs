//! Times as people read them: in the local time of the very moment, and with a date where it is not today's. What the local
//! time is and how a language says a date is asked for from outside.

const DAY_MS: i64 = 86_400_000;
/// Clocks are only ever put forward or back at full quarters of an hour.
const QUARTER_MS: f64 = 900_000.0;
/// Quarters that are remembered, a power of two.
const REMEMBERED: usize = 32;

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date {
    /// Year.
    pub year: i64,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

impl Date {
    /// Of a day counted from 1970-01-01, by the Gregorian calendar.
    pub fn of_day(day: i64) -> Self {
        // Counted from March, in eras of 400 years, leap days are last and years are alike.
        let shifted = day + 719_468;
        let era = shifted.div_euclid(146_097);
        let of_era = shifted.rem_euclid(146_097);
        let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let from_march = (5 * of_year + 2) / 153;
        let month = if from_march < 10 {
            from_march + 3
        } else {
            from_march - 9
        };
        Self {
            year: year + era * 400 + i64::from(month <= 2),
            month: month as u8,
            day: (of_year - (153 * from_march + 2) / 5 + 1) as u8,
        }
    }

    /// Its day, counted from 1970-01-01.
    pub fn day_number(self) -> i64 {
        let year = self.year - i64::from(self.month <= 2);
        let era = year.div_euclid(400);
        let of_era = year.rem_euclid(400);
        let from_march = i64::from((self.month + 9) % 12);
        let of_year = (153 * from_march + 2) / 5 + i64::from(self.day) - 1;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
    }
}

/// How a language says a date; with its year where that is wanted.
pub type SayDate = fn(Date, bool) -> String;

/// A moment in local time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The local day, counted from 1970-01-01.
    pub day: i64,
    /// Milliseconds of that day.
    millis: i64,
    /// Minutes by which local time is ahead of UTC.
    ahead: i64,
}

impl Moment {
    /// `time`: milliseconds since the Unix epoch. `offset`: milliseconds by which local time is ahead of UTC then.
    pub fn new(time: f64, offset: f64) -> Self {
        // Far beyond what a clock says no number is exact, and nothing may overflow.
        let bounded = |number: f64| number.floor().clamp(-9e15, 9e15) as i64;
        let local = bounded(time) + bounded(offset);
        Self {
            day: local.div_euclid(DAY_MS),
            millis: local.rem_euclid(DAY_MS),
            ahead: bounded(offset) / 60_000,
        }
    }

    /// The time of day to the millisecond, `09:41:27.318`.
    pub fn clock(&self, out: &mut String) {
        use std::fmt::Write;
        let millis = self.millis;
        // Writing into a string cannot fail.
        let _ = write!(
            out,
            "{:02}:{:02}:{:02}.{:03}",
            millis / 3_600_000,
            millis / 60_000 % 60,
            millis / 1000 % 60,
            millis % 1000
        );
    }

    /// The time of day, with the date before it unless that is `today`: `26 Nov 23:59:58.123`. The year is said where it
    /// is another one.
    pub fn on(&self, today: i64, say: SayDate, out: &mut String) {
        if let Some(date) = self.date(today, say) {
            out.push_str(&date);
            out.push(' ');
        }
        self.clock(out);
    }

    /// Its date as it is said beside others, unless that is `today`.
    fn date(&self, today: i64, say: SayDate) -> Option<String> {
        let date = Date::of_day(self.day);
        (self.day != today).then(|| say(date, date.year != Date::of_day(today).year))
    }

    /// Columns that [`Self::on`] needs beside the time of day, in a script of fixed width: one for a letter of ASCII, two for
    /// any other.
    pub fn date_columns(&self, today: i64, say: SayDate) -> usize {
        let wide = |date: String| {
            let letters = date.chars();
            letters.fold(1, |columns, letter| {
                columns + if letter.is_ascii() { 1 } else { 2 }
            })
        };
        self.date(today, say).map_or(0, wide)
    }

    /// Everything: date, time of day, and how far that is from UTC, which tells the two hours apart that clocks show twice.
    pub fn whole(&self, say: SayDate) -> String {
        use std::fmt::Write;
        let mut out = say(Date::of_day(self.day), true);
        out.push(' ');
        self.clock(&mut out);
        out.push_str(" UTC");
        if self.ahead != 0 {
            let sign = if self.ahead < 0 { '−' } else { '+' };
            let (hours, minutes) = (self.ahead.abs() / 60, self.ahead.abs() % 60);
            // Writing into a string cannot fail.
            let _ = write!(out, "{sign}{hours:02}:{minutes:02}");
        }
        out
    }
}

/// Local time's distance from UTC at any moment, asked for once for each quarter of an hour.
#[derive(Debug)]
pub struct Offsets {
    /// The quarter, and what holds in it.
    known: [Option<(i64, f64)>; REMEMBERED],
}

impl Default for Offsets {
    fn default() -> Self {
        Self {
            known: [None; REMEMBERED],
        }
    }
}

impl Offsets {
    /// Milliseconds to add to a time to read it as local. `ask` says it for one moment.
    pub fn at(&mut self, time: f64, ask: impl FnOnce(f64) -> f64) -> f64 {
        let quarter = (time / QUARTER_MS).floor() as i64;
        let place = self
            .known
            .get_mut(quarter.rem_euclid(REMEMBERED as i64) as usize);
        if let Some(Some((known, offset))) = &place
            && *known == quarter
        {
            return *offset;
        }
        let offset = ask(time);
        let offset = if offset.is_finite() { offset } else { 0.0 };
        if let Some(place) = place {
            *place = Some((quarter, offset));
        }
        offset
    }

    /// Forgets all: the machine may be in another time zone by now.
    pub fn forget(&mut self) {
        *self = Self::default();
    }
}

/// When the next local day begins: milliseconds since the Unix epoch.
pub fn next_day(now: f64, offset_of: impl Fn(f64) -> f64) -> f64 {
    let day = |time: f64| Moment::new(time, offset_of(time)).day;
    let today = day(now);
    let midnight = |offset: f64| ((today + 1) * DAY_MS) as f64 - offset;
    // Clocks may be put forward or back until then, at midnight itself too.
    let first = midnight(offset_of(now));
    let second = midnight(offset_of(first));
    let (early, late) = (first.min(second), first.max(second));
    if early > now && day(early) > today {
        early
    } else {
        late
    }
}
