//! What was decided elsewhere, as sentences: which words of a language say it, and with what inside of them.

pub mod trouble;

use super::{Words, WorkWords};
use crate::{
    desk::{
        format,
        text::{spoken, topic_words},
        typed::{
            payload::PayloadFault,
            properties::{Long, PropertyFault},
        },
    },
    link::{Counters, PublishTrouble, Suspected},
    payload::NotHex,
    profile::expiry::{self, Unit},
    protocol::{Limit, TopicFault},
};

/// The words for a limit.
pub fn limit_words(limit: Limit, words: &WorkWords) -> String {
    let w = &words.limits;
    match limit {
        Limit::Qos(maximum) => (w.qos)(maximum.bits()),
        Limit::Retain => w.retain.to_owned(),
        Limit::Wildcards => w.wildcards.to_owned(),
        Limit::Shared => w.shared.to_owned(),
        Limit::Identifiers => w.identifiers.to_owned(),
        Limit::PacketSize(limit) => (w.packet_size)(&format::size(u64::from(limit))),
        Limit::Version => w.version.to_owned(),
        Limit::NoLocalShared => w.no_local_shared.to_owned(),
    }
}

/// The words for a publication that did not go out.
pub fn trouble_words(why: &PublishTrouble, words: &Words) -> String {
    match why {
        PublishTrouble::NotConnected => words.rest().not_connected.to_owned(),
        PublishTrouble::QueueFull => words.rest().work.limits.queue_full.to_owned(),
        PublishTrouble::Expired => words.rest().work.limits.expired.to_owned(),
        PublishTrouble::Cut => words.rest().work.limits.cut.to_owned(),
        PublishTrouble::Forbidden(limit) => limit_words(*limit, &words.rest().work),
        PublishTrouble::Topic => words.rest().topic_refused.to_owned(),
        PublishTrouble::Template { what, .. } => (words.rest().bad_template)(what),
        PublishTrouble::TooLarge => words.rest().too_large.to_owned(),
        PublishTrouble::NoIdentifier => words.rest().no_identifier.to_owned(),
    }
}

/// The words for a topic that cannot be published to. Levels count from 1 for people.
pub fn topic_fault(fault: &TopicFault, words: &Words) -> String {
    let faults = &words.topic_faults;
    match fault {
        TopicFault::Empty => faults.empty.to_owned(),
        TopicFault::TooLong => faults.too_long.to_owned(),
        TopicFault::Nul => faults.nul.to_owned(),
        TopicFault::Wildcard { level } => {
            (faults.wildcard)(u32::try_from(level + 1).unwrap_or(u32::MAX))
        }
    }
}

/// The words for text that is not hexadecimal.
pub fn hex_fault(fault: &NotHex, words: &Words) -> String {
    match fault {
        NotHex::Odd => words.rest().bad_hex.odd.to_owned(),
        NotHex::Character(letter) => (words.rest().bad_hex.character)(&spoken(&letter.to_string())),
    }
}

/// The words for a payload that cannot go out.
pub fn payload_fault(fault: &PayloadFault, words: &Words) -> String {
    match fault {
        PayloadFault::NoFile => words.rest().no_file.to_owned(),
        PayloadFault::Hex(fault) => hex_fault(fault, words),
        PayloadFault::Template { what } => (words.rest().bad_template)(what),
        PayloadFault::Json { fault, place } => {
            let (line, column) = (place.line as u64, place.column as u64);
            let what = (words.later().content.json_fault)(fault);
            (words.rest().bad_json)(&what, &format::whole(line), &format::whole(column))
        }
    }
}

/// The words for properties that cannot go out.
pub fn property_fault(fault: &PropertyFault, words: &Words) -> String {
    let w = &words.later().properties;
    match fault {
        PropertyFault::ResponseTopic(fault) => (w.bad_response_topic)(&topic_fault(fault, words)),
        PropertyFault::CorrelationData(fault) => (w.bad_correlation)(&hex_fault(fault, words)),
        PropertyFault::Expiry => w.bad_expiry.to_owned(),
        PropertyFault::TooLong(which) => (w.too_long)(match which {
            Long::ContentType => w.content_type,
            Long::CorrelationData => w.correlation_data,
            Long::UserProperties => w.user_properties,
        }),
    }
}

/// Seconds in words: `2 hours`.
pub fn time_words(seconds: u32, words: &Words) -> String {
    let w = &words.later().details;
    let (number, unit) = expiry::split(seconds);
    let number = format::whole(u64::from(number));
    match unit {
        Unit::Seconds => (w.seconds)(&number),
        Unit::Minutes => (w.minutes)(&number),
        Unit::Hours => (w.hours)(&number),
        Unit::Days => (w.days)(&number),
        Unit::ForEver => w.for_ever.to_owned(),
    }
}

/// So many filters are named in a sentence.
const NAMED: usize = 3;

/// What was probably the reason for the end of a connection, in a sentence.
pub fn suspected_words(suspected: &Suspected, words: &Words) -> Option<String> {
    let w = &words.rest().work.left_out;
    if let Some(topic) = &suspected.topic {
        return Some((w.suspected_message)(&topic_words(topic)));
    }
    let mut names: Vec<String> = suspected
        .filters
        .iter()
        .take(NAMED)
        .map(|filter| topic_words(filter))
        .collect();
    if names.is_empty() {
        return None;
    }
    if suspected.filters.len() > NAMED {
        names.push("…".to_owned());
    }
    Some((w.suspected_filters)(&names.join(", ")))
}

/// Received, kept and dropped.
pub fn counters_words(counters: &Counters, words: &Words) -> String {
    let [received, kept, dropped] =
        [counters.received, counters.kept, counters.dropped].map(format::whole);
    (words.counters)(&received, &kept, &dropped)
}
