//! The pages of `docs/decisions` are found by their numbers: each is headed with that of its file, and whatever points to
//! one by number points to one that is there.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

fn pages() -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/decisions");
    let mut pages = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder of decisions") {
        let path = entry.expect("a readable folder").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let number: String = name.chars().take(4).collect();
        let text = fs::read_to_string(&path).expect("a readable page");
        assert!(
            pages.insert(number.clone(), text).is_none(),
            "{number} is there twice"
        );
    }
    assert!(!pages.is_empty());
    pages
}

/// What is written as a number of a page: `(0013)`, `see 0013`, `decisions/0013`. Other numbers of four digits may be bytes.
fn pointed_to(text: &str) -> Vec<&str> {
    let mut numbers = Vec::new();
    for before in ["(", "see ", "See ", "decisions/"] {
        for after in text.split(before).skip(1) {
            let number = after.split(|c: char| !c.is_ascii_alphanumeric()).next();
            numbers.extend(number.filter(|number| {
                number.len() == 4
                    && number.starts_with("00")
                    && number.bytes().all(|byte| byte.is_ascii_digit())
            }));
        }
    }
    numbers
}

#[test]
fn each_page_is_headed_with_the_number_of_its_file() {
    for (number, text) in pages() {
        let head = text.lines().next().unwrap_or_default();
        assert!(
            head.starts_with(&format!("# {number}: ")),
            "{number} is headed {head:?}"
        );
    }
}

#[test]
fn no_page_points_to_one_that_is_not_there() {
    let pages = pages();
    assert_eq!(
        pointed_to("(0013) see 0012, docs/decisions/0011-size.md, 0000, 3c12 0008"),
        ["0013", "0012", "0011"]
    );
    for (number, text) in &pages {
        for other in pointed_to(text) {
            assert!(pages.contains_key(other), "{number} points to {other}");
        }
    }
}

#[test]
fn the_page_on_the_two_builds_names_the_levels_that_are_built() {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let manifest = fs::read_to_string(manifest).expect("the package's own manifest");
    let level = |profile: &str| {
        let (_, rest) = manifest
            .split_once(&format!("[profile.{profile}]\n"))
            .expect("the profile");
        let line = rest
            .lines()
            .find_map(|line| line.strip_prefix("opt-level = "))
            .expect("its level");
        line.trim_matches('"').to_owned()
    };
    let page = pages().remove("0005").expect("the page on the two builds");
    for profile in ["engine", "release"] {
        let said = page.split_whitespace().collect::<Vec<_>>().join(" ");
        let wanted = format!("`{profile}` (opt-level {}", level(profile));
        assert!(said.contains(&wanted), "{wanted}");
    }
}
