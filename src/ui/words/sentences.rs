//! What was decided elsewhere, as sentences: which words of a language say it, and with what inside of them.

use super::{Words, WorkWords};
use crate::{
    desk::format,
    link::{Limit, PublishTrouble},
};

/// The words for a limit.
pub fn limit_words(limit: Limit, words: &WorkWords) -> String {
    let w = &words.limits;
    match limit {
        Limit::Qos(maximum) => (w.qos)(maximum),
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
