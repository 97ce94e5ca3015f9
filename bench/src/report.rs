//! `docs/benchmarks.md`, made of the last outcome of every case.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use crate::case::{Bound, Case, Goal, Outcome};
use crate::statistics::{median, spread};

const HEAD: &str = "\
# Measured

Written by `cargo xtask bench`; a part that was measured alone has its own date. The numbers are those of one machine
and are for comparing what stands in one table, not for comparing machines.

**How.** Chromium is started for each measurement with an empty profile and without a DevTools connection, which would
halve the rates of a WebSocket. Midge is the released page, opened by a share link, with list, tree and counters on
screen. The others draw nothing: `bare` is a WebSocket loop in JavaScript on the main thread that walks over the packets
and counts them, `worker` the same in a worker, `mqttjs` is MQTT.js 5.16.0, `paho` is paho-mqtt 1.1.0, each counting in
its message handler. The page measures itself: a script notes the time of every animation frame and looks at the
candidate's counter every 5 ms (Midge's is an attribute in the page, so it is up to a frame late, to Midge's
disadvantage). That costs well below 1 % of the main thread, the same for all. A rate is what came between the
first and the last message seen. Rounds alternate between the candidates: a value is the median of the rounds with the
smallest and the largest, a ratio is the median of the ratios within a round.
";

/// Keeps the outcome of a case, and writes the document anew.
pub fn keep(root: &Path, cases: &[Case], outcome: &Outcome) -> Result<(), String> {
    let folder = root.join("bench").join("results");
    let text = serde_json::to_string_pretty(outcome).map_err(|error| error.to_string())?;
    fs::create_dir_all(&folder)
        .and_then(|()| fs::write(folder.join(format!("{}.json", outcome.case)), text + "\n"))
        .map_err(|error| format!("{}: {error}", folder.display()))?;
    write(root, cases)
}

/// Writes the document from what is kept.
pub fn write(root: &Path, cases: &[Case]) -> Result<(), String> {
    let mut text = HEAD.to_owned();
    let mut summary = String::from("\n| case | goal | measured | verdict |\n|---|---|---|---|\n");
    let mut parts = String::new();
    for case in cases {
        let file = root
            .join("bench")
            .join("results")
            .join(format!("{}.json", case.name));
        let Ok(kept) = fs::read_to_string(&file) else {
            continue;
        };
        let outcome: Outcome =
            serde_json::from_str(&kept).map_err(|error| format!("{}: {error}", file.display()))?;
        for goal in &case.goals {
            let _ = writeln!(summary, "| {} | {}", case.name, goal_words(goal, &outcome));
        }
        parts.push_str(&section(case, &outcome));
    }
    text.push_str(&summary);
    text.push_str(&parts);
    let file = root.join("docs").join("benchmarks.md");
    fs::write(&file, text).map_err(|error| format!("{}: {error}", file.display()))
}

/// The part of one case.
pub fn section(case: &Case, outcome: &Outcome) -> String {
    let mut text = format!("\n## {}: {}\n\n{}\n\n", case.name, case.title, case.how);
    let _ = writeln!(
        text,
        "{}; {}; load average {:.1} before, {:.1} after.\n",
        outcome.date, outcome.machine, outcome.load.0, outcome.load.1
    );
    let titles: Vec<_> = case.columns.iter().map(|column| column.title).collect();
    let _ = writeln!(text, "| candidate | {} |", titles.join(" | "));
    let _ = writeln!(text, "|---|{}", "---|".repeat(titles.len()));
    for candidate in outcome.candidates() {
        let _ = write!(text, "| {candidate}");
        for column in &case.columns {
            let values: Vec<f64> = outcome
                .values(candidate, column.key)
                .into_iter()
                .map(|(_, value)| value)
                .collect();
            let _ = write!(text, " | {}", cell(&values, column.digits));
        }
        text.push_str(" |\n");
    }
    for measurement in &outcome.measurements {
        for trouble in &measurement.trouble {
            // A stack below the words is for the terminal.
            let trouble = trouble.lines().next().unwrap_or_default();
            let _ = writeln!(
                text,
                "\n{}, round {}: {trouble}.",
                measurement.candidate, measurement.round
            );
        }
    }
    if !case.goals.is_empty() {
        text.push_str("\n| goal | measured | verdict |\n|---|---|---|\n");
    }
    for goal in &case.goals {
        let _ = writeln!(text, "| {}", goal_words(goal, outcome));
    }
    text
}

fn goal_words(goal: &Goal, outcome: &Outcome) -> String {
    let Some(value) = outcome.look(goal.of) else {
        return format!("{} | not measured | open |", goal.words);
    };
    let digits = if value.abs() < 10.0 { 2 } else { 1 };
    let verdict = if goal.bound.is_met(value) {
        "met".to_owned()
    } else {
        missed(goal.bound, value)
    };
    format!("{} | {} | {verdict} |", goal.words, number(value, digits))
}

fn missed(bound: Bound, value: f64) -> String {
    let wanted = bound.number();
    if wanted == 0.0 {
        return format!("missed by {}", number(value, 0));
    }
    let percent = ((value - wanted) / wanted).abs() * 100.0;
    match percent {
        // Rounded, a narrow miss would be none.
        0.0..0.1 => "missed by less than 0.1 %".to_owned(),
        0.1..1.0 => format!("missed by {percent:.1} %"),
        _ => format!("missed by {percent:.0} %"),
    }
}

fn cell(values: &[f64], digits: usize) -> String {
    let (Some(middle), Some((smallest, largest))) = (median(values), spread(values)) else {
        return "-".to_owned();
    };
    let middle = number(middle, digits);
    let (smallest, largest) = (number(smallest, digits), number(largest, digits));
    if smallest == largest {
        return middle;
    }
    format!("{middle} ({smallest} to {largest})")
}

/// A number with its thousands apart.
fn number(value: f64, digits: usize) -> String {
    let text = format!("{value:.digits$}");
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let (sign, whole) = whole
        .strip_prefix('-')
        .map_or(("", whole), |whole| ("-", whole));
    let mut apart = String::from(sign);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            apart.push(',');
        }
        apart.push(digit);
    }
    apart + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(number(1_234_567.26, 1), "1,234,567.3");
        assert_eq!(number(-1_000.0, 0), "-1,000");
        assert_eq!(number(999.0, 0), "999");
        assert_eq!(number(0.5, 2), "0.50");
    }

    #[test]
    fn a_cell_shows_the_median_and_the_spread() {
        assert_eq!(cell(&[3.0, 1.0, 2.0], 0), "2 (1 to 3)");
        assert_eq!(cell(&[2.0, 2.0], 0), "2");
        assert_eq!(cell(&[], 0), "-");
    }

    #[test]
    fn a_goal_that_is_missed_says_by_how_much() {
        assert_eq!(missed(Bound::AtLeast(10.0), 9.0), "missed by 10 %");
        assert_eq!(missed(Bound::AtMost(1.0), 1.99), "missed by 99 %");
        assert_eq!(missed(Bound::AtMost(0.0), 12.0), "missed by 12");
        assert_eq!(missed(Bound::AtMost(50.0), 50.2), "missed by 0.4 %");
        let barely = missed(Bound::AtLeast(59.5), 59.4999);
        assert_eq!(barely, "missed by less than 0.1 %");
    }
}
