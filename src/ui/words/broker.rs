//! The words of the connect screen, the doctor, settings and sharing.

mod codes;
mod details;
mod session;

pub use codes::{CodeWords, Meaning};
pub use details::DetailsWords;
pub use session::{SessionFaults, SessionWords};

/// See the file of each language.
pub struct BrokerWords {
    pub section: &'static str,
    pub heading: &'static str,
    pub address: &'static str,
    pub client_id: &'static str,
    pub new_id: &'static str,
    pub user_name: &'static str,
    pub password: &'static str,
    pub show: &'static str,
    pub hide: &'static str,
    pub session: &'static str,
    /// What the folded fields are, for newcomers.
    pub session_about: &'static str,
    pub five_about: &'static str,
    pub keep_alive: &'static str,
    pub keep_alive_hint: &'static str,
    pub clean_session: &'static str,
    pub clean_session_hint: &'static str,
    pub will: &'static str,
    pub will_hint: &'static str,
    pub will_topic: &'static str,
    pub will_payload: &'static str,
    pub will_qos: &'static str,
    pub will_retain: &'static str,
    pub save_profile: &'static str,
    pub practise: &'static str,
    pub in_this_browser: &'static str,
    pub profile_name: &'static str,
    pub save: &'static str,
    pub saved: fn(&str) -> String,
    pub not_saved: &'static str,
    pub engine_coming: &'static str,
    pub terminal: &'static str,
    pub profiles: &'static str,
    pub no_profiles: &'static str,
    pub this_machine: &'static str,
    pub remove: fn(&str) -> String,
    pub beyond: SessionWords,
    pub field_faults: FieldFaults,
    pub address_words: AddressWords,
    pub link: LinkWords,
}

/// What is wrong with a field of the form.
pub struct FieldFaults {
    pub keep_alive: &'static str,
    pub client_id_needed: &'static str,
    pub user_name_needed: &'static str,
    pub too_long: &'static str,
}

/// What can be told from an address.
pub struct AddressWords {
    pub empty: &'static str,
    pub no_scheme: &'static str,
    pub other_scheme: fn(&str) -> String,
    pub no_host: &'static str,
    pub bad_host: &'static str,
    pub bad_port: &'static str,
    pub space: &'static str,
    pub fragment: &'static str,
    pub credentials: &'static str,
    pub credentials_or_not: &'static str,
    pub move_credentials: &'static str,
    pub move_credentials_to: fn(&str) -> String,
    pub no_brackets: &'static str,
    pub mixed_content: &'static str,
    pub instead: fn(&str) -> String,
    pub plain_port: &'static str,
    pub tls_port: &'static str,
    pub two_lines: &'static str,
    pub way_in: &'static str,
    pub mixed_content_on_lan: &'static str,
    pub private_from_public: &'static str,
    pub local_name: &'static str,
}

/// What was not used of a link. A function takes the name of the part, or the filter.
pub struct LinkWords {
    pub password: &'static str,
    pub too_long: &'static str,
    pub too_many_filters: fn(usize) -> String,
    pub too_many_addresses: fn(usize) -> String,
    pub unreadable: fn(&str) -> String,
    pub bad_filter: fn(&str) -> String,
    pub bad_value: fn(&str) -> String,
    pub has_password: &'static str,
}

/// What is stored and what is not, and secrets in addresses.
pub struct KeepingWords {
    /// The name of the profile, and those of what was left out.
    pub saved_without: fn(&str, &str) -> String,
    pub too_many: &'static str,
    pub kept_by_later: &'static str,
    pub put_aside: fn(&str) -> String,
    pub not_stored: fn(&str) -> String,
    pub stored_too: fn(&str) -> String,
    pub store_too: &'static str,
    pub was_left_out: fn(&str) -> String,
    pub ran_out: fn(&str) -> String,
}

/// The checklist of the last try.
pub struct AttemptWords {
    pub heading: &'static str,
    pub may_talk: fn(&str, &str) -> String,
    pub may_not_talk: fn(&str, &str) -> String,
    pub here: &'static str,
    pub nearby: &'static str,
    pub opening: &'static str,
    pub opened: &'static str,
    pub not_opened: &'static str,
    pub connect_sent: &'static str,
    pub connect_not_sent: &'static str,
    pub connack_awaited: &'static str,
    pub connack_accepted: &'static str,
    pub connack_not_accepted: &'static str,
    pub done: &'static str,
    pub failed: &'static str,
    pub open: &'static str,
}

/// Why a connection failed, and what to check.
pub struct DoctorWords {
    pub settings: &'static str,
    pub forbidden: &'static str,
    pub forbidden_checks: fn(&str) -> String,
    pub not_opened: fn(&str) -> String,
    pub open_timeout: fn(&str) -> String,
    pub guesses: &'static str,
    pub plain_port: fn(u16) -> String,
    pub mixed_content: &'static str,
    pub certificate: &'static str,
    pub permission: &'static str,
    pub fast: &'static str,
    pub slow: &'static str,
    pub local_name: &'static str,
    pub path: &'static str,
    pub listener: &'static str,
    pub subprotocol: fn(&str) -> String,
    pub no_subprotocol: &'static str,
    pub subprotocol_check: &'static str,
    pub text_frame: &'static str,
    pub text_frame_check: &'static str,
    pub no_connack: fn(&str) -> String,
    pub no_connack_check: &'static str,
    pub closed_before_connack: fn(&str, &str) -> String,
    pub closed_before_connack_check: &'static str,
    pub refused: fn(u8) -> String,
    pub refused_check: fn(u8) -> &'static str,
    pub no_user_name: &'static str,
    pub password_lines: &'static str,
    pub password_reload: &'static str,
    /// What, which version, and its section.
    pub malformed: fn(&str, &str, &str) -> String,
    pub malformed_check: &'static str,
    pub ping_unanswered: fn(&str) -> String,
    pub ping_unanswered_check: &'static str,
    pub lost: fn(&str) -> String,
    pub lost_reason: &'static str,
    /// For how long nothing had gone either way, and the keep alive in seconds that would help.
    pub lost_idle: fn(&str, u16) -> String,
    pub lost_check: &'static str,
    pub new_tab_broker: &'static str,
    pub no_tab_broker: &'static str,
    pub close_code: fn(u16) -> String,
    pub replaced: fn(&str) -> String,
    pub perhaps_replaced: fn(&str) -> String,
    pub replaced_check: &'static str,
    pub with_new_id: &'static str,
    pub again: &'static str,
}

/// Sharing.
pub struct SharingWords {
    pub heading: &'static str,
    pub link: &'static str,
    pub copy: &'static str,
    pub connect_at_once: &'static str,
    pub inside: &'static str,
    pub inside_page: &'static str,
    pub inside_user: fn(&str) -> String,
    pub inside_filters: fn(usize, u8) -> String,
    pub inside_version: fn(&str) -> String,
    pub left_out: fn(&str) -> String,
    pub inside_never: &'static str,
    pub no_address: &'static str,
    pub too_long: &'static str,
    pub join: &'static str,
    pub join_hint: &'static str,
    pub start_with_lan: &'static str,
    pub page_is_local: &'static str,
    pub broker_is_local: &'static str,
    pub broker_in_tab: &'static str,
    pub qr: &'static str,
}

/// Settings.
pub struct SettingsWords {
    pub language: &'static str,
    pub theme: &'static str,
    pub system: &'static str,
    pub light: &'static str,
    pub dark: &'static str,
    pub budget: &'static str,
    pub budget_hint: &'static str,
}
