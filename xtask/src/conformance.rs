//! `cargo xtask conformance`: the statement matrix, `docs/conformance.md`, made from the tests.
//!
//! `tests/conformance/` lists the normative statements that bind a client, and those of them that cannot bind this one,
//! each with its reason. A test names what it shows in the comment above it, one line per version:
//! `/// MQTT 5 [MQTT-3.1.2-4], [MQTT-3.1.2-7]`. The check fails when a statement is neither named by a test nor excused,
//! when it is both, when a test names one that is not on the list without the list saying so, and when the document is
//! not what the tests say.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::place::Place;

/// The versions: as tests name them, and the stem of their files.
const VERSIONS: [(&str, &str); 2] = [("MQTT 3.1.1", "mqtt-3.1.1"), ("MQTT 5", "mqtt-5")];
const DOCUMENT: &str = "docs/conformance.md";

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

/// All versions, in the order of [`VERSIONS`].
#[derive(Debug, Default)]
struct Matrix(Vec<Statements>);

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
        let folder = root.join("tests").join("conformance");
        let mut matrix = Self::default();
        for (_, stem) in VERSIONS {
            let mut statements = Statements::default();
            for line in text(&folder.join(format!("{stem}.txt")))?.lines() {
                let id = Id::new(line.trim()).ok_or(format!("{stem}.txt: `{line}` is no id"))?;
                statements.listed.insert(id);
            }
            for line in text(&folder.join(format!("{stem}.not-binding.txt")))?.lines() {
                if line.is_empty() {
                    continue;
                }
                let (id, reason) = line
                    .split_once(' ')
                    .and_then(|(id, reason)| Some((Id::new(id)?, reason.trim())))
                    .ok_or(format!(
                        "{stem}.not-binding.txt: `{line}` is no id and reason"
                    ))?;
                statements.excused.insert(id, reason.to_owned());
            }
            matrix.0.push(statements);
        }
        for folder in ["tests", "src"] {
            for file in files(&root.join(folder))? {
                let name = file
                    .strip_prefix(root)
                    .unwrap_or(&file)
                    .display()
                    .to_string();
                matrix.take(&name, &text(&file)?);
            }
        }
        Ok(matrix)
    }

    /// Takes the statements that one file's tests name.
    fn take(&mut self, file: &str, text: &str) {
        let mut named: Vec<(usize, Id)> = Vec::new();
        let mut is_test = false;
        for line in text.lines().map(str::trim) {
            if let Some(comment) = line.strip_prefix("//") {
                named.extend(statements_of(comment));
            } else if line.starts_with("#[") {
                is_test |= line.contains("test]");
            } else if let Some(test) = test_name(line, is_test) {
                for (version, id) in named.drain(..) {
                    if let Some(statements) = self.0.get_mut(version) {
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

    fn verdict(&self) -> Result<(), String> {
        let mut complaints = Vec::new();
        for ((version, _), statements) in VERSIONS.iter().zip(&self.0) {
            let Statements {
                listed,
                excused,
                shown,
            } = statements;
            let mut say = |id: &Id, what: &str| {
                complaints.push(format!("   {version} [{}]: {what}", id.text));
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
        let one = |((version, _), statements): (&(&str, &str), &Statements)| {
            let shown = statements
                .listed
                .iter()
                .filter(|id| statements.shown.contains_key(id))
                .count();
            format!(
                "{version}: {} statements, {shown} shown by tests, {} cannot bind this client, {} more shown beyond the \
                 list",
                statements.listed.len(),
                statements.excused.len(),
                statements.shown.len() - shown
            )
        };
        let all: Vec<String> = VERSIONS.iter().zip(&self.0).map(one).collect();
        all.join("; ")
    }

    fn document(&self) -> String {
        let mut out = String::from(
            "# Conformance\n\n\
             Made from the tests by `cargo xtask conformance`; do not edit. Every normative statement that binds a \
             client is named by at least one test, or stands below with the reason why it cannot bind this one. \
             Statements beyond the list are the server's duties that a client can notice and refuse.\n",
        );
        for ((version, _), statements) in VERSIONS.iter().zip(&self.0) {
            let Statements {
                listed,
                excused,
                shown,
            } = statements;
            let count = listed.iter().filter(|id| shown.contains_key(id)).count();
            out.push_str(&format!(
                "\n## {version}\n\n{} statements: {count} shown by tests, {} cannot bind this client. {} more are shown \
                 beyond the list.\n\n### Shown\n\n| statement | tests |\n|---|---|\n",
                listed.len(),
                excused.len(),
                shown.len() - count
            ));
            for (id, tests) in shown {
                let mark = if listed.contains(id) { "" } else { " (beyond)" };
                let tests: Vec<&str> = tests.iter().map(String::as_str).collect();
                out.push_str(&format!("| {}{mark} | {} |\n", id.text, tests.join("<br>")));
            }
            out.push_str("\n### Cannot bind this client\n\n| statement | why |\n|---|---|\n");
            for (id, reason) in excused {
                out.push_str(&format!("| {} | {reason} |\n", id.text));
            }
        }
        out
    }
}

/// What one comment names, as `MQTT 5 [MQTT-3.1.2-4], [MQTT-3.1.2-7]`.
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

/// The test that begins with this line: a Rust function under a test attribute, or node's `test('name'`.
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

/// All files of tests below a folder, without what npm put there.
fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries =
            fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        for entry in entries.filter_map(Result::ok) {
            let path = entry.path();
            if path.is_dir() {
                if path.file_name().is_some_and(|name| name != "node_modules") {
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
mod tests {
    use super::*;

    fn matrix(listed: &[&str], excused: &[(&str, &str)], source: &str) -> Matrix {
        let mut matrix = Matrix(vec![Statements::default(), Statements::default()]);
        let five = &mut matrix.0[1];
        five.listed = listed.iter().filter_map(|id| Id::new(id)).collect();
        five.excused = excused
            .iter()
            .filter_map(|(id, why)| Some((Id::new(id)?, (*why).to_owned())))
            .collect();
        matrix.take("tests/a.rs", source);
        matrix
    }

    const SHOWN: &str =
        "/// What holds.\n/// MQTT 5 [MQTT-2.1.3-1], [MQTT-3.1.2-4]\n#[test]\nfn it_holds() {\n}";

    #[test]
    fn a_statement_that_a_test_names_is_shown() {
        let matrix = matrix(&["MQTT-2.1.3-1", "MQTT-3.1.2-4"], &[], SHOWN);
        assert_eq!(matrix.verdict(), Ok(()));
        assert!(matrix.document().contains("`tests/a.rs`: it holds"));
    }

    #[test]
    fn a_statement_of_another_version_shows_nothing_for_this_one() {
        let source = SHOWN.replace("MQTT 5 ", "MQTT 3.1.1 ");
        let verdict = matrix(&["MQTT-2.1.3-1"], &[], &source).verdict();
        assert!(verdict.is_err_and(|why| why.contains("MQTT-2.1.3-1")));
    }

    #[test]
    fn what_is_not_a_test_shows_nothing() {
        let source = SHOWN.replace("#[test]\n", "");
        assert!(matrix(&["MQTT-2.1.3-1"], &[], &source).verdict().is_err());
        let source = SHOWN.replace("#[test]\n", "const A: u8 = 1;\n#[test]\n");
        assert!(matrix(&["MQTT-2.1.3-1"], &[], &source).verdict().is_err());
    }

    #[test]
    fn a_scenario_in_the_browser_counts_as_a_test() {
        let source = "// MQTT 5 [MQTT-6.0.0-1]\nstage.scenario('text frames close', async () => {";
        let matrix = matrix(&["MQTT-6.0.0-1"], &[], source);
        assert_eq!(matrix.verdict(), Ok(()));
        assert!(matrix.document().contains("text frames close"));
    }

    #[test]
    fn an_excuse_counts_once_and_not_beside_a_test() {
        let excuse = [("MQTT-3.1.2-8", "the server's")];
        assert_eq!(matrix(&["MQTT-3.1.2-8"], &excuse, "").verdict(), Ok(()));
        let both = [("MQTT-2.1.3-1", "no")];
        assert!(matrix(&["MQTT-2.1.3-1"], &both, SHOWN).verdict().is_err());
        assert!(matrix(&[], &excuse, "").verdict().is_err());
    }
}
