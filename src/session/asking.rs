//! SUBSCRIBE and UNSUBSCRIBE: sent as far as the broker allows, and their answers (sections 3.8 to 3.11 of MQTT 3.1.1 and
//! MQTT 5). What is wanted is kept in [`super::subscriptions`].

use super::connected::Connected;
use super::room::Room;
use super::state::State;
use super::subscriptions::{Answer, beginning};
use super::trouble::Breach;
use super::{Delivery, Event, Grant, Wish};
use crate::protocol::{Codes, check_topic_filter, encode};

/// The largest subscription identifier (MQTT 5 section 3.8.2.1.2).
const LARGEST_IDENTIFIER: u32 = 268_435_455;

impl State {
    pub(super) fn subscribe(&mut self, wishes: Vec<Wish>) {
        for wish in wishes {
            let Wish {
                filter,
                options,
                identifier,
            } = wish;
            let numbered =
                identifier.is_none_or(|number| (1..=LARGEST_IDENTIFIER).contains(&number));
            if numbered && check_topic_filter(&filter).is_ok() {
                self.storage.note_wish(&filter, true);
                self.subscriptions.want(filter, options, identifier);
            } else {
                self.say(Event::FilterInvalid { filter });
            }
        }
        if self.subscriptions.suspects() {
            self.trial.take_care(self.clock.now());
        }
        self.ask();
    }

    pub(super) fn unsubscribe(&mut self, filter: &str) {
        self.storage.note_wish(filter, false);
        self.subscriptions.drop_wanted(filter);
        self.suspicion.left_out(filter);
        // Also without a connection: the next page must not take it up again.
        self.store_subscriptions();
        self.ask();
    }

    /// Asks the broker for what is wanted and not asked for yet: UNSUBSCRIBE, then SUBSCRIBE, as few of
    /// each as it takes. What is not allowed is told and not sent. What finds no packet identifier waits until one is free.
    pub(super) fn ask(&mut self) {
        if !self.is_connected() || !self.subscriptions.unasked() {
            return;
        }
        self.calm_down();
        let version = self.version();
        let connected = self.stage.connected();
        let granted = connected.and_then(Connected::granted);
        let room = Room::new(version, granted.and_then(|granted| granted.packet_size));
        for (filter, why) in self.subscriptions.forbid(granted, version) {
            self.say(Event::Forbidden { filter, why });
        }
        // Before SUBSCRIBE leaves: a page that comes after this one must know that the broker may hold it.
        self.subscriptions.about_to_ask();
        self.store_subscriptions();
        self.ask_to_leave(room);
        while self.may_demand()
            && let Some(request) = self.subscriptions.to_ask(room)
        {
            let Some(id) = self.identifiers.take() else {
                break;
            };
            let (identifier, at) = (request.identifier, request.at);
            let written = self.outbox.write(version, Delivery::Control, |out| {
                encode::subscribe(id, &request.filters, identifier, version, out)
            });
            if written.is_ok() {
                let until = self.blamed_until();
                self.subscriptions.asked(id, &at, until);
                self.spoke();
            } else {
                self.identifiers.free(id);
                // One by one, so that a filter that the codec refuses does not take others with it.
                if let Some(filter) = self.subscriptions.reject(&at) {
                    self.say(Event::FilterInvalid { filter });
                }
            }
        }
    }

    fn ask_to_leave(&mut self, room: Room) {
        let version = self.version();
        while self.may_demand() {
            let leave = self.subscriptions.to_leave(room);
            if leave.is_empty() {
                return;
            }
            let Some(id) = self.identifiers.take() else {
                return;
            };
            let count = leave.len();
            let written = self.outbox.write(version, Delivery::Control, |out| {
                encode::unsubscribe(id, &leave, version, out)
            });
            if written.is_err() {
                return self.identifiers.free(id);
            }
            let until = self.blamed_until();
            self.subscriptions.left(id, count, until);
            self.spoke();
        }
    }

    /// SUBACK.
    pub(super) fn suback(&mut self, suback: &Codes) -> Result<(), Breach> {
        if let Some(breach) = self.subscriptions.miscounted(suback) {
            self.survive(breach)?;
        }
        let Some(answers) = self.subscriptions.suback(suback) else {
            return Ok(());
        };
        self.prove();
        self.identifiers.free(suback.packet_id);
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
        if let Some(breach) = self.subscriptions.left_miscounted(unsuback, version) {
            self.survive(breach)?;
        }
        let Some(answers) = self.subscriptions.unsuback(unsuback) else {
            return Ok(());
        };
        self.prove();
        self.identifiers.free(unsuback.packet_id);
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
