//! How a connection begins: if the session is to outlive the page, it is read from storage first. Commands to send
//! something that come meanwhile wait, so that they apply to the connection that they were meant for.

use super::{Engine, loading::Loading, request, storage};
use crate::{
    link::{Command, ConnectRequest},
    session::{Input, Settings},
};

impl Engine {
    pub(super) fn connect(&mut self, now: u64, request: ConnectRequest) {
        let settings = Box::new(request::settings(request, self.platform));
        // It is another session, so end the earlier one first: its last changes are then stored under its own name.
        if !self.is_session_of(&settings) {
            self.end(now);
            self.capture.leave_session();
        }
        self.storage.give_up_load();
        let waiting = self
            .loading
            .take()
            .map(|earlier| earlier.waiting)
            .unwrap_or_default();
        if settings.outlives_page() {
            let name = storage::name(&settings);
            self.loading = Some(Loading {
                ticket: self.storage.load(name.clone()),
                name,
                settings,
                waiting,
            });
        } else {
            self.storage.begin(None);
            self.tell(
                now,
                Input::Connect {
                    settings,
                    stored: Vec::new(),
                },
            );
            self.resume(now, waiting);
        }
    }

    pub(super) fn disconnect(&mut self, now: u64) {
        let loading = self.loading.take();
        self.storage.give_up_load();
        self.end(now);
        if let Some(loading) = loading {
            self.resume(now, loading.waiting);
        }
    }

    fn is_session_of(&self, settings: &Settings) -> bool {
        self.session.settings().is_some_and(|earlier| {
            earlier.addresses == settings.addresses
                && earlier.connect.client_id == settings.connect.client_id
        })
    }

    fn end(&mut self, now: u64) {
        self.tell(now, Input::Disconnect);
        // Unfinished messages of a stored session are restored from storage, and get new numbers.
        if self.session.queue_size().0 + self.session.in_flight() == 0 {
            let parked: Vec<u32> = self.pending.keys().copied().collect();
            for number in parked {
                self.finish(number);
            }
        }
    }

    /// While a session is being read, keeps commands that send something. Returns all other commands.
    pub(super) fn put_off(&mut self, command: Command) -> Option<Command> {
        match (&mut self.loading, command) {
            (
                Some(loading),
                command @ (Command::Publish(_)
                | Command::Start { .. }
                | Command::Stop { .. }
                | Command::Resubscribe { .. }),
            ) => {
                loading.waiting.push(command);
                None
            }
            (_, command) => Some(command),
        }
    }

    fn resume(&mut self, now: u64, waiting: Vec<Command>) {
        for command in waiting {
            self.command(now, command);
        }
    }

    /// The answer to [`super::Action::Load`]: keys and values in the order of the keys, or the browser's error message.
    pub fn loaded(&mut self, now: u64, ticket: u64, result: Result<Vec<(u64, Vec<u8>)>, String>) {
        self.now = now;
        let Some(loading) = self.loading.take_if(|loading| loading.ticket == ticket) else {
            return;
        };
        self.storage.loaded(ticket);
        let Loading {
            name,
            settings,
            waiting,
            ..
        } = loading;
        let (stored, failed) = match result {
            Ok(stored) => (stored, None),
            Err(detail) => (Vec::new(), Some(detail)),
        };
        self.storage.begin(failed.is_none().then_some(name));
        self.tell(now, Input::Connect { settings, stored });
        if let Some(detail) = failed {
            self.tell(now, Input::StorageFailed { detail });
        }
        self.resume(now, waiting);
    }

    /// The answer to [`super::Action::Store`]: it was written, or the browser's error message.
    pub fn stored(&mut self, now: u64, ticket: u64, result: Result<(), String>) {
        self.now = now;
        if !self.storage.done(ticket) {
            return;
        }
        if let Err(detail) = result {
            self.storage_failed(now, detail);
        }
    }

    fn storage_failed(&mut self, now: u64, detail: String) {
        self.storage.fail();
        self.tell(now, Input::StorageFailed { detail });
    }

    /// Treats storage that does not answer as failed, so that a connection does not wait forever.
    pub(super) fn lose_patience(&mut self, now: u64) {
        if self.storage.overdue_at().is_some_and(|due| due <= now) {
            self.storage_failed(now, storage::SILENT.to_owned());
        }
        if let Some(loading) = &self.loading
            && self.storage.load_overdue_at().is_some_and(|due| due <= now)
        {
            let ticket = loading.ticket;
            self.storage.give_up_load();
            self.loaded(now, ticket, Err(storage::SILENT.to_owned()));
        }
    }

    pub(super) fn patience_ends_at(&self) -> Option<u64> {
        super::sooner(self.storage.load_overdue_at(), self.storage.overdue_at())
    }
}
