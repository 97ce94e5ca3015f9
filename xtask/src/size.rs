//! `cargo xtask size`, and the part `size` of the tests: how many bytes a first visit loads, held against a budget.
//!
//! A visit loads every file of the page, packed as brotli where that is smaller (`compress.mjs` has done it). Over the
//! budget the part fails, and says which crates grew since the budget was last set.

mod crates;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::place::Place;
use crates::Crates;

/// What both numbers may grow by until somebody looks at them: bytes.
const ROOM: u64 = 2_048;
/// The engine and the rest of the page are loaded beside the connect screen, which does not wait for them.
const NOT_FOR_THE_CONNECT_SCREEN: [&str; 3] = ["engine", "app_split_", "app_chunk_"];
/// The rest of the page. What else was split off are the words of further languages, of which a visit loads one at most.
const REST: &str = "app_split_rest";
/// Both programs: their names, and Cargo's profiles for them.
const PROGRAMS: [(&str, &str); 2] = [("app", "release"), ("engine", "engine")];
/// How many crates are named.
const NAMED: usize = 5;

/// One file: bytes as it is, and as it is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Size {
    raw: u64,
    sent: u64,
}

/// What a first visit loads.
#[derive(Debug, Default)]
struct Visit {
    /// By name, without the hash in it.
    files: BTreeMap<String, Size>,
}

impl Visit {
    fn read(place: &Place) -> Result<Self, String> {
        let said = |error: std::io::Error| format!("dist: {error}");
        let mut visit = Self::default();
        for entry in fs::read_dir(place.dist()).map_err(said)? {
            let entry = entry.map_err(said)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.ends_with(".br") || name.ends_with(".gz") {
                continue;
            }
            let raw = entry.metadata().map_err(said)?.len();
            let packed = fs::metadata(place.dist().join(format!("{name}.br")));
            let sent = packed.map_or(raw, |packed| packed.len());
            visit.files.insert(unhashed(&name), Size { raw, sent });
        }
        Ok(visit)
    }

    /// Everything but further languages.
    fn total(&self) -> u64 {
        let loaded = |(name, _): &(&String, &Size)| !further_language(name);
        let files = self.files.iter().filter(loaded);
        files.map(|(_, size)| size.sent).sum()
    }

    fn languages(&self) -> u64 {
        let further = |(name, _): &(&String, &Size)| further_language(name);
        let files = self.files.iter().filter(further);
        files.map(|(_, size)| size.sent).sum()
    }

    fn connect_screen(&self) -> u64 {
        let waited_for = |(name, _): &(&String, &Size)| {
            !NOT_FOR_THE_CONNECT_SCREEN
                .iter()
                .any(|beside| name.starts_with(beside))
        };
        let needed = self.files.iter().filter(waited_for);
        needed.map(|(_, size)| size.sent).sum()
    }

    fn table(&self) -> String {
        let line =
            |name: &str, raw: &str, sent: &str| format!("   {name:<28}{raw:>12}{sent:>12}\n");
        let mut table = line("file", "bytes", "as sent");
        for (name, size) in &self.files {
            table += &line(name, &size.raw.to_string(), &size.sent.to_string());
        }
        table += &line("everything, in English", "", &self.total().to_string());
        table += &line(
            "the connect screen's",
            "",
            &self.connect_screen().to_string(),
        );
        table
    }
}

fn further_language(name: &str) -> bool {
    name.starts_with("app_split_") && !name.starts_with(REST)
}

/// A file's name without the hash that Trunk writes into it: `app-0123456789abcdef_bg.wasm` is `app_bg.wasm`.
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

/// What is allowed, and what the crates were when it was set.
#[derive(Debug)]
struct Budget {
    everything: u64,
    connect_screen: u64,
    /// All further languages together.
    languages: u64,
    crates: BTreeMap<String, Crates>,
}

impl Budget {
    fn read(place: &Place) -> Result<Self, String> {
        let file = file(place);
        let said = |what: String| format!("{}: {what}", file.display());
        let text = fs::read_to_string(&file).map_err(|error| said(error.to_string()))?;
        let value: Value = serde_json::from_str(&text).map_err(|error| said(error.to_string()))?;
        let number = |key: &str| {
            value[key]
                .as_u64()
                .ok_or_else(|| said(format!("there is no number `{key}`")))
        };
        let crates = PROGRAMS
            .iter()
            .map(|(program, _)| {
                (
                    (*program).to_owned(),
                    Crates::from(&value["crates"][program]),
                )
            })
            .collect();
        Ok(Self {
            everything: number("everything")?,
            connect_screen: number("connect_screen")?,
            languages: number("languages")?,
            crates,
        })
    }

    /// What is over the budget, in words.
    fn complaints(&self, visit: &Visit) -> Vec<String> {
        [
            ("everything", visit.total(), self.everything),
            (
                "the connect screen's part",
                visit.connect_screen(),
                self.connect_screen,
            ),
            ("further languages", visit.languages(), self.languages),
        ]
        .into_iter()
        .filter(|(_, is, may)| is > may)
        .map(|(what, is, may)| format!("{what} is {is} bytes and may be {may}"))
        .collect()
    }
}

fn file(place: &Place) -> PathBuf {
    place.root.join("xtask").join("size-budget.json")
}

fn crates_now(place: &Place) -> Result<BTreeMap<String, Crates>, String> {
    PROGRAMS
        .iter()
        .map(|(program, profile)| {
            let file = place.target.join("wasm32-unknown-unknown").join(profile);
            let file = file.join(format!("{program}.wasm"));
            let bytes = fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
            let crates = Crates::of(&bytes).map_err(|why| format!("{}: {why}", file.display()))?;
            Ok(((*program).to_owned(), crates))
        })
        .collect()
}

/// Holds the built page against the budget.
pub fn check(place: &Place) -> Result<(), String> {
    let (visit, budget) = (Visit::read(place)?, Budget::read(place)?);
    print!("{}", visit.table());
    let now = crates_now(place)?;
    let mut grown = String::new();
    for (program, crates) in &now {
        let before = budget.crates.get(program).cloned().unwrap_or_default();
        for (name, more) in crates.grown_since(&before, NAMED) {
            grown += &format!("   {program}: {name} grew by {more} bytes of code\n");
        }
    }
    print!("{grown}");
    let complaints = budget.complaints(&visit);
    if complaints.is_empty() {
        return Ok(());
    }
    Err(format!(
        "{}\n{grown}   If it is worth it, `cargo xtask size --accept` sets another budget.",
        complaints.join("; ")
    ))
}

/// Sets the budget at what the built page is, and a little room.
pub fn accept(place: &Place) -> Result<(), String> {
    let visit = Visit::read(place)?;
    print!("{}", visit.table());
    let crates: BTreeMap<String, Value> = crates_now(place)?
        .into_iter()
        .map(|(program, crates)| (program, crates.to_json()))
        .collect();
    let budget = json!({
        "everything": visit.total() + ROOM,
        "connect_screen": visit.connect_screen() + ROOM,
        "languages": visit.languages() + ROOM,
        "crates": crates,
    });
    let text = serde_json::to_string_pretty(&budget).map_err(|error| error.to_string())?;
    let file = file(place);
    fs::write(&file, text + "\n").map_err(|error| format!("{}: {error}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visit(app: u64, engine: u64) -> Visit {
        let size = |sent| Size {
            raw: sent * 3,
            sent,
        };
        Visit {
            files: [
                ("app_bg.wasm", app),
                ("app_split_rest.wasm", 1),
                ("app_split_chinese.wasm", 1_000),
                ("engine_bg.wasm", engine - 1),
            ]
            .map(|(name, sent)| (name.to_owned(), size(sent)))
            .into(),
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
    fn what_is_over_the_budget_is_said_with_both_numbers() {
        let budget = Budget {
            everything: 150,
            connect_screen: 100,
            languages: 1_000,
            crates: BTreeMap::new(),
        };
        assert!(budget.complaints(&visit(100, 50)).is_empty());
        assert_eq!(
            budget.complaints(&visit(100, 51)),
            ["everything is 151 bytes and may be 150"]
        );
        assert_eq!(budget.complaints(&visit(101, 50)).len(), 2);
    }
}
