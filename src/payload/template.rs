//! Payloads with placeholders that are filled in for each message. Knows no clock and no random number generator: both
//! are in the [`Context`].
//!
//! - `{{random 0..99}}`: a random number in this range, both ends included, with as many decimals as are typed:
//!   `{{random -1.50..1.50}}`.
//! - `{{seq}}`: 1 for the first message of a series, then 2, and so on.
//! - `{{time}}`: the time as `2026-11-22T20:25:00.000Z`. `{{unix}}`: seconds since 1970. `{{unix_ms}}`: milliseconds.
//! - `{{uuid}}`: a random UUID (version 4).
//! - `{{sine -10..10 60}}`: a sine wave in this range with a period of 60 seconds, with at least two decimals.
//! - `{{pick red|green|blue}}`: one of these at random; spaces around each are removed.
//! - `{{{{` writes `{{`. A single `{`, and every `}` outside of a placeholder, is written as it is, so JSON needs no
//!   escaping: `{"value":{{random 0..99}}}`.
//!
//! Any other `{{` is written as it is, because other programs use braces, too, such as Home Assistant's `{{
//! value_json.t }}`. These are recorded, so that a mistyped name can be reported. One of the names above with invalid
//! arguments is an error.

use std::{
    borrow::Cow,
    ops::Range,
    time::{Duration, UNIX_EPOCH},
};

use fastrand::Rng;

use super::decimal::{decimals, number, rounded, scaled, with_point};

/// A template that can be filled in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Template {
    typed: String,
    parts: Vec<Part>,
    as_it_is: AsItIs,
}

/// What looks like a placeholder but is none, and is written as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AsItIs {
    /// The first few, each once, at most 60 characters of each.
    pub first: Vec<String>,
    /// How many there are.
    pub count: usize,
}

/// A placeholder with a known name that cannot be filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateError {
    /// The position of its `{{`, as a byte offset in the text.
    pub at: usize,
    /// The placeholder as it was typed, at most 60 characters of it.
    pub what: String,
}

/// A template that was filled in for a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// The text.
    pub text: String,
    /// Where each part starts, in the filled-in and in the typed text, and whether both are the same.
    parts: Vec<(usize, usize, bool)>,
}

impl Sample {
    /// The position in the typed text for this byte of the filled-in text; within a placeholder, its start.
    pub fn typed_at(&self, at: usize) -> usize {
        let after = self.parts.partition_point(|(start, ..)| *start <= at);
        let part = after.checked_sub(1).and_then(|part| self.parts.get(part));
        part.map_or(at, |&(start, typed, same)| {
            typed + if same { at - start } else { 0 }
        })
    }
}

/// The values for placeholders.
#[derive(Debug)]
pub struct Context<'a> {
    /// 1 for the first message.
    pub seq: u64,
    /// Milliseconds since the Unix epoch.
    pub now_ms: u64,
    /// The random number generator.
    pub rng: &'a mut Rng,
}

#[derive(Clone, Debug, PartialEq)]
struct Part {
    /// Its start in the typed text.
    at: usize,
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    /// As in the typed text.
    Text(Range<usize>),
    Whole {
        low: i64,
        high: i64,
    },
    Decimal {
        low: i64,
        high: i64,
        decimals: u32,
    },
    Sine {
        low: f64,
        high: f64,
        period_ns: u64,
        decimals: u32,
    },
    Pick(Vec<String>),
    Seq,
    Time,
    Unix,
    UnixMs,
    Uuid,
}

/// The most characters of a placeholder that are shown.
const MOST_SHOWN: usize = 60;
/// The most unknown placeholders that are named.
const MOST_NAMED: usize = 3;
/// The most choices of a placeholder that are tried in a check.
const MOST_SAMPLES: usize = 32;

const NAMES: [&str; 8] = [
    "random", "seq", "time", "unix", "unix_ms", "uuid", "sine", "pick",
];

impl Template {
    /// Reads a template.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let mut read = Self {
            typed: text.to_owned(),
            ..Self::default()
        };
        // The start of the text that has not been added yet.
        let mut start = 0;
        let mut at = 0;
        let mut end = Next::default();
        while let Some(rest) = text.get(at..)
            && let Some(found) = rest.find("{{")
        {
            let braces = at + found;
            let after = text.get(braces + 2..).unwrap_or_default();
            if after.starts_with("{{") {
                // Two of the four are text.
                read.keep(start..braces);
                start = braces + 2;
                at = braces + 4;
                continue;
            }
            let end = end.of("}}", text, braces + 2);
            let shown = || start_of(text.get(braces..end.map_or(text.len(), |end| end + 2)));
            if !has_name(after) {
                read.as_it_is.add(shown);
                at = braces + 2;
                continue;
            }
            let inside = end.and_then(|end| text.get(braces + 2..end));
            let part = inside.and_then(|inside| placeholder(inside.trim()));
            let (Some(part), Some(end)) = (part, end) else {
                return Err(TemplateError {
                    at: braces,
                    what: shown(),
                });
            };
            read.keep(start..braces);
            read.parts.push(Part {
                at: braces,
                kind: part,
            });
            start = end + 2;
            at = start;
        }
        read.keep(start..text.len());
        Ok(read)
    }

    fn keep(&mut self, text: Range<usize>) {
        if !text.is_empty() {
            self.parts.push(Part {
                at: text.start,
                kind: Kind::Text(text),
            });
        }
    }

    /// The text, if there is nothing to fill in.
    pub fn plain(&self) -> Option<String> {
        let text = |part: &Part| match &part.kind {
            Kind::Text(range) => self.typed.get(range.clone()),
            _ => None,
        };
        self.parts.iter().map(text).collect()
    }

    /// A number that counts on is among what is filled in.
    pub fn counts(&self) -> bool {
        self.parts.iter().any(|part| part.kind == Kind::Seq)
    }

    /// What looks like a placeholder and is written as it is.
    pub fn as_it_is(&self) -> &AsItIs {
        &self.as_it_is
    }

    /// Fills it in.
    pub fn fill(&self, context: &mut Context<'_>) -> String {
        let parts = self.parts.iter();
        parts
            .map(|part| part.kind.fill(&self.typed, context))
            .collect()
    }

    /// Fills it in for a check, with each choice of its placeholders at least once, up to a limit.
    pub fn samples(&self) -> impl Iterator<Item = Sample> {
        let choices = |part: &Part| match &part.kind {
            Kind::Pick(choices) => choices.len(),
            _ => 1,
        };
        let most = self.parts.iter().map(choices).max().unwrap_or(1);
        (0..most.min(MOST_SAMPLES)).map(|nth| self.sample(nth))
    }

    fn sample(&self, nth: usize) -> Sample {
        let context = &mut Context {
            seq: 1,
            now_ms: 0,
            rng: &mut Rng::with_seed(1),
        };
        let mut sample = Sample {
            text: String::new(),
            parts: Vec::with_capacity(self.parts.len()),
        };
        for part in &self.parts {
            let same = matches!(part.kind, Kind::Text(_));
            sample.parts.push((sample.text.len(), part.at, same));
            let filled = match &part.kind {
                Kind::Pick(choices) => choices
                    .get(nth % choices.len().max(1))
                    .map(|choice| Cow::Borrowed(choice.as_str()))
                    .unwrap_or_default(),
                kind => kind.fill(&self.typed, context),
            };
            sample.text.push_str(&filled);
        }
        sample
    }
}

impl AsItIs {
    fn add(&mut self, what: impl FnOnce() -> String) {
        self.count += 1;
        if self.first.len() < MOST_NAMED {
            let what = what();
            if !self.first.contains(&what) {
                self.first.push(what);
            }
        }
    }
}

/// A search for the next occurrence. It continues only when the last one found is passed, so that a text of nothing but
/// braces is read once.
#[derive(Default)]
struct Next {
    known: bool,
    found: Option<usize>,
}

impl Next {
    fn of(&mut self, what: &str, text: &str, from: usize) -> Option<usize> {
        let passed = self.found.is_some_and(|found| found < from);
        if !self.known || passed {
            let rest = text.get(from..).unwrap_or_default();
            self.found = rest.find(what).map(|found| from + found);
            self.known = true;
        }
        self.found
    }
}

/// The start of a placeholder, to be shown.
fn start_of(placeholder: Option<&str>) -> String {
    let placeholder = placeholder.unwrap_or_default();
    placeholder.chars().take(MOST_SHOWN).collect()
}

/// What follows `{{` has the name of a placeholder.
fn has_name(after: &str) -> bool {
    let after = after.trim_start();
    NAMES.iter().any(|name| {
        after.strip_prefix(name).is_some_and(|rest| {
            rest.is_empty() || rest.starts_with('}') || rest.starts_with(char::is_whitespace)
        })
    })
}

fn placeholder(inside: &str) -> Option<Kind> {
    let (name, rest) = inside
        .split_once(char::is_whitespace)
        .unwrap_or((inside, ""));
    let rest = rest.trim();
    let plain = match name {
        "seq" => Kind::Seq,
        "time" => Kind::Time,
        "unix" => Kind::Unix,
        "unix_ms" => Kind::UnixMs,
        "uuid" => Kind::Uuid,
        "random" => return random(rest),
        "sine" => return sine(rest),
        "pick" => return pick(rest),
        _ => return None,
    };
    rest.is_empty().then_some(plain)
}

fn random(range: &str) -> Option<Kind> {
    let (low, high) = range.split_once("..")?;
    let (low, high) = (low.trim(), high.trim());
    let decimals = decimals(low)?.max(decimals(high)?);
    let (low, high) = (scaled(low, decimals)?, scaled(high, decimals)?);
    let part = match u32::try_from(decimals).ok()? {
        0 => Kind::Whole { low, high },
        decimals => Kind::Decimal {
            low,
            high,
            decimals,
        },
    };
    (low <= high).then_some(part)
}

fn sine(rest: &str) -> Option<Kind> {
    let (range, period) = rest.rsplit_once(char::is_whitespace)?;
    let (low, high) = range.trim().split_once("..")?;
    let (low, high) = (low.trim(), high.trim());
    let typed = decimals(low)?.max(decimals(high)?).max(2);
    // Every value between them can be written with this many decimals.
    let _ = (scaled(low, typed)?, scaled(high, typed)?);
    let period = period.strip_suffix('s').unwrap_or(period);
    decimals(period)?;
    let period_ns = u64::try_from(scaled(period, 9)?).ok()?;
    let (low, high) = (number(low)?, number(high)?);
    (low <= high && period_ns > 0).then_some(Kind::Sine {
        low,
        high,
        period_ns,
        decimals: typed as u32,
    })
}

fn pick(rest: &str) -> Option<Kind> {
    let choices: Vec<String> = rest
        .split('|')
        .map(|choice| choice.trim().to_owned())
        .collect();
    (!rest.is_empty()).then_some(Kind::Pick(choices))
}

impl Kind {
    fn fill<'a>(&'a self, typed: &'a str, context: &mut Context<'_>) -> Cow<'a, str> {
        let filled = match self {
            Self::Text(text) => return Cow::Borrowed(typed.get(text.clone()).unwrap_or_default()),
            Self::Whole { low, high } => context.rng.i64(*low..=*high).to_string(),
            Self::Decimal {
                low,
                high,
                decimals,
            } => with_point(context.rng.i64(*low..=*high), *decimals),
            Self::Sine {
                low,
                high,
                period_ns,
                decimals,
            } => {
                // The remainder first: the time since 1970 is so large that the phase would lose precision.
                let now_ns = context.now_ms.saturating_mul(1_000_000);
                let swing = sine_of_turn((now_ns % period_ns) as f64 / *period_ns as f64);
                let value = (low + high) / 2.0 + (high - low) / 2.0 * swing;
                rounded(value, *decimals)
            }
            Self::Pick(choices) => {
                let choice = context.rng.choice(choices);
                return Cow::Borrowed(choice.map(String::as_str).unwrap_or_default());
            }
            Self::Seq => context.seq.to_string(),
            Self::Time => time(context.now_ms),
            Self::Unix => (context.now_ms / 1000).to_string(),
            Self::UnixMs => context.now_ms.to_string(),
            Self::Uuid => uuid(context.rng.u128(..)),
        };
        Cow::Owned(filled)
    }
}

/// The sine of a fraction of a turn from 0 to 1, by its series. The standard library's function handles any angle,
/// which adds 10 kB to each program.
fn sine_of_turn(turn: f64) -> f64 {
    let (half, sign) = if turn < 0.5 {
        (turn, 1.0)
    } else {
        (turn - 0.5, -1.0)
    };
    let angle = half.min(0.5 - half) * std::f64::consts::TAU;
    let (mut term, mut sum) = (angle, angle);
    // For up to a quarter of a turn, further terms are below the precision of the type.
    for even in (2..=22).step_by(2) {
        let even = f64::from(even);
        term *= -angle * angle / (even * (even + 1.0));
        sum += term;
    }
    sign * sum
}

fn time(now_ms: u64) -> String {
    // The year 9999 is the last that can be written. A clock beyond that is broken anyway.
    const LAST_MS: u64 = 253_402_300_799_999;
    humantime::format_rfc3339_millis(UNIX_EPOCH + Duration::from_millis(now_ms.min(LAST_MS)))
        .to_string()
}

/// RFC 9562 section 5.4: 122 random bits, the version and the variant.
fn uuid(random: u128) -> String {
    let bits = random & !(0xf << 76) & !(0b11 << 62) | (4 << 76) | (0b10 << 62);
    let digits = format!("{bits:032x}");
    let group = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    format!(
        "{}-{}-{}-{}-{}",
        group(0, 8),
        group(8, 12),
        group(12, 16),
        group(16, 20),
        group(20, 32)
    )
}

#[cfg(test)]
mod tests {
    use super::sine_of_turn;

    #[test]
    fn the_sine_of_any_part_of_a_turn_is_that_of_its_angle() {
        for step in 0..=10_000 {
            let turn = f64::from(step) / 10_000.0;
            let expected = (turn * std::f64::consts::TAU).sin();
            assert!((sine_of_turn(turn) - expected).abs() < 1e-15, "{turn}");
        }
    }
}
