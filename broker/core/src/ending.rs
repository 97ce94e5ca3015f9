//! How connections and sessions end.

use std::sync::Arc;

use midge::inside::Outcome;
use midge::protocol::{PacketType, Qos, reason};

use crate::connection::Stage;
use crate::message::SECOND;
use crate::output::{Ending, Event, SessionEnd, Why};
use crate::session::Delivery;
use crate::slab::Key;
use crate::state::{State, Timer};
use crate::wire;

impl State {
    /// Ends a connection. `tell`: its owner does not know yet.
    pub fn close(&mut self, key: Key, why: Ending, tell: bool) {
        if let (Ending::Broker(code, what), true) = (why, tell) {
            self.say_goodbye(key, code, what);
        }
        let Some(connection) = self.connections.remove(key) else {
            return;
        };
        self.by_number.remove(&connection.number);
        self.partial -= connection.partial.len();
        self.owed -= connection.owed;
        self.time(Timer::Connection(key), connection.timer, None);
        if tell {
            self.outbox.close(connection.number, why);
        }
        match connection.stage {
            Stage::Live(session) => {
                self.counters.connected -= 1;
                if let Some(client_id) = self.client_id(session) {
                    self.outbox.event(Event::Disconnected {
                        connection: connection.number,
                        client_id,
                        why,
                    });
                }
                self.detach(session, why != Ending::Client(0));
            }
            Stage::Proving { hello, .. } => self.outbox.event(Event::Refused {
                connection: connection.number,
                client_id: Some(hello.client_id.clone()),
                why,
            }),
            Stage::Greeting if why != Ending::Lost => self.outbox.event(Event::Refused {
                connection: connection.number,
                client_id: None,
                why,
            }),
            Stage::Greeting => {}
        }
    }

    /// DISCONNECT of MQTT 5, where the broker may send it.
    fn say_goodbye(&mut self, key: Key, code: u8, why: Why) {
        let Some(connection) = self.connections.get(key) else {
            return;
        };
        if !matches!(connection.stage, Stage::Live(_)) || !connection.is_five() {
            return;
        }
        let code = match reason::sender(PacketType::Disconnect, code) {
            Some(_) => code,
            None => 0x80,
        };
        let mut properties = Vec::new();
        if connection.wants_reasons {
            wire::text(
                wire::id::REASON_STRING,
                why.words().as_bytes(),
                &mut properties,
            );
            // [MQTT-3.14.2-3]: not if the packet becomes too large by it.
            if properties.len() + 5 > connection.largest {
                properties.clear();
            }
        }
        if connection.largest < 4 {
            return;
        }
        self.send(key, |out| {
            wire::with_properties(0xE0, &[code], &properties, out)
        });
    }

    pub fn client_id(&self, session: Key) -> Option<Arc<str>> {
        Some(self.sessions.get(session)?.person.client_id.clone())
    }

    /// A session is without its connection from here on.
    fn detach(&mut self, key: Key, with_will: bool) {
        let now = self.now;
        let Some(session) = self.sessions.get_mut(key) else {
            return;
        };
        session.connection = None;
        session.since = now;
        session.resend = None;
        session.dropping = false;
        self.away.insert((now, key));
        if !with_will {
            self.set_will(key, None);
        }
        let Some(session) = self.sessions.get_mut(key) else {
            return;
        };
        // Looking for retained messages is of the subscription, not of the session: it is not taken up again.
        for looking in session.looking.drain(..) {
            self.retained.end(looking.scan);
        }
        // What waited with QoS 0 waited for this connection.
        let all = std::mem::take(&mut session.queue);
        let (waiting, gone): (Vec<_>, Vec<_>) = all
            .into_iter()
            .partition(|(_, delivery)| delivery.qos != Qos::AtMostOnce);
        session.queue = waiting.into();
        session.queued_zero = 0;
        session.queued_bytes -= gone
            .iter()
            .map(|(_, delivery)| delivery.message.size())
            .sum::<usize>();
        for (_, delivery) in gone {
            self.trace_end(key, &delivery, Outcome::LostWithConnection);
            self.release(&delivery.message, false);
        }
        let Some(session) = self.sessions.get_mut(key) else {
            return;
        };
        if session.expiry == 0 {
            self.end_session(key, SessionEnd::Clean);
            return;
        }
        session.ends = match session.expiry {
            u32::MAX => None,
            seconds => Some(now + u64::from(seconds) * SECOND),
        };
        let delay = session.will.as_ref().map(|will| will.delay);
        session.will_at = delay.map(|delay| now + u64::from(delay) * SECOND);
        if session.shared > 0 {
            let filters = session
                .filters
                .keys()
                .filter(|filter| filter.starts_with("$share/"));
            for filter in filters {
                self.interest.set_live(key, filter, false);
            }
        }
        if delay == Some(0) {
            self.publish_will(key);
        }
        self.store_session(key);
        self.time_session(key);
        if self.away.len() > self.settings.limits.sessions_away
            && let Some(&(_, longest)) = self.away.first()
        {
            self.end_session(longest, SessionEnd::Displaced);
        }
    }

    /// Publishes the will of a session, and forgets it.
    pub fn publish_will(&mut self, key: Key) {
        let Some(session) = self.sessions.get_mut(key) else {
            return;
        };
        session.will_at = None;
        let Some(will) = self.set_will(key, None) else {
            return;
        };
        let Some(session) = self.sessions.get(key) else {
            return;
        };
        let from = session.person.client_id.clone();
        // Rules may have changed since CONNECT.
        if !self.access.may_publish(&session.person, &will.topic) {
            return;
        }
        let message = self.will_message(will, from);
        self.pending.push_back(message);
        self.store_session(key);
    }

    /// Ends a session: all that belongs to it is gone.
    pub fn end_session(&mut self, key: Key, why: SessionEnd) {
        self.publish_will(key);
        let Some(session) = self.sessions.remove(key) else {
            return;
        };
        self.by_client.remove(&session.person.client_id);
        self.away.remove(&(session.since, key));
        self.time(Timer::Session(key), session.timer, None);
        for filter in session.filters.keys() {
            self.interest.remove(key, filter);
        }
        for looking in session.looking {
            self.retained.end(looking.scan);
        }
        let client_id = session.person.client_id.clone();
        let is_stored = session.stored;
        if is_stored {
            self.forget_session(&client_id, &session.filters, &session.received);
        }
        for (number, flight) in session.flight {
            if is_stored {
                self.forget_delivery(&client_id, number);
            }
            if let Some(delivery) = flight.delivery {
                // [MQTT-4.8.2-5]: what may have arrived of QoS 2 goes to nobody else.
                if delivery.qos == Qos::AtLeastOnce {
                    self.hand_on(&delivery);
                }
                self.release(&delivery.message, is_stored);
            }
        }
        for (number, delivery) in session.queue {
            self.hand_on(&delivery);
            let is_stored = is_stored && delivery.qos != Qos::AtMostOnce;
            if is_stored {
                self.forget_delivery(&client_id, number);
            }
            self.release(&delivery.message, is_stored);
        }
        self.outbox.event(Event::SessionEnded { client_id, why });
    }

    /// What a member of a shared subscription has not taken goes to another, if there is one (MQTT 5 section 4.8.2).
    fn hand_on(&mut self, delivery: &Delivery) {
        let Some(share) = delivery.share.clone().filter(|_| !self.is_stopping) else {
            return;
        };
        if let Some((session, asked)) = self.interest.turn(&share) {
            let (session, asked) = self.who_drains(session, asked, &share);
            let delivery = Delivery::shared(&delivery.message, asked, share);
            let outcome = self.deliver(session, delivery.clone());
            if self.watch.is_some() {
                self.trace_handed_on(session, &delivery, asked, outcome);
            }
        }
    }

    /// Ends every connection.
    pub fn shutdown(&mut self) {
        // Or it would go from each to the next.
        self.is_stopping = true;
        let keys: Vec<Key> = self.connections.iter().map(|(key, _)| key).collect();
        for key in keys {
            self.close(key, Ending::Broker(0x8B, Why::Shutdown), true);
        }
    }
}
