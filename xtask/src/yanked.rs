//! Whether a locked version of a dependency was yanked: withdrawn by its authors, often for a security reason.
//!
//! Cargo uses a yanked version that is in the lock file without a warning. So this makes a package that requires exactly the
//! locked versions and has no lock file, for which Cargo refuses yanked ones by name. It needs only the registry's index,
//! through Cargo, and builds nothing.

use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::place::Place;
use crate::process::Process;

/// Fails on the first yanked version. If the registry cannot be reached, it prints that and does not fail.
pub fn check(place: &Place) -> Result<(), String> {
    let lock = fs::read_to_string(place.root.join("Cargo.lock"))
        .map_err(|error| format!("Cargo.lock: {error}"))?;
    let locked = registry_packages(&lock)?;
    let folder = place.root.join("target").join("yanked");
    write_package(&folder, &locked).map_err(|error| format!("{}: {error}", folder.display()))?;
    let ended = Process::new("cargo", &["generate-lockfile", "--quiet"])
        .dir(&folder)
        .limit(Duration::from_secs(120))
        .hush()?;
    if ended.success {
        println!("   {} locked versions, none is yanked", locked.len());
        return Ok(());
    }
    let words = ended.lines.join("\n");
    if words.contains("is yanked") {
        return Err(format!(
            "a locked version was yanked; `cargo update -p NAME` takes another\n{words}"
        ));
    }
    if UNREACHABLE.iter().any(|sign| words.contains(sign)) {
        println!("   NOT CHECKED: the registry cannot be reached\n{words}");
        return Ok(());
    }
    Err(format!("{}\n{words}", ended.how))
}

/// Parts of Cargo's messages when it cannot reach the registry.
const UNREACHABLE: [&str; 4] = [
    "spurious network error",
    "failed to download from",
    "Could not resolve host",
    "download of config.json failed",
];

/// Name and version of every package that came from a registry.
fn registry_packages(lock: &str) -> Result<Vec<(String, String)>, String> {
    let lock: toml::Table = lock
        .parse()
        .map_err(|error| format!("Cargo.lock: {error}"))?;
    let packages = lock
        .get("package")
        .and_then(toml::Value::as_array)
        .ok_or("Cargo.lock names no package")?;
    let word = |package: &toml::Value, key| Some(package.get(key)?.as_str()?.to_owned());
    Ok(packages
        .iter()
        .filter(|package| {
            word(package, "source").is_some_and(|source| source.starts_with("registry+"))
        })
        .filter_map(|package| Some((word(package, "name")?, word(package, "version")?)))
        .collect())
}

fn write_package(folder: &Path, locked: &[(String, String)]) -> std::io::Result<()> {
    fs::create_dir_all(folder.join("src"))?;
    fs::write(folder.join("src").join("lib.rs"), "")?;
    if folder.join("Cargo.lock").exists() {
        fs::remove_file(folder.join("Cargo.lock"))?;
    }
    fs::write(folder.join("Cargo.toml"), manifest(locked))
}

/// A dependency for each version. Two versions of a crate need two names, and a requirement has no build metadata
/// (`+spec-1.1.0`).
fn manifest(locked: &[(String, String)]) -> String {
    let mut text = String::from(
        "[package]\nname = \"locked\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n",
    );
    for (number, (name, version)) in locked.iter().enumerate() {
        let version = version.split('+').next().unwrap_or(version);
        text.push_str(&format!(
            "locked-{number} = {{ package = \"{name}\", version = \"={version}\", default-features = false }}\n"
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"
version = 4

[[package]]
name = "midge"
version = "0.1.0"

[[package]]
name = "toml"
version = "1.2.1+spec-1.1.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
"#;

    #[test]
    fn the_question_names_exactly_what_is_locked() {
        let locked = registry_packages(LOCK).expect("a lock file");
        assert_eq!(locked, [("toml".to_owned(), "1.2.1+spec-1.1.0".to_owned())]);
        let text = manifest(&locked);
        assert!(text.contains(
            r#"locked-0 = { package = "toml", version = "=1.2.1", default-features = false }"#
        ));
        assert!(text.parse::<toml::Table>().is_ok(), "{text}");
    }
}
