//! The cases in which a page receives: from the sender, as fast as it can or by the clock, and from mosquitto.

use std::sync::Arc;
use std::time::Duration;

use midge::protocol::Qos;
use serde_json::{Value, json};

use crate::case::{Bound, Case, Column, Goal, Measurement, Of, column};
use crate::frames::{Reel, Topics};
use crate::measure::{Bench, Plan};
use crate::mosquitto::Mosquitto;
use crate::native::{self, Reader};
use crate::pages::Reply;
use crate::sender::{Amount, Load};

/// Everybody, from the plainest loop on.
const ALL: [&str; 5] = ["bare", "worker", "mqttjs", "paho", "midge"];
/// Those who speak all of MQTT.
const CLIENTS: [&str; 3] = ["mqttjs", "paho", "midge"];

/// For how long a flood is counted, from its first message on: a client that takes it from the socket sooner than it
/// reads it may need minutes for the rest, at the same rate.
const MOST_MS: u32 = 30_000;

/// The load, shortened for a quick look.
pub fn shortened(bench: &Bench, load: Load) -> (Load, f64) {
    let seconds = match load.amount {
        Amount::Seconds(seconds) if bench.options.quick => seconds.min(3.0),
        Amount::Seconds(seconds) => seconds,
        Amount::Messages(_) => return (load, 60.0),
    };
    let amount = Amount::Seconds(seconds);
    (Load { amount, ..load }, seconds)
}

/// One measurement of a candidate that receives a load from the sender. `more` is for the probe.
pub fn receive(
    bench: &Bench,
    round: usize,
    candidate: &'static str,
    load: Load,
    more: Value,
) -> Measurement {
    let (load, seconds) = shortened(bench, load);
    let mut plan = Plan::receive(candidate, bench.sender_address(), seconds);
    plan.more = more;
    bench.sender.reset(false);
    let sender = Arc::clone(&bench.sender);
    let answers = move |word: &str, _: &[u8]| match word {
        "go" => {
            let connection = sender.connection(Duration::from_secs(10))?;
            Ok(Reply::Json(json!(connection.send(&load)?)))
        }
        other => Err(format!("nothing answers to {other}")),
    };
    bench.measure(round, &plan, Arc::new(answers))
}

/// Rounds of a load with these candidates in turn.
fn rounds(
    bench: &Bench,
    candidates: &[&'static str],
    load: Load,
    more: &Value,
) -> Vec<Measurement> {
    let rounds = 1..=bench.options.rounds;
    rounds
        .flat_map(|round| candidates.iter().map(move |candidate| (round, *candidate)))
        .map(|(round, candidate)| receive(bench, round, candidate, load, more.clone()))
        .collect()
}

/// What the sender can do when it is read by a program that only reads.
fn alone(bench: &Bench, round: usize, load: Load) -> Result<Measurement, String> {
    let (load, _) = shortened(bench, load);
    bench.sender.reset(false);
    let reader = Reader::connect(bench.sender.port)?;
    let connection = bench.sender.connection(Duration::from_secs(10))?;
    let reel = Reel::new(load.topics, load.per_frame, connection.version)?;
    let message = reel.bytes.len() as f64 / (reel.ends.len() * load.per_frame) as f64;
    let drain = std::thread::spawn(move || reader.drain());
    let sent = connection.send(&load)?;
    drop(connection);
    let (bytes, seconds) = drain.join().map_err(|_| "the reader panicked")??;
    let mut measurement = Measurement {
        candidate: "sender".to_owned(),
        round,
        ..Measurement::default()
    };
    let received = (bytes as f64 / message).round();
    measurement
        .values
        .insert("rate".to_owned(), received / seconds);
    println!("   the sender alone: {:.0} a second", received / seconds);
    if (received - sent.messages as f64).abs() > 1.0 {
        let words = format!("read {received} of {}", sent.messages);
        measurement.trouble.push(words);
    }
    Ok(measurement)
}

fn columns() -> Vec<Column> {
    vec![
        column("rate", "msg/s", 0),
        column("fps", "frames/s", 1),
        column("frame_p95", "95 % frame, ms", 1),
        column("frame_worst", "worst frame, ms", 0),
        column("long_tasks_percent", "long tasks, %", 1),
        column("lost", "lost", 0),
    ]
}

/// That nothing was lost.
pub fn nothing_lost() -> Goal {
    Goal {
        words: "messages lost, none",
        of: Of::Largest("midge", "lost"),
        bound: Bound::AtMost(0.0),
    }
}

fn against(words: &'static str, other: &'static str, least: f64) -> Goal {
    Goal {
        words,
        of: Of::Ratio("rate", "midge", other),
        bound: Bound::AtLeast(least),
    }
}

fn smooth() -> Vec<Goal> {
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
        nothing_lost(),
    ]
}

/// What a flood shows besides: how much of it was not waited for.
fn flood_columns() -> Vec<Column> {
    let mut columns = columns();
    columns.push(column("rest", "not waited for", 0));
    columns
}

/// The floods.
pub fn floods() -> Vec<Case> {
    let flood = |per_frame| {
        move |bench: &Bench| {
            let load = Load {
                topics: Topics::One,
                per_frame,
                pace: None,
                amount: Amount::Seconds(5.0),
            };
            let mut measurements = vec![alone(bench, 1, load)?];
            let more = json!({ "most_ms": MOST_MS });
            measurements.extend(rounds(bench, &ALL, load, &more));
            Ok(measurements)
        }
    };
    let goals = |mut rates: Vec<Goal>| {
        rates.extend(smooth());
        rates
    };
    vec![
        Case {
            name: "flood-1",
            title: "64 B, QoS 0, one packet per frame, unpaced",
            how: "The sender writes for 5 s as fast as the socket takes it. `sender` is what a native program reads from \
                  it that does nothing else: the sender's own limit. A page is measured for 30 s from its first message on; \
                  what it has not handled by then is not waited for, and not known to be lost.",
            long: false,
            columns: flood_columns(),
            goals: goals(vec![
                against("rate, at least 1.0 times the bare loop", "bare", 1.0),
                against("rate, at least 0.9 times the worker loop", "worker", 0.9),
            ]),
            run: Box::new(flood(1)),
        },
        Case {
            name: "flood-50",
            title: "64 B, QoS 0, 50 packets per frame, unpaced",
            how: "The same with 50 packets in each WebSocket frame.",
            long: false,
            columns: flood_columns(),
            goals: goals(vec![
                against("rate, at least 0.8 times the worker loop", "worker", 0.8),
                against("rate, at least 15 times MQTT.js", "mqttjs", 15.0),
                against("rate, at least 4 times Paho", "paho", 4.0),
            ]),
            run: Box::new(flood(50)),
        },
    ]
}

/// By the clock.
pub fn paced() -> Vec<Case> {
    let case = |name, title, rate| Case {
        name,
        title,
        how: "One packet per frame, in slots of 5 ms, for 8 s. About three times a second a worker has a button pressed \
              (Midge's Pause, at once followed by Resume; the plain page's own): the time is from the worker's word \
              until the frame with the answer is painted.",
        long: false,
        columns: vec![
            column("rate", "msg/s", 0),
            column("fps", "frames/s", 1),
            column("frame_p95", "95 % frame, ms", 1),
            column("frame_worst", "worst frame, ms", 0),
            column("click", "click, ms", 1),
            column("click_worst", "slowest click, ms", 1),
            column("lost", "lost", 0),
        ],
        goals: vec![
            Goal {
                words: "60 frames per second (59.5 or more)",
                of: Of::Value("midge", "fps"),
                bound: Bound::AtLeast(59.5),
            },
            Goal {
                words: "a click answered within 50 ms, median",
                of: Of::Value("midge", "click"),
                bound: Bound::AtMost(50.0),
            },
            Goal {
                words: "a click answered within 50 ms, the slowest",
                of: Of::Largest("midge", "click_worst"),
                bound: Bound::AtMost(50.0),
            },
            nothing_lost(),
        ],
        run: Box::new(move |bench: &Bench| {
            let load = Load {
                topics: Topics::Turn(100),
                per_frame: 1,
                pace: Some(rate),
                amount: Amount::Seconds(8.0),
            };
            Ok(rounds(bench, &CLIENTS, load, &json!({ "clicks": true })))
        }),
    };
    vec![
        case("paced-500", "500 messages a second", 500),
        case("paced-2000", "2,000 messages a second", 2_000),
        case("paced-5000", "5,000 messages a second", 5_000),
        case("paced-20000", "20,000 messages a second", 20_000),
    ]
}

/// From mosquitto.
pub fn mosquitto() -> Vec<Case> {
    let case = |name, title, qos: Qos| Case {
        name,
        title,
        how: "A native client publishes over TCP for 5 s as fast as the broker acknowledges, with as many messages \
              under way as it grants; the page has subscribed with the same quality of service over WebSocket. \
              mosquitto has at most 20 messages under way to a subscriber and sends no further one before one of them \
              is acknowledged, so that what arrives in full was acknowledged but for those 20 at most.",
        long: false,
        columns: columns(),
        goals: vec![
            against("rate, ahead of MQTT.js", "mqttjs", 1.0),
            against("rate, ahead of Paho", "paho", 1.0),
            nothing_lost(),
        ],
        run: Box::new(move |bench: &Bench| {
            let seconds = if bench.options.quick { 2.0 } else { 5.0 };
            let mut measurements = Vec::new();
            for round in 1..=bench.options.rounds {
                for candidate in CLIENTS {
                    let broker = Mosquitto::start()?;
                    let address = format!("ws://127.0.0.1:{}/mqtt", broker.ws);
                    let mut plan = Plan::receive(candidate, address, seconds * 4.0);
                    plan.qos = qos.bits();
                    let port = broker.tcp;
                    let answers = move |word: &str, _: &[u8]| match word {
                        "go" => {
                            let sent = native::flood(port, qos, Amount::Seconds(seconds))?;
                            Ok(Reply::Json(json!(sent)))
                        }
                        other => Err(format!("nothing answers to {other}")),
                    };
                    measurements.push(bench.measure(round, &plan, Arc::new(answers)));
                }
            }
            Ok(measurements)
        }),
    };
    vec![
        case(
            "mosquitto-qos0",
            "QoS 0 from mosquitto, unpaced",
            Qos::AtMostOnce,
        ),
        case(
            "mosquitto-qos1",
            "QoS 1 from mosquitto, unpaced",
            Qos::AtLeastOnce,
        ),
        case(
            "mosquitto-qos2",
            "QoS 2 from mosquitto, unpaced",
            Qos::ExactlyOnce,
        ),
    ]
}
