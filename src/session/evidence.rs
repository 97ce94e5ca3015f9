//! Finding out why the broker ends connections. Whatever it had not answered is suspected. On the next connections the
//! suspects are sent one at a time, and the one that ends a connection again is not sent any more; see
//! `docs/decisions/0017-what-a-close-says.md`. Also what the user decides about such messages.

use super::connected::Connected;
use super::state::State;
use super::trial::{MESSAGE_STRIKES, Suspected, TWICE, Weighed};
use super::{Event, PacketRole};
use crate::protocol::encode;

/// The most filters that are reported as suspects.
const NAMED: usize = 8;

/// The code of an UNSUBACK that refuses without saying why (MQTT 5 section 3.11.3).
const UNSPECIFIED: u8 = 0x80;

impl State {
    /// The broker ended a connection after this time, and nothing else explains it. Call it before [`State::hang_up`],
    /// which forgets what was outstanding.
    pub(super) fn weigh(&mut self, lasted: u64) -> Weighed {
        let now = self.clock.now();
        let (filters, others) = self.owed.on_trial(now);
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
        let proved = connected.is_some_and(Connected::is_proved) || self.is_stable(lasted);
        let subscriptions = self.owed.subscriptions_mut();
        let struck = subscriptions.strike(now, alone, proved);
        let unsubscribed = subscriptions.strike_leaving(now, alone);
        let leaving = subscriptions.is_leaving_suspected();
        let messages = self.owed.strike_messages(now);
        let topic = self.owed.in_flight().first_on_trial(now);
        self.trial.suspect(Some(Suspected {
            topic: topic.filter(|_| struck.filters.is_empty()),
            filters: struck.filters.into_iter().take(NAMED).collect(),
        }));
        if filters > 0 || messages >= TWICE || leaving {
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

    /// Holds back the one delivery that is suspected.
    fn hold_back(&mut self) -> bool {
        let Some(number) = self.owed.hold_back(self.clock.now()) else {
            return false;
        };
        self.say(Event::HeldBack { number });
        true
    }

    /// Until when what has just been sent is suspected if the connection ends. It depends on how many bytes are ahead
    /// of it.
    pub(super) fn blamed_until(&mut self) -> u64 {
        self.trial.until(self.clock.now(), self.on_way())
    }

    /// The next packet that needs an answer may be sent. While something is suspected, only one at a time may be
    /// outstanding.
    pub(super) fn may_demand(&self) -> bool {
        !self.trial.is_careful() || self.owed.on_trial(self.clock.now()) == (0, 0)
    }

    /// Ends sending one at a time once nothing is suspected any more.
    pub(super) fn calm_down(&mut self) {
        if self.trial.is_careful() && !self.owed.suspects() {
            self.trial.calm_down();
        }
    }

    /// Clears suspects by time: a connection that is still up long after a packet was sent did not end because of it.
    pub(super) fn acquit(&mut self) {
        let now = self.clock.now();
        if self.trial.acquittal().is_none_or(|due| now < due) {
            return;
        }
        self.trial.cancel_acquittal();
        self.owed.acquit(now);
        self.ask();
        self.pump();
        if !self.may_demand() {
            self.trial.take_care(self.clock.now());
        }
    }

    /// Sends PUBREL for each message that the broker confirmed with PUBREC, in the order of PUBREC [MQTT-4.6.0-4].
    pub(super) fn release(&mut self) {
        while self.may_demand()
            && let Some(id) = self.owed.in_flight().next_release()
        {
            let until = self.blamed_until();
            self.owed.released(id, until);
            self.send_plain(PacketRole::Control, |out| encode::pubrel(id, out));
        }
    }

    /// The user asks to send a held-back message again.
    pub(super) fn send_held(&mut self, number: u32) {
        // If one more connection ends because of it, it is held back again.
        if self.owed.send_held(number, MESSAGE_STRIKES - 1) {
            self.trial.take_care(self.clock.now());
            self.pump();
        }
    }

    /// The user discards a held-back message.
    pub(super) fn drop_held(&mut self, number: u32) {
        if let Some(key) = self.owed.drop_held(number) {
            self.unstore(key);
            self.say(Event::Cancelled { number });
            self.pump();
        }
    }
}
