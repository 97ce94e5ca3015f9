//! Random choices: how long to wait before the next attempt, and generated client identifiers. The same seed gives the
//! same results.

use super::Timing;

/// A random number generator with a given seed.
#[derive(Clone, Debug)]
pub(super) struct Chance(fastrand::Rng);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }

    /// Microseconds to wait after this many failures in a row (1 is the first).
    ///
    /// The upper bound doubles with each failure, from twice the minimum to the maximum. The wait is between half of it
    /// and all of it at random, so that the clients of a restarted broker do not all return at once.
    pub(super) fn wait(&mut self, failures: u32, timing: &Timing) -> u64 {
        let doublings = failures.clamp(1, 32);
        let ceiling = timing
            .retry_least
            .saturating_mul(1 << doublings)
            .min(timing.retry_most);
        let floor = (ceiling / 2).max(timing.retry_least).min(ceiling);
        self.0.u64(floor..=ceiling)
    }

    /// A unique client identifier of at most 23 letters and digits, which every server must accept (MQTT 3.1.1 section
    /// 3.1.3.1, [MQTT-3.1.3-5]). The hyphen in it is an exception that every known broker accepts.
    pub(super) fn client_id(&mut self) -> String {
        let tail = (0..10).map(|_| self.0.char('a'..='z'));
        "midge-".chars().chain(tail).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_within_their_bounds() {
        let timing = Timing::default();
        for seed in 0..200 {
            let mut chance = Chance::new(seed);
            let bounds = [
                (1, 2),
                (2, 4),
                (4, 8),
                (8, 16),
                (15, 30),
                (15, 30),
                (15, 30),
            ];
            for (failures, (least, most)) in (1..).zip(bounds) {
                let wait = chance.wait(failures, &timing);
                assert!(
                    wait >= least * 1_000_000 && wait <= most * 1_000_000,
                    "{failures}: {wait}"
                );
            }
            let wait = chance.wait(u32::MAX, &timing);
            assert!((15_000_000..=30_000_000).contains(&wait));
        }
    }

    #[test]
    fn odd_timings_neither_panic_nor_exceed_the_most() {
        let mut chance = Chance::new(1);
        for (retry_least, retry_most) in [(0, 0), (5, 1), (u64::MAX, u64::MAX), (0, 7)] {
            let timing = Timing {
                retry_least,
                retry_most,
                ..Timing::default()
            };
            for failures in [0, 1, 31, 32, 33, u32::MAX] {
                assert!(chance.wait(failures, &timing) <= retry_most);
            }
        }
    }
}
