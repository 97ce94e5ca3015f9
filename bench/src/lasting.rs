//! The cases that look at memory, and at what many topics cost: mostly long ones.

use serde_json::{Value, json};

use crate::case::{Bound, Case, Column, Goal, Measurement, Of, column};
use crate::frames::Topics;
use crate::measure::Bench;
use crate::receiving::{nothing_lost, receive};
use crate::sender::{Amount, Load};

/// What the capture may keep unless somebody chooses otherwise.
const BUDGET: f64 = (64 << 20) as f64;

/// Midge alone, once, with its memory weighed. `first`: seconds after which it should not grow any more.
/// `more` is for the probe.
fn weighed(bench: &Bench, load: Load, first: f64, mut more: Value) -> Measurement {
    let (every, first) = if bench.options.quick {
        (1.0, 1.0)
    } else {
        (5.0, first)
    };
    more["memory"] = json!(true);
    more["sample_seconds"] = json!(every);
    more["first"] = json!(first);
    let mut measurement = receive(bench, 1, "midge", load, more);
    let value = |key: &str| measurement.values.get(key).copied();
    let added = [
        // Received is what is kept and what was dropped, and is what was sent.
        value("received")
            .zip(value("kept").zip(value("dropped")))
            .zip(value("sent"))
            .map(|((received, (kept, dropped)), sent)| {
                (
                    "inexact",
                    (received - kept - dropped).abs() + (received - sent).abs(),
                )
            }),
        value("kept").map(|kept| ("held_per_message", BUDGET / kept)),
        value("kept")
            .zip(value("worker_mb"))
            .map(|(kept, megabytes)| ("memory_per_message", megabytes * 1e6 / kept)),
    ];
    for (key, number) in added.into_iter().flatten() {
        measurement.values.insert(key.to_owned(), number);
    }
    measurement
}

fn columns() -> Vec<Column> {
    vec![
        column("rate", "msg/s", 0),
        column("received", "received", 0),
        column("lost", "lost", 0),
        column("inexact", "counters off by", 0),
        column("worker_mb", "worker, MB", 1),
        column("worker_growth_mb", "its growth, MB", 1),
        column("heap_growth_mb", "growth of the page's heap, MB", 1),
        column("renderer_mb", "process, MB", 0),
        column("renderer_growth_mb", "its growth, MB", 1),
        column("long_tasks_percent", "long tasks, %", 2),
        column("fps", "frames/s", 1),
    ]
}

/// That nothing is lost and nothing grows.
fn flat_goals() -> Vec<Goal> {
    vec![
        nothing_lost(),
        Goal {
            words: "counters exact",
            of: Of::Largest("midge", "inexact"),
            bound: Bound::AtMost(0.0),
        },
        Goal {
            words: "growth of the worker's memory once the budget is full, in MB, at most 5",
            of: Of::Largest("midge", "worker_growth_mb"),
            bound: Bound::AtMost(5.0),
        },
        Goal {
            words: "growth of the page's process once the budget is full, in MB, at most 5",
            of: Of::Largest("midge", "renderer_growth_mb"),
            bound: Bound::AtMost(5.0),
        },
    ]
}

fn lasting_goals() -> Vec<Goal> {
    let mut goals = flat_goals();
    goals.push(Goal {
        words: "long tasks in % of the time, below 1",
        of: Of::Largest("midge", "long_tasks_percent"),
        bound: Bound::AtMost(1.0),
    });
    goals
}

const WEIGHING: &str = "The worker's memory is that of its wasm instance, which never shrinks. The process is the \
    renderer's resident memory: the median of the last third of the time less that of the first third, both once the \
    budget of 64 MiB is full, which takes two to three minutes at 5,000 messages a second. The page's heap: the same of its lowest levels.";

/// All of them.
pub fn cases() -> Vec<Case> {
    let case = |name, title, load: Load, first: f64| Case {
        name,
        title,
        how: WEIGHING,
        long: true,
        columns: columns(),
        goals: lasting_goals(),
        run: Box::new(move |bench: &Bench| Ok(vec![weighed(bench, load, first, json!({}))])),
    };
    vec![
        case(
            "steady",
            "5,000 messages a second for 10 minutes, 1,000 topics",
            Load {
                topics: Topics::Turn(1_000),
                per_frame: 1,
                pace: Some(5_000),
                amount: Amount::Seconds(600.0),
            },
            180.0,
        ),
        case(
            "batches",
            "100,000 a second in batches of 50 for 60 s",
            Load {
                topics: Topics::Turn(1_000),
                per_frame: 50,
                pace: Some(100_000),
                amount: Amount::Seconds(60.0),
            },
            // There is no time after the first minute: the budget is full long before.
            20.0,
        ),
        budget(),
        tree(),
    ]
}

/// An hour with everything on, in front and hidden.
pub fn hour() -> Case {
    // Long tasks are shown and not judged: nobody leaves a machine alone for an hour. `steady` judges them.
    let mut goals = flat_goals();
    goals.push(Goal {
        words: "times that it was not connected, none",
        of: Of::Largest("midge", "disconnects"),
        bound: Bound::AtMost(0.0),
    });
    let mut shown = columns();
    shown.push(column("seconds", "s", 0));
    shown.push(column("hidden_percent", "hidden, %", 0));
    shown.push(column("disconnects", "disconnects", 0));
    shown.push(column("taken", "published by the page", 0));
    Case {
        name: "hour",
        title: "an hour with everything on, in front and hidden",
        how: "1,000 messages a second over 1,000 topics; the tree is open, the inspector follows a topic, and a series \
              publishes ten times a second. After half of the time another tab is opened over the page, so that it is \
              hidden; frames count before that.",
        long: true,
        columns: shown,
        goals,
        run: Box::new(|bench: &Bench| {
            let seconds = f64::from(bench.options.minutes) * 60.0;
            let load = Load {
                topics: Topics::Turn(1_000),
                per_frame: 1,
                pace: Some(1_000),
                amount: Amount::Seconds(seconds),
            };
            let seconds = if bench.options.quick { 3.0 } else { seconds };
            let more = json!({ "prepare": "everything", "hide_after": seconds / 2.0 });
            // At this rate the budget is full after some twelve minutes.
            Ok(vec![weighed(bench, load, 800.0, more)])
        }),
    }
}

fn budget() -> Case {
    Case {
        name: "budget",
        title: "2,000,000 messages of 64 B into the 64 MiB budget",
        how: "Unpaced, 50 packets per frame, one topic. Held is the budget, which is full, over the messages kept; in all \
              is the worker's memory over the messages kept.",
        long: false,
        columns: vec![
            column("received", "received", 0),
            column("kept", "kept", 0),
            column("worker_mb", "worker, MB", 1),
            column("held_per_message", "held, bytes a message", 1),
            column("memory_per_message", "in all, bytes a message", 1),
            column("heap_mb", "page's heap, MB", 1),
            column("renderer_mb", "process, MB", 0),
            column("lost", "lost", 0),
        ],
        goals: vec![
            Goal {
                words: "worker's memory in MB, at most 96",
                of: Of::Largest("midge", "worker_mb"),
                bound: Bound::AtMost(96.0),
            },
            Goal {
                words: "bytes held a message, at most 120",
                of: Of::Largest("midge", "held_per_message"),
                bound: Bound::AtMost(120.0),
            },
            nothing_lost(),
        ],
        run: Box::new(|bench: &Bench| {
            let load = Load {
                topics: Topics::One,
                per_frame: 50,
                pace: None,
                amount: Amount::Messages(2_000_000),
            };
            Ok(vec![weighed(bench, load, 1.0, json!({}))])
        }),
    }
}

fn tree() -> Case {
    Case {
        name: "tree",
        title: "10,000 topics changing at 5,000 a second, tree open",
        how: "One packet per frame, for 15 s; the first branches are opened down to the leaves while messages come, and \
              frames count from then on.",
        long: false,
        columns: vec![
            column("rate", "msg/s", 0),
            column("fps", "frames/s", 1),
            column("frame_p95", "95 % frame, ms", 1),
            column("frame_worst", "worst frame, ms", 0),
            column("long_tasks_percent", "long tasks, %", 1),
            column("lost", "lost", 0),
        ],
        goals: vec![
            Goal {
                words: "frames per second, at least 58",
                of: Of::Value("midge", "fps"),
                bound: Bound::AtLeast(58.0),
            },
            nothing_lost(),
        ],
        run: Box::new(|bench: &Bench| {
            let load = Load {
                topics: Topics::Turn(10_000),
                per_frame: 1,
                pace: Some(5_000),
                amount: Amount::Seconds(15.0),
            };
            let rounds = 1..=bench.options.rounds;
            Ok(rounds
                .map(|round| receive(bench, round, "midge", load, json!({ "prepare": "tree" })))
                .collect())
        }),
    }
}
