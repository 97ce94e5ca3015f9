//! Wrong passwords, by address: the more there were, the longer the next one waits. Other addresses are not slowed.
//!
//! No clock of its own and no sleep: it says how long to wait. The wait comes before the password is looked at, and those
//! of one address stand in line, so that many connections at once bring nothing.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use midge_broker::Limits;

/// What is known of addresses.
pub struct Guesses {
    limits: Arc<Limits>,
    hash: RandomState,
    of: Mutex<HashMap<IpAddr, Record>>,
}

struct Record {
    /// Wrong passwords that are not forgiven yet.
    wrong: u32,
    /// When the last one came, or was forgiven.
    since: Instant,
    /// Until then the line of those who wait reaches.
    line: Instant,
    /// The last one, as a hash with a key of this process. The same again is a device that knows no better, and no guess.
    last: u64,
}

impl Guesses {
    /// Nobody has guessed yet.
    pub fn new(limits: Arc<Limits>) -> Guesses {
        Guesses {
            limits,
            hash: RandomState::new(),
            of: Mutex::default(),
        }
    }

    /// How long a password of this address waits before it is looked at. `None`: longer than anybody would; the answer is
    /// no.
    pub fn wait(
        &self,
        from: IpAddr,
        name: &[u8],
        password: &[u8],
        now: Instant,
    ) -> Option<Duration> {
        let tried = self.hash.hash_one((name, password));
        let mut of = self.lock();
        let Some(record) = of.get_mut(&network(from)) else {
            return Some(Duration::ZERO);
        };
        record.forgive(now, self.limits.forgiving);
        let delay = self.delay(record.wrong);
        if delay.is_zero() || record.last == tried {
            return Some(delay);
        }
        let turn = record.line.max(now) + delay;
        if turn - now > self.limits.longest_wait {
            return None;
        }
        record.line = turn;
        Some(turn - now)
    }

    /// A password of this address was wrong. Whether it is one too many.
    pub fn wrong(&self, from: IpAddr, name: &[u8], password: &[u8], now: Instant) -> bool {
        let tried = self.hash.hash_one((name, password));
        let mut of = self.lock();
        let from = network(from);
        if !of.contains_key(&from) && of.len() >= self.limits.guessing_addresses {
            let oldest = of
                .iter()
                .min_by_key(|(_, record)| record.since)
                .map(|(address, _)| *address);
            if let Some(oldest) = oldest {
                of.remove(&oldest);
            }
        }
        let record = of.entry(from).or_insert(Record {
            wrong: 0,
            since: now,
            line: now,
            last: !tried,
        });
        record.forgive(now, self.limits.forgiving);
        if record.last != tried {
            record.last = tried;
            record.wrong = record.wrong.saturating_add(1);
            record.since = now;
        }
        record.wrong > self.limits.free_guesses
    }

    fn delay(&self, wrong: u32) -> Duration {
        let Some(over) = wrong.checked_sub(self.limits.free_guesses) else {
            return Duration::ZERO;
        };
        self.limits
            .first_wait
            .saturating_mul(1 << over.min(16))
            .min(self.limits.longest_wait)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<IpAddr, Record>> {
        self.of.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Record {
    fn forgive(&mut self, now: Instant, every: Duration) {
        while self.wrong > 0 && now.saturating_duration_since(self.since) >= every {
            self.wrong -= 1;
            self.since += every;
        }
    }
}

/// One household of IPv6 has 2^64 addresses.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let mut parts = address.segments();
            parts[4..].fill(0);
            IpAddr::V6(Ipv6Addr::from(parts))
        }
        four => four,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUESSER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 7));
    const OTHER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 8));

    fn guesses() -> Guesses {
        Guesses::new(Arc::new(Limits {
            guessing_addresses: 2,
            ..Limits::default()
        }))
    }

    fn guess(guesses: &Guesses, number: u32, now: Instant) -> Option<Duration> {
        let password = number.to_be_bytes();
        let wait = guesses.wait(GUESSER, b"chen", &password, now);
        if wait.is_some() {
            guesses.wrong(GUESSER, b"chen", &password, now);
        }
        wait
    }

    #[test]
    fn a_guesser_gets_a_handful_of_answers_a_minute_and_others_theirs_at_once() {
        let guesses = guesses();
        let start = Instant::now();
        let mut answers = 0;
        for tenth in 0..600 {
            let now = start + Duration::from_millis(tenth * 100);
            // Ten connections at once.
            for one in 0..10 {
                answers += u32::from(guess(&guesses, tenth as u32 * 10 + one, now).is_some());
            }
            let other = guesses.wait(OTHER, b"chen", b"tea", now);
            assert_eq!(other, Some(Duration::ZERO));
        }
        assert!(answers < 30, "{answers}");
    }

    #[test]
    fn a_few_slips_cost_nothing_and_all_is_forgiven_in_time() {
        let guesses = guesses();
        let start = Instant::now();
        for number in 0..5 {
            assert_eq!(guess(&guesses, number, start), Some(Duration::ZERO));
        }
        assert!(guess(&guesses, 5, start) > Some(Duration::ZERO));
        let later = start + Duration::from_secs(600);
        assert_eq!(guess(&guesses, 6, later), Some(Duration::ZERO));
    }

    #[test]
    fn a_device_that_repeats_its_old_password_is_no_guesser() {
        let guesses = guesses();
        let now = Instant::now();
        for _ in 0..1_000 {
            assert!(!guesses.wrong(GUESSER, b"device", b"old", now));
        }
        let right = guesses.wait(GUESSER, b"chen", b"tea", now);
        assert_eq!(right, Some(Duration::ZERO));
    }

    #[test]
    fn no_more_addresses_are_remembered_than_granted() {
        let guesses = guesses();
        let start = Instant::now();
        for last in 0..100 {
            let now = start + Duration::from_millis(u64::from(last));
            guesses.wrong(IpAddr::from([10, 0, 1, last]), b"", b"", now);
            guesses.wrong(IpAddr::from([10, 0, 1, last]), b"", b"x", now);
        }
        assert_eq!(guesses.lock().len(), 2);
        let (one, two): (IpAddr, IpAddr) = (
            "2001:db8::1".parse().unwrap(),
            "2001:db8::2".parse().unwrap(),
        );
        assert_eq!(network(one), network(two));
    }
}
