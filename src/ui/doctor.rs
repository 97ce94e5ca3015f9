//! The doctor: makes words of why a connection failed, and says what to check. A browser tells a page little, so it
//! weighs what it knows and claims nothing that it does not.

use leptos::prelude::*;

use crate::{
    browser::location,
    desk::format,
    link::{Connection, Phase, Trouble, Version},
    profile::{
        address::{Address, AddressFault, Hint, Reach},
        lower_keep_alive, terminal,
    },
    ui::{
        connect::{Form, MOSQUITTO_LINES, examine, ran_out, version_name},
        held::suspected_words,
        name,
        piece::{Piece, Pieces, view},
        remarks::Suspects,
        store::{Section, Store},
        words::Words,
    },
};

/// A socket that fails within so many milliseconds was turned away rather than lost.
const FAST: u32 = 1_500;

/// From so many milliseconds on, nobody has answered at all.
const SLOW: u32 = 4_000;

/// Reason codes of MQTT 5 that tell of a failure begin here (MQTT 5 section 2.4).
const FAILURE: u8 = 0x80;

/// Characters of a broker's own words that are shown.
const QUOTED: usize = 1_000;

/// The name of a trouble, as tests and style sheets know it.
pub fn kind(trouble: &Trouble) -> &'static str {
    match trouble {
        Trouble::Settings { .. } => "settings",
        Trouble::Forbidden { .. } => "forbidden",
        Trouble::NotOpened { .. } => "not-opened",
        Trouble::OpenTimeout { .. } => "open-timeout",
        Trouble::Subprotocol { .. } => "subprotocol",
        Trouble::TextFrame => "text-frame",
        Trouble::NoConnack { .. } => "no-connack",
        Trouble::ClosedBeforeConnack { .. } => "closed-before-connack",
        Trouble::Refused { .. } => "refused",
        Trouble::NoVersion => "no-version",
        Trouble::Disconnected { .. } => "disconnected",
        Trouble::Authentication { .. } => "authentication",
        Trouble::Malformed { .. } => "malformed",
        Trouble::TooLarge { .. } => "too-large",
        Trouble::PingUnanswered { .. } => "ping-unanswered",
        Trouble::Lost { .. } => "lost",
        Trouble::Replaced { .. } => "replaced",
    }
}

/// What happened, in one line. `version`: the one that was spoken.
pub fn summary(trouble: &Trouble, version: Version, words: &Words) -> String {
    let w = &words.rest().doctor;
    let codes = &words.rest().codes;
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
        Trouble::Malformed { detail, clause } => {
            (w.malformed)(detail, version_name(version), clause)
        }
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

/// One thing to check.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Advice {
    /// In words.
    Words(String),
    /// In words, with lines to type.
    Lines(String, String),
    /// In words, with an address to open.
    Open(String, String),
    /// In words, with what somebody else said, word for word: nobody knows whether it is true.
    Quote(String, String),
}

/// What to check. The likeliest first.
fn advice(trouble: &Trouble, connection: &Connection, words: &Words) -> Vec<Advice> {
    let w = &words.rest().doctor;
    let codes = &words.rest().codes;
    let say = |words: &str| Advice::Words(words.to_owned());
    let suspected = || {
        let suspected = connection.suspected.as_ref();
        suspected
            .and_then(|suspected| suspected_words(suspected, words))
            .map(Advice::Words)
    };
    match trouble {
        Trouble::Settings { detail } => vec![Advice::Words(detail.clone())],
        Trouble::Forbidden { detail } => {
            // The browser's words may or may not end like a sentence.
            let detail = format!("{}.", detail.trim().trim_end_matches('.'));
            vec![Advice::Words((w.forbidden_checks)(&detail))]
        }
        Trouble::NotOpened { after } | Trouble::OpenTimeout { after } => {
            not_opened(*after, connection, words)
        }
        Trouble::Subprotocol { .. } => vec![say(w.subprotocol_check)],
        Trouble::TextFrame => vec![say(w.text_frame_check)],
        Trouble::NoConnack { .. } => vec![say(w.no_connack_check)],
        Trouble::ClosedBeforeConnack { code, .. } => {
            vec![
                Advice::Words((w.lost)(&(w.close_code)(*code))),
                say(w.closed_before_connack_check),
            ]
        }
        Trouble::Refused {
            code,
            reason,
            server_reference,
        } => {
            let mut all = refused(*code, connection, words);
            all.extend(from_broker(reason, server_reference, words));
            all
        }
        Trouble::NoVersion => vec![say(codes.no_version_check)],
        Trouble::Disconnected {
            code,
            reason,
            server_reference,
        } => {
            let (_, check) = (codes.disconnect)(*code).unwrap_or(codes.unknown);
            let mut all: Vec<Advice> = suspected().into_iter().collect();
            all.push(say(check));
            all.extend(from_broker(reason, server_reference, words));
            all
        }
        Trouble::Authentication { detail } => vec![Advice::Quote(
            codes.authentication_check.to_owned(),
            detail.clone(),
        )],
        Trouble::Malformed { .. } => vec![say(w.malformed_check)],
        Trouble::TooLarge { .. } => Vec::new(),
        Trouble::PingUnanswered { .. } => vec![say(w.ping_unanswered_check), say(w.lost_check)],
        Trouble::Lost {
            reason, silence, ..
        } => {
            let reason = (!reason.is_empty())
                .then(|| Advice::Quote(w.lost_reason.to_owned(), reason.clone()));
            let lower = lower_keep_alive(*silence, connection.asked.keep_alive);
            let idle = lower.map(|lower| {
                let silence = format::span(f64::from(*silence));
                Advice::Words((w.lost_idle)(&silence, lower))
            });
            let all = suspected().into_iter().chain(reason).chain(idle);
            all.chain([say(w.lost_check)]).collect()
        }
        Trouble::Replaced { .. } => {
            let all = [say(w.replaced_check)].into_iter();
            all.chain(suspected()).collect()
        }
    }
}

/// A signature that has run out may be the reason.
fn may_be_late(trouble: &Trouble) -> bool {
    matches!(
        trouble,
        Trouble::NotOpened { .. }
            | Trouble::OpenTimeout { .. }
            | Trouble::NoConnack { .. }
            | Trouble::ClosedBeforeConnack { .. }
            | Trouble::Refused { .. }
            | Trouble::Disconnected { .. }
            | Trouble::Lost { .. }
    )
}

/// The broker's own words, if it said any, for where there is room for a line only.
pub fn own_words(trouble: &Trouble) -> Option<String> {
    const LINE: usize = 160;
    match trouble {
        Trouble::Refused { reason, .. } | Trouble::Disconnected { reason, .. } => reason
            .as_ref()
            .filter(|reason| !reason.is_empty())
            .map(|reason| reason.chars().take(LINE).collect()),
        Trouble::Lost { reason, .. } if !reason.is_empty() => {
            Some(reason.chars().take(LINE).collect())
        }
        _ => None,
    }
}

/// What the broker itself has to say. Never more than a screen of it: it can be 65,535 bytes long.
fn from_broker(
    reason: &Option<String>,
    server_reference: &Option<String>,
    words: &Words,
) -> Vec<Advice> {
    let codes = &words.rest().codes;
    let quote = |before: &str, text: &String| {
        let short: String = text.chars().take(QUOTED).collect();
        Advice::Quote(before.to_owned(), short)
    };
    let reason = reason
        .as_ref()
        .filter(|reason| !reason.is_empty())
        .map(|reason| quote(codes.broker_says, reason));
    let reference = server_reference
        .as_ref()
        .map(|reference| quote(codes.server_reference, reference));
    reason.into_iter().chain(reference).collect()
}

fn refused(code: u8, connection: &Connection, words: &Words) -> Vec<Advice> {
    let w = &words.rest().doctor;
    let mut all = Vec::new();
    // Before MQTT 5, and in it.
    let credentials = matches!(code, 4 | 5 | 0x86 | 0x87);
    if credentials && connection.user_name.is_none() {
        all.push(Advice::Words(w.no_user_name.to_owned()));
    }
    let check = if code < FAILURE {
        (w.refused_check)(code)
    } else {
        let codes = &words.rest().codes;
        (codes.connack)(code).unwrap_or(codes.unknown).1
    };
    all.push(Advice::Words(check.to_owned()));
    if credentials {
        let lines = "allow_anonymous false\npassword_file /etc/mosquitto/passwd";
        all.push(Advice::Lines(w.password_lines.to_owned(), lines.to_owned()));
        let user = terminal::quote(connection.user_name.as_deref().unwrap_or("chen")).into_owned();
        let lines = format!(
            "sudo mosquitto_passwd /etc/mosquitto/passwd {user}\nsudo systemctl reload mosquitto"
        );
        all.push(Advice::Lines(w.password_reload.to_owned(), lines));
    }
    all
}

/// Weighs what is known of a socket that did not open.
fn not_opened(after: u32, connection: &Connection, words: &Words) -> Vec<Advice> {
    let w = &words.rest().doctor;
    let mut all = Vec::new();
    let mut say = |words: &str| all.push(Advice::Words(words.to_owned()));
    let address = match examine(&connection.address) {
        Ok(address) => Some(address),
        Err(AddressFault::MixedContent { .. }) => {
            say(w.mixed_content);
            None
        }
        Err(_) => None,
    };
    let Some(address) = address else {
        all.push(Advice::Lines(
            w.listener.to_owned(),
            MOSQUITTO_LINES.to_owned(),
        ));
        return all;
    };
    if let Some(port @ (1883 | 8883)) = address.port {
        say(&(w.plain_port)(port));
    }
    for hint in &address.hints {
        match hint {
            Hint::MixedContentOnLan => say(w.mixed_content),
            Hint::PrivateFromPublic => say(w.permission),
            Hint::PlainMqttPort { .. } | Hint::TlsMqttPort { .. } | Hint::LocalName => {}
        }
    }
    if after < FAST {
        say(w.fast);
    } else if after >= SLOW && address.reach != Reach::Loopback {
        say(w.slow);
    }
    if address.reach == Reach::LocalName {
        say(w.local_name);
    }
    if address.path == "/" && after < FAST {
        say(w.path);
    }
    let plain_port = matches!(address.port, Some(1883 | 8883));
    if address.secure && !plain_port {
        all.push(Advice::Open(
            w.certificate.to_owned(),
            certificate_address(&address),
        ));
    } else if !is_page_itself(&address) {
        all.push(Advice::Lines(
            w.listener.to_owned(),
            MOSQUITTO_LINES.to_owned(),
        ));
    }
    all
}

/// The page that a browser shows for the broker's certificate.
fn certificate_address(address: &Address) -> String {
    format!("https://{}/", address.authority())
}

fn is_page_itself(address: &Address) -> bool {
    location::host().eq_ignore_ascii_case(&address.authority())
}

/// Whether there is something to explain now.
fn troubled(connection: &Connection) -> bool {
    connection.trouble.is_some()
        && match connection.phase {
            Phase::Waiting | Phase::Failed => true,
            Phase::Connecting => connection.attempt > 1,
            Phase::Connected | Phase::Disconnected => false,
        }
}

/// Why there is no connection, and what to check, on the connect screen.
#[component(transparent)]
pub fn TroubleWords() -> Piece {
    let store = expect_context::<Store>();
    let form = expect_context::<Form>();
    let trouble = Memo::new(move |_| {
        store.connection.with(|connection| {
            let told = || Connection {
                next_try: None,
                attempt: 0,
                since: None,
                round_trip: None,
                ..connection.clone()
            };
            troubled(connection).then(told)
        })
    });
    let kind = move || {
        trouble.with(|told| {
            told.as_ref()
                .and_then(|told| told.trouble.as_ref().map(kind))
        })
    };
    let replaced = move || kind() == Some("replaced");
    let words = move || {
        trouble.with(|told| {
            let told = told.as_ref()?;
            let trouble = told.trouble.as_ref()?;
            let words = store.words();
            let late = may_be_late(trouble).then(|| ran_out(&told.address, words)).flatten();
            let late = late.map(Advice::Words).into_iter();
            let checks = late.chain(advice(trouble, told, words)).map(|one| {
                match one {
                    Advice::Words(words) => view! { <li>{words}</li> },
                    Advice::Lines(words, lines) => {
                        view! { <li>{words}<pre class="lines mono">{lines}</pre></li> }
                    }
                    Advice::Quote(words, quoted) => {
                        view! { <li>{words}" "<q class="wrap">{name::quoted(&quoted)}</q></li> }
                    }
                    Advice::Open(words, address) => {
                        let href = address.clone();
                        view! { <li>{words}" "<a class="mono" href=href target="_blank" rel="noopener noreferrer">{address}</a></li> }
                    }
                }
            });
            let guessing = matches!(trouble, Trouble::NotOpened { .. } | Trouble::OpenTimeout { .. });
            Some(view! {
                <p class="title">{summary(trouble, told.version, words)}</p>
                {guessing.then(|| view! { <p>{words.rest().doctor.guesses}</p> })}
                <ul>{checks.pieces()}</ul>
            })
        })
    };
    view! {
        <div
            // Over the messages another part of the page tells the same; the name is that of the one in front.
            id=move || (store.section.get() == Section::Broker).then_some("trouble")
            class="trouble error"
            role="alert"
            data-kind=kind
            hidden=move || trouble.with(Option::is_none)
        >
            {words}
            <Suspects />
            <div class="buttons" hidden=move || !replaced()>
                <button
                    type="button"
                    class="button"
                    on:click=move |_| {
                        form.new_client_id();
                        form.connect(store);
                    }
                >
                    {store.text(|w| w.rest().doctor.with_new_id)}
                </button>
                <button type="button" class="button" on:click=move |_| form.connect(store)>
                    {store.text(|w| w.rest().doctor.again)}
                </button>
            </div>
        </div>
    }
}
