//! From the open socket to CONNACK: the content of CONNECT, and what follows from the broker's answer (sections 3.1 and
//! 3.2 of MQTT 3.1.1 and MQTT 5).

use super::arrivals::Arrivals;
use super::authentication::Exchange;
use super::connected::Connected;
use super::stage::{Greeting, Stage};
use super::state::State;
use super::trouble::{Breach, Violation};
use super::verdict::{Cure, cure, cure_before_5};
use super::{Event, PacketRole, Trouble};
use crate::protocol::{Connack, Connect, Granted, LARGEST_PACKET, Version, encode};

const SESSION_PRESENT: Breach = Breach {
    detail: "CONNACK with session present for a clean session",
    clause: "3.2.2.2 [MQTT-3.2.2-1]; MQTT 5 3.2.2.1.1 [MQTT-3.2.2-2]",
};

const RENAMED: Breach = Breach {
    detail: "CONNACK assigns a client identifier although CONNECT named one",
    clause: "3.2.2.3.7",
};

impl State {
    /// The socket opened: CONNECT is its first packet.
    pub(super) fn opened(&mut self, chosen: &str) {
        let Some(settings) = self
            .settings
            .as_ref()
            .filter(|_| matches!(self.stage, Stage::Opening { .. }))
        else {
            return;
        };
        if chosen != settings.subprotocol.name() {
            self.close(4002, "another subprotocol");
            return self.unless_it_has_worked(Trouble::Subprotocol {
                chosen: chosen.to_owned(),
            });
        }
        let Some((connect, exchange)) = self.greeting() else {
            return;
        };
        let limits = (connect.version == Version::V5).then_some(&connect.properties);
        self.arrivals = Arrivals::new(limits);
        self.broker_session.connecting();
        if let Err(error) = self.send(PacketRole::Control, |out| encode::connect(&connect, out)) {
            self.close(1000, "");
            return self.give_up(Trouble::Settings {
                detail: error.to_string(),
            });
        }
        self.attempts.sent();
        let greeting = Greeting::new(self.clock.now(), connect.clean_session, exchange);
        self.enter(Stage::Greeting(Box::new(greeting)));
    }

    /// The CONNECT for the version in use, and the enhanced authentication that it begins.
    fn greeting(&mut self) -> Option<(Connect, Option<Exchange>)> {
        let version = self.version();
        let settings = self.settings.as_mut()?;
        let expiry = settings.expiry();
        let mut connect = settings.connect.clone();
        if version == Version::V5 {
            // The user's choice of a clean start is for the first connection only. An automatic reconnection resumes
            // the session, unless that ended with the connection.
            let asked = connect.clean_session;
            connect.clean_session = self.broker_session.starts_clean(asked, expiry == 0);
            let largest = settings.largest(version);
            // A limit of the largest possible packet, or more, is no limit.
            if largest < LARGEST_PACKET {
                connect.properties.maximum_packet_size = u32::try_from(largest).ok();
            }
        } else {
            // A session that would end with the connection in MQTT 5 also does in the older version.
            connect.clean_session |= connect.version == Version::V5 && expiry == 0;
            // MQTT 3.1.1 allows an empty client identifier only with a clean session [MQTT-3.1.3-7], MQTT 3.1 never.
            let nameable = version == Version::V311 && connect.clean_session;
            if connect.client_id.is_empty() && !nameable && settings.newest {
                settings.connect.client_id = self.chance.client_id();
                connect.client_id.clone_from(&settings.connect.client_id);
            }
        }
        connect.version = version;
        let exchange = match version {
            Version::V5 => self.begin_exchange(&mut connect.properties),
            Version::V31 | Version::V311 => None,
        };
        Some((connect, exchange))
    }

    /// CONNACK.
    pub(super) fn connack(&mut self, connack: Connack) -> Result<(), Violation> {
        let Stage::Greeting(greeting) = &mut self.stage else {
            return Ok(());
        };
        let (since, clean) = (greeting.since(), greeting.is_clean());
        if connack.code != 0 {
            self.refused(connack);
            return Ok(());
        }
        let version = self.version();
        let Connack {
            mut session_present,
            properties,
            ..
        } = connack;
        if session_present && clean {
            // Some brokers always set this flag. A clean session was requested, so this one is treated as new.
            self.survive(SESSION_PRESENT)?;
            session_present = false;
        }
        if !self.authenticated(&properties)? {
            return Ok(());
        }
        if session_present && !self.broker_session.is_known() && version == Version::V5 {
            return self.begin_anew();
        }
        let was_known = self.broker_session.is_known();
        let Some(settings) = &mut self.settings else {
            return Ok(());
        };
        let expiry = settings.connect.properties.session_expiry;
        let asked = settings.connect.keep_alive;
        let timing = settings.timing;
        let named = !settings.connect.client_id.is_empty();
        let granted = (version == Version::V5).then(|| {
            let mut granted = Granted::new(&properties, asked, expiry);
            granted.assigned_client_id.take_if(|_| named);
            granted
        });
        self.broker_session.set_ends(match &granted {
            Some(granted) => granted.session_expiry.unwrap_or(0) == 0,
            None => clean,
        });
        // The broker finds the session by the client identifier that it assigned (MQTT 5 section 3.2.2.3.7).
        let mut renamed = false;
        if let Some(name) = properties.assigned_client_id {
            if named {
                renamed = name != settings.connect.client_id;
            } else {
                settings.connect.client_id = name;
            }
        }
        if renamed {
            self.survive(RENAMED)?;
        }
        let lost_at = self.attempts.accepted(self.clock.since(since));
        self.tries.accepted();
        let replaced = self.broker_session.accepted();
        let now = self.clock.now();
        let connected = Connected::new(now, asked, &timing, granted, session_present);
        self.enter(Stage::Connected(Box::new(connected)));
        // MQTT 3.1 keeps sessions and has no word for it, so what it may have kept is taken up as if it had.
        let untold = version == Version::V31 && !clean && was_known;
        self.say(Event::Connected {
            session_present,
            resumed: session_present || untold,
            version,
        });
        if let Some(lost_at) = lost_at {
            self.say(Event::Returned {
                away: self.clock.since(lost_at),
                session_present,
                slept: self.clock.slept_since(lost_at),
            });
        }
        if untold || replaced {
            self.owed.subscriptions_mut().doubt();
        }
        self.take_up(session_present || untold);
        Ok(())
    }

    /// The broker has a session that this side knows nothing about, so the connection must be closed [MQTT-3.2.2-4].
    /// The next CONNECT discards that session, so the user is not locked out.
    fn begin_anew(&mut self) -> Result<(), Violation> {
        self.part(0x82);
        self.close(4002, "unknown session");
        self.broker_session.start_clean();
        self.say(Event::SessionUnknown);
        self.open();
        Ok(())
    }

    /// CONNACK refused.
    fn refused(&mut self, connack: Connack) {
        let Connack {
            code, properties, ..
        } = connack;
        self.broker_session.refused();
        let five = self.version() == Version::V5;
        // Unsupported protocol version: 0x84 in MQTT 5; 1 before MQTT 5, and from a broker that does not know MQTT 5.
        let for_version = code == 1 || five && code == 0x84;
        self.close(1000, "");
        if for_version && self.newest() {
            return self.next_version(None);
        }
        let trouble = Trouble::Refused {
            code,
            reason: properties.reason_string,
            server_reference: properties.server_reference,
        };
        // Lower codes are those of MQTT 3, also from a broker that does not know MQTT 5.
        let cure = if code >= 0x80 {
            cure(code)
        } else {
            cure_before_5(code)
        };
        self.cured_by(cure, trouble);
    }

    /// The version in use does not work at this address: tries the next one at once, on a new socket. `None`: the
    /// broker refused the version explicitly. If no version works, the trouble with the first one is reported.
    fn next_version(&mut self, trouble: Option<Trouble>) {
        if self.tries.next_version(trouble) {
            self.hang_up();
            return self.open();
        }
        match self.tries.first_trouble() {
            Some(trouble @ Trouble::Malformed { .. }) if self.strict() => self.give_up(trouble),
            Some(trouble) => self.retry_elsewhere(trouble),
            None => self.give_up(Trouble::NoVersion),
        }
    }

    /// The answer to CONNECT breaks the rules of the version in use. Brokers that do not fully know a version answer in
    /// the format of another. The socket is closed already. Returns the trouble if no other version may be tried.
    pub(super) fn misanswered(&mut self, trouble: Trouble) -> Option<Trouble> {
        if !self.newest() || !self.stage.is_or_was_greeting() {
            return Some(trouble);
        }
        self.next_version(Some(trouble));
        None
    }

    /// CONNACK did not come: the socket closed, or the time is over. If not one byte came, the broker may not know the
    /// version, so the next one is tried, unless this version has worked before.
    pub(super) fn unanswered(&mut self, trouble: Trouble) {
        if self.newest() && !self.tries.settled() && self.stage.is_unanswered() {
            self.next_version(Some(trouble));
        } else {
            self.retry_elsewhere(trouble);
        }
    }

    /// Waits, tries another address, or gives up.
    pub(super) fn cured_by(&mut self, cure: Cure, trouble: Trouble) {
        let several = self.addresses() > 1;
        match cure {
            Cure::Elsewhere => self.retry_elsewhere(trouble),
            Cure::OnlyElsewhere if several => self.retry_elsewhere(trouble),
            Cure::Time => self.retry(trouble),
            Cure::Nothing | Cure::OnlyElsewhere => self.give_up(trouble),
        }
    }

    /// Other versions may be tried. Not with enhanced authentication: only MQTT 5 has it, so other versions would send
    /// no credentials.
    fn newest(&self) -> bool {
        self.settings
            .as_ref()
            .is_some_and(|settings| settings.newest && settings.authentication.is_none())
    }
}
