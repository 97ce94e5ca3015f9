//! Requests to storage: reading a session, and writing changes in batches. While one batch is being written, the next one
//! collects. Knows no browser and no sockets.

use std::collections::VecDeque;

use super::wire::Action;
use crate::session::{Change, Settings};

/// Storage that does not answer for so many microseconds counts as failed.
const PATIENCE_US: u64 = 10_000_000;

/// The error message for storage that does not answer, for which the browser has none.
pub(super) const SILENT: &str = "the browser's storage does not answer";

/// The name of a session in storage: what identifies it at the broker, which is its client identifier and the address of
/// the broker. The query of the address and a web token in its path are left out, because they may be secret or change
/// from day to day. User name, version and further addresses are left out, because they do not make it another session.
pub(super) fn name(settings: &Settings) -> String {
    let address = settings.addresses.first().map_or("", String::as_str);
    let place = address.split(['?', '#']).next().unwrap_or_default();
    // A JSON Web Token starts with `{"` in Base64.
    let place: Vec<&str> = place
        .split('/')
        .filter(|part| !(part.starts_with("eyJ") && part.contains('.')))
        .collect();
    let place = place.join("/");
    // An address contains no line break, so the two parts cannot be confused.
    format!("{place}\n{}", settings.connect.client_id)
}

#[derive(Debug)]
struct Batch {
    session: String,
    ticket: u64,
    changes: Vec<Change>,
}

/// All requests to storage.
#[derive(Debug, Default)]
pub(super) struct Storage {
    /// The name of the current or latest session; `None` while nothing is stored.
    session: Option<String>,
    batches: VecDeque<Batch>,
    /// The batch that is being written, and since when.
    writing: Option<(u64, u64)>,
    /// All batches up to this ticket are written.
    written: u64,
    last_ticket: u64,
    load: Load,
    /// Tickets of loads that are no longer needed. Storage has not been told yet.
    given_up: Option<u64>,
}

/// A session that is to be read.
#[derive(Debug, Default)]
enum Load {
    #[default]
    Nothing,
    /// It waits until all batches are written.
    Waiting { session: String, ticket: u64 },
    /// It was requested at this time.
    Asked { ticket: u64, since: u64 },
}

impl Storage {
    /// Changes are stored for this session from now on; `None`: they are not stored.
    pub fn begin(&mut self, session: Option<String>) {
        self.session = session;
    }

    /// Adds a change. Returns the ticket of its batch; `None` if nothing is stored.
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

    /// Reads a session once all batches are written. An earlier request that is not answered is cancelled, because reading a
    /// session takes it away from the page that has it.
    pub fn load(&mut self, session: String) -> u64 {
        // Bytes wait for tickets of batches in ascending order, so loads use other numbers.
        self.give_up_load();
        self.last_ticket += 1;
        let ticket = self.last_ticket;
        self.load = Load::Waiting { session, ticket };
        ticket
    }

    /// The session is no longer needed, so it must not be taken away from another page either.
    pub fn give_up_load(&mut self) {
        if let Load::Asked { ticket, .. } = std::mem::take(&mut self.load) {
            self.given_up = Some(ticket);
        }
    }

    /// The load was answered, with success or not.
    pub fn loaded(&mut self, ticket: u64) {
        if matches!(self.load, Load::Asked { ticket: asked, .. } if asked == ticket) {
            self.load = Load::Nothing;
        }
    }

    /// The next request.
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

    /// All batches up to this ticket are written.
    pub fn written(&self) -> u64 {
        self.written
    }

    /// A batch was written, or failed. Returns false for one that is no longer waited for.
    pub fn done(&mut self, ticket: u64) -> bool {
        let waited = self.writing.take_if(|(writing, _)| *writing == ticket);
        if waited.is_some() {
            self.written = ticket;
        }
        waited.is_some()
    }

    /// Storage has failed: nothing waits for it any more, and nothing more is stored for this session. Its records are removed
    /// if that is possible. Otherwise the next page would send messages again that were delivered meanwhile.
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

    /// When the batch that is being written counts as failed.
    pub fn overdue_at(&self) -> Option<u64> {
        self.writing
            .map(|(_, since)| since.saturating_add(PATIENCE_US))
    }

    /// When the load counts as failed. While it waits for a batch, the limit of that batch applies.
    pub fn load_overdue_at(&self) -> Option<u64> {
        match self.load {
            Load::Asked { since, .. } => Some(since.saturating_add(PATIENCE_US)),
            Load::Nothing | Load::Waiting { .. } => None,
        }
    }
}
