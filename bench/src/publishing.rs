//! The cases in which a page publishes: how fast, and how soon it sees its own message again.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use midge::link::{self, Body, Command, Publication};
use midge::protocol::{PublishProperties, Qos};
use serde_json::json;

use crate::case::{Bound, Case, Goal, Measurement, Of, column};
use crate::frames::payload;
use crate::measure::{Bench, Plan};
use crate::pages::Reply;
use crate::sender::{Sender, Sent, WINDOW};

/// Publications in one turn of the page to Midge's worker.
const IN_A_TURN: u64 = 100;
/// Midge's queue holds 10,000 messages that wait for the broker; it is never filled that far.
const OUTSTANDING: u64 = 4_000;
/// How long a count may stand still before the rest is given up.
const PATIENCE: Duration = Duration::from_secs(5);

/// The turns that make Midge publish so many messages, each behind its length in four bytes: what the page itself
/// would say to its worker.
fn turns(messages: u64, qos: Qos) -> Vec<u8> {
    let mut out = Vec::new();
    let mut number = 0;
    while number < messages {
        let end = (number + IN_A_TURN).min(messages);
        let commands: Vec<Command> = (number..end)
            .map(|number| {
                Command::Publish(Box::new(Publication {
                    // The page counts its own from 1 on.
                    number: 1_000_000 + number as u32,
                    topic: "out/flood".to_owned(),
                    payload: Body::Bytes(payload(number as usize)),
                    qos,
                    retain: false,
                    properties: PublishProperties::default(),
                }))
            })
            .collect();
        let turn = link::encode(&commands);
        out.extend_from_slice(&(turn.len() as u32).to_le_bytes());
        out.extend_from_slice(&turn);
        number = end;
    }
    out
}

/// Waits until the sink has taken (QoS 0) or acknowledged (QoS 1, 2) so many, or until the count stands still.
fn taken(sender: &Sender, qos: Qos, wanted: u64) -> Result<Sent, String> {
    let connection = sender.connection(Duration::from_secs(10))?;
    let count = if qos == Qos::AtMostOnce {
        &connection.taken.messages
    } else {
        &connection.taken.acknowledged
    };
    let (began, mut moved, mut before) = (Instant::now(), Instant::now(), 0);
    loop {
        let messages = count.load(Ordering::Relaxed);
        if messages != before {
            (moved, before) = (Instant::now(), messages);
        }
        if messages >= wanted || moved.elapsed() > PATIENCE {
            return Ok(Sent {
                messages,
                seconds: began.elapsed().as_secs_f64(),
            });
        }
        std::thread::sleep(Duration::from_micros(500));
    }
}

fn publish(
    bench: &Bench,
    candidates: &[&'static str],
    messages: u64,
    qos: Qos,
) -> Vec<Measurement> {
    let messages = if bench.options.quick {
        messages / 5
    } else {
        messages
    };
    let mut measurements = Vec::new();
    for round in 1..=bench.options.rounds {
        for candidate in candidates.iter().copied() {
            let mut plan = Plan::receive(candidate, bench.sender_address(), 30.0);
            plan.kind = "publish";
            plan.filter = "none";
            // Midge keeps 20 under way in 3.1.1 by itself, and the others are kept there by the probe.
            plan.more = json!({
                "messages": messages,
                "publish_qos": qos.bits(),
                "window": WINDOW,
                "in_a_turn": IN_A_TURN,
                "outstanding": OUTSTANDING,
            });
            bench.sender.reset(false);
            let sender = Arc::clone(&bench.sender);
            let answers = move |word: &str, body: &[u8]| match word {
                "turns" => Ok(Reply::Bytes(turns(messages, qos))),
                "payload" => Ok(Reply::Bytes(payload(1))),
                "taken" => {
                    let wanted = std::str::from_utf8(body)
                        .ok()
                        .and_then(|text| text.parse().ok())
                        .ok_or("how many?")?;
                    Ok(Reply::Json(json!(taken(&sender, qos, wanted)?)))
                }
                other => Err(format!("nothing answers to {other}")),
            };
            measurements.push(bench.measure(round, &plan, Arc::new(answers)));
        }
    }
    measurements
}

fn round_trips(bench: &Bench) -> Vec<Measurement> {
    let times = if bench.options.quick { 10 } else { 50 };
    let mut measurements = Vec::new();
    for round in 1..=bench.options.rounds {
        for candidate in ["bare", "midge"] {
            let mut plan = Plan::receive(candidate, bench.sender_address(), 30.0);
            plan.kind = "round_trip";
            plan.more = json!({ "times": times });
            bench.sender.reset(true);
            let answers = |word: &str, _: &[u8]| Err(format!("nothing answers to {word}"));
            measurements.push(bench.measure(round, &plan, Arc::new(answers)));
        }
    }
    measurements
}

/// All of them.
pub fn cases() -> Vec<Case> {
    let columns = || {
        vec![
            column("rate", "msg/s", 0),
            column("fps", "frames/s", 1),
            column("frame_worst", "worst frame, ms", 0),
            column("long_tasks_percent", "long tasks, %", 1),
            column("lost", "not arrived", 0),
        ]
    };
    let goals = || {
        vec![
            Goal {
                words: "rate, ahead of MQTT.js",
                of: Of::Ratio("rate", "midge", "mqttjs"),
                bound: Bound::AtLeast(1.0),
            },
            Goal {
                words: "messages lost, none",
                of: Of::Largest("midge", "lost"),
                bound: Bound::AtMost(0.0),
            },
        ]
    };
    vec![
        Case {
            name: "publish-qos0",
            title: "publishing 100,000 messages of 64 B, QoS 0",
            how: "Midge's page says to its worker what its publisher would say, 100 publications a turn. `bare` sends \
                  one packet per frame on a WebSocket of the main thread. The others are called with at most 1,000 \
                  callbacks open. From the first call until the sender has counted all.",
            long: false,
            columns: columns(),
            goals: goals(),
            run: Box::new(|bench: &Bench| {
                Ok(publish(
                    bench,
                    &["bare", "mqttjs", "paho", "midge"],
                    100_000,
                    Qos::AtMostOnce,
                ))
            }),
        },
        Case {
            name: "publish-qos1",
            title: "publishing 20,000 messages of 64 B, QoS 1, window of 20",
            how: "The same until all are acknowledged. MQTT.js and Paho are called again when one of 20 is \
                  acknowledged; Midge keeps to 20 by itself and is given turns so that at most 4,000 wait.",
            long: false,
            columns: columns(),
            goals: goals(),
            run: Box::new(|bench: &Bench| {
                Ok(publish(
                    bench,
                    &["mqttjs", "paho", "midge"],
                    20_000,
                    Qos::AtLeastOnce,
                ))
            }),
        },
        Case {
            name: "round-trip",
            title: "publish to the own subscription, until the row is visible",
            how: "The sender returns each message. Midge: its publisher is filled in and its button pressed; the time is \
                  from the press until the frame with the row is painted. `bare`: from `send` to `onmessage`.",
            long: false,
            columns: vec![
                column("round_trip", "median, ms", 1),
                column("round_trip_p95", "95 %, ms", 1),
                column("round_trip_worst", "worst, ms", 1),
            ],
            goals: vec![Goal {
                words: "median above that of the bare loop in ms, at most 25",
                of: Of::Above("round_trip", "midge", "bare"),
                bound: Bound::AtMost(25.0),
            }],
            run: Box::new(|bench: &Bench| Ok(round_trips(bench))),
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_turns_hold_every_message_once() {
        let bytes = turns(250, Qos::AtLeastOnce);
        let (mut at, mut publications) = (0, Vec::new());
        while at < bytes.len() {
            let length = u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four")) as usize;
            let turn: Vec<Command> =
                link::decode(&bytes[at + 4..at + 4 + length]).expect("a whole turn");
            for command in turn {
                let Command::Publish(publication) = command else {
                    panic!("only publications")
                };
                publications.push(publication.number);
            }
            at += 4 + length;
        }
        assert_eq!(publications, (1_000_000..1_000_250).collect::<Vec<_>>());
    }
}
