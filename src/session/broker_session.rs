//! What this side knows of the session that the broker keeps for it (MQTT 3.1.1 section 3.1.2.4, MQTT 5 section 3.1.2.4
//! and 4.1): whether there is one, whether it ends with the connection, and what the next CONNECT has to do to it.
//! Knows no connection: its caller reports each CONNECT and its answer.

/// See the head of the file.
#[derive(Clone, Debug)]
pub(super) struct BrokerSession {
    known: bool,
    ends: bool,
    next: Next,
    /// CONNECT packets since the last CONNACK that accepted, without those that were refused.
    connects: u32,
}

/// What the next CONNECT does to the session, in MQTT 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// What the settings say: it is the first CONNECT since the user asked for a connection.
    AsAsked,
    /// Resumes the session, because an earlier CONNECT did what the settings say.
    TakeUp,
    /// Ends any session, whatever the settings say.
    StartClean,
}

impl BrokerSession {
    pub(super) fn new() -> Self {
        Self {
            known: false,
            ends: false,
            next: Next::TakeUp,
            connects: 0,
        }
    }

    /// The user asks for a connection. `ends`: its session is to end with it.
    pub(super) fn asked(&mut self, ends: bool) {
        (self.ends, self.next) = (ends, Next::AsAsked);
    }

    /// Whether the next CONNECT asks for a clean start (MQTT 5). `asked`: the settings ask for one. `ends`: sessions
    /// end with their connection, so there is none to resume.
    pub(super) fn starts_clean(&self, asked: bool, ends: bool) -> bool {
        match self.next {
            Next::AsAsked => asked,
            Next::TakeUp => asked && ends,
            Next::StartClean => true,
        }
    }

    /// CONNECT is sent.
    pub(super) fn connecting(&mut self) {
        self.connects = self.connects.saturating_add(1);
    }

    /// CONNACK refused. A refusal begins no session.
    pub(super) fn refused(&mut self) {
        self.connects = self.connects.saturating_sub(1);
    }

    /// CONNACK said whether the session ends with the connection.
    pub(super) fn set_ends(&mut self, ends: bool) {
        self.ends = ends;
    }

    /// CONNACK accepted. True: an earlier CONNECT was never answered. It may have started a new session in place of the
    /// known one, so a session that is present now may be either.
    pub(super) fn accepted(&mut self) -> bool {
        self.next = Next::TakeUp;
        std::mem::take(&mut self.connects) > 1
    }

    /// The next CONNECT ends whatever session there is.
    pub(super) fn start_clean(&mut self) {
        self.next = Next::StartClean;
    }

    /// It ends with the connection.
    pub(super) fn ends(&self) -> bool {
        self.ends
    }

    /// The broker and this client have one together.
    pub(super) fn is_known(&self) -> bool {
        self.known
    }

    /// There is one from now on.
    pub(super) fn establish(&mut self) {
        self.known = true;
    }

    /// Nothing is known of one any more.
    pub(super) fn forget(&mut self) {
        self.known = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// MQTT 5 section 3.1.2.4
    #[test]
    fn a_clean_start_is_for_the_connection_that_was_asked_for() {
        let mut session = BrokerSession::new();
        session.asked(false);
        assert!(session.starts_clean(true, false) && !session.starts_clean(false, true));
        // As long as no attempt succeeds, each CONNECT asks for the same.
        session.connecting();
        assert!(session.starts_clean(true, false));
        session.accepted();
        assert!(!session.starts_clean(true, false), "it is to outlive that");
        assert!(session.starts_clean(true, true), "there is none to take up");
    }

    #[test]
    fn an_unknown_session_is_ended_by_the_next_connect_that_is_accepted() {
        let mut session = BrokerSession::new();
        session.asked(false);
        session.start_clean();
        session.connecting();
        assert!(session.starts_clean(false, false));
        session.accepted();
        assert!(!session.starts_clean(false, false));
        session.start_clean();
        session.asked(false);
        assert!(!session.starts_clean(false, false), "the user decides anew");
    }

    #[test]
    fn only_a_connect_that_was_never_answered_leaves_a_doubt() {
        let mut session = BrokerSession::new();
        session.connecting();
        assert!(!session.accepted());
        session.connecting();
        session.refused();
        session.connecting();
        assert!(!session.accepted());
        session.connecting();
        session.connecting();
        assert!(session.accepted());
        // A refusal without a CONNECT takes nothing away from the next.
        session.refused();
        session.connecting();
        assert!(!session.accepted());
    }
}
