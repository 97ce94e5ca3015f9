//! Which of the splitter's files are joined into one program.
//!
//! The splitter makes a file of its own for each set of parts that share something: with ten parts there were 84 files, and
//! the first message waited for 51 of them. But two programs are loaded by everybody, one after the other, before any other
//! part can be opened. What one of them shares with later parts is put into it.

use std::collections::BTreeSet;

use super::loader::Loader;

/// The programs that everybody loads, in this order. See `src/ui/controls/rest.rs`.
const ALWAYS: [&str; 2] = ["rest", "around"];

/// A program that is loaded later than the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// The name of its part, or `shared_` and the names of the parts that share it.
    pub name: String,
    /// The splitter's files in it, without their endings.
    pub files: Vec<String>,
    /// Its part, and those that share something in it.
    parts: BTreeSet<String>,
}

impl Program {
    /// The other one is a part that has to wait for this program.
    pub fn is_needed_by(&self, other: &Self) -> bool {
        self.parts.contains(&other.name)
    }
}

/// The programs, each after those that it needs. `exists`: the splitter made this file, as it does not for a part of which
/// everything is shared.
pub fn plan(loader: &Loader, exists: impl Fn(&str) -> bool) -> Vec<Program> {
    let own = |part: &String| {
        let file = format!("split_{part}");
        Program {
            name: part.clone(),
            files: Some(file).filter(|file| exists(file)).into_iter().collect(),
            parts: BTreeSet::from([part.clone()]),
        }
    };
    let is_first = |part: &&String| ALWAYS.contains(&part.as_str());
    let firsts = ALWAYS
        .iter()
        .filter_map(|part| loader.parts.get(*part))
        .map(own);
    let mut programs: Vec<_> = firsts.collect();
    for (file, parts) in &loader.shared {
        let home = programs
            .iter_mut()
            .find(|program| parts.contains(&program.name));
        match home {
            Some(home) => {
                home.files.push(file.clone());
                home.parts.extend(parts.iter().cloned());
            }
            None => programs.push(Program {
                name: format!("shared_{}", Vec::from_iter(parts.iter().cloned()).join("_")),
                files: vec![file.clone()],
                parts: parts.clone(),
            }),
        }
    }
    programs.extend(loader.parts.iter().filter(|part| !is_first(part)).map(own));
    programs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loader(parts: &[&str], shared: &[(&str, &[&str])]) -> Loader {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let mut loader = Loader::default();
        loader.parts = names(parts);
        loader.shared = shared
            .iter()
            .map(|(file, parts)| ((*file).to_owned(), names(parts)))
            .collect();
        loader
    }

    #[test]
    fn what_is_shared_goes_where_everybody_loads_it_first() {
        let loader = loader(
            &["around", "export", "options", "rest"],
            &[
                ("chunk_1", &["around", "rest"]),
                ("chunk_2", &["around", "options"]),
                ("chunk_3", &["export", "options"]),
                ("chunk_4", &["export", "options", "rest"]),
            ],
        );
        let programs = plan(&loader, |file| file != "split_export");
        let files: Vec<_> = programs
            .iter()
            .map(|program| (program.name.as_str(), program.files.join(" ")))
            .collect();
        let expected = [
            ("rest", "split_rest chunk_1 chunk_4"),
            ("around", "split_around chunk_2"),
            ("shared_export_options", "chunk_3"),
            ("export", ""),
            ("options", "split_options"),
        ];
        assert_eq!(
            files,
            expected.map(|(name, files)| (name, files.to_owned()))
        );
        let needs = |of: &str| -> Vec<&str> {
            let of = programs.iter().find(|program| program.name == of).unwrap();
            let others = programs.iter().filter(|other| other.name != of.name);
            others
                .filter(|other| other.is_needed_by(of))
                .map(|other| other.name.as_str())
                .collect()
        };
        assert_eq!(needs("rest"), [""; 0]);
        assert_eq!(needs("around"), ["rest"]);
        assert_eq!(
            needs("options"),
            ["rest", "around", "shared_export_options"]
        );
        assert_eq!(needs("export"), ["rest", "shared_export_options"]);
    }
}
