//! What the broker counts, and what it publishes of it below `$SYS`, in mosquitto's names.

use crate::message::SECOND;
use crate::state::{State, Timer};
use midge::protocol::Qos;

/// What was counted since the broker began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)] // each is named as its topic below `$SYS/broker`
pub struct Counters {
    pub bytes_received: u64,
    pub bytes_sent: u64,
    pub messages_received: u64,
    pub messages_sent: u64,
    pub publish_received: u64,
    pub publish_sent: u64,
    pub publish_bytes_received: u64,
    pub publish_bytes_sent: u64,
    pub dropped: u64,
    pub opened: u64,
    pub accepted: u64,
    pub connected: usize,
    pub most_connected: usize,
    pub most_clients: usize,
    pub expired: u64,
}

impl Counters {
    pub(crate) fn received(&mut self, bytes: usize) {
        self.bytes_received += bytes as u64;
    }

    pub(crate) fn sent(&mut self, bytes: usize) {
        self.bytes_sent += bytes as u64;
        self.messages_sent += 1;
    }

    pub(crate) fn publish_received(&mut self, bytes: usize) {
        self.publish_received += 1;
        self.publish_bytes_received += bytes as u64;
    }

    pub(crate) fn publish_sent(&mut self, bytes: usize) {
        self.publish_sent += 1;
        self.publish_bytes_sent += bytes as u64;
    }
}

/// What the loads are of.
const LOADS: [&str; 9] = [
    "messages/received",
    "messages/sent",
    "publish/dropped",
    "publish/received",
    "publish/sent",
    "bytes/received",
    "bytes/sent",
    "sockets",
    "connections",
];

/// Minutes over which a load is averaged.
const MINUTES: [u64; 3] = [1, 5, 15];

/// Averages per minute that old values leave slowly.
#[derive(Debug, Default)]
pub struct Loads {
    last: [u64; LOADS.len()],
    loads: [[f64; MINUTES.len()]; LOADS.len()],
}

impl State {
    /// The first time that `$SYS` is due.
    pub fn begin_sys(&mut self) {
        if self.settings.sys_interval > 0 {
            self.time(Timer::Sys, None, Some(self.now));
        }
    }

    /// Publishes `$SYS`, retained, as far as it has changed.
    pub fn publish_sys(&mut self, due: u64) {
        let interval = u64::from(self.settings.sys_interval.max(1)) * SECOND;
        // Not once for each interval that was slept through.
        let next = (due + interval).max(self.now + 1);
        self.time(Timer::Sys, None, Some(next));
        let since = (self.now - self.sys_at.unwrap_or(self.now)) as f64 / SECOND as f64;
        self.sys_at = Some(self.now);
        self.advance_loads(since);
        for (name, value) in self.sys() {
            let topic = format!("$SYS/broker/{name}");
            let same = self.retained.get(&topic);
            if same.is_some_and(|same| same.payload == value.as_bytes()) {
                continue;
            }
            self.own_message(&topic, value.as_bytes(), Qos::AtMostOnce, true);
        }
    }

    fn advance_loads(&mut self, seconds: f64) {
        let c = &self.counters;
        let now = [
            c.messages_received,
            c.messages_sent,
            c.dropped,
            c.publish_received,
            c.publish_sent,
            c.bytes_received,
            c.bytes_sent,
            c.opened,
            c.accepted,
        ];
        if seconds <= 0.0 {
            return;
        }
        let Loads { last, loads } = &mut self.loads;
        for ((last, loads), now) in last.iter_mut().zip(loads).zip(now) {
            let per_minute = (now - *last) as f64 * 60.0 / seconds;
            *last = now;
            for (load, minutes) in loads.iter_mut().zip(MINUTES) {
                let weight = (-seconds / (minutes as f64 * 60.0)).exp();
                *load = per_minute + weight * (*load - per_minute);
            }
        }
    }

    fn sys(&self) -> Vec<(String, String)> {
        let c = &self.counters;
        let clients = self.sessions.len();
        let away = self.away.len();
        let (subscriptions, shared) = self.interest.len();
        let (messages, bytes) = self.held;
        let retained = self.retained.len();
        let uptime = (self.now - self.began) / SECOND;
        let mut all = vec![
            ("version", self.settings.version.clone()),
            ("uptime", format!("{uptime} seconds")),
            ("clients/total", clients.to_string()),
            ("clients/inactive", away.to_string()),
            ("clients/disconnected", away.to_string()),
            ("clients/active", c.connected.to_string()),
            ("clients/connected", c.connected.to_string()),
            ("clients/expired", c.expired.to_string()),
            ("clients/maximum", c.most_clients.to_string()),
            ("messages/received", c.messages_received.to_string()),
            ("messages/sent", c.messages_sent.to_string()),
            ("messages/stored", (messages + retained).to_string()),
            ("store/messages/count", (messages + retained).to_string()),
            (
                "store/messages/bytes",
                (bytes + self.retained.bytes()).to_string(),
            ),
            ("subscriptions/count", subscriptions.to_string()),
            ("shared_subscriptions/count", shared.to_string()),
            ("retained messages/count", retained.to_string()),
            ("bytes/received", c.bytes_received.to_string()),
            ("bytes/sent", c.bytes_sent.to_string()),
            ("publish/messages/dropped", c.dropped.to_string()),
            ("publish/messages/received", c.publish_received.to_string()),
            ("publish/messages/sent", c.publish_sent.to_string()),
            (
                "publish/bytes/received",
                c.publish_bytes_received.to_string(),
            ),
            ("publish/bytes/sent", c.publish_bytes_sent.to_string()),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .filter(|(_, value)| !value.is_empty())
        .collect::<Vec<_>>();
        for (name, loads) in LOADS.iter().zip(&self.loads.loads) {
            for (load, minutes) in loads.iter().zip(MINUTES) {
                // Hundredths, as the tables for writing any number with a point are large.
                let load = (load * 100.0).round() as u64;
                let load = format!("{}.{:02}", load / 100, load % 100);
                all.push((format!("load/{name}/{minutes}min"), load));
            }
        }
        all
    }
}
