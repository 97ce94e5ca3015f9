//! The first load of the page, from the host: a script under node weighs, times, and asks Lighthouse.

use std::process::{Command, Stdio};

use serde_json::Value;

use crate::case::{Bound, Case, Goal, Measurement, Of, column};
use crate::host::Host;
use crate::measure::{Bench, numbers};

fn by_script(bench: &Bench, what: &str) -> Result<Vec<Measurement>, String> {
    let host = Host::start(&bench.root)?;
    let times = if bench.options.quick { "1" } else { "5" };
    let output = Command::new("node")
        .arg(
            bench
                .root
                .join("bench")
                .join("lighthouse")
                .join("measure.mjs"),
        )
        .arg(what)
        .arg(format!("http://127.0.0.1:{}/", host.port))
        .arg(bench.root.join("dist"))
        .arg(times)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("node: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let reports: Vec<Value> = serde_json::from_str(text.lines().last().unwrap_or_default())
        .map_err(|error| format!("{error}: {text}"))?;
    let measurements = reports.iter().map(|report| {
        let failed = report["failed"].as_array().into_iter().flatten();
        Measurement {
            candidate: report["candidate"].as_str().unwrap_or("midge").to_owned(),
            round: 1,
            values: numbers(report),
            trouble: failed
                .filter_map(|words| Some(format!("scored low: {}", words.as_str()?)))
                .collect(),
        }
    });
    Ok(measurements.collect())
}

/// Both cases.
pub fn cases() -> Vec<Case> {
    let at_most = |words, key, most| Goal {
        words,
        of: Of::Value("midge", key),
        bound: Bound::AtMost(most),
    };
    let at_least = |words, candidate, key, least| Goal {
        words,
        of: Of::Value(candidate, key),
        bound: Bound::AtLeast(least),
    };
    vec![
        Case {
            name: "first-load",
            title: "first load, cold cache",
            how: "Bytes are those of the files of the build as brotli 11 makes them, in thousands, without parts that are \
                  loaded on demand: further languages, and what few open. What the connect \
                  screen needs is what was loaded when its button could be pressed. That moment is taken from the page \
                  served by the host, at 4 times CPU slowdown and 10 Mbit/s, in a browser with an empty cache that has \
                  been open for 1.5 s (median of 5 loads). On the wire is what the browser's network saw of the page itself, headers and all.",
            long: false,
            columns: vec![
                column("all_kb", "up to the first message, kB", 1),
                column("needed_kb", "connect screen, kB", 1),
                column("wasm_kb", "wasm, kB", 1),
                column("js_kb", "JavaScript, kB", 1),
                column("css_kb", "CSS, kB", 1),
                column("wire_kb", "on the wire, kB", 1),
                column("usable_ms", "usable, ms", 0),
                column("usable_worst_ms", "slowest, ms", 0),
            ],
            goals: vec![
                at_most(
                    "up to the first message in kB, at most 560",
                    "all_kb",
                    560.0,
                ),
                at_most(
                    "what the connect screen needs in kB, at most 150",
                    "needed_kb",
                    150.0,
                ),
                at_most(
                    "usable connect screen in ms, at most 1000",
                    "usable_ms",
                    1000.0,
                ),
            ],
            run: Box::new(|bench: &Bench| by_script(bench, "first-load")),
        },
        Case {
            name: "lighthouse",
            title: "Lighthouse 12.8.2",
            how: "The page served by the host, with Lighthouse's own settings for a phone (slow 4G and 4 times CPU \
                  slowdown, simulated) and for a desktop, five times each: the run with the median performance, and the \
                  worst accessibility and best practices.",
            long: false,
            columns: vec![
                column("performance", "performance", 0),
                column("performance_worst", "its worst", 0),
                column("accessibility", "accessibility", 0),
                column("best_practices", "best practices", 0),
                column("fcp_ms", "first paint, ms", 0),
                column("lcp_ms", "largest paint, ms", 0),
                column("tbt_ms", "blocked, ms", 0),
            ],
            goals: vec![
                at_least(
                    "performance on a phone, at least 95",
                    "phone",
                    "performance",
                    95.0,
                ),
                at_least(
                    "performance on a desktop, at least 95",
                    "desktop",
                    "performance",
                    95.0,
                ),
                at_least("accessibility, 100", "phone", "accessibility", 100.0),
                at_least("best practices, 100", "phone", "best_practices", 100.0),
            ],
            run: Box::new(|bench: &Bench| by_script(bench, "lighthouse")),
        },
    ]
}
