//! How long a session is kept, as people write it: a number and a unit. On the wire it is seconds, where the largest
//! number means for ever (MQTT 5 section 3.1.2.11.2).

/// What stands for "for ever".
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
    /// No end; the number beside it has no meaning.
    ForEver,
}

/// So many seconds in the largest unit that fits, and no more exactly than that.
pub fn roughly(seconds: u64) -> u32 {
    let unit = [86_400, 3_600, 60]
        .into_iter()
        .find(|unit| seconds >= *unit)
        .unwrap_or(1);
    // What is not 136 years yet is not for ever.
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

    /// How a form names it.
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

/// It is no whole number, or more seconds than there is room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotATime;

/// Seconds of what was typed; `None` for nothing. The largest number is taken only by [`Unit::ForEver`], which alone
/// means it.
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

/// Number and largest unit that say these seconds without a rest.
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
