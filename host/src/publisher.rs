//! Publishes once a second what comes from outside: the program's own messages.

use std::time::Duration;

use bytes::Bytes;
use midge::protocol::Qos;
use midge_broker::Broker;
use tokio::time::{MissedTickBehavior, interval};

use crate::stop::Stopping;

/// What is to be published.
#[derive(Debug, Clone, PartialEq)]
pub struct Letter {
    /// The topic name.
    pub topic: &'static str,
    /// The payload.
    pub payload: Bytes,
    /// At which QoS.
    pub qos: Qos,
    /// Whether the broker shall keep it for new subscribers.
    pub retain: bool,
}

/// Publishes what `write` gives for each second since the start, until the stop is ordered.
pub async fn run(
    broker: Broker,
    mut write: impl FnMut(u64) -> Vec<Letter>,
    mut stopping: Stopping,
) {
    let mut seconds = interval(Duration::from_secs(1));
    seconds.set_missed_tick_behavior(MissedTickBehavior::Skip);
    for second in 0.. {
        tokio::select! {
            _ = seconds.tick() => {}
            () = stopping.ordered() => return,
        }
        for letter in write(second) {
            broker.publish(letter.topic, letter.payload, letter.qos, letter.retain);
        }
    }
}
