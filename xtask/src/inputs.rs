//! Checks whether the page and the host are up to date.
//!
//! It compares contents and not times, because a checkout changes times only, and `trunk serve` leaves a page in `dist/`
//! that was built in another way.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use crate::place::Place;
use crate::tools::TRUNK;

/// Files and folders that the page does not depend on. It depends on everything else, so that a new folder cannot be
/// forgotten. Names that start with a dot are left out, too, except `.cargo`.
const NOT_THE_PAGE: [&str; 11] = [
    "bench",
    "dist",
    "docs",
    "examples",
    "fuzz",
    "host",
    "micro",
    "node_modules",
    "target",
    "tests",
    "xtask",
];

/// The files of this crate that build the page.
const STEPS: [&str; 2] = ["build.rs", "split.rs"];

/// What the host depends on beside the page.
const HOST: [&str; 6] = [
    ".cargo",
    "Cargo.lock",
    "Cargo.toml",
    "broker",
    "host",
    "rust-toolchain.toml",
];

/// The page in `dist/` is up to date and unchanged.
pub fn up_to_date(place: &Place) -> bool {
    let now = match (print_of_sources(&place.root), print_of(&place.dist())) {
        (Ok(sources), Ok(page)) => stamp(sources, page),
        _ => return false,
    };
    fs::read_to_string(stamp_file(place)).is_ok_and(|before| before == now)
}

/// Notes that `dist/` was built from these sources. `sources` is the fingerprint from before the build, so that changes
/// during the build are noticed.
pub fn note(place: &Place, sources: u64) -> Result<(), String> {
    let page = print_of(&place.dist()).map_err(|error| format!("dist: {error}"))?;
    let file = stamp_file(place);
    fs::create_dir_all(place.root.join("target"))
        .and_then(|()| fs::write(&file, stamp(sources, page)))
        .map_err(|error| format!("{}: {error}", file.display()))
}

/// The fingerprint of everything that the page depends on.
pub fn print_of_sources(root: &Path) -> std::io::Result<u64> {
    let mut hasher = DefaultHasher::new();
    TRUNK.hash(&mut hasher);
    add(&root.join("xtask").join("tools"), root, &mut hasher)?;
    for step in STEPS {
        add(
            &root.join("xtask").join("src").join(step),
            root,
            &mut hasher,
        )?;
    }
    for entry in sorted(root)? {
        let name = entry
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let left_out = name.starts_with('.') && name != ".cargo";
        if !left_out && !NOT_THE_PAGE.contains(&name.as_str()) && !name.ends_with(".md") {
            add(&entry, root, &mut hasher)?;
        }
    }
    Ok(hasher.finish())
}

/// The host is up to date, whichever page it contains.
pub fn host_up_to_date(place: &Place) -> bool {
    let before = fs::read_to_string(host_stamp_file(place)).ok();
    let now = print_of_host(place).ok();
    place.host().exists() && before.is_some() && before == now
}

/// Notes that the host was built from these sources. `sources` is [`print_of_host`] from before the build.
pub fn note_host(place: &Place, sources: &str) -> Result<(), String> {
    let file = host_stamp_file(place);
    fs::write(&file, sources).map_err(|error| format!("{}: {error}", file.display()))
}

/// The fingerprint of everything that the host depends on beside the page.
pub fn print_of_host(place: &Place) -> std::io::Result<String> {
    let mut hasher = DefaultHasher::new();
    for name in HOST {
        add(&place.root.join(name), &place.root, &mut hasher)?;
    }
    Ok(format!("{:016x}\n", hasher.finish()))
}

/// It is stored beside the program, because each build directory has its own.
fn host_stamp_file(place: &Place) -> PathBuf {
    place.host().with_extension("stamp")
}

fn stamp(sources: u64, page: u64) -> String {
    format!("{sources:016x} {page:016x}\n")
}

/// It is stored beside the tools, because `dist/` belongs to the checkout, wherever Cargo builds.
fn stamp_file(place: &Place) -> PathBuf {
    place.root.join("target").join("page.stamp")
}

fn print_of(folder: &Path) -> std::io::Result<u64> {
    let mut hasher = DefaultHasher::new();
    add(folder, folder, &mut hasher)?;
    Ok(hasher.finish())
}

/// Adds a file, or a folder with everything in it: names relative to `root`, lengths and contents.
fn add(path: &Path, root: &Path, hasher: &mut DefaultHasher) -> std::io::Result<()> {
    if path.is_dir() {
        for entry in sorted(path)? {
            add(&entry, root, hasher)?;
        }
        return Ok(());
    }
    path.strip_prefix(root).unwrap_or(path).hash(hasher);
    fs::read(path)?.hash(hasher);
    Ok(())
}

fn sorted(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut entries = fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<std::io::Result<Vec<_>>>()?;
    entries.sort();
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn house(name: &str) -> Place {
        let root = std::env::temp_dir().join(format!("midge-{name}-{}", std::process::id()));
        for folder in [
            "src/ui",
            "host/src",
            ".cargo",
            "broker",
            "dist",
            "xtask/src",
            "xtask/tools",
            "target/host",
        ] {
            fs::create_dir_all(root.join(folder)).expect("a folder");
        }
        for (file, text) in [
            ("src/ui/mod.rs", "one"),
            ("index.html", "page"),
            ("dist/app.js", "built"),
            ("Cargo.lock", ""),
            ("Cargo.toml", ""),
            ("rust-toolchain.toml", "1.95"),
        ] {
            fs::write(root.join(file), text).expect("a file");
        }
        for step in STEPS {
            fs::write(root.join("xtask/src").join(step), "step").expect("a file");
        }
        let place = Place {
            target: root.join("target"),
            tools: root.join("target/tools"),
            root,
        };
        note(&place, print_of_sources(&place.root).expect("readable")).expect("noted");
        place
    }

    #[test]
    fn a_page_stays_up_to_date_until_its_sources_change() {
        let place = house("sources");
        assert!(up_to_date(&place));
        // The same content again, with a new time.
        fs::write(place.root.join("index.html"), "page").expect("a file");
        fs::write(place.root.join("host/src/main.rs"), "not the page").expect("a file");
        fs::write(place.root.join("README.md"), "not the page").expect("a file");
        assert!(up_to_date(&place));
        fs::write(place.root.join("src/ui/mod.rs"), "two").expect("a file");
        assert!(!up_to_date(&place));
        fs::remove_dir_all(&place.root).expect("removed");
    }

    #[test]
    fn a_host_stays_up_to_date_until_its_own_sources_change() {
        let place = house("host");
        let sources = print_of_host(&place).expect("readable");
        note_host(&place, &sources).expect("noted");
        assert!(!host_up_to_date(&place), "there is no program");
        fs::write(place.host(), "").expect("a file");
        assert!(host_up_to_date(&place));
        fs::write(place.root.join("dist/app.js"), "another page").expect("a file");
        assert!(host_up_to_date(&place));
        for source in [
            "host/src/main.rs",
            "rust-toolchain.toml",
            ".cargo/config.toml",
        ] {
            fs::write(place.root.join(source), "two").expect("a file");
            assert!(!host_up_to_date(&place), "{source}");
            note_host(&place, &print_of_host(&place).expect("readable")).expect("noted");
        }
        fs::remove_dir_all(&place.root).expect("removed");
    }

    #[test]
    fn a_new_file_and_a_renamed_file_are_changes() {
        let place = house("names");
        fs::write(place.root.join("boot.js"), "").expect("a file");
        assert!(!up_to_date(&place));
        fs::remove_file(place.root.join("boot.js")).expect("removed");
        assert!(up_to_date(&place));
        fs::rename(place.root.join("index.html"), place.root.join("other.html")).expect("renamed");
        assert!(!up_to_date(&place));
        fs::remove_dir_all(&place.root).expect("removed");
    }

    #[test]
    fn a_page_that_something_else_built_is_not_taken() {
        let place = house("dist");
        fs::write(place.root.join("dist/app.js"), "built for debugging").expect("a file");
        assert!(!up_to_date(&place));
        fs::remove_dir_all(place.dist()).expect("removed");
        assert!(!up_to_date(&place));
        fs::remove_dir_all(&place.root).expect("removed");
    }
}
