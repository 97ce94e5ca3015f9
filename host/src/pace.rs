//! When the front reads from the broker again: at once, or a moment later, so that several messages leave together.
//!
//! The broker writes each message on its own. Sent on as they come they cost one read, one write and one wake-up of the
//! page each, which is most of the work where many small messages go to many pages. MQTT packets may share a WebSocket
//! frame [MQTT-6.0.0-2]; waiting shortly before reading is enough to have them share one, as they gather in the socket.
//!
//! Nobody shall notice it, so there is no waiting
//! - after quiet: a single message leaves when it is there;
//! - where the page has just said something: it may be an acknowledgement that the broker needs to go on, or a request
//!   whose answer somebody waits for;
//! - after a large read: in a flood messages come together anyway, and waiting would only slow it.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

/// From one frame to the reading of the next. The page asks its engine for what it draws every 28 ms: who watches cannot
/// tell. With 200 pages the host spends a fifth less than with 10 ms.
pub const GATHERING: Duration = Duration::from_millis(25);

/// A page that said something is not kept waiting for so long: the answer may come by way of another client.
pub const CONVERSATION: Duration = Duration::from_millis(50);

/// So many bytes in one read are a flood.
pub const FLOOD: usize = 4 * 1024;

/// The pace of one connection, shared by its two directions.
pub struct Pace {
    began: Instant,
    /// Microseconds from `began` to the end of the conversation; an atomic, as connections move between threads.
    talking_until: AtomicU64,
    heard: Notify,
}

impl Pace {
    /// Of a page that has just come, and is about to say something.
    pub fn new() -> Pace {
        Pace {
            began: Instant::now(),
            talking_until: AtomicU64::new(micros(CONVERSATION)),
            heard: Notify::new(),
        }
    }

    /// The page said something: who gathers stops it.
    pub fn hear(&self) {
        self.hear_at(Instant::now());
    }

    fn hear_at(&self, now: Instant) {
        let until = now - self.began + CONVERSATION;
        self.talking_until.store(micros(until), Relaxed);
        self.heard.notify_waiters();
    }

    /// Waits as long as messages are to be gathered, after so many bytes were sent on.
    pub async fn gather(&self, bytes: usize) {
        if let Some(until) = self.gathering_until(Instant::now(), bytes) {
            tokio::select! {
                () = tokio::time::sleep_until(until) => {}
                () = self.heard.notified() => {}
            }
        }
    }

    /// Until when messages are to be gathered. `None`: not at all.
    fn gathering_until(&self, now: Instant, bytes: usize) -> Option<Instant> {
        let talking = micros(now - self.began) < self.talking_until.load(Relaxed);
        (!talking && bytes < FLOOD).then(|| now + GATHERING)
    }
}

/// Whole microseconds, of which 64 bits hold more than any connection lasts.
fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use futures_util::FutureExt;

    use super::*;

    /// A page that has been quiet for long, and what time it is.
    fn quiet() -> (Pace, Instant) {
        let pace = Pace::new();
        let now = pace.began + Duration::from_secs(100);
        (pace, now)
    }

    #[test]
    fn what_follows_a_small_frame_is_gathered() {
        let (pace, now) = quiet();
        for now in [now, now + GATHERING, now + GATHERING * 2] {
            assert_eq!(pace.gathering_until(now, 100), Some(now + GATHERING));
        }
    }

    #[test]
    fn a_flood_is_not_slowed() {
        let (pace, now) = quiet();
        assert!(pace.gathering_until(now, FLOOD - 1).is_some());
        assert_eq!(pace.gathering_until(now, FLOOD), None);
    }

    #[test]
    fn a_page_in_conversation_is_not_kept_waiting() {
        let pace = Pace::new();
        assert_eq!(pace.gathering_until(pace.began, 4), None);
        let (pace, now) = quiet();
        pace.hear_at(now);
        let shortly = Duration::from_millis(1);
        let last = now + CONVERSATION - shortly;
        assert_eq!(pace.gathering_until(last, 100), None);
        assert!(pace.gathering_until(last + shortly, 100).is_some());
    }

    #[tokio::test]
    async fn a_page_that_speaks_ends_the_gathering() {
        let mut pace = Pace::new();
        pace.talking_until = AtomicU64::new(0);
        let mut gathering = pin!(pace.gather(100));
        // No timer runs out between these lines, as the runtime gets no turn.
        assert!(gathering.as_mut().now_or_never().is_none());
        pace.hear();
        assert!(gathering.as_mut().now_or_never().is_some());
    }
}
