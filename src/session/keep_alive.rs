//! Keep alive (MQTT 3.1.1 section 3.1.2.10): when to send PINGREQ, and when its answer is missed.
//!
//! Any byte that moves is a sign of life, so what is missed is an answer after silence. Brokers answer in order: PINGRESP
//! waits behind whatever the broker has to send, and PINGREQ behind whatever this side has. Only a broker that has PINGREQ
//! and sends other things for very long is given up all the same.

use super::Timing;
use super::settings::SECOND;

/// How long a missed answer is waited for once more: what the socket has already received may be queued behind the
/// timer that says so, above all after the machine slept.
const GRACE: u64 = SECOND / 4;

/// A broker that has PINGREQ and sends other things answers within so many keep alives, or within [`PATIENCE`].
const KEEP_ALIVES: u64 = 10;
const PATIENCE: u64 = 300 * SECOND;

/// The two clocks of one connection, in microseconds.
#[derive(Clone, Debug)]
pub(super) struct KeepAlive {
    /// Longest time between two packets that are sent; `None` when keep alive is off.
    interval: Option<u64>,
    /// How long nothing at all may move after PINGREQ.
    answer: u64,
    /// How long PINGRESP may take while other things come.
    patience: u64,
    sent: u64,
    heard: u64,
    /// When bytes last left.
    moved: u64,
    ping: Option<Ping>,
}

#[derive(Clone, Copy, Debug)]
struct Ping {
    sent: u64,
    /// The place after its last byte.
    end: u64,
    /// By when even a slow line has carried it to the broker.
    through: u64,
    /// When it was seen to have left.
    left: Option<u64>,
    /// The deadline that has passed once, and when the grace after it ends.
    overdue: Option<(u64, u64)>,
}

impl Ping {
    /// By when the broker has it, when it left then. A second more or less is within the time for the answer.
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
            // A little early: the time between two packets must not exceed the keep alive [MQTT-3.1.2-23], and timers
            // are late.
            interval: (seconds > 0).then(|| whole - (whole / 10).min(SECOND)),
            answer: whole.min(timing.pingresp),
            patience: (whole * KEEP_ALIVES).max(PATIENCE),
            sent: now,
            heard: now,
            moved: now,
            ping: None,
        }
    }

    /// A packet was sent. This alone puts off what is due to the broker.
    pub(super) fn sent(&mut self, now: u64) {
        self.sent = now;
    }

    /// Bytes came.
    pub(super) fn heard(&mut self, now: u64) {
        self.heard = now;
    }

    /// It was looked what has left: everything before the byte at `place`. `moved`: more than at the last look.
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

    /// PINGREQ was sent, and ends before the byte at `end`. `through`: by when even a slow line has carried it.
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

    /// PINGREQ is not answered yet, and does not stand behind other things on its way to the broker.
    pub(super) fn unanswered(&self, now: u64) -> bool {
        let left = self.ping.and_then(|ping| Some(ping.arrived(ping.left?)));
        left.is_some_and(|arrived| arrived <= now)
    }

    /// By when something has to move, or PINGRESP to come.
    fn deadline(&self, ping: &Ping) -> u64 {
        let life = ping.sent.max(self.heard);
        match ping.left {
            // It stands behind what has not left yet. While that leaves, nobody can have answered.
            None => life.max(self.moved) + self.answer,
            // What leaves after it says nothing: the system takes a lot for a broker that is gone. And it may itself be on
            // its way for a while, where nothing tells of it.
            Some(left) => {
                let arrived = ping.arrived(left);
                (life.max(arrived) + self.answer).min(arrived + self.patience)
            }
        }
    }

    /// When PINGREQ is due once more, while its answer is put off: the broker's own clock goes on. Not while the first one
    /// stands behind other things, as the second would stand there, too.
    fn again(&self, ping: &Ping, interval: u64) -> u64 {
        let Some(left) = ping.left else {
            return u64::MAX;
        };
        let put_off = ping.arrived(left) + self.answer + GRACE;
        (self.sent + interval).max(put_off)
    }

    /// When bytes last came.
    pub(super) fn heard_at(&self) -> u64 {
        self.heard
    }

    /// When something last came or was sent.
    pub(super) fn moved_at(&self) -> u64 {
        self.sent.max(self.heard)
    }

    /// When something is due next.
    pub(super) fn wake_at(&self) -> Option<u64> {
        let interval = self.interval?;
        let Some(ping) = &self.ping else {
            // Also when nothing was heard: a client that publishes QoS 0 all the time would never notice otherwise that
            // its packets go nowhere.
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
