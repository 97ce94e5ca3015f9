//! Payloads with placeholders that are filled in anew for each message. Knows no clock and no source of chance: both
//! come in with the [`Context`].
//!
//! - `{{random 0..99}}`: a number from the first to the last, both included. With decimals as many as are typed:
//!   `{{random -1.50..1.50}}`.
//! - `{{seq}}`: 1 for the first message of a series, then 2, and so on.
//! - `{{time}}`: the time as `2026-11-22T20:25:00.000Z`. `{{unix}}`: seconds since 1970. `{{unix_ms}}`: milliseconds.
//! - `{{uuid}}`: a random UUID (version 4).
//! - `{{sine -10..10 60}}`: a wave between the two with a period of 60 seconds, with at least two decimals.
//! - `{{pick red|green|blue}}`: one of these; spaces around each are left away.
//! - `{{{{` writes `{{`. A single `{` and every `}` outside of a placeholder stand for themselves, so JSON needs no care:
//!   `{"value":{{random 0..99}}}`.
//!
//! Any other `{{` is an error and never goes out as it is.

use std::time::{Duration, UNIX_EPOCH};

use fastrand::Rng;

use super::decimal::{decimals, number, rounded, scaled, with_point};

/// A template that can be filled in.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    parts: Vec<Part>,
}

/// A placeholder that is not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateError {
    /// Where its `{{` stands: byte offset in the text.
    pub at: usize,
    /// The placeholder as it was typed, at most 60 characters of it.
    pub what: String,
}

/// What placeholders are filled with.
#[derive(Debug)]
pub struct Context<'a> {
    /// 1 for the first message.
    pub seq: u64,
    /// Milliseconds since the Unix epoch.
    pub now_ms: u64,
    /// Where chance comes from.
    pub rng: &'a mut Rng,
}

#[derive(Clone, Debug, PartialEq)]
enum Part {
    Text(String),
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

const MOST_SHOWN: usize = 60;

impl Template {
    /// Reads a template.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            literal.push_str(before);
            if let Some(after) = after.strip_prefix("{{") {
                literal.push_str("{{");
                rest = after;
                continue;
            }
            let refuse = || TemplateError {
                at: text.len() - after.len() - 2,
                what: placeholder_for_reading(after),
            };
            let (inside, after) = after.split_once("}}").ok_or_else(refuse)?;
            let part = placeholder(inside.trim()).ok_or_else(refuse)?;
            if !literal.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut literal)));
            }
            parts.push(part);
            rest = after;
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            parts.push(Part::Text(literal));
        }
        Ok(Self { parts })
    }

    /// Fills it in.
    pub fn fill(&self, context: &mut Context<'_>) -> String {
        self.parts.iter().map(|part| part.fill(context)).collect()
    }
}

fn placeholder_for_reading(after: &str) -> String {
    let end = after.find("}}").map_or(after.len(), |at| at + 2);
    let inside = after.get(..end).unwrap_or(after);
    format!("{{{{{inside}").chars().take(MOST_SHOWN).collect()
}

fn placeholder(inside: &str) -> Option<Part> {
    let (name, rest) = inside
        .split_once(char::is_whitespace)
        .unwrap_or((inside, ""));
    let rest = rest.trim();
    let plain = match name {
        "seq" => Part::Seq,
        "time" => Part::Time,
        "unix" => Part::Unix,
        "unix_ms" => Part::UnixMs,
        "uuid" => Part::Uuid,
        "random" => return random(rest),
        "sine" => return sine(rest),
        "pick" => return pick(rest),
        _ => return None,
    };
    rest.is_empty().then_some(plain)
}

fn random(range: &str) -> Option<Part> {
    let (low, high) = range.split_once("..")?;
    let (low, high) = (low.trim(), high.trim());
    let decimals = decimals(low)?.max(decimals(high)?);
    let (low, high) = (scaled(low, decimals)?, scaled(high, decimals)?);
    let part = match u32::try_from(decimals).ok()? {
        0 => Part::Whole { low, high },
        decimals => Part::Decimal {
            low,
            high,
            decimals,
        },
    };
    (low <= high).then_some(part)
}

fn sine(rest: &str) -> Option<Part> {
    let (range, period) = rest.rsplit_once(char::is_whitespace)?;
    let (low, high) = range.trim().split_once("..")?;
    let (low, high) = (low.trim(), high.trim());
    let typed = decimals(low)?.max(decimals(high)?).max(2);
    // All between them can be written to so many decimals.
    let _ = (scaled(low, typed)?, scaled(high, typed)?);
    let period = period.strip_suffix('s').unwrap_or(period);
    decimals(period)?;
    let period_ns = u64::try_from(scaled(period, 9)?).ok()?;
    let (low, high) = (number(low)?, number(high)?);
    (low <= high && period_ns > 0).then_some(Part::Sine {
        low,
        high,
        period_ns,
        decimals: typed as u32,
    })
}

fn pick(rest: &str) -> Option<Part> {
    let choices: Vec<String> = rest
        .split('|')
        .map(|choice| choice.trim().to_owned())
        .collect();
    (!rest.is_empty()).then_some(Part::Pick(choices))
}

impl Part {
    fn fill(&self, context: &mut Context<'_>) -> String {
        match self {
            Self::Text(text) => text.clone(),
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
                // The remainder first: a phase from the whole time since 1970 would lose its last digits.
                let now_ns = context.now_ms.saturating_mul(1_000_000);
                let swing = sine_of_turn((now_ns % period_ns) as f64 / *period_ns as f64);
                let value = (low + high) / 2.0 + (high - low) / 2.0 * swing;
                rounded(value, *decimals)
            }
            Self::Pick(choices) => context.rng.choice(choices).cloned().unwrap_or_default(),
            Self::Seq => context.seq.to_string(),
            Self::Time => time(context.now_ms),
            Self::Unix => (context.now_ms / 1000).to_string(),
            Self::UnixMs => context.now_ms.to_string(),
            Self::Uuid => uuid(context.rng.u128(..)),
        }
    }
}

/// The sine of a part of a turn from 0 to 1, by its series. The standard library's takes any angle, and brings 10 kB into
/// each program for the large ones.
fn sine_of_turn(turn: f64) -> f64 {
    let (half, sign) = if turn < 0.5 {
        (turn, 1.0)
    } else {
        (turn - 0.5, -1.0)
    };
    let angle = half.min(0.5 - half) * std::f64::consts::TAU;
    let (mut term, mut sum) = (angle, angle);
    // For a quarter of a turn the terms beyond are below what a number of this size can hold.
    for even in (2..=22).step_by(2) {
        let even = f64::from(even);
        term *= -angle * angle / (even * (even + 1.0));
        sum += term;
    }
    sign * sum
}

fn time(now_ms: u64) -> String {
    // The year 9999 is the last that can be written; a clock beyond it is broken anyway.
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
