//! Keep alive (MQTT 3.1.1 section 3.1.2.10): when to send PINGREQ, and when its answer is missed.

use super::Timing;
use super::settings::SECOND;

/// How long a missed answer is waited for once more: what the socket has already received may be queued behind the
/// timer that says so, above all after the machine slept.
const GRACE: u64 = SECOND / 4;

/// The two clocks of one connection, in microseconds.
#[derive(Clone, Debug)]
pub(super) struct KeepAlive {
    /// Longest time between two packets that are sent; `None` when keep alive is off.
    interval: Option<u64>,
    /// How long PINGRESP may take.
    answer: u64,
    sent: u64,
    heard: u64,
    ping: Option<Ping>,
}

#[derive(Clone, Copy, Debug)]
struct Ping {
    sent: u64,
    deadline: u64,
    /// The deadline has passed once, and this is the grace.
    overdue: bool,
    /// Bytes of a large packet keep coming, so the deadline was put off.
    extended: bool,
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
            sent: now,
            heard: now,
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

    /// PINGREQ was sent.
    pub(super) fn asked(&mut self, now: u64) {
        let answer = self.answer;
        self.ping.get_or_insert(Ping {
            sent: now,
            deadline: now + answer,
            overdue: false,
            extended: false,
        });
    }

    /// PINGRESP came: the time since PINGREQ, if there was one.
    pub(super) fn answered(&mut self, now: u64) -> Option<u64> {
        self.ping.take().map(|ping| now.saturating_sub(ping.sent))
    }

    /// PINGREQ is not answered yet.
    pub(super) fn unanswered(&self) -> bool {
        self.ping.is_some()
    }

    /// When something is due next.
    pub(super) fn wake_at(&self) -> Option<u64> {
        let interval = self.interval?;
        Some(match self.ping {
            Some(ping) if ping.extended => ping.deadline.min(self.sent + interval),
            Some(ping) => ping.deadline,
            // Also when nothing was heard: a client that publishes QoS 0 all the time would never notice otherwise that
            // its packets go nowhere.
            None => self.sent.min(self.heard) + interval,
        })
    }

    /// What is due. `mid_packet`: a packet has come in part.
    pub(super) fn due(&mut self, now: u64, mid_packet: bool) -> Due {
        let Some(interval) = self.interval else {
            return Due::Nothing;
        };
        let Some(ping) = &mut self.ping else {
            return if now >= self.sent.min(self.heard) + interval {
                Due::Ping
            } else {
                Due::Nothing
            };
        };
        if now >= ping.deadline {
            // Brokers deliver in order: PINGRESP waits behind a large packet, and this one is on its way.
            let progress = self.heard + self.answer;
            if mid_packet && progress > now {
                (ping.deadline, ping.overdue, ping.extended) = (progress, false, true);
            } else if ping.overdue {
                return Due::Missed(now - ping.sent);
            } else {
                (ping.deadline, ping.overdue, ping.extended) = (now + GRACE, true, false);
            }
        }
        if ping.extended && now >= self.sent + interval {
            Due::Ping
        } else {
            Due::Nothing
        }
    }
}
