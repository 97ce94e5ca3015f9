//! The placeholders of a template: how each is read, and what is filled in for it.

use std::{
    borrow::Cow,
    ops::Range,
    time::{Duration, UNIX_EPOCH},
};

use fastrand::Rng;

use crate::payload::decimal::{decimals, number, rounded, scaled, with_point};

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

/// A part of a template.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
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

const NAMES: [&str; 8] = [
    "random", "seq", "time", "unix", "unix_ms", "uuid", "sine", "pick",
];

/// What follows `{{` has the name of a placeholder.
pub(super) fn has_name(after: &str) -> bool {
    let after = after.trim_start();
    NAMES.iter().any(|name| {
        after.strip_prefix(name).is_some_and(|rest| {
            rest.is_empty() || rest.starts_with('}') || rest.starts_with(char::is_whitespace)
        })
    })
}

/// A placeholder, of what stands between its braces.
pub(super) fn placeholder(inside: &str) -> Option<Kind> {
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
    /// What stands in its place. `typed`: the whole template.
    pub(super) fn fill<'a>(&'a self, typed: &'a str, context: &mut Context<'_>) -> Cow<'a, str> {
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
