//! Sending SUBSCRIBE and UNSUBSCRIBE, and handling their answers (sections 3.8 to 3.11 of MQTT 3.1.1 and MQTT 5). The
//! list of subscriptions itself is in [`super::subscriptions`].

use super::connected::Connected;
use super::room::Room;
use super::state::State;
use super::subscriptions::{Answer, beginning};
use super::trouble::Breach;
use super::{Event, Grant, PacketRole};
use crate::protocol::{Codes, LARGEST_NUMBER, SubscribeRequest, check_topic_filter, encode};

impl State {
    pub(super) fn subscribe(&mut self, wishes: Vec<SubscribeRequest>) {
        for wish in wishes {
            let SubscribeRequest {
                filter,
                options,
                identifier,
            } = wish;
            let numbered = identifier.is_none_or(|number| (1..=LARGEST_NUMBER).contains(&number));
            if numbered && check_topic_filter(&filter).is_ok() {
                self.storage.note_wish(&filter, true);
                self.owed
                    .subscriptions_mut()
                    .want(filter, options, identifier);
            } else {
                self.say(Event::FilterInvalid { filter });
            }
        }
        if self.owed.subscriptions().suspects() {
            self.trial.take_care(self.clock.now());
        }
        self.ask();
    }

    pub(super) fn unsubscribe(&mut self, filter: &str) {
        self.storage.note_wish(filter, false);
        self.owed.subscriptions_mut().drop_wanted(filter);
        self.suspicion.left_out(filter);
        // Also without a connection, so that the next page does not restore the subscription from storage.
        self.store_subscriptions();
        self.ask();
    }

    /// Sends UNSUBSCRIBE and then SUBSCRIBE for everything that is due, in as few packets as possible. A filter that
    /// the broker does not allow is reported and not sent. What finds no free packet identifier waits until there is
    /// one.
    pub(super) fn ask(&mut self) {
        if !self.is_connected() || !self.owed.subscriptions().unasked() {
            return;
        }
        self.calm_down();
        let version = self.version();
        let connected = self.stage.connected();
        let granted = connected.and_then(Connected::granted);
        let room = Room::new(version, granted.and_then(|granted| granted.packet_size));
        let subscriptions = self.owed.subscriptions_mut();
        for (filter, why) in subscriptions.forbid(granted, version) {
            self.say(Event::Forbidden { filter, why });
        }
        // Stored before SUBSCRIBE is sent: after a crash the next page must know that the broker may hold the
        // subscription.
        self.owed.subscriptions_mut().about_to_ask();
        self.store_subscriptions();
        self.ask_to_leave(room);
        while self.may_demand()
            && let Some((id, request)) = self.owed.next_subscribe(room)
        {
            let (identifier, at) = (request.identifier, request.at);
            let written = self.outbox.write(version, PacketRole::Control, |out| {
                encode::subscribe(id, &request.filters, identifier, version, out)
            });
            if written.is_ok() {
                let until = self.blamed_until();
                self.owed.subscribed(id, &at, until);
                self.spoke();
            } else if let Some(filter) = self.owed.not_subscribed(id, &at) {
                self.say(Event::FilterInvalid { filter });
            }
        }
    }

    fn ask_to_leave(&mut self, room: Room) {
        let version = self.version();
        while self.may_demand()
            && let Some((id, leave)) = self.owed.next_unsubscribe(room)
        {
            let count = leave.len();
            let written = self.outbox.write(version, PacketRole::Control, |out| {
                encode::unsubscribe(id, &leave, version, out)
            });
            if written.is_err() {
                return self.owed.not_unsubscribed(id);
            }
            let until = self.blamed_until();
            self.owed.unsubscribed(id, count, until);
            self.spoke();
        }
    }

    /// SUBACK.
    pub(super) fn suback(&mut self, suback: &Codes) -> Result<(), Breach> {
        if let Some(breach) = self.owed.subscriptions().miscounted(suback) {
            self.survive(breach)?;
        }
        let Some(answers) = self.owed.suback(suback) else {
            return Ok(());
        };
        self.prove();
        for answer in answers {
            let Answer {
                filter,
                grant,
                reason,
            } = answer;
            match grant {
                Grant::Granted(qos) => self.say(Event::Granted { filter, qos }),
                Grant::Refused(code) => self.say(Event::Refused {
                    filter,
                    code,
                    reason,
                }),
                Grant::Asleep | Grant::Asked | Grant::Forbidden(_) | Grant::Withheld => {}
            }
        }
        self.store_subscriptions();
        // An identifier is free.
        self.ask();
        self.pump();
        Ok(())
    }

    /// UNSUBACK.
    pub(super) fn unsuback(&mut self, unsuback: &Codes) -> Result<(), Breach> {
        let version = self.version();
        let subscriptions = self.owed.subscriptions();
        if let Some(breach) = subscriptions.left_miscounted(unsuback, version) {
            self.survive(breach)?;
        }
        let Some(answers) = self.owed.unsuback(unsuback) else {
            return Ok(());
        };
        self.prove();
        let reason = unsuback.reason_string.as_deref().map(beginning);
        for (filter, code) in answers {
            self.say(Event::Unsubscribed {
                filter,
                code,
                reason: reason.clone(),
            });
        }
        self.store_subscriptions();
        // An identifier is free.
        self.ask();
        self.pump();
        Ok(())
    }
}
