//! The cases in which the sender floods a page, or sends to it by the clock.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use crate::case::{Bound, Case, Goal, Measurement, Of, column};
use crate::frames::Topics;
use crate::measure::{Bench, Plan};
use crate::pages::Reply;
use crate::sender::{Amount, Load};

/// Everybody, from the plainest loop on.
const ALL: [&str; 5] = ["bare", "worker", "mqttjs", "paho", "midge"];

/// Rounds of a load with these candidates in turn.
fn rounds(
    bench: &Bench,
    candidates: &[&'static str],
    load: Load,
    clicks: bool,
) -> Vec<Measurement> {
    let seconds = match load.amount {
        Amount::Seconds(seconds) if bench.options.quick => seconds.min(2.0),
        Amount::Seconds(seconds) => seconds,
        Amount::Messages(_) => 60.0,
    };
    let load = Load {
        amount: match load.amount {
            Amount::Seconds(_) => Amount::Seconds(seconds),
            messages => messages,
        },
        ..load
    };
    let mut measurements = Vec::new();
    for round in 1..=bench.options.rounds {
        for candidate in candidates {
            let mut plan = Plan::receive(candidate, bench.sender_address(), seconds);
            plan.more = json!({ "clicks": clicks });
            bench.sender.reset(false);
            let sender = Arc::clone(&bench.sender);
            let answers = move |word: &str, _: &[u8]| match word {
                "go" => {
                    let connection = sender.connection(Duration::from_secs(10))?;
                    Ok(Reply::Json(json!(connection.send(&load)?)))
                }
                other => Err(format!("nothing answers to {other}")),
            };
            measurements.push(bench.measure(round, &plan, Arc::new(answers)));
        }
    }
    measurements
}

/// The floods.
pub fn floods() -> Vec<Case> {
    let columns = || {
        vec![
            column("rate", "msg/s", 0),
            column("fps", "frames/s", 1),
            column("frame_p95", "95 % frame, ms", 1),
            column("frame_worst", "worst frame, ms", 0),
            column("long_tasks_percent", "long tasks, %", 1),
            column("lost", "lost", 0),
        ]
    };
    let frames = || {
        vec![
            Goal {
                words: "frames per second, at least 58",
                of: Of::Value("midge", "fps"),
                bound: Bound::AtLeast(58.0),
            },
            Goal {
                words: "95th percentile frame in ms, at most 25",
                of: Of::Value("midge", "frame_p95"),
                bound: Bound::AtMost(25.0),
            },
            Goal {
                words: "messages lost, none",
                of: Of::Largest("midge", "lost"),
                bound: Bound::AtMost(0.0),
            },
        ]
    };
    let against = |words, other, least| Goal {
        words,
        of: Of::Ratio("rate", "midge", other),
        bound: Bound::AtLeast(least),
    };
    let flood = |per_frame| {
        move |bench: &Bench| {
            let load = Load {
                topics: Topics::One,
                per_frame,
                pace: None,
                amount: Amount::Seconds(5.0),
            };
            Ok(rounds(bench, &ALL, load, false))
        }
    };
    vec![
        Case {
            name: "flood-1",
            title: "64 B, QoS 0, one packet per frame, unpaced",
            how: "The sender writes for 5 s as fast as the socket takes it.",
            long: false,
            columns: columns(),
            goals: [
                vec![
                    against("rate, at least 1.0 times the bare loop", "bare", 1.0),
                    against("rate, at least 0.9 times the worker loop", "worker", 0.9),
                ],
                frames(),
            ]
            .into_iter()
            .flatten()
            .collect(),
            run: Box::new(flood(1)),
        },
        Case {
            name: "flood-50",
            title: "64 B, QoS 0, 50 packets per frame, unpaced",
            how: "The same with 50 packets in each WebSocket frame.",
            long: false,
            columns: columns(),
            goals: [
                vec![
                    against("rate, at least 0.8 times the worker loop", "worker", 0.8),
                    against("rate, at least 15 times MQTT.js", "mqttjs", 15.0),
                    against("rate, at least 4 times Paho", "paho", 4.0),
                ],
                frames(),
            ]
            .into_iter()
            .flatten()
            .collect(),
            run: Box::new(flood(50)),
        },
    ]
}
