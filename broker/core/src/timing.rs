//! What time brings: silence, sessions that end, wills that are due.

use crate::connection::Stage;
use crate::output::{Ending, SessionEnd, Why};
use crate::slab::Key;
use crate::state::{State, Timer};

impl State {
    /// Does one thing that is due. `false`: nothing is.
    pub fn due(&mut self) -> bool {
        let Some(&(at, timer)) = self.timers.first() else {
            return false;
        };
        if at > self.now {
            return false;
        }
        self.timers.pop_first();
        match timer {
            Timer::Connection(key) => self.silent(key),
            Timer::Session(key) => self.session_due(key),
            Timer::Retained => self.retained_due(),
            Timer::Sys => self.publish_sys(at),
            Timer::Watch => self.stop_watching(),
        }
        true
    }

    /// A connection may have been silent for too long. Its timer is not set anew with every packet, so it may be early.
    fn silent(&mut self, key: Key) {
        let now = self.now;
        let Some(connection) = self.connections.get_mut(key) else {
            return;
        };
        connection.timer = None;
        if connection.silence == 0 {
            return;
        }
        let deadline = connection.heard + connection.silence;
        if deadline > now {
            self.time_connection(key, Some(deadline));
            return;
        }
        let why = match connection.stage {
            Stage::Live(_) => Ending::Broker(0x8D, Why::KeepAlive),
            Stage::Greeting | Stage::Proving { .. } => Ending::Broker(0x80, Why::ConnectTimeout),
        };
        self.close(key, why, true);
    }

    /// Retained messages expire, one at a time.
    fn retained_due(&mut self) {
        self.retained_timer = None;
        if let Some(message) = self.retained.expired(self.now) {
            self.forget_retained(&message.topic);
        }
        self.time_retained();
    }

    fn session_due(&mut self, key: Key) {
        let now = self.now;
        let Some(session) = self.sessions.get_mut(key) else {
            return;
        };
        session.timer = None;
        if session.will_at.is_some_and(|at| at <= now) {
            self.publish_will(key);
        }
        let session = self.sessions.get_mut(key);
        if session.is_some_and(|session| session.ends.is_some_and(|at| at <= now)) {
            self.counters.expired += 1;
            self.end_session(key, SessionEnd::Expired);
        } else {
            self.time_session(key);
        }
    }
}
