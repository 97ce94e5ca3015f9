//! `cargo xtask micro`: counts the instructions per message for several workloads, under valgrind. The code is compiled with
//! the worker's profile, but natively. Counts are not times, but they do not depend on what else the machine does, so they
//! show small regressions. It is not a part of `cargo xtask test`, because valgrind is not available everywhere.
//!
//! Each workload runs twice, the second time with more steps. The difference does not contain the cost of starting.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::place::{Place, on_path};
use crate::process::Process;

/// The steps of the first run.
const FIRST_STEPS: u64 = 3;
/// Growth up to this many percent is ignored, because another version of the compiler changes counts a little.
const TOLERATED: f64 = 10.0;

type Counts = BTreeMap<String, f64>;

struct Workload {
    name: String,
    messages: u64,
    steps: u64,
}

/// Counts, and compares the counts with the file or writes the file. `Ok(false)`: something costs more than before.
pub fn micro(place: &Place, arguments: &[String]) -> Result<bool, String> {
    let accept = match arguments {
        [] => false,
        [only] if only == "--accept" => true,
        _ => return Err("`cargo xtask micro` takes --accept or nothing".to_owned()),
    };
    let path = place.path();
    if on_path("valgrind", &path).is_none() {
        return Err(
            "valgrind is not on PATH: instructions cannot be counted here \
             (Debian: apt-get install valgrind). Times: cargo bench -p midge-micro --profile engine"
                .to_owned(),
        );
    }
    Process::new(
        "cargo",
        &["build", "-p", "midge-micro", "--profile", "engine"],
    )
    .dir(&place.root)
    .pass()?;
    let program = place
        .target
        .join("engine")
        .join(format!("midge-micro{}", std::env::consts::EXE_SUFFIX));
    let folder = place.target.join("micro");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut counts = Counts::new();
    for workload in workloads(&program)? {
        let run = |steps| instructions(&program, &workload.name, steps, &folder);
        let few = run(FIRST_STEPS)?;
        let many = run(FIRST_STEPS + workload.steps)?;
        let messages = (workload.messages * workload.steps) as f64;
        let each = many.saturating_sub(few) as f64 / messages;
        println!("   {}: {each:.1}", workload.name);
        counts.insert(workload.name, (each * 10.0).round() / 10.0);
    }
    let file = place.root.join("micro").join("instructions.json");
    if accept {
        let mut text = serde_json::to_string_pretty(&counts).map_err(|error| error.to_string())?;
        text.push('\n');
        fs::write(&file, text).map_err(|error| format!("{}: {error}", file.display()))?;
        println!("\nwritten: {}", file.display());
        return Ok(true);
    }
    let (table, grown) = compare(&read(&file)?, &counts);
    println!("\n{table}");
    if grown > 0 {
        println!(
            "{grown} grew by more than {TOLERATED} %. If that is meant: cargo xtask micro --accept"
        );
    }
    Ok(grown == 0)
}

fn workloads(program: &PathBuf) -> Result<Vec<Workload>, String> {
    let text = Process::new(program, &[]).read()?;
    text.lines()
        .map(|line| workload(line).ok_or_else(|| format!("not a workload: {line}")))
        .collect()
}

fn workload(line: &str) -> Option<Workload> {
    let (messages, rest) = line.split_once(' ')?;
    let (steps, name) = rest.split_once(' ')?;
    Some(Workload {
        name: name.to_owned(),
        messages: messages.parse().ok()?,
        steps: steps.parse().ok()?,
    })
}

/// All instructions of one run.
fn instructions(program: &Path, name: &str, steps: u64, folder: &Path) -> Result<u64, String> {
    let out = folder.join("callgrind.out");
    let out_option = format!("--callgrind-out-file={}", out.display());
    let program = program.to_string_lossy();
    let steps = steps.to_string();
    Process::new(
        "valgrind",
        &["--tool=callgrind", &out_option, &program, name, &steps],
    )
    .read()?;
    let text = fs::read_to_string(&out).map_err(|error| format!("{}: {error}", out.display()))?;
    total(&text).ok_or_else(|| format!("{} has no total", out.display()))
}

/// The total in the output of callgrind.
fn total(text: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| {
        line.strip_prefix("summary: ")
            .or(line.strip_prefix("totals: "))
    })?;
    line.split_whitespace().next()?.parse().ok()
}

fn read(file: &Path) -> Result<Counts, String> {
    let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{}: {error}", file.display()))
}

/// The table, and how many workloads grew too much. New workloads have not grown.
fn compare(before: &Counts, now: &Counts) -> (String, usize) {
    let width = now
        .keys()
        .map(|name| name.chars().count())
        .max()
        .unwrap_or(0);
    let mut table = format!(
        "{:width$} {:>12} {:>12} {:>7}\n",
        "instructions per message", "before", "now", "ratio"
    );
    let mut grown = 0;
    for (name, count) in now {
        let Some(earlier) = before.get(name) else {
            table.push_str(&format!("{name:width$} {:>12} {count:>12.1}     new\n", ""));
            continue;
        };
        let ratio = count / earlier;
        let mark = if ratio > 1.0 + TOLERATED / 100.0 {
            grown += 1;
            "  GREW"
        } else {
            ""
        };
        table.push_str(&format!(
            "{name:width$} {earlier:>12.1} {count:>12.1} {ratio:>7.2}{mark}\n"
        ));
    }
    for name in before.keys().filter(|name| !now.contains_key(*name)) {
        table.push_str(&format!("{name}: is gone\n"));
    }
    (table, grown)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(of: &[(&str, f64)]) -> Counts {
        of.iter()
            .map(|(name, count)| ((*name).to_owned(), *count))
            .collect()
    }

    #[test]
    fn only_what_grew_by_more_than_a_tenth_is_held_against_a_change() {
        let before = counts(&[("a", 100.0), ("b", 100.0), ("c", 100.0), ("gone", 1.0)]);
        let now = counts(&[("a", 110.0), ("b", 110.2), ("c", 20.0), ("new", 7.0)]);
        let (table, grown) = compare(&before, &now);
        assert_eq!(grown, 1, "{table}");
        assert!(table.contains("gone: is gone"), "{table}");
        let line = table.lines().find(|line| line.starts_with("b "));
        assert!(line.is_some_and(|line| line.ends_with("GREW")), "{table}");
    }

    #[test]
    fn the_total_of_callgrind_is_read() {
        assert_eq!(
            total("version: 1\nsummary: 1234567\n\nfn=(1)\n"),
            Some(1_234_567)
        );
        assert_eq!(total("events: Ir\nfn=(1)\n1 2\ntotals: 42 7\n"), Some(42));
        assert_eq!(total("version: 1\n"), None);
    }

    #[test]
    fn a_workload_is_named_with_its_spaces() {
        let read = workload("50 2622 turn of the engine, 50 packets").expect("a workload");
        assert_eq!((read.messages, read.steps), (50, 2622));
        assert_eq!(read.name, "turn of the engine, 50 packets");
        assert!(workload("nothing").is_none());
    }
}
