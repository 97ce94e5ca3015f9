//! The words for people: one file per language, and the compiler sees to it that none is missing.
//!
//! Sentence case, short, helpful, no blame. Numbers come in already formatted.

mod broker;
mod commands;
mod content;
mod devices;
mod en;
mod en_broker;
mod en_commands;
mod en_content;
mod en_devices;
mod en_export;
mod en_history;
mod en_inside;
mod en_inspected;
mod en_left_out;
mod en_lessons;
mod en_payloads;
mod en_remarks;
mod en_remembered;
mod en_shown;
mod en_silence;
mod en_timeline;
mod en_told;
mod en_work;
mod export;
mod history;
mod inside;
mod inspected;
mod language;
mod left_out;
mod lessons;
mod loading;
mod on_demand;
mod payloads;
mod remarks;
mod remembered;
pub mod sentences;
mod shown;
mod silence;
mod timeline;
mod told;
mod work;
mod zh_hant;
mod zh_hant_broker;
mod zh_hant_commands;
mod zh_hant_content;
mod zh_hant_devices;
mod zh_hant_export;
mod zh_hant_history;
mod zh_hant_inside;
mod zh_hant_inspected;
mod zh_hant_left_out;
mod zh_hant_lessons;
mod zh_hant_payloads;
mod zh_hant_remarks;
mod zh_hant_remembered;
mod zh_hant_shown;
mod zh_hant_silence;
mod zh_hant_timeline;
mod zh_hant_told;
mod zh_hant_work;

use crate::link::TAB;

pub use broker::{
    AttemptWords, BrokerWords, CodeWords, DetailsWords, DoctorWords, KeepingWords, SettingsWords,
    SharingWords,
};
pub use content::ContentWords;
pub use devices::DevicesWords;
pub use export::ExportWords;
pub use history::HistoryWords;
pub use inside::InsideWords;
pub use language::Language;
pub use lessons::LessonWords;
pub use loading::NotLoaded;
pub use on_demand::{
    devices, export, history, inside, inspected, lessons, silence, terminal, timeline,
};
pub use shown::ShownWords;
pub use silence::SilenceWords;
pub use timeline::TimelineWords;
pub use told::ToldWords;
pub use work::{HappenedWords, PropertyWords, WorkWords};

/// All words of one language. A function takes what stands inside the sentence.
pub struct Words {
    // The frame of the page
    pub disconnected: &'static str,
    pub connecting: &'static str,
    pub connected: &'static str,
    pub waiting: &'static str,
    pub failed: &'static str,
    pub ended: &'static str,
    pub connect: &'static str,
    pub reconnect: &'static str,
    pub disconnect: &'static str,
    pub back_to_messages: &'static str,
    pub show_broker: &'static str,
    pub counters: fn(&str, &str, &str) -> String,
    pub per_second: fn(&str) -> String,
    pub learn: &'static str,
    pub share: &'static str,
    pub settings: &'static str,
    pub sections: &'static str,
    pub close: &'static str,
    pub show_all: &'static str,
    pub topic_faults: TopicFaults,
    pub loading: &'static str,
    pub rest_failed: &'static str,
    pub try_again: &'static str,
    pub try_now: &'static str,
    pub change_settings: &'static str,
    pub next_try_in: fn(u32) -> String,
    pub unfinished: fn(u32, u32) -> String,
    pub topics: &'static str,
    pub messages: &'static str,
    pub publish: &'static str,
    /// The connect screen, the doctor, settings and sharing.
    pub broker: BrokerWords,
    language: Language,
}

impl Words {
    /// The broker at this address, as it is named to people.
    pub fn broker_at(&self, address: &str) -> String {
        match address {
            TAB => self.broker.in_this_browser.to_owned(),
            address => address.to_owned(),
        }
    }
}

/// What the connect screen does without, and the first message does not.
pub struct RestWords {
    // Subscriptions
    pub subscriptions: &'static str,
    pub topic_filter: &'static str,
    pub filter_placeholder: &'static str,
    pub subscription_qos: &'static str,
    pub subscribe: &'static str,
    pub unsubscribe_from: fn(&str) -> String,
    pub mute: fn(&str) -> String,
    pub unmute: fn(&str) -> String,
    pub asleep: &'static str,
    pub asked: &'static str,
    pub refused: fn(u8) -> String,
    pub lower_qos: fn(u8, u8) -> String,
    pub messages_counted: fn(&str) -> String,
    pub no_subscriptions: &'static str,
    pub everything: &'static str,
    pub broker_figures: &'static str,
    pub inside_broker: &'static str,
    pub second_client: &'static str,
    pub filter_faults: FilterFaults,
    pub explain_plus: &'static str,
    pub explain_hash: &'static str,
    pub explain_exact: &'static str,
    pub explain_share: &'static str,
    // Topics
    pub search_topics: &'static str,
    pub no_topics: &'static str,
    pub beyond: fn(&str) -> String,
    pub empty_level: &'static str,
    // Messages
    pub filter_messages: &'static str,
    pub filter_messages_placeholder: &'static str,
    pub all_packets: &'static str,
    pub all_packets_hint: &'static str,
    pub pause: &'static str,
    pub resume: &'static str,
    pub clear: &'static str,
    pub newer: fn(&str) -> String,
    pub retained: &'static str,
    pub again: &'static str,
    pub empty_payload: &'static str,
    pub no_messages: &'static str,
    pub all_muted: &'static str,
    pub nothing_matches: &'static str,
    pub searching: &'static str,
    pub sent: &'static str,
    pub received: &'static str,
    // Inspector
    pub inspector: &'static str,
    pub back: &'static str,
    pub payload: &'static str,
    pub packet: &'static str,
    pub topic: &'static str,
    pub matched: &'static str,
    pub matched_none: &'static str,
    pub retain: &'static str,
    pub size: &'static str,
    pub qos: &'static str,
    pub packet_identifier: &'static str,
    pub to_broker: &'static str,
    pub from_broker: &'static str,
    pub live: &'static str,
    pub replayed: &'static str,
    pub asked_to_retain: &'static str,
    pub not_retained: &'static str,
    pub show_as: &'static str,
    pub text: &'static str,
    pub copy: &'static str,
    pub copied: &'static str,
    pub not_copied: &'static str,
    pub save: &'static str,
    pub not_json: &'static str,
    pub not_text: fn(&str) -> String,
    pub changes: &'static str,
    pub was: fn(&str) -> String,
    pub only_this_topic: &'static str,
    pub publish_again: &'static str,
    pub gone: &'static str,
    pub bytes_shown: fn(&str, &str) -> String,
    pub show_more: &'static str,
    pub image: &'static str,
    pub delivery: &'static str,
    pub fields: &'static str,
    pub field_name: fn(&str) -> &str,
    // Publisher
    pub payload_format: &'static str,
    pub file: &'static str,
    pub choose_file: &'static str,
    pub no_file: &'static str,
    pub hex: &'static str,
    pub every: &'static str,
    pub seconds: &'static str,
    pub interval: &'static str,
    pub start: &'static str,
    pub stop: &'static str,
    pub running: fn(&str, &str) -> String,
    pub running_waits: &'static str,
    pub unacknowledged: &'static str,
    pub published: fn(&str) -> String,
    pub not_connected: &'static str,
    pub too_large: &'static str,
    pub no_identifier: &'static str,
    pub topic_refused: &'static str,
    /// What is wrong, the line and the column.
    pub bad_json: fn(&str, &str, &str) -> String,
    pub bad_hex: BadHex,
    pub bad_template: fn(&str) -> String,
    pub bad_interval: &'static str,
    pub templates: &'static str,
    pub terminal: &'static str,
    /// What is kept of a connection.
    pub keeping: KeepingWords,
    /// Limits, refusals, the queue, requests and responses.
    pub work: WorkWords,
    /// The query of the list, what cannot be seen, dates, drafts.
    pub shown: ShownWords,
    /// What is found and told without looking.
    pub told: ToldWords,
    /// What is remembered and can be had again.
    pub remembered: remembered::RememberedWords,
}

/// What the first message does without.
pub struct LaterWords {
    /// Payloads as they are read and typed.
    pub content: ContentWords,
    /// Properties of a message.
    pub properties: PropertyWords,
    /// What happens by itself.
    pub happened: HappenedWords,
    // The connection
    pub details: DetailsWords,
    pub codes: CodeWords,
    pub attempt: AttemptWords,
    pub doctor: DoctorWords,
    pub sharing: SharingWords,
    pub settings: SettingsWords,
}

/// Why a topic filter is not valid; levels count from 1 for people.
pub struct FilterFaults {
    pub empty: &'static str,
    pub too_long: &'static str,
    pub nul: &'static str,
    pub hash_not_last: fn(u32) -> String,
    pub hash_not_alone: fn(u32) -> String,
    pub plus_not_alone: fn(u32) -> String,
    pub share: &'static str,
}

/// Why a topic name is not valid.
pub struct TopicFaults {
    pub empty: &'static str,
    pub too_long: &'static str,
    pub nul: &'static str,
    pub wildcard: fn(u32) -> String,
}

/// Why text is not hexadecimal.
pub struct BadHex {
    pub odd: &'static str,
    pub character: fn(&str) -> String,
}
