//! One line in the terminal when a client is held back: what, and from where. Each kind now and then only, so that nobody
//! fills the terminal. Never what a client sent: no topic, no payload, no name, no password.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Between two lines of one kind.
const EVERY: Duration = Duration::from_secs(10);

/// Says lines, each kind at most every ten seconds.
pub struct Complaints {
    said: Mutex<HashMap<&'static str, Said>>,
    say: Box<dyn Fn(&str) + Send + Sync>,
}

struct Said {
    at: Instant,
    swallowed: u64,
}

impl Default for Complaints {
    /// To the terminal's error output.
    fn default() -> Complaints {
        Complaints::to(|line| eprintln!("{line}"))
    }
}

impl Complaints {
    fn to(say: impl Fn(&str) + Send + Sync + 'static) -> Complaints {
        Complaints {
            said: Mutex::default(),
            say: Box::new(say),
        }
    }

    /// Complains in these words, of which there are only as many as the program has.
    pub fn about(&self, words: &'static str, from: Option<IpAddr>) {
        self.about_at(Instant::now(), words, from);
    }

    /// Complains of a file of the owner's own, at once. Not for what clients cause.
    pub fn of_the_owner(&self, words: &str) {
        (self.say)(&format!("midge: {words}"));
    }

    fn about_at(&self, now: Instant, words: &'static str, from: Option<IpAddr>) {
        let swallowed = {
            let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
            match said.get_mut(words) {
                Some(said) if now.saturating_duration_since(said.at) < EVERY => {
                    said.swallowed += 1;
                    return;
                }
                known => {
                    let swallowed = known.map_or(0, |said| said.swallowed);
                    said.insert(
                        words,
                        Said {
                            at: now,
                            swallowed: 0,
                        },
                    );
                    swallowed
                }
            }
        };
        let mut line = format!("midge: {words}");
        if let Some(from) = from {
            line.push_str(&format!(" (from {from})"));
        }
        if swallowed > 0 {
            line.push_str(&format!("; {swallowed} more like it before"));
        }
        (self.say)(&line);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn one_kind_is_said_now_and_then_and_another_kind_at_once() {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let heard = lines.clone();
        let complaints = Complaints::to(move |line| heard.lock().unwrap().push(line.to_owned()));
        let now = Instant::now();
        let from = Some(IpAddr::from([10, 0, 0, 7]));
        for _ in 0..1_000 {
            complaints.about_at(now, "too large", from);
        }
        complaints.about_at(now, "too deep", None);
        complaints.about_at(now + EVERY, "too large", None);
        assert_eq!(
            *lines.lock().unwrap(),
            [
                "midge: too large (from 10.0.0.7)",
                "midge: too deep",
                "midge: too large; 999 more like it before",
            ]
        );
    }
}
