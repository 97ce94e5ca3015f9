//! The order inside `ui`: which folder of the page may name which. A pane names no other pane; what joins panes stands in
//! `ui` itself and may name all of them.

use crate::circles::Sources;

/// A folder of the page, and the others that it may name.
const ORDER: [(&str, &[&str]); 4] = [
    ("words", &[]),
    ("state", &["words"]),
    ("controls", &["words", "state"]),
    ("panes", &["words", "state", "controls"]),
];

#[test]
fn a_folder_of_the_page_names_only_those_below_it() {
    let mut wrong = Vec::new();
    let mut arrows = 0;
    for (file, needed) in Sources::of_the_crate().arrows() {
        for other in needed {
            arrows += 1;
            wrong.extend(stranger(&file, &other));
        }
    }
    assert!(arrows > 500, "only {arrows} arrows were found");
    assert!(wrong.is_empty(), "wrong arrows:\n{}", wrong.join("\n"));
}

#[test]
fn every_folder_of_the_page_has_its_place() {
    let source = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ui");
    let entries = std::fs::read_dir(source).expect("the page").flatten();
    let folders = entries.filter(|entry| entry.path().is_dir());
    for folder in folders {
        let name = folder.file_name().to_string_lossy().into_owned();
        let known = ORDER.iter().any(|(folder, _)| *folder == name);
        assert!(known, "{name} has no place in the order");
    }
}

#[test]
fn what_joins_panes_may_name_them_and_no_pane_another() {
    let path = |text: &str| text.split("::").map(str::to_owned).collect::<Vec<_>>();
    let is_wrong = |file: &str, other: &str| stranger(&path(file), &path(other)).is_some();
    assert!(!is_wrong("ui::workbench", "ui::panes::list"));
    assert!(!is_wrong("ui::panes::list", "ui::panes::list::rows"));
    assert!(!is_wrong("ui::panes::list::rows", "ui::state::store"));
    assert!(!is_wrong("ui::panes::list::rows", "link::frame"));
    assert!(is_wrong("ui::panes::list::rows", "ui::panes::tree"));
    assert!(is_wrong("ui::panes::tree", "ui::workbench"));
    assert!(is_wrong("ui::controls::name", "ui::panes::tree"));
    assert!(is_wrong("ui::state::store", "ui::controls::name"));
    assert!(is_wrong("ui::words", "ui::state::store"));
}

/// An arrow that the order does not have.
fn stranger(file: &[String], other: &[String]) -> Option<String> {
    let [room, folder, ..] = file else {
        return None;
    };
    let (_, allowed) = ORDER.iter().find(|(name, _)| name == folder)?;
    if room != "ui" || other.first().is_none_or(|room| room != "ui") {
        return None;
    }
    let there = other.get(1).map(String::as_str).unwrap_or_default();
    let right = if there == "panes" && folder == "panes" {
        // Below `panes`, its own files are a pane's alone; the list of panes itself names nothing.
        file.get(2).is_none() || file.get(2) == other.get(2)
    } else {
        there == folder || allowed.contains(&there)
    };
    (!right).then(|| format!("{}: {}", file.join("::"), other.join("::")))
}
