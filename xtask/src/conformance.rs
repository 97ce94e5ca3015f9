//! `cargo xtask conformance`: the statement matrix, `docs/conformance.md`, made from the tests.
//!
//! `tests/conformance/` lists the normative statements for clients and those for servers, and which of them do not apply to
//! this client or this broker, with a reason. A test names the statements that it checks in a comment above it, one line
//! per version: `/// MQTT 5 [MQTT-3.1.2-4], [MQTT-3.1.2-7]`. The folder of the test decides whether they are for clients or
//! servers. The check fails if a statement is neither named by a test nor excused, if it is both, if a test names one that
//! is not listed, and if the document is out of date.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::place::Place;

/// The versions: their names in tests, and the stems of their files.
const VERSIONS: [(&str, &str); 2] = [("MQTT 3.1.1", "mqtt-3.1.1"), ("MQTT 5", "mqtt-5")];
const DOCUMENT: &str = "docs/conformance.md";

/// A role in the specification: client or server.
struct End {
    title: &'static str,
    /// Between the stem of a version and `.txt`.
    suffix: &'static str,
    /// The folders of its tests.
    folders: &'static [&'static str],
    /// Its name in the document.
    name: &'static str,
    about: &'static str,
}

const ENDS: [End; 2] = [
    End {
        title: "The client",
        suffix: "",
        folders: &["tests", "src"],
        name: "client",
        about: "Every normative statement that binds a client is named by at least one test, or stands below with the \
                reason why it cannot bind this one. Statements beyond the list are the server's duties that a client \
                can notice and refuse.",
    },
    End {
        title: "The broker",
        suffix: ".server",
        folders: &["broker", "host"],
        name: "broker",
        about: "Every normative statement that binds a server is named by at least one test of the core or of the \
                companion, or stands below with the reason why it cannot bind this one. Statements beyond the list \
                are a client's duties: the broker refuses what breaks them, or keeps them itself.",
    },
];

/// Writes the document.
pub fn write(place: &Place) -> Result<(), String> {
    let matrix = Matrix::read(&place.root)?;
    let path = place.root.join(DOCUMENT);
    fs::write(&path, matrix.document()).map_err(|error| format!("{}: {error}", path.display()))?;
    println!("   {}", matrix.summary());
    matrix.verdict()
}

/// Fails unless every statement is shown or excused, and the document says the same as the tests.
pub fn check(place: &Place) -> Result<(), String> {
    let matrix = Matrix::read(&place.root)?;
    println!("   {}", matrix.summary());
    matrix.verdict()?;
    let written = fs::read_to_string(place.root.join(DOCUMENT)).unwrap_or_default();
    if written == matrix.document() {
        Ok(())
    } else {
        Err(format!(
            "{DOCUMENT} is not what the tests say; `cargo xtask conformance` writes it anew"
        ))
    }
}

/// One version's statements.
#[derive(Debug, Default)]
struct Statements {
    listed: BTreeSet<Id>,
    excused: BTreeMap<Id, String>,
    /// The tests that name each: `tests/session/resuming.rs: name`.
    shown: BTreeMap<Id, BTreeSet<String>>,
}

/// All versions of both ends, in the order of [`ENDS`] and [`VERSIONS`].
#[derive(Debug, Default)]
struct Matrix([[Statements; VERSIONS.len()]; ENDS.len()]);

/// A statement's number. Ordered as the specification is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Id {
    order: Vec<u32>,
    text: String,
}

impl Id {
    fn new(text: &str) -> Option<Self> {
        let numbers = text.strip_prefix("MQTT-")?;
        let order = numbers
            .split(['.', '-'])
            .map(|number| number.parse().ok())
            .collect::<Option<Vec<u32>>>()?;
        Some(Self {
            order,
            text: text.to_owned(),
        })
    }
}

impl Matrix {
    fn read(root: &Path) -> Result<Self, String> {
        let lists = root.join("tests").join("conformance");
        let mut matrix = Self::default();
        for (number, end) in ENDS.iter().enumerate() {
            for (statements, (_, stem)) in matrix.0[number].iter_mut().zip(VERSIONS) {
                statements.read(&lists, &format!("{stem}{}", end.suffix))?;
            }
            for folder in end.folders {
                for file in files(&root.join(folder))? {
                    let name = file
                        .strip_prefix(root)
                        .unwrap_or(&file)
                        .display()
                        .to_string();
                    matrix.take(number, &name, &text(&file)?);
                }
            }
        }
        Ok(matrix)
    }

    /// Adds the statements that the tests of one file name for a role.
    fn take(&mut self, end: usize, file: &str, text: &str) {
        let mut named: Vec<(usize, Id)> = Vec::new();
        let mut is_test = false;
        for line in text.lines().map(str::trim) {
            if let Some(comment) = line.strip_prefix("//") {
                named.extend(statements_of(comment));
            } else if line.starts_with("#[") {
                is_test |= line.contains("test]") || line.contains("test(");
            } else if let Some(test) = test_name(line, is_test) {
                for (version, id) in named.drain(..) {
                    if let Some(statements) = self.0[end].get_mut(version) {
                        let tests = statements.shown.entry(id).or_default();
                        tests.insert(format!("`{file}`: {test}"));
                    }
                }
                is_test = false;
            } else if !line.is_empty() && !line.starts_with("proptest!") {
                named.clear();
                is_test = false;
            }
        }
    }

    /// Every version of every role, in the order of the document.
    fn all(&self) -> impl Iterator<Item = (&'static End, &'static str, &Statements)> {
        ENDS.iter().zip(&self.0).flat_map(|(end, versions)| {
            VERSIONS
                .iter()
                .zip(versions)
                .map(move |((version, _), statements)| (end, *version, statements))
        })
    }

    fn verdict(&self) -> Result<(), String> {
        let mut complaints = Vec::new();
        for (end, version, statements) in self.all() {
            let Statements {
                listed,
                excused,
                shown,
            } = statements;
            let mut say = |id: &Id, what: &str| {
                complaints.push(format!("   {}, {version} [{}]: {what}", end.name, id.text));
            };
            for id in listed {
                match (shown.contains_key(id), excused.contains_key(id)) {
                    (false, false) => say(id, "no test names it, and nothing excuses it"),
                    (true, true) => say(id, "a test names it, and yet it is excused"),
                    _ => {}
                }
            }
            for id in excused.keys().filter(|id| !listed.contains(id)) {
                say(id, "excused, and not on the list");
            }
        }
        if complaints.is_empty() {
            Ok(())
        } else {
            Err(format!(
                "{} statements are not in order:\n{}",
                complaints.len(),
                complaints.join("\n")
            ))
        }
    }

    fn summary(&self) -> String {
        let one = |(end, version, statements): (&End, &str, &Statements)| {
            let shown = statements.shown_of_list();
            format!(
                "{}, {version}: {} statements, {shown} shown by tests, {} cannot bind it, {} more shown beyond the list",
                end.name,
                statements.listed.len(),
                statements.excused.len(),
                statements.shown.len() - shown
            )
        };
        let all: Vec<String> = self.all().map(one).collect();
        all.join("; ")
    }

    fn document(&self) -> String {
        let mut out = String::from(
            "# Conformance\n\nMade from the tests by `cargo xtask conformance`; do not edit. Two halves: Midge as a \
             client, and Midge's own broker, which is the companion's and the browser's.\n",
        );
        let mut last = "";
        for (end, version, statements) in self.all() {
            if end.title != last {
                last = end.title;
                out.push_str(&format!("\n## {}\n\n{}\n", end.title, end.about));
            }
            let Statements {
                listed,
                excused,
                shown,
            } = statements;
            let count = statements.shown_of_list();
            out.push_str(&format!(
                "\n### {} in {version}\n\n{} statements: {count} shown by tests, {} cannot bind this {}. {} more are \
                 shown beyond the list.\n\n| statement | tests |\n|---|---|\n",
                end.title,
                listed.len(),
                excused.len(),
                end.name,
                shown.len() - count
            ));
            for (id, tests) in shown {
                let mark = if listed.contains(id) { "" } else { " (beyond)" };
                let tests: Vec<&str> = tests.iter().map(String::as_str).collect();
                out.push_str(&format!("| {}{mark} | {} |\n", id.text, tests.join("<br>")));
            }
            if excused.is_empty() {
                continue;
            }
            out.push_str(&format!(
                "\n#### What cannot bind this {} in {version}\n\n| statement | why |\n|---|---|\n",
                end.name
            ));
            for (id, reason) in excused {
                out.push_str(&format!("| {} | {reason} |\n", id.text));
            }
        }
        out
    }
}

impl Statements {
    /// Reads the list with this name, and the reasons for what does not apply.
    fn read(&mut self, lists: &Path, name: &str) -> Result<(), String> {
        for line in text(&lists.join(format!("{name}.txt")))?.lines() {
            let id = Id::new(line.trim()).ok_or(format!("{name}.txt: `{line}` is no id"))?;
            self.listed.insert(id);
        }
        for line in text(&lists.join(format!("{name}.not-binding.txt")))?.lines() {
            if line.is_empty() {
                continue;
            }
            let (id, reason) = line
                .split_once(' ')
                .and_then(|(id, reason)| Some((Id::new(id)?, reason.trim())))
                .ok_or(format!(
                    "{name}.not-binding.txt: `{line}` is no id and reason"
                ))?;
            self.excused.insert(id, reason.to_owned());
        }
        Ok(())
    }

    fn shown_of_list(&self) -> usize {
        self.listed
            .iter()
            .filter(|id| self.shown.contains_key(id))
            .count()
    }
}

/// The statements in a comment such as `MQTT 5 [MQTT-3.1.2-4], [MQTT-3.1.2-7]`.
fn statements_of(comment: &str) -> Vec<(usize, Id)> {
    let comment = comment.trim_start_matches(['/', '!', ' ']);
    for (version, (name, _)) in VERSIONS.iter().enumerate() {
        if let Some(rest) = comment.strip_prefix(name)
            && rest.starts_with(" [")
        {
            return rest
                .split('[')
                .filter_map(|part| part.split_once(']'))
                .filter_map(|(id, _)| Some((version, Id::new(id)?)))
                .collect();
        }
    }
    Vec::new()
}

/// The name of the test that begins in this line: a Rust function below a test attribute, or node's `test('name'`.
fn test_name(line: &str, is_test: bool) -> Option<String> {
    let after = |start: &str| line.strip_prefix(start);
    if let Some(rest) = after("fn ").or_else(|| after("async fn ")) {
        let (name, _) = rest.split_once(['(', '<'])?;
        return is_test.then(|| name.replace('_', " "));
    }
    let at = line.find("scenario(").map(|at| at + "scenario(".len())?;
    let rest = line.get(at..)?;
    let quote = rest
        .chars()
        .next()
        .filter(|quote| "'`\"".contains(*quote))?;
    let name = rest.get(1..)?.split(quote).next()?;
    Some(name.replace('|', "/"))
}

/// All files of tests below a folder, without those of npm.
fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries =
            fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        for entry in entries.filter_map(Result::ok) {
            let path = entry.path();
            if path.is_dir() {
                if path
                    .file_name()
                    .is_some_and(|name| name != "node_modules" && name != "target")
                {
                    folders.push(path);
                }
            } else if path
                .extension()
                .is_some_and(|extension| extension == "rs" || extension == "mjs")
            {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn text(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests;
