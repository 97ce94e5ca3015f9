//! Keep alive (MQTT 3.1.1 section 3.1.2.10): when to send PINGREQ, and when a missing answer ends the connection.
//!
//! Any byte that is sent or received shows that the connection is alive, so only silence after PINGREQ counts. Both
//! sides send in order: PINGRESP comes after whatever the broker is sending, and PINGREQ leaves after whatever this
//! side is sending. A broker that has received PINGREQ and sends only other packets is given up after a very long time.

use super::Timing;
use super::settings::SECOND;

/// Extra time after the deadline: bytes that have already arrived may be handled after the timer, especially after the
/// machine slept.
const GRACE: u64 = SECOND / 4;

/// A broker that has PINGREQ and sends other packets must answer within this many keep alive intervals, or within
/// [`PATIENCE`], whichever is longer.
const KEEP_ALIVES: u64 = 10;
const PATIENCE: u64 = 300 * SECOND;

/// The two clocks of one connection, in microseconds.
#[derive(Clone, Debug)]
pub(super) struct KeepAlive {
    /// The longest time between two packets from this side; `None`: keep alive is off.
    interval: Option<u64>,
    /// How long nothing may be sent or received after PINGREQ.
    answer: u64,
    /// How long PINGRESP may take while other packets arrive.
    patience: u64,
    sent: u64,
    heard: u64,
    /// When bytes were last seen leaving the send buffer.
    moved: u64,
    ping: Option<Ping>,
}

#[derive(Clone, Copy, Debug)]
struct Ping {
    sent: u64,
    /// Its end, as a count of all bytes that were ever written.
    end: u64,
    /// By when it has reached the broker even over a slow line.
    through: u64,
    /// When it was seen to have left the send buffer.
    left: Option<u64>,
    /// A deadline that has passed, and when the extra time for it ends.
    overdue: Option<(u64, u64)>,
}

impl Ping {
    /// By when the broker has received it, if it left the send buffer at that time. A second of error does not matter,
    /// as the time for the answer is much longer.
    fn arrived(&self, left: u64) -> u64 {
        left.max(self.through.saturating_sub(SECOND))
    }
}

/// What is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    Nothing,
    /// Send PINGREQ.
    Ping,
    /// PINGRESP was missed, this long after PINGREQ.
    Missed(u64),
}

impl KeepAlive {
    pub(super) fn new(seconds: u16, timing: &Timing, now: u64) -> Self {
        let whole = u64::from(seconds) * SECOND;
        Self {
            // A little less: the time between two packets must not exceed the keep alive [MQTT-3.1.2-23], and timers
            // may be late.
            interval: (seconds > 0).then(|| whole - (whole / 10).min(SECOND)),
            answer: whole.min(timing.pingresp),
            patience: (whole * KEEP_ALIVES).max(PATIENCE),
            sent: now,
            heard: now,
            moved: now,
            ping: None,
        }
    }

    /// A packet was sent. Only this postpones the next PINGREQ.
    pub(super) fn sent(&mut self, now: u64) {
        self.sent = now;
    }

    /// Bytes arrived.
    pub(super) fn heard(&mut self, now: u64) {
        self.heard = now;
    }

    /// Everything before `place` (a count of all bytes ever written) has left the send buffer. `moved`: that is more
    /// than was known.
    pub(super) fn left(&mut self, now: u64, moved: bool, place: u64) {
        if moved {
            self.moved = now;
        }
        if let Some(ping) = &mut self.ping
            && ping.left.is_none()
            && ping.end <= place
        {
            ping.left = Some(now);
        }
    }

    /// PINGREQ was sent. `end`: its end, as a count of all bytes ever written. `through`: by when it arrives even over
    /// a slow line.
    pub(super) fn asked(&mut self, now: u64, end: u64, through: u64) {
        self.ping.get_or_insert(Ping {
            sent: now,
            end,
            through,
            left: None,
            overdue: None,
        });
    }

    /// PINGRESP came: the time since PINGREQ, if there was one.
    pub(super) fn answered(&mut self, now: u64) -> Option<u64> {
        self.ping.take().map(|ping| now.saturating_sub(ping.sent))
    }

    /// The broker has received PINGREQ, as far as can be known, and has not answered it.
    pub(super) fn unanswered(&self, now: u64) -> bool {
        let left = self.ping.and_then(|ping| Some(ping.arrived(ping.left?)));
        left.is_some_and(|arrived| arrived <= now)
    }

    /// By when bytes have to be sent or received, or PINGRESP has to arrive.
    fn deadline(&self, ping: &Ping) -> u64 {
        let life = ping.sent.max(self.heard);
        match ping.left {
            // PINGREQ is still in the send buffer. As long as the buffer is being emptied, the broker cannot have
            // answered.
            None => life.max(self.moved) + self.answer,
            // Bytes that leave after PINGREQ prove nothing: the operating system accepts many bytes for a broker that
            // is gone. PINGREQ itself may also take a while from the system's buffers to the broker.
            Some(left) => {
                let arrived = ping.arrived(left);
                (life.max(arrived) + self.answer).min(arrived + self.patience)
            }
        }
    }

    /// When to send another PINGREQ while the answer to the first is still awaited: the broker's own keep alive timer
    /// goes on. Never while the first is in the send buffer, as the second would only queue behind it.
    fn again(&self, ping: &Ping, interval: u64) -> u64 {
        let Some(left) = ping.left else {
            return u64::MAX;
        };
        let put_off = ping.arrived(left) + self.answer + GRACE;
        (self.sent + interval).max(put_off)
    }

    /// When bytes last arrived.
    pub(super) fn heard_at(&self) -> u64 {
        self.heard
    }

    /// When something was last sent or received.
    pub(super) fn moved_at(&self) -> u64 {
        self.sent.max(self.heard)
    }

    /// When something is due next.
    pub(super) fn wake_at(&self) -> Option<u64> {
        let interval = self.interval?;
        let Some(ping) = &self.ping else {
            // Also if nothing was received: otherwise a client that keeps publishing QoS 0 would never notice that the
            // broker is gone.
            return Some(self.sent.min(self.heard) + interval);
        };
        let deadline = self.deadline(ping);
        Some(match ping.overdue {
            Some((passed, end)) if passed == deadline => end,
            _ => deadline.min(self.again(ping, interval)),
        })
    }

    /// What is due.
    pub(super) fn due(&mut self, now: u64) -> Due {
        let Some(interval) = self.interval else {
            return Due::Nothing;
        };
        let Some(mut ping) = self.ping else {
            return if now >= self.sent.min(self.heard) + interval {
                Due::Ping
            } else {
                Due::Nothing
            };
        };
        let deadline = self.deadline(&ping);
        if now >= deadline {
            match ping.overdue {
                Some((passed, end)) if passed == deadline => {
                    if now >= end {
                        return Due::Missed(now - ping.sent);
                    }
                }
                _ => {
                    ping.overdue = Some((deadline, now + GRACE));
                    self.ping = Some(ping);
                }
            }
            return Due::Nothing;
        }
        if now >= self.again(&ping, interval) {
            Due::Ping
        } else {
            Due::Nothing
        }
    }
}
