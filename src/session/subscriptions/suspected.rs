//! Filters that were requested and not answered when a connection ended. The broker may have ended it because of them.
//! Knows no connection: its caller reports when one ended.

use super::super::trial::{FILTER_STRIKES, MESSAGE_STRIKES, TWICE};
use super::{Grant, Leaving, Subscription, Subscriptions};

/// What the end of a connection means for filters.
#[derive(Debug, Default)]
pub(in super::super) struct Struck {
    /// All suspected filters.
    pub filters: Vec<String>,
    /// Those that are not requested again.
    pub withheld: Vec<String>,
    /// The highest number of connections that ended with one of them unanswered.
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

    /// It is not sent in another UNSUBSCRIBE, because several connections ended with that.
    pub(super) fn is_left_out(&self) -> bool {
        self.strikes >= MESSAGE_STRIKES
    }
}

impl Subscriptions {
    /// How many filters of SUBSCRIBE are suspected if the connection ends now.
    pub(in super::super) fn on_trial(&self, now: u64) -> usize {
        self.wanted.iter().filter(|one| one.on_trial(now)).count()
    }

    /// How many filters of UNSUBSCRIBE are suspected if the connection ends now.
    pub(in super::super) fn leaving_on_trial(&self, now: u64) -> usize {
        self.leaving.iter().filter(|one| one.on_trial(now)).count()
    }

    /// The connection ended: counts a strike against each suspect. `alone`: there is only one suspect. `proved`: the
    /// connection had worked until then.
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

    /// The same for UNSUBSCRIBE. Returns the filter that is not sent any more.
    pub(in super::super) fn strike_leaving(&mut self, now: u64, alone: bool) -> Option<String> {
        let mut left_out = None;
        for leaving in self.leaving.iter_mut().filter(|one| one.on_trial(now)) {
            // With other suspects around, it may be innocent.
            let most = if alone { u8::MAX } else { MESSAGE_STRIKES - 1 };
            leaving.strikes = leaving.strikes.saturating_add(1).min(most);
            if leaving.is_left_out() {
                left_out = Some(leaving.filter.clone());
            }
        }
        left_out
    }

    /// A filter that was or will be requested is suspected.
    pub(in super::super) fn suspects(&self) -> bool {
        let asked = |one: &Subscription| matches!(one.grant, Grant::Asleep | Grant::Asked);
        self.wanted.iter().any(|one| one.strikes > 0 && asked(one)) || self.is_leaving_suspected()
    }

    pub(in super::super) fn is_leaving_suspected(&self) -> bool {
        let suspected = |one: &Leaving| one.strikes >= TWICE && !one.refused;
        self.leaving.iter().any(suspected)
    }

    /// Clears what has been outstanding for so long on a working connection.
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

    /// Withheld filters are requested again, because another broker or another user may be permitted more. True: there
    /// are some.
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
