//! What all things have in common: what they say, and when they are asked.

use std::fmt::Debug;

use fastrand::Rng;

/// Something to publish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::devices) struct Saying {
    /// One of the template's suffixes.
    pub suffix: &'static str,
    pub payload: String,
    /// The payload is JSON.
    pub json: bool,
}

impl Saying {
    pub(super) fn text(suffix: &'static str, payload: impl Into<String>) -> Self {
        Self {
            suffix,
            payload: payload.into(),
            json: false,
        }
    }

    pub(super) fn json(suffix: &'static str, payload: String) -> Self {
        Self {
            suffix,
            payload,
            json: true,
        }
    }
}

pub(in crate::devices) type Sayings = Vec<Saying>;

/// A thing. What it does not do, it says nothing of.
pub(in crate::devices) trait Thing: Debug {
    /// It is connected.
    fn greet(&mut self, _rng: &mut Rng, _say: &mut Sayings) {}
    /// Its rhythm: this many seconds have gone by.
    fn tick(&mut self, _seconds: u32, _rng: &mut Rng, _say: &mut Sayings) {}
    /// Somebody moves something about it.
    fn by_hand(&mut self, _say: &mut Sayings) {}
    /// A command; its first bytes, and how many there were. What it answers: the new state, or a complaint.
    fn command(
        &mut self,
        _start: &[u8],
        _len: usize,
        _say: &mut Sayings,
    ) -> Result<Saying, String> {
        Err(String::new())
    }
    /// It is about to be switched off.
    fn farewell(&mut self, _say: &mut Sayings) {}
}

/// A number of tenths, with its point.
pub(super) fn tenths(value: i32) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let value = value.unsigned_abs();
    format!("{sign}{}.{}", value / 10, value % 10)
}
