//! What changed between two payloads that are no JSON: text by line, bytes by range. Bounded in time and memory.

use std::ops::Range;

use imara_diff::{Algorithm, Diff, InternedInput};

/// Bytes of a text that are compared. Longer ones are compared as bytes.
pub const MOST_TEXT: usize = 256 * 1024;
/// Places that are told. More are counted as one.
const MOST_PLACES: usize = 200;
/// Equal bytes between two ranges that are told as one.
const NEAR: usize = 3;

/// A place where two payloads differ: there these lines or bytes stood, here these stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedPlace {
    /// In the earlier one, from 0.
    pub before: Range<usize>,
    /// In the later one, from 0.
    pub now: Range<usize>,
}

/// Where two texts differ, by line.
pub fn changed_lines(before: &str, now: &str) -> Vec<ChangedPlace> {
    let input = InternedInput::new(before, now);
    // Never quadratic, whatever the texts are.
    let diff = Diff::compute(Algorithm::Histogram, &input);
    let range = |range: Range<u32>| range.start as usize..range.end as usize;
    let places = diff.hunks().map(|hunk| ChangedPlace {
        before: range(hunk.before),
        now: range(hunk.after),
    });
    bounded(places)
}

/// Where two payloads differ, by byte. Of the same length they are compared byte by byte; else what is the same at both ends
/// is left out.
pub fn changed_bytes(before: &[u8], now: &[u8]) -> Vec<ChangedPlace> {
    let same = |pair: &(&u8, &u8)| pair.0 == pair.1;
    let start = before.iter().zip(now).take_while(same).count();
    if before.len() != now.len() {
        let rest = (
            before.get(start..).unwrap_or_default(),
            now.get(start..).unwrap_or_default(),
        );
        let end = rest.0.iter().rev().zip(rest.1.iter().rev());
        let end = end.take_while(same).count();
        return vec![ChangedPlace {
            before: start..before.len() - end,
            now: start..now.len() - end,
        }];
    }
    let mut at = start;
    let differs = before.iter().zip(now).enumerate().skip(start);
    let mut differs = differs.filter(|(_, (one, other))| one != other);
    let mut next = differs.next();
    let places = std::iter::from_fn(|| {
        let (first, _) = next?;
        at = first + 1;
        loop {
            next = differs.next();
            match next {
                Some((other, _)) if other <= at + NEAR => at = other + 1,
                _ => break,
            }
        }
        Some(ChangedPlace {
            before: first..at,
            now: first..at,
        })
    });
    bounded(places)
}

/// The first places; all that come after them are one.
fn bounded(places: impl Iterator<Item = ChangedPlace>) -> Vec<ChangedPlace> {
    let mut bounded: Vec<ChangedPlace> = Vec::new();
    for place in places {
        if bounded.len() < MOST_PLACES {
            bounded.push(place);
        } else if let Some(last) = bounded.last_mut() {
            last.before.end = place.before.end;
            last.now.end = place.now.end;
        }
    }
    bounded
}
