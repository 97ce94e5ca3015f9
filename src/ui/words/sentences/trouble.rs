//! Why there is no connection, and what to check, as sentences.

use super::{Words, suspected_words, time_words};
use crate::{
    desk::{
        doctor::{Advice, FAILURE},
        format, mosquitto,
    },
    link::Trouble,
    profile::expiry,
    protocol::{UNREACHED, Version},
};

/// What happened, in one line. `version`: the one that was spoken.
pub fn summary(trouble: &Trouble, version: Version, words: &Words) -> String {
    let w = &words.later().doctor;
    let codes = &words.later().codes;
    let span = |after: &u32| format::span(f64::from(*after));
    match trouble {
        Trouble::Settings { .. } => w.settings.to_owned(),
        Trouble::Forbidden { .. } => w.forbidden.to_owned(),
        Trouble::NotOpened { after } => (w.not_opened)(&span(after)),
        Trouble::OpenTimeout { after } => (w.open_timeout)(&span(after)),
        Trouble::Subprotocol { chosen } if chosen.is_empty() => w.no_subprotocol.to_owned(),
        Trouble::Subprotocol { chosen } => (w.subprotocol)(chosen),
        Trouble::TextFrame => w.text_frame.to_owned(),
        Trouble::NoConnack { after } => (w.no_connack)(&span(after)),
        Trouble::ClosedBeforeConnack { code, .. } if UNREACHED.contains(code) => {
            (w.lost)(&(w.close_code)(*code))
        }
        Trouble::ClosedBeforeConnack { code, after } => {
            (w.closed_before_connack)(&span(after), &code.to_string())
        }
        Trouble::Refused { code, .. } if *code < FAILURE => (w.refused)(*code),
        Trouble::Refused { code, .. } => {
            let (meaning, _) = (codes.connack)(*code).unwrap_or(codes.unknown);
            (codes.refused)(meaning, *code)
        }
        Trouble::NoVersion => codes.no_version.to_owned(),
        Trouble::Disconnected { code, .. } => {
            let (meaning, _) = (codes.disconnect)(*code).unwrap_or(codes.unknown);
            (codes.ended)(meaning, *code)
        }
        Trouble::Authentication { .. } => codes.authentication.to_owned(),
        Trouble::Malformed { detail, clause } => (w.malformed)(detail, version.name(), clause),
        Trouble::TooLarge { size, limit } => {
            let written = |bytes: &u32| format::size(u64::from(*bytes));
            (words.rest().work.remarks.too_large_ended)(&written(size), &written(limit))
        }
        Trouble::PingUnanswered { after } => (w.ping_unanswered)(&span(after)),
        Trouble::Lost { code, .. } => (w.lost)(&(w.close_code)(*code)),
        Trouble::Replaced {
            certain: true,
            client_id,
        } => (w.replaced)(client_id),
        Trouble::Replaced {
            certain: false,
            client_id,
        } => (w.perhaps_replaced)(client_id),
    }
}

/// One thing to check, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// In words.
    Words(String),
    /// In words, with lines to type.
    Lines(String, String),
    /// In words, with an address to open.
    Open(String, String),
    /// In words, with what somebody else said, word for word: nobody knows whether it is true.
    Quote(String, String),
}

/// One thing to check.
pub fn advice(advice: Advice, words: &Words) -> Said {
    let w = &words.later().doctor;
    let codes = &words.later().codes;
    let said = |words: &str| Said::Words(words.to_owned());
    match advice {
        Advice::RanOut(ago) => Said::Words(ran_out(ago, words)),
        Advice::Settings(detail) => Said::Words(detail),
        Advice::Forbidden(detail) => {
            // The browser's words may or may not end like a sentence.
            let detail = format!("{}.", detail.trim().trim_end_matches('.'));
            Said::Words((w.forbidden_checks)(&detail))
        }
        Advice::MixedContent => said(w.mixed_content),
        Advice::PlainPort(port) => Said::Words((w.plain_port)(port)),
        Advice::Permission => said(w.permission),
        Advice::Fast => said(w.fast),
        Advice::Slow => said(w.slow),
        Advice::LocalName => said(w.local_name),
        Advice::Path => said(w.path),
        Advice::Certificate(address) => Said::Open(w.certificate.to_owned(), address),
        Advice::Listener => Said::Lines(w.listener.to_owned(), mosquitto::LISTENER.to_owned()),
        Advice::Subprotocol => said(w.subprotocol_check),
        Advice::TextFrame => said(w.text_frame_check),
        Advice::NoConnack => said(w.no_connack_check),
        Advice::CloseCode(code) => Said::Words((w.lost)(&(w.close_code)(code))),
        Advice::ClosedBeforeConnack => said(w.closed_before_connack_check),
        Advice::NoUserName => said(w.no_user_name),
        Advice::Refused(code) if code < FAILURE => said((w.refused_check)(code)),
        Advice::Refused(code) => said((codes.connack)(code).unwrap_or(codes.unknown).1),
        Advice::PasswordLines => {
            Said::Lines(w.password_lines.to_owned(), mosquitto::PASSWORDS.to_owned())
        }
        Advice::PasswordReload(user_name) => Said::Lines(
            w.password_reload.to_owned(),
            mosquitto::let_in(user_name.as_deref()),
        ),
        Advice::BrokerSays(text) => Said::Quote(codes.broker_says.to_owned(), text),
        Advice::ServerReference(text) => Said::Quote(codes.server_reference.to_owned(), text),
        Advice::NoVersion => said(codes.no_version_check),
        Advice::Disconnect(code) => said((codes.disconnect)(code).unwrap_or(codes.unknown).1),
        Advice::Authentication(detail) => {
            Said::Quote(codes.authentication_check.to_owned(), detail)
        }
        Advice::Malformed => said(w.malformed_check),
        Advice::PingUnanswered => said(w.ping_unanswered_check),
        Advice::CloseReason(reason) => Said::Quote(w.lost_reason.to_owned(), reason),
        Advice::Idle {
            silence,
            keep_alive,
        } => Said::Words((w.lost_idle)(&format::span(f64::from(silence)), keep_alive)),
        Advice::Lost => said(w.lost_check),
        Advice::NewTabBroker => said(w.new_tab_broker),
        Advice::NoTabBroker => said(w.no_tab_broker),
        Advice::Replaced => said(w.replaced_check),
        Advice::Suspected(suspected) => {
            Said::Words(suspected_words(&suspected, words).unwrap_or_default())
        }
    }
}

/// That a signature or token ran out so many seconds ago.
pub fn ran_out(ago: u64, words: &Words) -> String {
    (words.rest().keeping.ran_out)(&time_words(expiry::roughly(ago), words))
}
