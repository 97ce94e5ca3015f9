//! The doctor: what to check when there is no connection. A browser tells a page little, so it weighs what it knows and
//! claims nothing that it does not.

use crate::{
    link::{Connection, Loss, Phase, Suspected, TAB, TAB_CLOSED, TAB_STOPPED, Trouble},
    profile::{
        address::{Address, AddressFault, Hint, Page, Reach, examine},
        lower_keep_alive, signed,
    },
    protocol::UNREACHED,
};

/// A socket that fails within so many milliseconds was turned away rather than lost.
const FAST: u32 = 1_500;

/// From so many milliseconds on, nobody has answered at all.
const SLOW: u32 = 4_000;

/// Reason codes of MQTT 5 that tell of a failure begin here (MQTT 5 section 2.4).
pub const FAILURE: u8 = 0x80;

/// Characters of a broker's own words that are shown.
const QUOTED: usize = 1_000;
/// Those that are shown where there is room for a line only.
const LINE: usize = 160;

/// One thing to check, or to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Advice {
    /// The signature or token in the address ran out so many seconds ago.
    RanOut(u64),
    /// What is wrong with the settings.
    Settings(String),
    /// The browser did not allow it; its own words.
    Forbidden(String),
    /// A page from `https:` may not open `ws:`.
    MixedContent,
    /// The port is that of MQTT without WebSockets.
    PlainPort(u16),
    /// A public page needs a permission for a private address.
    Permission,
    /// It failed at once.
    Fast,
    /// Nobody answered.
    Slow,
    /// The name is known in the local network only.
    LocalName,
    /// Another path.
    Path,
    /// The certificate: this address shows it.
    Certificate(String),
    /// Mosquitto's listener for browsers.
    Listener,
    /// Who answered does not speak MQTT.
    Subprotocol,
    /// It is no broker.
    TextFrame,
    /// CONNACK did not come.
    NoConnack,
    /// What the WebSocket's close code means.
    CloseCode(u16),
    /// It closed before CONNACK.
    ClosedBeforeConnack,
    /// It may want a user name, and there is none.
    NoUserName,
    /// CONNACK's return code, or from 0x80 its reason code.
    Refused(u8),
    /// Mosquitto's lines for passwords.
    PasswordLines,
    /// Mosquitto's commands for this user.
    PasswordReload(Option<String>),
    /// The broker says so.
    BrokerSays(String),
    /// The broker names another.
    ServerReference(String),
    /// It takes no version.
    NoVersion,
    /// DISCONNECT's reason code.
    Disconnect(u8),
    /// What is wrong with the broker's authentication.
    Authentication(String),
    /// The broker broke the protocol.
    Malformed,
    /// A ping was not answered.
    PingUnanswered,
    /// The WebSocket's close reason.
    CloseReason(String),
    /// Something ends connections that are quiet.
    Idle {
        /// Milliseconds of silence.
        silence: u32,
        /// The keep alive that would have helped, in seconds.
        keep_alive: u16,
    },
    /// What loses connections.
    Lost,
    /// The broker in this browser ended; the next one is empty.
    NewTabBroker,
    /// The broker in this browser did not start.
    NoTabBroker,
    /// Another client has the same identifier.
    Replaced,
    /// What the broker had not answered when it closed.
    Suspected(Suspected),
}

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

/// The trouble to explain now, if there is any: not that of a connection that works again or that the user ended, nor of the
/// first try while that is made.
pub fn trouble_now(connection: &Connection) -> Option<&Trouble> {
    let now = match connection.phase {
        Phase::Waiting | Phase::Failed => true,
        Phase::Connecting => connection.attempt > 1,
        Phase::Connected | Phase::Disconnected => false,
    };
    connection.trouble.as_ref().filter(|_| now)
}

/// What ended the connection that stood before, where it is another trouble than that of the latest try.
pub fn told_loss(connection: &Connection) -> Option<&Loss> {
    let lost = connection.lost.as_ref();
    lost.filter(|lost| connection.trouble.as_ref() != Some(&lost.trouble))
}

/// The browser said nothing of why, so that all advice is guessed.
pub fn is_guessing(trouble: &Trouble) -> bool {
    matches!(
        trouble,
        Trouble::NotOpened { .. } | Trouble::OpenTimeout { .. }
    )
}

/// The broker's own words, if it said any, for where there is room for a line only.
pub fn own_words(trouble: &Trouble) -> Option<String> {
    let words = match trouble {
        Trouble::Refused { reason, .. } | Trouble::Disconnected { reason, .. } => {
            reason.as_deref()?
        }
        Trouble::Lost { reason, .. } => reason,
        _ => return None,
    };
    (!words.is_empty()).then(|| words.chars().take(LINE).collect())
}

/// What to check, the likeliest first. `page`: this page; `now`: milliseconds since the Unix epoch.
pub fn advise(trouble: &Trouble, connection: &Connection, page: Page<'_>, now: f64) -> Vec<Advice> {
    let mut all = Vec::new();
    if may_be_late(trouble) {
        all.extend(ran_out(&connection.address, now).map(Advice::RanOut));
    }
    let suspected = suspected(connection).map(Advice::Suspected);
    match trouble {
        Trouble::Settings { detail } => all.push(Advice::Settings(detail.clone())),
        Trouble::Forbidden { detail } => all.push(Advice::Forbidden(detail.clone())),
        Trouble::NotOpened { .. } | Trouble::OpenTimeout { .. } if connection.address == TAB => {
            all.push(Advice::NoTabBroker);
        }
        Trouble::NotOpened { after } | Trouble::OpenTimeout { after } => {
            not_opened(*after, connection, page, &mut all);
        }
        Trouble::Subprotocol { .. } => all.push(Advice::Subprotocol),
        Trouble::TextFrame => all.push(Advice::TextFrame),
        Trouble::NoConnack { .. } => all.push(Advice::NoConnack),
        Trouble::ClosedBeforeConnack { code, .. } => {
            all.push(Advice::CloseCode(*code));
            // Otherwise the broker did not even see CONNECT.
            if !UNREACHED.contains(code) {
                all.push(Advice::ClosedBeforeConnack);
            }
        }
        Trouble::Refused {
            code,
            reason,
            server_reference,
        } => {
            refused(*code, connection, &mut all);
            from_broker(reason, server_reference, &mut all);
        }
        Trouble::NoVersion => all.push(Advice::NoVersion),
        Trouble::Disconnected {
            code,
            reason,
            server_reference,
        } => {
            all.extend(suspected);
            all.push(Advice::Disconnect(*code));
            from_broker(reason, server_reference, &mut all);
        }
        Trouble::Authentication { detail } => all.push(Advice::Authentication(detail.clone())),
        Trouble::Malformed { .. } => all.push(Advice::Malformed),
        Trouble::TooLarge { .. } => {}
        Trouble::PingUnanswered { .. } => all.extend([Advice::PingUnanswered, Advice::Lost]),
        Trouble::Lost { code, .. } if has_ended(*code) => all.push(Advice::NewTabBroker),
        Trouble::Lost {
            reason, silence, ..
        } => {
            all.extend(suspected);
            if !reason.is_empty() {
                all.push(Advice::CloseReason(reason.clone()));
            }
            let keep_alive = lower_keep_alive(*silence, connection.asked.keep_alive);
            all.extend(keep_alive.map(|keep_alive| Advice::Idle {
                silence: *silence,
                keep_alive,
            }));
            all.push(Advice::Lost);
        }
        Trouble::Replaced { .. } => {
            all.push(Advice::Replaced);
            all.extend(suspected);
        }
    }
    all
}

/// The broker in this browser has ended, by the close code of a line to it.
fn has_ended(code: u16) -> bool {
    matches!(code, TAB_CLOSED | TAB_STOPPED)
}

/// The trouble is that the broker in this browser has ended. Another takes its place so soon that it must be told apart.
pub fn is_end_of_tab_broker(trouble: &Trouble) -> bool {
    matches!(trouble, Trouble::Lost { code, .. } if has_ended(*code))
}

/// How many seconds ago the signature or token in this address ran out; `None`: it has not, as far as can be told. `now`:
/// milliseconds since the Unix epoch.
pub fn ran_out(address: &str, now: f64) -> Option<u64> {
    ((now / 1000.0) as u64).checked_sub(signed::runs_out(address)?)
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

fn suspected(connection: &Connection) -> Option<Suspected> {
    let suspected = connection.suspected.as_ref()?;
    let something = suspected.topic.is_some() || !suspected.filters.is_empty();
    something.then(|| suspected.clone())
}

/// What the broker itself has to say. Never more than a screen of it: it can be 65,535 bytes long.
fn from_broker(reason: &Option<String>, server_reference: &Option<String>, all: &mut Vec<Advice>) {
    let short = |text: &String| text.chars().take(QUOTED).collect::<String>();
    let reason = reason.as_ref().filter(|reason| !reason.is_empty());
    all.extend(reason.map(short).map(Advice::BrokerSays));
    all.extend(
        server_reference
            .as_ref()
            .map(short)
            .map(Advice::ServerReference),
    );
}

fn refused(code: u8, connection: &Connection, all: &mut Vec<Advice>) {
    // Before MQTT 5, and in it.
    let credentials = matches!(code, 4 | 5 | 0x86 | 0x87);
    if credentials && connection.user_name.is_none() {
        all.push(Advice::NoUserName);
    }
    all.push(Advice::Refused(code));
    if credentials {
        all.push(Advice::PasswordLines);
        all.push(Advice::PasswordReload(connection.user_name.clone()));
    }
}

/// Weighs what is known of a socket that did not open.
fn not_opened(after: u32, connection: &Connection, page: Page<'_>, all: &mut Vec<Advice>) {
    let address = match examine(&connection.address, page) {
        Ok(address) => address,
        Err(fault) => {
            if matches!(fault, AddressFault::MixedContent { .. }) {
                all.push(Advice::MixedContent);
            }
            all.push(Advice::Listener);
            return;
        }
    };
    let plain_port = address.port.filter(|port| matches!(port, 1883 | 8883));
    all.extend(plain_port.map(Advice::PlainPort));
    for hint in &address.hints {
        match hint {
            Hint::MixedContentOnLan => all.push(Advice::MixedContent),
            Hint::PrivateFromPublic => all.push(Advice::Permission),
            Hint::PlainMqttPort { .. } | Hint::TlsMqttPort { .. } | Hint::LocalName => {}
        }
    }
    if after < FAST {
        all.push(Advice::Fast);
    } else if after >= SLOW && address.reach != Reach::Loopback {
        all.push(Advice::Slow);
    }
    if address.reach == Reach::LocalName {
        all.push(Advice::LocalName);
    }
    if address.path == "/" && after < FAST {
        all.push(Advice::Path);
    }
    if address.secure && plain_port.is_none() {
        all.push(Advice::Certificate(certificate_address(&address)));
    } else if !page.host.eq_ignore_ascii_case(&address.authority()) {
        all.push(Advice::Listener);
    }
}

/// The page that a browser shows for the broker's certificate.
fn certificate_address(address: &Address) -> String {
    format!("https://{}/", address.authority())
}
