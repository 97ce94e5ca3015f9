//! Filters that were asked for and not answered when a connection ended: the broker may have ended it because of them. Knows
//! no connection: it is told when one ended.

use super::super::trial::{FILTER_STRIKES, MESSAGE_STRIKES, TWICE};
use super::{Grant, Leaving, Subscription, Subscriptions};

/// What the end of a connection says about filters.
#[derive(Debug, Default)]
pub(in super::super) struct Struck {
    /// All that were on trial.
    pub filters: Vec<String>,
    /// Those that are not asked for again.
    pub withheld: Vec<String>,
    /// How often one of them was on trial by now.
    pub most: u8,
}

impl Subscription {
    fn on_trial(&self, now: u64) -> bool {
        self.asked_by.is_some() && now <= self.until
    }
}

impl Leaving {
    fn on_trial(&self, now: u64) -> bool {
        self.asked_by.is_some() && now <= self.until
    }

    /// UNSUBSCRIBE ended one connection after the other.
    pub(super) fn is_left_out(&self) -> bool {
        self.strikes >= MESSAGE_STRIKES
    }
}

impl Subscriptions {
    /// How many filters of SUBSCRIBE a close would now be put down to.
    pub(in super::super) fn on_trial(&self, now: u64) -> usize {
        self.wanted.iter().filter(|one| one.on_trial(now)).count()
    }

    /// How many filters of UNSUBSCRIBE a close would now be put down to.
    pub(in super::super) fn leaving_on_trial(&self, now: u64) -> usize {
        self.leaving.iter().filter(|one| one.on_trial(now)).count()
    }

    /// The connection ended. `alone`: nothing but one of them can be why. `proved`: it had worked until then.
    pub(in super::super) fn strike(&mut self, now: u64, alone: bool, proved: bool) -> Struck {
        let mut struck = Struck::default();
        for wanted in self.wanted.iter_mut().filter(|one| one.on_trial(now)) {
            wanted.strikes = wanted.strikes.saturating_add(1);
            struck.most = struck.most.max(wanted.strikes);
            struck.filters.push(wanted.filter.clone());
            if alone && (proved || wanted.strikes >= FILTER_STRIKES) {
                wanted.grant = Grant::Withheld;
                struck.withheld.push(wanted.filter.clone());
            }
        }
        struck
    }

    /// The same for UNSUBSCRIBE: the filter that the broker is not asked to give up any more.
    pub(in super::super) fn strike_leaving(&mut self, now: u64, alone: bool) -> Option<String> {
        let mut left_out = None;
        for leaving in self.leaving.iter_mut().filter(|one| one.on_trial(now)) {
            // In a group with others it may be none of them.
            let most = if alone { u8::MAX } else { MESSAGE_STRIKES - 1 };
            leaving.strikes = leaving.strikes.saturating_add(1).min(most);
            if leaving.is_left_out() {
                left_out = Some(leaving.filter.clone());
            }
        }
        left_out
    }

    /// One is suspected that was or will be asked.
    pub(in super::super) fn suspects(&self) -> bool {
        let asked = |one: &Subscription| matches!(one.grant, Grant::Asleep | Grant::Asked);
        self.wanted.iter().any(|one| one.strikes > 0 && asked(one)) || self.is_leaving_suspected()
    }

    pub(in super::super) fn is_leaving_suspected(&self) -> bool {
        let suspected = |one: &Leaving| one.strikes >= TWICE && !one.refused;
        self.leaving.iter().any(suspected)
    }

    /// What was not answered for so long ends no connection.
    pub(in super::super) fn acquit(&mut self, now: u64) {
        for wanted in &mut self.wanted {
            if wanted.asked_by.is_some() && !wanted.on_trial(now) {
                wanted.strikes = 0;
            }
        }
        for leaving in &mut self.leaving {
            if leaving.asked_by.is_some() && !leaving.on_trial(now) {
                leaving.strikes = 0;
            }
        }
    }

    /// Another broker, or another user, may be permitted more. True: something is to be asked for again.
    pub(in super::super) fn pardon(&mut self) -> bool {
        let mut any = false;
        for wanted in &mut self.wanted {
            if wanted.grant == Grant::Withheld {
                (wanted.grant, wanted.strikes) = (Grant::Asleep, 1);
                any = true;
            }
        }
        any
    }
}
