//! Checks licences and sources of all dependencies against `deny.toml`.
//!
//! `deny.toml` is a configuration of cargo-deny. That needs the RustSec database from GitHub to start, so this checks the
//! part that needs no database. See docs/decisions/0002.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;
use spdx::{Expression, ParseMode};

use crate::place::Place;
use crate::process::Process;

/// What `deny.toml` allows.
#[derive(Debug, Default)]
struct Rules {
    targets: Vec<String>,
    allowed: BTreeSet<String>,
    /// Licences that are allowed for single crates.
    exceptions: BTreeMap<String, BTreeSet<String>>,
    registries: Vec<String>,
    banned: BTreeSet<String>,
}

/// Checks every crate for the targets in `deny.toml`, and every package in the npm lock files.
pub fn check(place: &Place) -> Result<(), String> {
    let rules = Rules::read(&text_of(place, "deny.toml")?)?;
    let mut crates = BTreeSet::new();
    let mut complaints = BTreeSet::new();
    for target in &rules.targets {
        let metadata = Process::new(
            "cargo",
            &[
                "metadata",
                "--locked",
                "--all-features",
                "--format-version",
                "1",
                "--filter-platform",
                target,
            ],
        )
        .dir(&place.root)
        .read()?;
        let metadata: Value = serde_json::from_str(&metadata).map_err(|error| error.to_string())?;
        for package in used_packages(&metadata) {
            crates.insert(package["id"].as_str().unwrap_or_default().to_owned());
            complaints.extend(rules.against_crate(package));
        }
    }
    let mut npm = 0;
    for lock_file in [
        "xtask/tools/package-lock.json",
        "tests/e2e/package-lock.json",
    ] {
        if !place.root.join(lock_file).exists() {
            continue;
        }
        let lock: Value =
            serde_json::from_str(&text_of(place, lock_file)?).map_err(|error| error.to_string())?;
        let packages = lock["packages"]
            .as_object()
            .ok_or(format!("{lock_file} names no packages"))?;
        for (path, package) in packages.iter().filter(|(path, _)| !path.is_empty()) {
            npm += 1;
            let licence = package["license"].as_str();
            let name = path.rsplit("node_modules/").next().unwrap_or(path);
            complaints.extend(
                rules
                    .against_licence(name, licence)
                    .map(|words| format!("{lock_file}: {words}")),
            );
        }
    }
    if complaints.is_empty() {
        println!(
            "   {} crates and {npm} npm packages: licences and sources are allowed",
            crates.len()
        );
        return Ok(());
    }
    Err(format!(
        "not allowed by deny.toml:\n{}",
        complaints.into_iter().collect::<Vec<_>>().join("\n")
    ))
}

fn text_of(place: &Place, file: &str) -> Result<String, String> {
    fs::read_to_string(place.root.join(file)).map_err(|error| format!("{file}: {error}"))
}

/// The packages of the resolved graph; `packages` itself also lists what only other platforms use.
fn used_packages(metadata: &Value) -> impl Iterator<Item = &Value> {
    let used: BTreeSet<&str> = metadata["resolve"]["nodes"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|node| node["id"].as_str())
        .collect();
    let packages = metadata["packages"].as_array().into_iter().flatten();
    packages.filter(move |package| package["id"].as_str().is_some_and(|id| used.contains(id)))
}

impl Rules {
    fn read(text: &str) -> Result<Self, String> {
        let deny: toml::Table = text
            .parse()
            .map_err(|error| format!("deny.toml: {error}"))?;
        let list = |room: &str, key: &str| strings(deny.get(room).and_then(|room| room.get(key)));
        let mut exceptions = BTreeMap::new();
        let entries = deny
            .get("licenses")
            .and_then(|room| room.get("exceptions"))
            .and_then(toml::Value::as_array);
        for entry in entries.into_iter().flatten() {
            let name = entry
                .get("crate")
                .and_then(toml::Value::as_str)
                .ok_or("deny.toml: exception without crate")?;
            exceptions.insert(
                name.to_owned(),
                strings(entry.get("allow")).into_iter().collect(),
            );
        }
        let rules = Self {
            targets: list("graph", "targets"),
            allowed: list("licenses", "allow").into_iter().collect(),
            exceptions,
            registries: list("sources", "allow-registry"),
            banned: list("bans", "deny").into_iter().collect(),
        };
        // An empty list would check nothing, or refuse everything; neither is meant.
        if rules.targets.is_empty() || rules.allowed.is_empty() || rules.registries.is_empty() {
            return Err(
                "deny.toml must name graph.targets, licenses.allow and sources.allow-registry"
                    .to_owned(),
            );
        }
        Ok(rules)
    }

    fn against_crate(&self, package: &Value) -> Vec<String> {
        let name = package["name"].as_str().unwrap_or("?");
        let mut complaints = Vec::new();
        if self.banned.contains(name) {
            complaints.push(format!("{name}: banned"));
        }
        if let Some(source) = package["source"].as_str() {
            let allowed =
                |registry: &String| source.strip_prefix("registry+") == Some(registry.as_str());
            if !self.registries.iter().any(allowed) {
                complaints.push(format!("{name}: comes from {source}"));
            }
        }
        complaints.extend(self.against_licence(name, package["license"].as_str()));
        complaints
    }

    fn against_licence(&self, name: &str, licence: Option<&str>) -> Option<String> {
        let Some(licence) = licence else {
            return Some(format!("{name}: names no licence"));
        };
        // Not strict, because old crates write `MIT/Apache-2.0`.
        let Ok(expression) = Expression::parse_mode(licence, ParseMode::LAX) else {
            return Some(format!("{name}: `{licence}` is no licence expression"));
        };
        let more = self.exceptions.get(name);
        let granted = expression.evaluate(|wanted| {
            let wanted = wanted.to_string();
            self.allowed.contains(&wanted) || more.is_some_and(|more| more.contains(&wanted))
        });
        (!granted).then(|| format!("{name}: {licence}"))
    }
}

fn strings(value: Option<&toml::Value>) -> Vec<String> {
    let list = value.and_then(toml::Value::as_array).into_iter().flatten();
    list.filter_map(toml::Value::as_str)
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const DENY: &str = r#"
[graph]
targets = ["x86_64-unknown-linux-gnu"]
[licenses]
allow = ["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception"]
[[licenses.exceptions]]
crate = "special"
allow = ["OpenSSL"]
[bans]
deny = ["unwanted"]
[sources]
allow-registry = ["https://github.com/rust-lang/crates.io-index"]
"#;

    fn complaint(name: &str, licence: &str) -> Option<String> {
        Rules::read(DENY)
            .expect("rules")
            .against_licence(name, Some(licence))
    }

    #[test]
    fn one_allowed_choice_is_enough_and_all_joined_ones_are_needed() {
        assert_eq!(complaint("a", "MIT OR GPL-3.0-only"), None);
        assert_eq!(complaint("a", "MIT/Apache-2.0"), None);
        assert_eq!(complaint("a", "Apache-2.0 WITH LLVM-exception"), None);
        assert_eq!(
            complaint("a", "(MIT OR Apache-2.0) AND GPL-3.0-only"),
            Some("a: (MIT OR Apache-2.0) AND GPL-3.0-only".to_owned())
        );
        assert_eq!(
            complaint("a", "GPL-3.0-only").as_deref(),
            Some("a: GPL-3.0-only")
        );
        assert!(complaint("a", "ask me").is_some());
    }

    #[test]
    fn an_exception_is_for_its_crate_alone() {
        assert_eq!(complaint("special", "MIT AND OpenSSL"), None);
        assert!(complaint("a", "MIT AND OpenSSL").is_some());
    }

    #[test]
    fn a_crate_from_elsewhere_without_licence_or_banned_is_named() {
        let rules = Rules::read(DENY).expect("rules");
        let home = "registry+https://github.com/rust-lang/crates.io-index";
        let own = json!({"name": "midge", "source": null, "license": "MIT"});
        assert!(rules.against_crate(&own).is_empty());
        let git = json!({"name": "a", "source": "git+https://example.org/a", "license": "MIT"});
        assert_eq!(
            rules.against_crate(&git),
            ["a: comes from git+https://example.org/a"]
        );
        let bare = json!({"name": "a", "source": home, "license": null});
        assert_eq!(rules.against_crate(&bare), ["a: names no licence"]);
        let unwanted = json!({"name": "unwanted", "source": home, "license": "MIT"});
        assert_eq!(rules.against_crate(&unwanted), ["unwanted: banned"]);
    }

    #[test]
    fn rules_that_would_check_nothing_are_refused() {
        assert!(Rules::read("[licenses]\nallow = [\"MIT\"]").is_err());
    }
}
