//! Conversions that several panes need for their answers: times, counts, and the start of a payload.

use crate::{capture, link, payload};

pub(super) fn milliseconds(time_us: u64) -> f64 {
    time_us as f64 / 1000.0
}

/// A count as 32 bits, at most `u32::MAX`.
pub(super) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

pub(super) fn preview(payload: &[u8]) -> link::Preview {
    match payload::preview(payload) {
        payload::Preview::Empty => link::Preview::Empty,
        payload::Preview::Text(text) => link::Preview::Text(text),
        payload::Preview::Kind(kind) => link::Preview::Kind(kind.to_owned()),
        payload::Preview::Hex(hex) => link::Preview::Hex(hex),
    }
}

pub(super) fn pair(pair: capture::Pair) -> link::Pair {
    match pair {
        capture::Pair::Request { response } => link::Pair::Request { response },
        capture::Pair::Response { request, after_us } => link::Pair::Response {
            request,
            after: milliseconds(after_us),
        },
    }
}
