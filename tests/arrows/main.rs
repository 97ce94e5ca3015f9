//! The arrows between the rooms: which room may name which. Read from the sources, so that a wrong one is a failed test
//! and not a matter of taste. The table is that of `src/lib.rs`.
#![cfg(not(target_arch = "wasm32"))]

mod circles;
mod order;
mod source;

use std::{collections::BTreeSet, fs, path::Path};

use source::{members, rust_files, tokens, without_words};

/// A room, and the rooms it may use.
const ARROWS: [(&str, &[&str]); 15] = [
    ("protocol", &[]),
    ("session", &["protocol"]),
    ("reading", &["protocol"]),
    ("capture", &["protocol", "reading"]),
    ("export", &["capture", "protocol", "reading"]),
    ("payload", &[]),
    ("profile", &["protocol", "reading"]),
    ("inside", &["protocol"]),
    ("devices", &["protocol", "session"]),
    ("link", &["protocol"]),
    ("lessons", &["link", "profile", "protocol", "reading"]),
    (
        "engine",
        &[
            "session", "capture", "export", "payload", "protocol", "reading", "link",
        ],
    ),
    (
        "desk",
        &[
            "inside", "link", "payload", "profile", "protocol", "reading",
        ],
    ),
    ("browser", &[]),
    (
        "ui",
        &[
            "desk", "devices", "inside", "lessons", "link", "payload", "profile", "protocol",
            "reading", "browser",
        ],
    ),
];

/// The programs, which name rooms as `midge::room`.
const PROGRAMS: [(&str, &[&str]); 3] = [
    ("devices.rs", &["devices", "browser"]),
    ("engine.rs", &["engine", "browser", "link"]),
    ("app.rs", &["ui"]),
];

#[test]
fn rooms_name_only_the_rooms_their_arrows_point_to() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    let mut files = 0;
    for (room, allowed) in ARROWS {
        for file in rust_files(&source.join(room)) {
            files += 1;
            let depth = depth_of(
                file.strip_prefix(source.join(room))
                    .expect("below the room"),
            );
            let text = fs::read_to_string(&file).expect("a readable source");
            wrong.extend(
                strangers(&text, room, depth, allowed)
                    .iter()
                    .map(|other| format!("{}: {other}", file.display())),
            );
        }
    }
    for (program, allowed) in PROGRAMS {
        files += 1;
        let text = fs::read_to_string(source.join("bin").join(program)).expect("a readable source");
        wrong.extend(
            strangers(&text, "", 0, allowed)
                .iter()
                .map(|other| format!("{program}: {other}")),
        );
    }
    assert!(
        files >= ARROWS.len() + PROGRAMS.len(),
        "only {files} files were read"
    );
    assert!(wrong.is_empty(), "wrong arrows:\n{}", wrong.join("\n"));
}

#[test]
fn every_folder_of_the_sources_is_a_room_with_arrows() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let folders: BTreeSet<String> = fs::read_dir(source)
        .expect("the sources")
        .flatten()
        .filter(|entry| entry.path().is_dir() && entry.file_name() != "bin")
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(
        folders,
        ARROWS.iter().map(|(room, _)| (*room).to_owned()).collect()
    );
}

#[test]
fn a_wrong_arrow_is_caught_however_it_is_written() {
    let wrong = [
        "use crate::engine;",
        "use crate::engine::Engine;",
        "pub(super) use crate::engine as motor;",
        "use crate::{link, engine};",
        "use crate::{\n    link::{Command, Event},\n    engine::{self, inner::Deep},\n};",
        "use ::midge::engine::Engine;",
        "use midge::{engine};",
        "fn f() { crate::engine::start() }",
        "fn f(x: &crate :: engine :: Engine) {}",
        "use super::engine::Engine;",
        "use self::super::engine::Engine;",
        "use crate::*;",
    ];
    for text in wrong {
        assert!(
            !strangers(text, "ui", 0, &["link"]).is_empty(),
            "not caught: {text}"
        );
    }
    assert_eq!(
        strangers("use super::super::engine::Engine;", "ui", 1, &[]),
        ["engine"]
    );
    assert_eq!(
        strangers("use super::{super::engine, own};", "ui", 1, &[]),
        ["engine"]
    );
}

#[test]
fn what_is_allowed_own_or_no_code_is_let_through() {
    let right = [
        "use crate::link::Command;",
        "use crate::{link::{Command, engine}, ui::form};",
        "use crate::ui::engine;",
        "use super::form;",
        "// use crate::engine;",
        "/* crate::engine, /* nested */ crate::engine */",
        "/// See [`crate::engine`].",
        "const WORDS: &str = \"crate::engine \\\" crate::engine\";",
        "const RAW: &str = r#\"crate::engine \" crate::engine\"#;",
        "let quote = '\"'; let life: &'static str; // crate::engine",
        "use leptos::engine;",
    ];
    for text in right {
        assert_eq!(
            strangers(text, "ui", 1, &["link"]),
            Vec::<String>::new(),
            "{text}"
        );
    }
    // One `super` is the room itself here, two are the house.
    assert!(strangers("use super::engine;", "ui", 1, &[]).is_empty());
    // In a module inside of the file it takes one more.
    let inside = "fn f() {} mod tests { use super::super::engine; fn g() {} }";
    assert!(strangers(inside, "ui", 1, &[]).is_empty());
    assert_eq!(strangers(inside, "ui", 0, &[]), ["engine"]);
}

/// The rooms that a source names and may not. `depth` is the number of modules between the house and the source's own
/// module, less one: 0 for `ui/mod.rs` and 1 for `ui/form.rs`.
fn strangers(text: &str, room: &str, depth: usize, allowed: &[&str]) -> Vec<String> {
    let code = without_words(text);
    let tokens = tokens(&code);
    let mut named = BTreeSet::new();
    // Open braces; true for those of a module, which takes one more `super` to leave.
    let mut open = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let rest = tokens.get(at + 1..).unwrap_or_default();
        match *token {
            "{" => open.push(at >= 2 && tokens[at - 2] == "mod"),
            "}" => {
                open.pop();
            }
            "crate" | "midge" => heads(rest, None, &mut named),
            // A second `super` of a path is counted with its first.
            "super"
                if at == 0 || tokens[at - 1] != "::" || tokens[..at].ends_with(&["self", "::"]) =>
            {
                let inside = open.iter().filter(|module| **module).count();
                heads(rest, Some(depth + inside), &mut named);
            }
            _ => {}
        }
    }
    named
        .into_iter()
        .filter(|other| other != room && !allowed.contains(&other.as_str()))
        .collect()
}

/// Collects the first names after the house: from `::link::X` it is `link`, from `::{a, b::c}` they are `a` and `b`.
/// `supers` is how many more `super` it takes to stand in the house; `None` when the path stands there already.
fn heads(rest: &[&str], supers: Option<usize>, named: &mut BTreeSet<String>) {
    let [first, rest @ ..] = rest else { return };
    if *first != "::" {
        return;
    }
    match (rest.first().copied(), supers) {
        (Some("{"), _) => {
            for member in members(&rest[1..]) {
                // A member is a path again: as if it stood alone after the colons.
                let mut alone = vec!["::"];
                alone.extend_from_slice(member);
                heads(&alone, supers, named);
            }
        }
        (Some("super"), Some(more)) if more > 0 => heads(&rest[1..], Some(more - 1), named),
        (Some(name), None | Some(0)) if name != "self" => {
            // Macros and items of lib.rs would be heads too; there are none.
            named.insert(name.to_owned());
        }
        _ => {}
    }
}

/// See [`strangers`]: `mod.rs` is 0, `form.rs` 1, `form/mod.rs` 1, `form/field.rs` 2.
fn depth_of(below_room: &Path) -> usize {
    let parts = below_room.components().count();
    if below_room.ends_with("mod.rs") {
        parts - 1
    } else {
        parts
    }
}
