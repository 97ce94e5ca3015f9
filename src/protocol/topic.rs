//! Topic names and topic filters: what is allowed, and what matches (MQTT 3.1.1 section 4.7).
//!
//! Nothing is normalized: names are compared byte by byte [MQTT-4.7.3-4]. Knows no packets. This is our own code
//! because the functions of mqttbytes are wrong, and one of them panics.

use std::fmt;

/// Why a text is not a topic name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TopicFault {
    /// No characters at all [MQTT-4.7.3-1].
    Empty,
    /// More than 65,535 bytes of UTF-8 [MQTT-4.7.3-3].
    TooLong,
    /// Holds U+0000 [MQTT-4.7.3-2].
    Nul,
    /// Holds `+` or `#` [MQTT-3.3.2-2].
    Wildcard {
        /// The topic level it is in, counted from 0.
        level: usize,
    },
}

impl TopicFault {
    /// Section and statement of the specification.
    pub fn clause(self) -> &'static str {
        match self {
            Self::Empty => "4.7.3 [MQTT-4.7.3-1]",
            Self::TooLong => "4.7.3 [MQTT-4.7.3-3]",
            Self::Nul => "4.7.3 [MQTT-4.7.3-2]",
            Self::Wildcard { .. } => "3.3.2.1 [MQTT-3.3.2-2]",
        }
    }
}

impl fmt::Display for TopicFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the topic name is empty"),
            Self::TooLong => f.write_str("the topic name is longer than 65,535 bytes"),
            Self::Nul => f.write_str("the topic name holds the character U+0000"),
            Self::Wildcard { level } => {
                write!(
                    f,
                    "the topic name holds a wildcard (+ or #) in level {level}, counted from 0"
                )
            }
        }
    }
}

impl std::error::Error for TopicFault {}

/// Why a text is not a topic filter. Levels are counted from 0 in the whole filter, `$share` and group included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilterFault {
    /// No characters at all [MQTT-4.7.3-1].
    Empty,
    /// More than 65,535 bytes of UTF-8 [MQTT-4.7.3-3].
    TooLong,
    /// Holds U+0000 [MQTT-4.7.3-2].
    Nul,
    /// `#` followed by further levels [MQTT-4.7.1-2].
    HashNotLast {
        /// The level of the `#`.
        level: usize,
    },
    /// `#` together with other characters in its level [MQTT-4.7.1-2].
    HashNotAlone {
        /// The level of the `#`.
        level: usize,
    },
    /// `+` together with other characters in its level [MQTT-4.7.1-3].
    PlusNotAlone {
        /// The level of the `+`.
        level: usize,
    },
    /// `$share/` without the name of a group (MQTT 5 [MQTT-4.8.2-1]).
    ShareGroupEmpty,
    /// `$share/` with a wildcard in the name of the group (MQTT 5 [MQTT-4.8.2-2]).
    ShareGroupWildcard,
    /// `$share/group` without a filter after it (MQTT 5 [MQTT-4.8.2-2]).
    ShareFilterEmpty,
}

impl FilterFault {
    /// Section and statement of the specification. Shared subscriptions belong to MQTT 5, but brokers have them in
    /// 3.1.1, too.
    pub fn clause(self) -> &'static str {
        match self {
            Self::Empty => "4.7.3 [MQTT-4.7.3-1]",
            Self::TooLong => "4.7.3 [MQTT-4.7.3-3]",
            Self::Nul => "4.7.3 [MQTT-4.7.3-2]",
            Self::HashNotLast { .. } | Self::HashNotAlone { .. } => "4.7.1.2 [MQTT-4.7.1-2]",
            Self::PlusNotAlone { .. } => "4.7.1.3 [MQTT-4.7.1-3]",
            Self::ShareGroupEmpty => "MQTT 5 4.8.2 [MQTT-4.8.2-1]",
            Self::ShareGroupWildcard | Self::ShareFilterEmpty => "MQTT 5 4.8.2 [MQTT-4.8.2-2]",
        }
    }

    /// The level at fault, counted from 0, if the fault is in one.
    pub fn level(self) -> Option<usize> {
        match self {
            Self::Empty | Self::TooLong | Self::Nul => None,
            Self::HashNotLast { level }
            | Self::HashNotAlone { level }
            | Self::PlusNotAlone { level } => Some(level),
            Self::ShareGroupEmpty | Self::ShareGroupWildcard => Some(1),
            Self::ShareFilterEmpty => Some(2),
        }
    }
}

impl fmt::Display for FilterFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the topic filter is empty"),
            Self::TooLong => f.write_str("the topic filter is longer than 65,535 bytes"),
            Self::Nul => f.write_str("the topic filter holds the character U+0000"),
            Self::HashNotLast { level } => {
                write!(
                    f,
                    "# in level {level} (counted from 0) is not the last character of the topic filter"
                )
            }
            Self::HashNotAlone { level } => {
                write!(
                    f,
                    "# does not stand alone in level {level} (counted from 0) of the topic filter"
                )
            }
            Self::PlusNotAlone { level } => {
                write!(
                    f,
                    "+ does not stand alone in level {level} (counted from 0) of the topic filter"
                )
            }
            Self::ShareGroupEmpty => f.write_str("the shared subscription names no group"),
            Self::ShareGroupWildcard => {
                f.write_str("the group of the shared subscription holds a wildcard")
            }
            Self::ShareFilterEmpty => f.write_str("the shared subscription has no topic filter"),
        }
    }
}

impl std::error::Error for FilterFault {}

/// The longest text with a two-byte length prefix, in bytes.
pub(super) const LONGEST: usize = 65_535;

const SHARE: &str = "$share/";

/// Whether a message can be published under this name (sections 3.3.2.1 and 4.7.3).
pub fn check_topic_name(name: &str) -> Result<(), TopicFault> {
    if name.is_empty() {
        return Err(TopicFault::Empty);
    }
    if name.len() > LONGEST {
        return Err(TopicFault::TooLong);
    }
    match memchr::memchr3(0, b'+', b'#', name.as_bytes()) {
        None => Ok(()),
        Some(at) => Err(special(name.as_bytes(), at)),
    }
}

/// Whether a topic name is ASCII without U+0000 and wildcards, as nearly all are. This runs for every message, so it
/// checks eight bytes at a time.
#[inline]
pub(super) fn is_plain(name: &[u8]) -> bool {
    let (words, rest) = name.as_chunks::<8>();
    let whole = words.iter().all(|word| is_plain_word(*word));
    whole
        && match name.last_chunk::<8>() {
            // The rest, together with some bytes that were already checked.
            Some(last) => rest.is_empty() || is_plain_word(*last),
            None => rest.iter().all(|byte| is_plain_byte(*byte)),
        }
}

fn is_plain_byte(byte: u8) -> bool {
    byte.is_ascii() && !matches!(byte, 0 | b'+' | b'#')
}

#[inline]
fn is_plain_word(word: [u8; 8]) -> bool {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH: u64 = ONES << 7;
    let word = u64::from_ne_bytes(word);
    // Sets the high bit of each byte that is 0, and possibly of bytes above one that is.
    let zero = |word: u64| word.wrapping_sub(ONES) & !word;
    // The two wildcards differ in one bit, which is set in the first.
    const DIFFERENCE: u64 = (b'+' ^ b'#') as u64;
    let wildcard = (word | (ONES * DIFFERENCE)) ^ (ONES * b'+' as u64);
    (word | zero(word) | zero(wildcard)) & HIGH == 0
}

/// The fault for the NUL or wildcard at `at`.
pub(super) fn special(name: &[u8], at: usize) -> TopicFault {
    let before = name.get(..at).unwrap_or(name);
    match name.get(at) {
        Some(0) => TopicFault::Nul,
        _ => TopicFault::Wildcard {
            level: before.iter().filter(|&&byte| byte == b'/').count(),
        },
    }
}

/// Whether this can be subscribed to (sections 4.7.1 and 4.7.3; MQTT 5 section 4.8.2 for `$share/group/filter`).
pub fn check_topic_filter(filter: &str) -> Result<(), FilterFault> {
    if filter.is_empty() {
        return Err(FilterFault::Empty);
    }
    if filter.len() > LONGEST {
        return Err(FilterFault::TooLong);
    }
    if memchr::memchr(0, filter.as_bytes()).is_some() {
        return Err(FilterFault::Nul);
    }
    let Some(shared) = filter.strip_prefix(SHARE) else {
        return check_levels(filter, 0);
    };
    let (group, inner) = shared.split_once('/').unwrap_or((shared, ""));
    if group.is_empty() {
        Err(FilterFault::ShareGroupEmpty)
    } else if group.contains(['+', '#']) {
        Err(FilterFault::ShareGroupWildcard)
    } else if inner.is_empty() {
        Err(FilterFault::ShareFilterEmpty)
    } else {
        check_levels(inner, 2)
    }
}

fn check_levels(filter: &str, first: usize) -> Result<(), FilterFault> {
    let mut levels = filter.split('/').enumerate().peekable();
    while let Some((index, text)) = levels.next() {
        let level = first + index;
        if text.contains('#') {
            if text != "#" {
                return Err(FilterFault::HashNotAlone { level });
            }
            if levels.peek().is_some() {
                return Err(FilterFault::HashNotLast { level });
            }
        } else if text.contains('+') && text != "+" {
            return Err(FilterFault::PlusNotAlone { level });
        }
    }
    Ok(())
}

/// Whether a message with this topic name belongs to a subscription to this filter (section 4.7). Neither is checked
/// here. `$share/group/filter` matches what `filter` matches. Does not allocate.
pub fn matches(filter: &str, topic: &str) -> bool {
    let filter = unshared(filter).as_bytes();
    let topic = topic.as_bytes();
    let (Some(first_wanted), Some(first)) = (filter.first(), topic.first()) else {
        return false;
    };
    // [MQTT-4.7.2-1]: a leading wildcard does not match topics that begin with `$`.
    if *first == b'$' && matches!(first_wanted, b'+' | b'#') {
        return false;
    }
    let (mut wanted, mut rest) = (filter, topic);
    // One iteration per level; `wanted` and `rest` are at the start of one.
    loop {
        if wanted == b"#" {
            return true;
        }
        let (level, below) = cut(rest);
        let (wanted_level, wanted_below) = cut(wanted);
        if wanted_level != b"+" && wanted_level != level {
            return false;
        }
        match (wanted_below, below) {
            (None, None) => return true,
            // [MQTT-4.7.1-2]: `a/#` matches `a`, too.
            (Some(wanted_below), None) => return wanted_below == b"#",
            (None, Some(_)) => return false,
            (Some(wanted_below), Some(below)) => (wanted, rest) = (wanted_below, below),
        }
    }
}

/// Whether this topic filter is that of a shared subscription (MQTT 5 section 4.8.2).
pub(super) fn is_shared(filter: &str) -> bool {
    filter.starts_with(SHARE)
}

/// The filter after `$share/group/`, or the filter itself.
pub(super) fn unshared(filter: &str) -> &str {
    filter.strip_prefix(SHARE).map_or(filter, |shared| {
        shared.split_once('/').map_or("", |(_, inner)| inner)
    })
}

/// The first level, and the rest after its separator.
fn cut(levels: &[u8]) -> (&[u8], Option<&[u8]>) {
    // Levels are short, so a simple search is faster than a vectorised one.
    match levels.iter().position(|&byte| byte == b'/') {
        Some(at) => (&levels[..at], Some(&levels[at + 1..])),
        None => (levels, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every byte, at every place of names of every length up to three words.
    #[test]
    fn a_name_is_plain_if_each_of_its_bytes_is() {
        for len in 0..24 {
            assert!(is_plain(&vec![b'a'; len]));
            for at in 0..len {
                for byte in 0..=255 {
                    let mut name = vec![b'a'; len];
                    name[at] = byte;
                    assert_eq!(is_plain(&name), is_plain_byte(byte), "{name:?}");
                    // Next to what is almost something.
                    name.iter_mut().for_each(|other| *other = byte ^ 1);
                    name[at] = byte;
                    let all = name.iter().all(|byte| is_plain_byte(*byte));
                    assert_eq!(is_plain(&name), all, "{name:?}");
                }
            }
        }
    }
}
