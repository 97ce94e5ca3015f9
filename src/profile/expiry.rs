//! The session expiry interval as a number and a unit. In the packet it is in seconds, and the largest number means
//! forever (MQTT 5 section 3.1.2.11.2).

/// The number that means forever.
pub const FOR_EVER: u32 = u32::MAX;

/// A unit of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unit {
    /// Seconds.
    #[default]
    Seconds,
    /// Minutes.
    Minutes,
    /// Hours.
    Hours,
    /// Days.
    Days,
    /// Forever. The number is ignored.
    ForEver,
}

/// Rounds seconds down to the largest unit that fits.
pub fn roughly(seconds: u64) -> u32 {
    let unit = [86_400, 3_600, 60]
        .into_iter()
        .find(|unit| seconds >= *unit)
        .unwrap_or(1);
    // This many seconds are 136 years, and would be read as forever.
    u32::try_from(seconds / unit * unit).unwrap_or(FOR_EVER - 1)
}

impl Unit {
    /// All of them, shortest first.
    pub const ALL: [Self; 5] = [
        Self::Seconds,
        Self::Minutes,
        Self::Hours,
        Self::Days,
        Self::ForEver,
    ];

    /// Its name in a form.
    pub fn key(self) -> &'static str {
        match self {
            Self::Seconds => "s",
            Self::Minutes => "min",
            Self::Hours => "h",
            Self::Days => "d",
            Self::ForEver => "ever",
        }
    }

    /// Reads what [`Unit::key`] writes.
    pub fn of(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.key() == key)
    }

    fn seconds(self) -> u32 {
        match self {
            Self::Seconds | Self::ForEver => 1,
            Self::Minutes => 60,
            Self::Hours => 3_600,
            Self::Days => 86_400,
        }
    }
}

/// It is not a whole number, or it is too large.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotATime;

/// Converts what was typed to seconds; `None` if that is empty. Only [`Unit::ForEver`] gives the largest number.
pub fn seconds(typed: &str, unit: Unit) -> Result<Option<u32>, NotATime> {
    if unit == Unit::ForEver {
        return Ok(Some(FOR_EVER));
    }
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    typed
        .parse::<u32>()
        .ok()
        .and_then(|number| number.checked_mul(unit.seconds()))
        .filter(|seconds| *seconds != FOR_EVER)
        .map(Some)
        .ok_or(NotATime)
}

/// Converts seconds to a number and the largest unit that divides them.
pub fn split(seconds: u32) -> (u32, Unit) {
    match seconds {
        FOR_EVER => (0, Unit::ForEver),
        0 => (0, Unit::Seconds),
        _ => [Unit::Days, Unit::Hours, Unit::Minutes]
            .into_iter()
            .find(|unit| seconds.is_multiple_of(unit.seconds()))
            .map_or((seconds, Unit::Seconds), |unit| {
                (seconds / unit.seconds(), unit)
            }),
    }
}
