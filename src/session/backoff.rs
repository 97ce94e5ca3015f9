//! How long to wait before the next try, and other things that are left to chance. Chance comes in as a seed: the same
//! seed gives the same waits and the same names.

use super::Timing;

/// A source of chance that repeats itself for the same seed.
#[derive(Clone, Debug)]
pub(super) struct Chance(fastrand::Rng);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }

    /// Microseconds to wait after this many failures in a row (1 is the first).
    ///
    /// The ceiling doubles from twice the least to the most. Half of it is certain, half is left to chance, so that
    /// the clients of a broker that comes back do not all come at once.
    pub(super) fn wait(&mut self, failures: u32, timing: &Timing) -> u64 {
        let doublings = failures.clamp(1, 32);
        let ceiling = timing
            .retry_least
            .saturating_mul(1 << doublings)
            .min(timing.retry_most);
        let floor = (ceiling / 2).max(timing.retry_least).min(ceiling);
        self.0.u64(floor..=ceiling)
    }

    /// A client identifier that no other client has: letters and digits within 23 characters, as every server must
    /// accept (MQTT 3.1.1 section 3.1.3.1, [MQTT-3.1.3-5]), but for the hyphen that every known broker takes.
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
