//! The words of the work with messages: what a broker does not allow, why it refuses, requests and responses, the queue,
//! the options of a subscription. Properties, and what happens by itself, are said later than the first message.

use super::left_out::LeftOutWords;
use super::remarks::RemarkWords;

/// See the file of each language.
pub struct WorkWords {
    pub limits: LimitWords,
    pub refusals: RefusalWords,
    pub options: OptionWords,
    pub queue: QueueWords,
    pub left_out: LeftOutWords,
    pub pairs: PairWords,
    pub remarks: RemarkWords,
    /// The version and the section.
    pub clause: fn(&str, &str) -> String,
}

/// What the broker, or the version in use, does not allow.
pub struct LimitWords {
    pub qos: fn(u8) -> String,
    pub retain: &'static str,
    pub wildcards: &'static str,
    pub shared: &'static str,
    pub identifiers: &'static str,
    /// The limit.
    pub packet_size: fn(&str) -> String,
    pub version: &'static str,
    pub no_local_shared: &'static str,
    /// How many may wait.
    pub queue_full: &'static str,
    pub expired: &'static str,
    pub cut: &'static str,
}

/// What a broker refuses.
pub struct RefusalWords {
    /// What a reason code means, as the end of a sentence.
    pub meaning: fn(u8) -> &'static str,
    /// The topic, the meaning and the code.
    pub message: fn(&str, &str, u8) -> String,
    /// The same for a message of an earlier page.
    pub earlier_message: fn(&str, u8) -> String,
    /// The meaning and the code.
    pub filter: fn(&str, u8) -> String,
    /// The filter, the meaning and the code.
    pub unsubscribe: fn(&str, &str, u8) -> String,
    /// The broker's own words.
    pub says: fn(&str) -> String,
}

/// Properties of a message.
pub struct PropertyWords {
    pub heading: &'static str,
    /// How many are filled in.
    pub in_use: fn(usize) -> String,
    /// The version in use.
    pub needs_5: fn(&str) -> String,
    pub response_topic: &'static str,
    pub response_topic_hint: &'static str,
    pub correlation_data: &'static str,
    pub correlation_as: &'static str,
    pub make_up: &'static str,
    pub make_up_hint: &'static str,
    pub subscribe_to_it: &'static str,
    pub content_type: &'static str,
    pub expiry: &'static str,
    pub expiry_field: &'static str,
    pub expiry_hint: &'static str,
    pub payload_is_text: &'static str,
    pub format: &'static str,
    pub format_text: &'static str,
    pub format_bytes: &'static str,
    pub bad_expiry: &'static str,
    pub bad_response_topic: fn(&str) -> String,
    pub bad_correlation: fn(&str) -> String,
    pub too_long: fn(&str) -> String,
    pub not_text: &'static str,
    pub version: &'static str,
    pub topic_alias: &'static str,
    pub identifiers: &'static str,
    pub user_properties: &'static str,
    pub reply: &'static str,
}

/// Options of a subscription.
pub struct OptionWords {
    pub heading: &'static str,
    /// The version in use.
    pub needs_5: fn(&str) -> String,
    pub no_local: &'static str,
    pub no_local_hint: &'static str,
    pub as_published: &'static str,
    pub as_published_hint: &'static str,
    pub handling: &'static str,
    pub handlings: [&'static str; 3],
    pub identifier: &'static str,
    pub identifier_hint: &'static str,
    pub bad_identifier: &'static str,
    pub share: &'static str,
    pub forbidden: &'static str,
    /// Tags of a filter.
    pub tag_no_local: &'static str,
    pub tag_as_published: &'static str,
    pub tag_handling: [&'static str; 3],
    pub tag_identifier: fn(u32) -> String,
}

/// Publications that wait.
pub struct QueueWords {
    pub heading: &'static str,
    /// How many, how many may, bytes.
    pub waiting: fn(&str, &str, &str) -> String,
    pub first: fn(usize) -> String,
    pub cancel: &'static str,
    pub cancel_one: fn(&str) -> String,
    pub later: &'static str,
    pub queued: &'static str,
    /// Bytes that have not left yet.
    pub leaving: fn(&str) -> String,
    /// A series waits for them.
    pub held: fn(&str) -> String,
    pub cancelled: fn(&str) -> String,
}

/// Requests and responses.
pub struct PairWords {
    pub request: &'static str,
    pub to_response: &'static str,
    pub to_request: &'static str,
    pub request_fact: &'static str,
    pub response_fact: &'static str,
    pub unanswered: &'static str,
    pub show_response: &'static str,
    pub show_request: &'static str,
    pub after: fn(&str) -> String,
}

/// Things that happen by themselves.
pub struct HappenedWords {
    pub restored: fn(u32) -> String,
    pub damaged: fn(u32) -> String,
    pub session_unknown: &'static str,
    pub reauthenticated: &'static str,
}
