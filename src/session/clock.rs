//! The session's clock: the time of the latest input, and when the machine last slept or changed its network. Time
//! never goes back. A sleep counts as a disturbance, too. Knows no connection.

use super::settings::SECOND;

/// If a deadline is noticed this late, in microseconds, the machine slept.
const SLEPT: u64 = 5 * SECOND;

/// If a connection is lost this soon after a sleep or a change of network, in microseconds, that is the reason.
const DISTURBED: u64 = 30 * SECOND;

/// Times are in microseconds.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Clock {
    now: u64,
    /// When the machine last woke up or changed its network.
    disturbed_at: Option<u64>,
    /// When the machine last woke up.
    slept_at: Option<u64>,
}

impl Clock {
    pub(super) fn now(&self) -> u64 {
        self.now
    }

    /// Sets the time. `due`: the deadline that the session had set, from which a sleep is recognised.
    pub(super) fn advance(&mut self, now: u64, due: Option<u64>) {
        self.now = self.now.max(now);
        let overdue = due.map_or(0, |due| self.now.saturating_sub(due));
        if overdue >= SLEPT {
            (self.disturbed_at, self.slept_at) = (Some(self.now), Some(self.now));
        }
    }

    /// The machine changed its network.
    pub(super) fn disturb(&mut self) {
        self.disturbed_at = Some(self.now);
    }

    /// If a connection ends now, a sleep or a change of network is the reason.
    pub(super) fn was_disturbed(&self) -> bool {
        self.disturbed_at
            .is_some_and(|at| self.since(at) <= DISTURBED)
    }

    /// The machine has slept at that time or later.
    pub(super) fn slept_since(&self, at: u64) -> bool {
        self.slept_at.is_some_and(|slept_at| slept_at >= at)
    }

    /// Microseconds since then.
    pub(super) fn since(&self, at: u64) -> u64 {
        self.now.saturating_sub(at)
    }

    /// Milliseconds since then.
    pub(super) fn millis_since(&self, at: u64) -> u32 {
        millis(self.since(at))
    }
}

pub(super) fn millis(micros: u64) -> u32 {
    u32::try_from(micros / 1000).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_never_goes_back() {
        let mut clock = Clock::default();
        clock.advance(7, None);
        clock.advance(3, None);
        assert_eq!((clock.now(), clock.since(9)), (7, 0));
    }

    #[test]
    fn a_deadline_that_is_long_past_was_slept_through() {
        let mut clock = Clock::default();
        clock.advance(SLEPT - 1, Some(0));
        assert!(!clock.was_disturbed() && !clock.slept_since(0));
        clock.advance(SLEPT, Some(0));
        assert!(clock.was_disturbed() && clock.slept_since(SLEPT) && !clock.slept_since(SLEPT + 1));
    }

    #[test]
    fn a_change_of_network_is_no_sleep_and_explains_what_ends_soon_after() {
        let mut clock = Clock::default();
        clock.advance(1, None);
        clock.disturb();
        assert!(clock.was_disturbed() && !clock.slept_since(0));
        clock.advance(1 + DISTURBED, None);
        assert!(clock.was_disturbed());
        clock.advance(2 + DISTURBED, None);
        assert!(!clock.was_disturbed());
    }
}
