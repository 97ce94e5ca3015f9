//! What storage is to be told: changes in batches, one being written while the next collects, and what a session is
//! read under. Knows no browser and no sockets.

use std::collections::VecDeque;

use super::wire::Action;
use crate::session::{Change, Settings};

/// Storage that has not answered for this long, in microseconds, has failed.
const PATIENCE_US: u64 = 10_000_000;

/// The browser's own words are missing where it says nothing at all.
pub(super) const SILENT: &str = "the browser's storage does not answer";

/// The name under which a session is stored: what it is at the broker, so its client identifier and where the broker is.
/// The query of the address is left out, as it may hold a secret or change from day to day, and so is a web token in its
/// path; so are the user name, the version and the other addresses, which do not make it another session.
pub(super) fn name(settings: &Settings) -> String {
    let address = settings.addresses.first().map_or("", String::as_str);
    let place = address.split(['?', '#']).next().unwrap_or_default();
    // A JSON Web Token begins with a brace in Base64.
    let place: Vec<&str> = place
        .split('/')
        .filter(|part| !(part.starts_with("eyJ") && part.contains('.')))
        .collect();
    let place = place.join("/");
    // An address holds no line break, so the two parts cannot be mixed up.
    format!("{place}\n{}", settings.connect.client_id)
}

#[derive(Debug)]
struct Batch {
    session: String,
    ticket: u64,
    changes: Vec<Change>,
}

/// Everything that is on its way to storage.
#[derive(Debug, Default)]
pub(super) struct Storage {
    /// The session that is connected, or that was last; `None` while nothing is stored.
    session: Option<String>,
    batches: VecDeque<Batch>,
    /// What is being written, and since when.
    writing: Option<(u64, u64)>,
    /// Everything up to this ticket is in storage.
    written: u64,
    last_ticket: u64,
    load: Load,
    /// What storage was asked for and nobody waits for any more, which it is to be told.
    given_up: Option<u64>,
}

/// What is to be read.
#[derive(Debug, Default)]
enum Load {
    #[default]
    Nothing,
    /// It waits until all that is to be written is written.
    Waiting { session: String, ticket: u64 },
    /// Storage was asked for it then.
    Asked { ticket: u64, since: u64 },
}

impl Storage {
    /// From now on changes belong to this session, or are of no interest.
    pub fn begin(&mut self, session: Option<String>) {
        self.session = session;
    }

    /// The ticket of the batch that this change is written with; `None` where nothing is stored.
    pub fn change(&mut self, change: Change) -> Option<u64> {
        let session = self.session.as_ref()?;
        match self.batches.back_mut() {
            Some(batch) if batch.session == *session => {
                batch.changes.push(change);
                Some(batch.ticket)
            }
            _ => {
                self.last_ticket += 1;
                self.batches.push_back(Batch {
                    session: session.clone(),
                    ticket: self.last_ticket,
                    changes: vec![change],
                });
                Some(self.last_ticket)
            }
        }
    }

    /// Reads a session once all that is to be written is written. An earlier request that was not served is given up:
    /// whoever reads a session takes it over from the page that has it.
    pub fn load(&mut self, session: String) -> u64 {
        // Not one of the tickets that bytes wait for: those are counted up to.
        self.give_up_load();
        self.last_ticket += 1;
        let ticket = self.last_ticket;
        self.load = Load::Waiting { session, ticket };
        ticket
    }

    /// Nobody waits for what was to be read any more, so it must not be taken over either.
    pub fn give_up_load(&mut self) {
        if let Load::Asked { ticket, .. } = std::mem::take(&mut self.load) {
            self.given_up = Some(ticket);
        }
    }

    /// What was asked for came, or could not be read.
    pub fn loaded(&mut self, ticket: u64) {
        if matches!(self.load, Load::Asked { ticket: asked, .. } if asked == ticket) {
            self.load = Load::Nothing;
        }
    }

    /// The next thing to do.
    pub fn next(&mut self, now: u64) -> Option<Action<'static>> {
        if let Some(ticket) = self.given_up.take() {
            return Some(Action::GiveUp { ticket });
        }
        if self.writing.is_some() {
            return None;
        }
        if let Some(batch) = self.batches.pop_front() {
            self.writing = Some((batch.ticket, now));
            return Some(Action::Store {
                session: batch.session,
                ticket: batch.ticket,
                changes: batch.changes,
            });
        }
        let Load::Waiting { session, ticket } = &mut self.load else {
            return None;
        };
        let (session, ticket) = (std::mem::take(session), *ticket);
        let since = now;
        self.load = Load::Asked { ticket, since };
        Some(Action::Load { session, ticket })
    }

    /// Everything up to this ticket is in storage.
    pub fn written(&self) -> u64 {
        self.written
    }

    /// A batch is in storage, or is not. False for one that nobody waits for any more.
    pub fn done(&mut self, ticket: u64) -> bool {
        let waited = self.writing.take_if(|(writing, _)| *writing == ticket);
        if waited.is_some() {
            self.written = ticket;
        }
        waited.is_some()
    }

    /// Storage has failed: nothing waits for it any longer, and nothing more is kept there for this session. What it still
    /// holds is removed if that can be done: the session goes on without it, and the next page would send again what was
    /// delivered meanwhile.
    pub fn fail(&mut self) {
        self.batches.clear();
        self.writing = None;
        self.written = self.last_ticket;
        if let Some(session) = self.session.take() {
            self.last_ticket += 1;
            self.batches.push_back(Batch {
                session,
                ticket: self.last_ticket,
                changes: vec![Change::Clear],
            });
        }
    }

    /// When storage has been silent for too long about what is being written.
    pub fn overdue_at(&self) -> Option<u64> {
        self.writing
            .map(|(_, since)| since.saturating_add(PATIENCE_US))
    }

    /// When storage has been silent for too long about what it was asked for. What waits for its turn behind something
    /// that is being written has that one's time first.
    pub fn load_overdue_at(&self) -> Option<u64> {
        match self.load {
            Load::Asked { since, .. } => Some(since.saturating_add(PATIENCE_US)),
            Load::Nothing | Load::Waiting { .. } => None,
        }
    }
}
