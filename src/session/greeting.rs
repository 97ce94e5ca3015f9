//! From the open socket to CONNACK: what CONNECT says, and what the broker's answer means (sections 3.1 and 3.2 of
//! MQTT 3.1.1 and MQTT 5).

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

    /// What CONNECT says in the version in use, and the enhanced authentication that it begins.
    fn greeting(&mut self) -> Option<(Connect, Option<Exchange>)> {
        let version = self.version();
        let settings = self.settings.as_mut()?;
        let expiry = settings.expiry();
        let mut connect = settings.connect.clone();
        if version == Version::V5 {
            // Clean start is for the connection that the user asked for. When it comes back by itself, a session that is
            // to outlive it is taken up again.
            let asked = connect.clean_session;
            connect.clean_session = self.broker_session.starts_clean(asked, expiry == 0);
            let largest = settings.largest(version);
            // Without a limit there are none larger, so that one from there on is none.
            if largest < LARGEST_PACKET {
                connect.properties.maximum_packet_size = u32::try_from(largest).ok();
            }
        } else {
            // A session that was to end with the connection does so in the older version too.
            connect.clean_session |= connect.version == Version::V5 && expiry == 0;
            // An older version takes an empty name only with a clean session, or not at all [MQTT-3.1.3-7].
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
            // Some brokers always say so. The session was to be a new one, and is taken for one.
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
        // The session at the broker is found by the name that it gave (MQTT 5 section 3.2.2.3.7).
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

    /// The broker has a session that this side knows nothing of [MQTT-3.2.2-4]. The user is not locked out by it: the
    /// next CONNECT ends it.
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
        // 0x84, or 1 before MQTT 5 and in answer to an MQTT 5 that is not understood: unacceptable protocol version.
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
        // Codes below are those of earlier versions, also where they answer an MQTT 5 that is not understood.
        let cure = if code >= 0x80 {
            cure(code)
        } else {
            cure_before_5(code)
        };
        self.cured_by(cure, trouble);
    }

    /// The version in use does not work here: the next is tried at once, on a fresh socket. `None`: the broker refused it in
    /// so many words. Where no version works, what was wrong with the first is said.
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

    /// What came in answer to CONNECT is not what the version in use allows: brokers that do not know it, or half of it,
    /// answer in the shape of another. Closed already. Gives the trouble back where no other version may be tried.
    pub(super) fn misanswered(&mut self, trouble: Trouble) -> Option<Trouble> {
        if !self.newest() || !self.stage.is_or_was_greeting() {
            return Some(trouble);
        }
        self.next_version(Some(trouble));
        None
    }

    /// CONNECT was not answered by a single byte: the socket closed, or the time is over. So do brokers that do not know the
    /// version. Not so one that has taken it before: it would be a step down for nothing.
    pub(super) fn unanswered(&mut self, trouble: Trouble) {
        if self.newest() && !self.tries.settled() && self.stage.is_unanswered() {
            self.next_version(Some(trouble));
        } else {
            self.retry_elsewhere(trouble);
        }
    }

    /// Waits, tries elsewhere, or gives up.
    pub(super) fn cured_by(&mut self, cure: Cure, trouble: Trouble) {
        let several = self.addresses() > 1;
        match cure {
            Cure::Elsewhere => self.retry_elsewhere(trouble),
            Cure::OnlyElsewhere if several => self.retry_elsewhere(trouble),
            Cure::Time => self.retry(trouble),
            Cure::Nothing | Cure::OnlyElsewhere => self.give_up(trouble),
        }
    }

    /// Other versions may be tried. With enhanced authentication, which only MQTT 5 has, they would come without credentials.
    fn newest(&self) -> bool {
        self.settings
            .as_ref()
            .is_some_and(|settings| settings.newest && settings.authentication.is_none())
    }
}
