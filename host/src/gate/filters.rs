//! SUBSCRIBE and UNSUBSCRIBE: each filter by itself, so that one that is refused does not cost the others.

use midge::protocol::serving::{self, Entries, levels, write_header};
use midge::protocol::{FilterFault, Version, check_topic_filter};
use midge_broker::{Limits, refused};

use crate::refusal::{Kind, Refusal};

/// Looks at all filters of a packet whose other parts are in order. `None`: all are fine. A kind: some are refused, and
/// `instead` is the packet with a mark in the place of each.
///
/// # Errors
/// When the packet as a whole is refused.
pub fn judge(
    packet: &[u8],
    version: Version,
    limits: &Limits,
    instead: &mut Vec<u8>,
) -> Result<Option<Kind>, Refusal> {
    let entries = serving::entries(packet, version).ok_or(Refusal::of(Kind::Unreadable))?;
    let mut noted = None;
    let mut all = entries;
    for (index, entry) in all.by_ref().enumerate() {
        if index >= limits.filters_per_packet {
            return Err(Refusal::of(Kind::ManyFilters));
        }
        noted = judge_one(entry.filter, limits)?.or(noted);
    }
    if !all.is_at_end() {
        return Err(Refusal::of(Kind::Unreadable));
    }
    if noted.is_some() {
        // The walk ended at the first filter at fault, and has not seen what stands behind it.
        check_options(entries, version)?;
        mark(packet, entries, limits, instead);
    }
    Ok(noted)
}

/// Why this one filter is refused, if it is. An error: what it is makes the whole packet malformed.
fn judge_one(filter: &[u8], limits: &Limits) -> Result<Option<Kind>, Refusal> {
    let Ok(text) = std::str::from_utf8(filter) else {
        return Err(Refusal::of(Kind::Unreadable));
    };
    match check_topic_filter(text) {
        Ok(()) if levels(filter) > limits.topic_levels => Ok(Some(Kind::DeepFilter)),
        Ok(()) => Ok(None),
        Err(FilterFault::Empty | FilterFault::TooLong | FilterFault::Nul) => {
            Err(Refusal::of(Kind::Unreadable))
        }
        Err(_) => Ok(Some(Kind::WrongFilter)),
    }
}

/// MQTT 5 section 3.8.3.1, MQTT 3.1.1 section 3.8.3.
fn check_options(entries: Entries<'_>, version: Version) -> Result<(), Refusal> {
    for entry in entries {
        let Some(options) = entry.options else {
            continue;
        };
        let is_wrong = match version {
            Version::V5 => {
                options & 0xC0 != 0
                    || options & 0x03 == 3
                    || options & 0x30 == 0x30
                    || options & 0x04 != 0 && entry.filter.starts_with(b"$share/")
            }
            Version::V31 | Version::V311 => options > 2,
        };
        if is_wrong {
            return Err(Refusal::of(Kind::Unreadable));
        }
    }
    Ok(())
}

fn mark(packet: &[u8], entries: Entries<'_>, limits: &Limits, instead: &mut Vec<u8>) {
    let mut body = entries.before.to_vec();
    for entry in entries {
        let mark = match judge_one(entry.filter, limits) {
            Ok(Some(kind)) => Some(refused(kind.code())),
            _ => None,
        };
        let filter = mark.as_ref().map_or(entry.filter, |mark| mark);
        // What was read behind a length of two bytes fits behind one.
        body.extend_from_slice(&(filter.len() as u16).to_be_bytes());
        body.extend_from_slice(filter);
        body.extend(entry.options);
    }
    instead.clear();
    let first = packet.first().copied().unwrap_or_default();
    write_header(first, body.len(), instead);
    instead.extend_from_slice(&body);
}
