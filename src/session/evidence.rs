//! Weighing the end of a connection: what was outstanding is suspected, narrowed down one at a time on the next connections,
//! and left out when it ends them again (see `docs/decisions/0017-what-a-close-says.md`). What the user then wants of it.

use super::connected::Connected;
use super::held_back::Held;
use super::in_flight::{Flight, Released};
use super::state::State;
use super::trial::{MESSAGE_STRIKES, Suspected, TWICE, Weighed};
use super::{Delivery, Event};
use crate::protocol::encode;

/// So many filters are named at the most.
const NAMED: usize = 8;

/// The code of an UNSUBACK that refuses without saying why (MQTT 5 section 3.11.3).
const UNSPECIFIED: u8 = 0x80;

impl State {
    /// The other side ends a connection that lasted so long, and nothing else explains it. To be called before what belongs
    /// to the connection is forgotten.
    pub(super) fn weigh(&mut self, lasted: u64) -> Weighed {
        let now = self.clock.now();
        let filters = self.subscriptions.on_trial(now);
        let others = self.subscriptions.leaving_on_trial(now) + self.in_flight.on_trial(now);
        if filters + others == 0 {
            let just_said = self.trial.just_said(now).map(|topic| Suspected {
                filters: Vec::new(),
                topic: Some(topic.to_owned()),
            });
            self.trial.suspect(just_said);
            return Weighed::Nothing;
        }
        let alone = filters + others == 1;
        let connected = self.stage.connected();
        let proved = connected.is_some_and(Connected::is_proved) || self.has_held(lasted);
        let struck = self.subscriptions.strike(now, alone, proved);
        let unsubscribed = self.subscriptions.strike_leaving(now, alone);
        let messages = self.in_flight.strike(now);
        let topic = self.in_flight.first_on_trial(now);
        self.trial.suspect(Some(Suspected {
            topic: topic.filter(|_| struck.filters.is_empty()),
            filters: struck.filters.into_iter().take(NAMED).collect(),
        }));
        if filters > 0 || messages >= TWICE || self.subscriptions.is_leaving_suspected() {
            self.trial.be_careful();
        }
        let mut left_out = !struck.withheld.is_empty() || unsubscribed.is_some();
        for filter in struck.withheld {
            self.say(Event::Withheld { filter });
        }
        if let Some(filter) = unsubscribed {
            self.say(Event::Unsubscribed {
                filter,
                code: UNSPECIFIED,
                reason: None,
            });
        }
        if alone && messages >= MESSAGE_STRIKES {
            left_out |= self.hold_back();
        }
        if left_out {
            Weighed::LeftOut
        } else if struck.most.max(messages) > 1 {
            Weighed::Repeated
        } else {
            Weighed::Suspected
        }
    }

    /// Takes the one delivery that is on trial out of the way.
    fn hold_back(&mut self) -> bool {
        let Some(held) = self.in_flight.take_on_trial(self.clock.now()) else {
            return false;
        };
        let number = held.number();
        self.held_back.push(held);
        self.say(Event::HeldBack { number });
        true
    }

    /// Until when a close is put down to what has just been sent: it reaches the broker behind all that is on its way.
    pub(super) fn blamed_until(&mut self) -> u64 {
        self.trial.until(self.clock.now(), self.on_way())
    }

    /// What has to be answered may go out: alone, while something is suspected.
    pub(super) fn may_demand(&self) -> bool {
        !self.trial.is_careful()
            || self.subscriptions.on_trial(self.clock.now()) == 0
                && self.subscriptions.leaving_on_trial(self.clock.now()) == 0
                && self.in_flight.on_trial(self.clock.now()) == 0
    }

    /// Once nothing is under suspicion any more, everything goes out as usual.
    pub(super) fn calm_down(&mut self) {
        if self.trial.is_careful()
            && !self.subscriptions.suspects()
            && !self.in_flight.suspects()
            && !self.queue.suspects()
        {
            self.trial.calm_down();
        }
    }

    /// Time goes by. What was not answered for so long, on a connection that stands, does not end connections.
    pub(super) fn acquit(&mut self) {
        let now = self.clock.now();
        if self.trial.acquittal().is_none_or(|due| now < due) {
            return;
        }
        self.trial.cancel_acquittal();
        self.subscriptions.acquit(self.clock.now());
        self.in_flight.acquit(self.clock.now());
        self.ask();
        self.pump();
        if !self.may_demand() {
            self.trial.take_care(self.clock.now());
        }
    }

    /// PUBREL for every message that the broker has said that it has, in the order in which it did [MQTT-4.6.0-4].
    pub(super) fn release(&mut self) {
        while self.may_demand()
            && let Some(id) = self.in_flight.next_release()
        {
            let until = self.blamed_until();
            self.in_flight.released_here(id, until);
            self.send_plain(Delivery::Control, |out| encode::pubrel(id, out));
        }
    }

    /// The user wants a message sent again that is held back.
    pub(super) fn send_held(&mut self, number: u32) {
        let Some(held) = self.held_back.take(number) else {
            return;
        };
        self.trial.take_care(self.clock.now());
        // Once more is enough to hold it back again.
        let strikes = MESSAGE_STRIKES - 1;
        match held {
            Held::Message(id, mut publication) => {
                publication.strikes = strikes;
                match id {
                    Some(id) => self.in_flight.put_back(Flight {
                        id,
                        publication,
                        until: 0,
                    }),
                    None => self.queue.push_front(publication),
                }
            }
            Held::Release(released) => self.in_flight.restore_released(Released {
                strikes,
                until: 0,
                ..released
            }),
        }
        self.pump();
    }

    /// The user gives up a message that is held back.
    pub(super) fn drop_held(&mut self, number: u32) {
        let Some(held) = self.held_back.take(number) else {
            return;
        };
        match held {
            Held::Message(id, publication) => {
                self.unstore(publication.key);
                match id {
                    Some(id) if publication.message.qos == crate::protocol::Qos::ExactlyOnce => {
                        self.held_back.spend(id);
                    }
                    Some(id) => self.identifiers.free(id),
                    None => {}
                }
            }
            Held::Release(released) => {
                self.unstore(released.key);
                self.held_back.spend(released.id);
            }
        }
        self.say(Event::Cancelled { number });
        self.pump();
    }

    /// Everything that is held back is like everything else again: it goes where the session goes.
    pub(super) fn take_back_held(&mut self) {
        for held in self.held_back.take_all().into_iter().rev() {
            match held {
                Held::Message(Some(id), publication) => self.in_flight.put_back(Flight {
                    id,
                    publication,
                    until: 0,
                }),
                Held::Message(None, publication) => self.queue.push_front(publication),
                Held::Release(released) => self.in_flight.restore_released(released),
            }
        }
        self.free_spent();
    }

    pub(super) fn free_spent(&mut self) {
        for id in self.held_back.take_spent() {
            self.identifiers.free(id);
        }
    }
}
