//! The state of the connection for the page. The session's own types for it are converted here.

use crate::{
    engine::{
        pane::{Pane, World},
        shown,
    },
    link::{self, Answer, Asked},
    protocol::Granted,
    session::{self, Phase, Session, Settings},
};

/// The connection.
#[derive(Debug, Default)]
pub struct Connection;

impl Pane for Connection {
    type Answer = link::Connection;
    const INTO_ANSWER: fn(link::Connection) -> Answer = Answer::Connection;

    fn answer(&mut self, world: &World<'_>) -> Option<link::Connection> {
        Some(connection(world.session, world.loading))
    }
}

/// The current connection, or the next one while its session is being read from storage.
fn connection(session: &Session, loading: Option<&Settings>) -> link::Connection {
    if let Some(settings) = loading {
        return link::Connection {
            phase: link::Phase::Connecting,
            address: settings.addresses.first().cloned().unwrap_or_default(),
            version: settings.connect.version,
            attempt: 1,
            ..identity(settings)
        };
    }
    let identity = session.settings().map(identity).unwrap_or_default();
    let assigned = session
        .granted()
        .and_then(|granted| granted.assigned_client_id.clone())
        .filter(|_| identity.client_id.is_empty());
    link::Connection {
        client_id: assigned.unwrap_or(identity.client_id),
        phase: phase(session.phase()),
        address: session.address().unwrap_or_default().to_owned(),
        granted: (session.phase() == Phase::Connected).then(|| granted(session)),
        version: session.version(),
        storage: storage(session.storage()),
        attempt: session.attempt(),
        next_try: session.next_try().map(shown::milliseconds),
        since: session.since().map(shown::milliseconds),
        session_present: session.session_present(),
        round_trip: session.round_trip().map(shown::milliseconds),
        reached: reached(session.reached()),
        trouble: session.trouble().map(trouble),
        lost: session.loss().map(|(at, why)| link::Loss {
            at: shown::milliseconds(at),
            trouble: trouble(why),
        }),
        suspects: session.suspects().to_vec(),
        suspected: session.suspected().map(suspected),
        ..identity
    }
}

/// What can be told from the settings alone.
fn identity(settings: &Settings) -> link::Connection {
    let connect = &settings.connect;
    let user_name = match &settings.authentication {
        Some(session::Authentication::ScramSha256 { user_name, .. }) => Some(user_name.clone()),
        None => connect.user_name.clone(),
    };
    link::Connection {
        client_id: connect.client_id.clone(),
        user_name,
        asked: Asked {
            keep_alive: connect.keep_alive,
            clean_session: connect.clean_session,
            session_expiry: connect.properties.session_expiry,
        },
        ..link::Connection::default()
    }
}

/// What the broker allows; before MQTT 5 that is everything.
fn granted(session: &Session) -> Granted {
    session.granted().cloned().unwrap_or_else(|| {
        let keep_alive = session
            .settings()
            .map_or(0, |settings| settings.connect.keep_alive);
        Granted {
            keep_alive,
            ..Granted::default()
        }
    })
}

fn phase(phase: session::Phase) -> link::Phase {
    match phase {
        session::Phase::Disconnected => link::Phase::Disconnected,
        session::Phase::Connecting => link::Phase::Connecting,
        session::Phase::Connected => link::Phase::Connected,
        session::Phase::Waiting => link::Phase::Waiting,
        session::Phase::Failed => link::Phase::Failed,
    }
}

fn reached(reached: session::Reached) -> link::Reached {
    match reached {
        session::Reached::Nothing => link::Reached::Nothing,
        session::Reached::Opening => link::Reached::Opening,
        session::Reached::Sent => link::Reached::Sent,
        session::Reached::Accepted => link::Reached::Accepted,
    }
}

fn storage(state: session::StorageState) -> link::Storage {
    match state {
        session::StorageState::Off => link::Storage::Off,
        session::StorageState::On => link::Storage::On,
        session::StorageState::Failed(detail) => link::Storage::Failed { detail },
    }
}

fn suspected(suspected: &session::Suspected) -> link::Suspected {
    link::Suspected {
        filters: suspected.filters.clone(),
        topic: suspected.topic.clone(),
    }
}

fn trouble(trouble: &session::Trouble) -> link::Trouble {
    use session::Trouble as From;
    match trouble.clone() {
        From::Settings { detail } => link::Trouble::Settings { detail },
        From::Forbidden { detail } => link::Trouble::Forbidden { detail },
        From::NotOpened { after } => link::Trouble::NotOpened { after },
        From::OpenTimeout { after } => link::Trouble::OpenTimeout { after },
        From::Subprotocol { chosen } => link::Trouble::Subprotocol { chosen },
        From::TextFrame => link::Trouble::TextFrame,
        From::NoConnack { after } => link::Trouble::NoConnack { after },
        From::ClosedBeforeConnack { code, after } => {
            link::Trouble::ClosedBeforeConnack { code, after }
        }
        From::Refused {
            code,
            reason,
            server_reference,
        } => link::Trouble::Refused {
            code,
            reason,
            server_reference,
        },
        From::NoVersion => link::Trouble::NoVersion,
        From::Disconnected {
            code,
            reason,
            server_reference,
        } => link::Trouble::Disconnected {
            code,
            reason,
            server_reference,
        },
        From::Authentication { detail } => link::Trouble::Authentication { detail },
        From::Malformed { detail, clause } => link::Trouble::Malformed { detail, clause },
        From::TooLarge { size, limit } => link::Trouble::TooLarge { size, limit },
        From::PingUnanswered { after } => link::Trouble::PingUnanswered { after },
        From::Lost {
            code,
            reason,
            silence,
        } => link::Trouble::Lost {
            code,
            reason,
            silence,
        },
        From::Replaced { certain, client_id } => link::Trouble::Replaced { certain, client_id },
    }
}
