//! `cargo xtask size`, and the part `size` of the tests: compares with their goals how many bytes are loaded up to the connect
//! screen, up to the first message, and for each part that is loaded after it. Also checks that the first program contains
//! only what the connect screen needs.
//!
//! A file counts as many bytes as are sent, which is its size as brotli (`compress.mjs`). The names that `split.rs` gives to
//! files tell when they are loaded.

mod border;
mod crates;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::place::Place;
use border::Stray;
use crates::Crates;

/// The most bytes for the connect screen.
const CONNECT_SCREEN: u64 = 150_000;
/// The most bytes up to the first message.
const FIRST_MESSAGE: u64 = 560_000;
/// The most bytes of a part that is loaded after that, which includes further languages.
const ON_DEMAND: u64 = 60_000;
/// The most bytes of the broker in this browser with its scripts, which is loaded when somebody asks for it.
const BROKER: u64 = 99_000;
/// The most bytes of the inspector's message with all ways to lay a payload out and to open what is packed, fetched while few
/// messages come (docs/decisions/0039-payload-decoders.md).
const MESSAGE: u64 = 135_000;
/// The most bytes of the devices beside that broker, each of which is a whole client.
const DEVICES: u64 = 140_000;
/// The program that is loaded after the connect screen, and that the first message needs.
const REST: &str = "rest";
/// The programs: their names, and Cargo's profiles for them.
const PROGRAMS: [(&str, &str); 4] = [
    ("app", "release"),
    ("engine", "engine"),
    ("broker", "release"),
    ("devices", "release"),
];
/// What is loaded with the broker, and with the devices, apart from the page's part that shows those.
const BROKER_PROGRAM: &str = "broker";
const DEVICES_PROGRAM: &str = "devices, their program";
/// How many crates are listed.
const NAMED: usize = 5;

/// The size of a file in bytes: as it is, and as it is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Size {
    raw: u64,
    sent: u64,
}

/// When a file is loaded.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum When {
    /// Before the connect screen.
    First,
    /// Before the first message.
    WithRest,
    /// With one of these parts.
    OnDemand(BTreeSet<String>),
}

impl When {
    /// Finds it by the name of a file without its hash.
    fn of(name: &str) -> Self {
        if name.starts_with("engine") {
            return Self::WithRest;
        }
        if name.starts_with("broker") {
            return Self::OnDemand(BTreeSet::from([BROKER_PROGRAM.to_owned()]));
        }
        if name.starts_with("devices") {
            return Self::OnDemand(BTreeSet::from([DEVICES_PROGRAM.to_owned()]));
        }
        let later = ["app_split_", "app_shared_"]
            .into_iter()
            .find_map(|start| name.strip_prefix(start)?.strip_suffix(".wasm"));
        let Some(parts) = later else {
            return Self::First;
        };
        let parts: BTreeSet<String> = parts.split('_').map(str::to_owned).collect();
        if parts.contains(REST) {
            Self::WithRest
        } else {
            Self::OnDemand(parts)
        }
    }
}

/// The files of the page.
#[derive(Debug, Default)]
struct Visit {
    /// By name, without the hash.
    files: BTreeMap<String, Size>,
}

impl Visit {
    fn read(place: &Place) -> Result<Self, String> {
        let said = |error: std::io::Error| format!("dist: {error}");
        let mut visit = Self::default();
        for entry in fs::read_dir(place.dist()).map_err(said)? {
            let entry = entry.map_err(said)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            // The texts of lessons are in a folder, and come when the first lesson is opened.
            let folder = entry.file_type().map_err(said)?.is_dir();
            if folder || name.ends_with(".br") || name.ends_with(".gz") {
                continue;
            }
            let raw = entry.metadata().map_err(said)?.len();
            let packed = fs::metadata(place.dist().join(format!("{name}.br")));
            let sent = packed.map_or(raw, |packed| packed.len());
            visit.files.insert(unhashed(&name), Size { raw, sent });
        }
        Ok(visit)
    }

    fn sum(&self, counts: impl Fn(&When) -> bool) -> u64 {
        let counted = |(name, _): &(&String, &Size)| counts(&When::of(name));
        let files = self.files.iter().filter(counted);
        files.map(|(_, size)| size.sent).sum()
    }

    /// The sums: a name, the bytes, and the goal.
    fn sums(&self) -> Vec<(String, u64, u64)> {
        let mut sums = vec![
            (
                "the connect screen".to_owned(),
                self.sum(|when| *when == When::First),
                CONNECT_SCREEN,
            ),
            (
                "up to the first message".to_owned(),
                self.sum(|when| !matches!(when, When::OnDemand(_))),
                FIRST_MESSAGE,
            ),
        ];
        let parts: BTreeSet<String> = self
            .files
            .keys()
            .filter_map(|name| match When::of(name) {
                When::OnDemand(parts) => Some(parts),
                When::First | When::WithRest => None,
            })
            .flatten()
            .collect();
        for part in parts {
            let sum =
                self.sum(|when| matches!(when, When::OnDemand(parts) if parts.contains(&part)));
            let most = match part.as_str() {
                "message" => MESSAGE,
                BROKER_PROGRAM => BROKER,
                DEVICES_PROGRAM => DEVICES,
                _ => ON_DEMAND,
            };
            sums.push((format!("on demand: {part}"), sum, most));
        }
        sums
    }

    fn table(&self) -> String {
        let line = |what: [&str; 3]| format!("   {:<40}{:>12}{:>12}\n", what[0], what[1], what[2]);
        let mut table = line(["file", "bytes", "as sent"]);
        for (name, size) in &self.files {
            table += &line([name, &size.raw.to_string(), &size.sent.to_string()]);
        }
        table += &line(["", "as sent", "at most"]);
        for (what, is, may) in self.sums() {
            table += &line([&what, &is.to_string(), &may.to_string()]);
        }
        table
    }

    /// What exceeds its goal.
    fn complaints(&self) -> Vec<String> {
        self.sums()
            .into_iter()
            .filter(|(_, is, may)| is > may)
            .map(|(what, is, may)| format!("{what}: {is} bytes, and may be {may}"))
            .collect()
    }
}

/// The name of a file without the hash from Trunk: `app_bg.wasm` for `app-0123456789abcdef_bg.wasm`.
fn unhashed(name: &str) -> String {
    let hash = |part: &str| part.len() >= 15 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let Some((before, rest)) = name.split_once('-') else {
        return name.to_owned();
    };
    let end = rest.find(['_', '.']).unwrap_or(rest.len());
    match rest.split_at(end) {
        (part, after) if hash(part) => format!("{before}{after}"),
        _ => name.to_owned(),
    }
}

fn file(place: &Place) -> PathBuf {
    place.root.join("xtask").join("size-budget.json")
}

/// A program as Cargo made it.
fn compiled(place: &Place, program: &str, profile: &str) -> PathBuf {
    let folder = place.target.join("wasm32-unknown-unknown").join(profile);
    folder.join(format!("{program}.wasm"))
}

fn crates_now(place: &Place) -> Result<BTreeMap<String, Crates>, String> {
    PROGRAMS
        .iter()
        .map(|(program, profile)| {
            let file = compiled(place, program, profile);
            let bytes = fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
            let crates = Crates::of(&bytes).map_err(|why| format!("{}: {why}", file.display()))?;
            Ok(((*program).to_owned(), crates))
        })
        .collect()
}

/// The crates as they were last accepted.
fn crates_before(place: &Place) -> Result<BTreeMap<String, Crates>, String> {
    let file = file(place);
    let said = |what: String| format!("{}: {what}", file.display());
    let text = fs::read_to_string(&file).map_err(|error| said(error.to_string()))?;
    let value: Value = serde_json::from_str(&text).map_err(|error| said(error.to_string()))?;
    Ok(PROGRAMS
        .iter()
        .map(|(program, _)| {
            let crates = Crates::from(&value["crates"][program]);
            ((*program).to_owned(), crates)
        })
        .collect())
}

/// What the first program contains and should not.
fn strays(place: &Place) -> Result<Vec<Stray>, String> {
    let file = compiled(place, "app", "release");
    let bytes = fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    border::strays(&bytes).map_err(|why| format!("{}: {why}", file.display()))
}

/// Compares the built page with its goals.
pub fn check(place: &Place) -> Result<(), String> {
    let visit = Visit::read(place)?;
    print!("{}", visit.table());
    let (now, before) = (crates_now(place)?, crates_before(place)?);
    for (program, crates) in &now {
        let before = before.get(program).cloned().unwrap_or_default();
        for (name, more) in crates.grown_since(&before, NAMED) {
            println!("   {program}: {name} grew by {more} bytes of code");
        }
    }
    let mut complaints = visit.complaints();
    for Stray { path, way } in strays(place)? {
        complaints.push(format!(
            "`{path}` is in the first program, which holds what the connect screen needs (`xtask/src/size/border.rs`). \
             The way there: {}",
            way.join(" -> ")
        ));
    }
    if complaints.is_empty() {
        return Ok(());
    }
    Err(complaints.join("\n   "))
}

/// Writes the current sizes of the crates to the file, to show later growth.
pub fn accept(place: &Place) -> Result<(), String> {
    print!("{}", Visit::read(place)?.table());
    let crates: BTreeMap<String, Value> = crates_now(place)?
        .into_iter()
        .map(|(program, crates)| (program, crates.to_json()))
        .collect();
    let text = serde_json::to_string_pretty(&json!({ "crates": crates }))
        .map_err(|error| error.to_string())?;
    let file = file(place);
    fs::write(&file, text + "\n").map_err(|error| format!("{}: {error}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visit(files: &[(&str, u64)]) -> Visit {
        let size = |sent| Size {
            raw: sent * 3,
            sent,
        };
        Visit {
            files: files
                .iter()
                .map(|(name, sent)| ((*name).to_owned(), size(*sent)))
                .collect(),
        }
    }

    #[test]
    fn hashes_do_not_belong_to_a_name() {
        assert_eq!(unhashed("app-233f6c1a4bf96c35_bg.wasm"), "app_bg.wasm");
        assert_eq!(
            unhashed("app-233f6c1a4bf96c35_split_rest.wasm"),
            "app_split_rest.wasm"
        );
        assert_eq!(unhashed("tokens-2baf6e186f8f42d9.css"), "tokens.css");
        assert_eq!(unhashed("broker-760912d7c5b3a2e.css"), "broker.css");
        assert_eq!(unhashed("engine_loader.js"), "engine_loader.js");
        assert_eq!(unhashed("a-name-of-ours.js"), "a-name-of-ours.js");
    }

    #[test]
    fn each_file_counts_for_what_waits_for_it() {
        let visit = visit(&[
            ("app_bg.wasm", 1),
            ("app.js", 2),
            ("app_split_rest.wasm", 10),
            ("engine_bg.wasm", 20),
            ("app_shared_options_rest.wasm", 40),
            ("app_split_options.wasm", 100),
            ("app_shared_options_settings.wasm", 200),
            ("app_split_settings.wasm", 1_000),
            ("broker_bg.wasm", 10_000),
            ("broker_lines.js", 20_000),
            ("devices_bg.wasm", 40_000),
            ("app_split_devices.wasm", 5_000),
        ]);
        let sums: Vec<_> = visit
            .sums()
            .into_iter()
            .map(|(what, is, _)| (what, is))
            .collect();
        assert_eq!(
            sums,
            [
                ("the connect screen", 3),
                ("up to the first message", 73),
                ("on demand: broker", 30_000),
                ("on demand: devices", 5_000),
                ("on demand: devices, their program", 40_000),
                ("on demand: options", 300),
                ("on demand: settings", 1_200),
            ]
            .map(|(what, is)| (what.to_owned(), is))
        );
    }

    #[test]
    fn what_is_over_its_goal_is_said_with_both_numbers() {
        let within = [
            ("app_bg.wasm", CONNECT_SCREEN),
            ("app_split_rest.wasm", FIRST_MESSAGE - CONNECT_SCREEN),
            ("app_split_options.wasm", ON_DEMAND),
        ];
        assert!(visit(&within).complaints().is_empty());
        let over = within.map(|(name, size)| (name, size + 1));
        assert_eq!(
            visit(&over).complaints(),
            [
                "the connect screen: 150001 bytes, and may be 150000",
                "up to the first message: 560002 bytes, and may be 560000",
                "on demand: options: 60001 bytes, and may be 60000",
            ]
        );
    }
}
