//! What this side knows of the session that the broker keeps for it (MQTT 3.1.1 section 3.1.2.4, MQTT 5 section 3.1.2.4
//! and 4.1): whether there is one, whether it ends with the connection, and what the next CONNECT has to do to it. Knows no
//! connection: it is told of each CONNECT and of its answer.

/// See the head of the file.
#[derive(Clone, Debug)]
pub(super) struct BrokerSession {
    known: bool,
    ends: bool,
    next: Next,
    /// CONNECT packets since CONNACK last accepted, refused ones left out.
    connects: u32,
}

/// What the next CONNECT does to it, in MQTT 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// What the settings say: it is the first that the user has asked for.
    AsAsked,
    /// Takes up what there is. The settings were heeded before.
    TakeUp,
    /// Ends whatever there is.
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

    /// The user wants a connection. `ends`: its session is to end with it.
    pub(super) fn asked(&mut self, ends: bool) {
        (self.ends, self.next) = (ends, Next::AsAsked);
    }

    /// Whether CONNECT of MQTT 5 asks for a clean start. `asked`: the user wants one. `ends`: a session that is asked for
    /// ends with the connection, so that there is none to take up.
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

    /// CONNACK accepted. True: a CONNECT before this one was never answered. It may have begun a new session in place of
    /// the one that is known, so a session that is present now may be that one.
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

    /// There is one from here on.
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
        // As long as no connection comes of it, each CONNECT asks for the same.
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
