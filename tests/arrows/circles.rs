//! The files of the sources: none may need another that needs it, but for two that are one thought.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use crate::source::{members, rust_files, tokens, without_words};

/// A path from the crate on: `["ui", "store", "Store"]`.
pub type Names = Vec<String>;

/// A source.
#[derive(Default)]
struct Source {
    /// What it defines.
    items: BTreeSet<String>,
    /// What it names: as it stands there, and how many modules inside of the file that is.
    named: Vec<(Names, usize)>,
    /// The names that `use` brings into it, and what they stand for.
    uses: BTreeMap<String, Names>,
    /// The modules that it takes everything from.
    globs: Vec<Names>,
}

/// The sources, by their modules.
pub struct Sources(BTreeMap<Names, Source>);

impl Sources {
    /// Reads a crate: pairs of a file's path below its sources, and its text.
    pub fn read<'a>(files: impl IntoIterator<Item = (&'a Path, String)>) -> Self {
        let read = |(path, text): (&Path, String)| (module_of(path), Source::read(&text));
        Self(files.into_iter().map(read).collect())
    }

    /// The crate's own sources.
    pub fn of_the_crate() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let files = rust_files(&root);
        let below = files.iter().filter_map(|file| {
            let path = file.strip_prefix(&root).ok()?;
            let is_program = path.starts_with("bin");
            (!is_program).then(|| (path, fs::read_to_string(file).expect("a readable source")))
        });
        Self::read(below)
    }

    /// Which file needs which, by their modules.
    pub fn arrows(&self) -> BTreeMap<Names, BTreeSet<Names>> {
        let mut arrows = BTreeMap::new();
        for (module, source) in &self.0 {
            let mut needed = BTreeSet::new();
            for (path, inside) in &source.named {
                if let Some(path) = self.absolute(module, path, *inside) {
                    needed.extend(self.home(&path, 0));
                }
            }
            needed.remove(module);
            arrows.insert(module.clone(), needed);
        }
        arrows
    }

    /// A path from the crate on; `None` for one that leads out of it.
    fn absolute(&self, module: &Names, path: &[String], inside: usize) -> Option<Names> {
        let (first, rest) = path.split_first()?;
        let mut from = match first.as_str() {
            "crate" => Vec::new(),
            // In a module inside of the file, that is meant, whose names are those of the file.
            "self" => module.clone(),
            "super" => {
                let supers = path.iter().take_while(|name| *name == "super").count();
                let up = supers.saturating_sub(inside).min(module.len());
                let mut from = module[..module.len() - up].to_vec();
                from.extend_from_slice(&path[supers..]);
                return Some(from);
            }
            name => {
                let mut child = module.clone();
                child.push(name.to_owned());
                if self.0.contains_key(&child) {
                    child
                } else if rest.is_empty() {
                    return None;
                } else {
                    let source = self.0.get(module)?;
                    self.absolute_of_use(module, source.uses.get(name)?)?
                }
            }
        };
        from.extend_from_slice(rest);
        Some(from)
    }

    /// What `use` says, from the crate on.
    fn absolute_of_use(&self, module: &Names, path: &Names) -> Option<Names> {
        match path.first()?.as_str() {
            "crate" | "self" | "super" => self.absolute(module, path, 0),
            name => {
                let mut child = module.clone();
                child.push(name.to_owned());
                self.0.contains_key(&child).then(|| {
                    let mut all = module.clone();
                    all.extend_from_slice(path);
                    all
                })
            }
        }
    }

    /// The file that defines what a path names: what another only passes on is looked for where it comes from.
    fn home(&self, path: &[String], steps: usize) -> Option<Names> {
        let longest = (0..=path.len())
            .rev()
            .find(|length| self.0.contains_key(&path[..*length]))?;
        let (module, rest) = path.split_at(longest);
        let (module, source) = self.0.get_key_value(module)?;
        let Some(name) = rest.first() else {
            return Some(module.clone());
        };
        // A circle of names that pass one another on is an error of the compiler's.
        if source.items.contains(name) || steps > 8 {
            return Some(module.clone());
        }
        if let Some(passed_on) = source.uses.get(name) {
            let mut there = self.absolute_of_use(module, passed_on)?;
            there.extend_from_slice(&rest[1..]);
            return self.home(&there, steps + 1);
        }
        for glob in &source.globs {
            let mut there = self.absolute_of_use(module, glob)?;
            if self.defines(&there, name) {
                there.push(name.clone());
                return self.home(&there, steps + 1);
            }
        }
        Some(module.clone())
    }

    fn defines(&self, module: &Names, name: &str) -> bool {
        let source = self.0.get(module);
        source.is_some_and(|source| source.items.contains(name) || source.uses.contains_key(name))
    }
}

impl Source {
    fn read(text: &str) -> Self {
        let code = without_words(text);
        let tokens = tokens(&code);
        let mut source = Self::default();
        // Open braces; true for those of a module.
        let mut open = Vec::new();
        let mut at = 0;
        while let Some(token) = tokens.get(at).copied() {
            let inside = open.iter().filter(|module| **module).count();
            let before = at.checked_sub(1).and_then(|at| tokens.get(at)).copied();
            match token {
                "{" => open.push(at >= 2 && tokens[at - 2] == "mod"),
                "}" => {
                    open.pop();
                }
                "use" => {
                    let end = tokens[at..].iter().position(|one| *one == ";");
                    let end = at + end.unwrap_or(tokens.len() - at);
                    // What is only passed on is not needed.
                    let passed_on = matches!(before, Some("pub" | ")"));
                    let named = source.named.len();
                    source.take_use(&tokens[at + 1..end], &[], inside);
                    if passed_on {
                        source.named.truncate(named);
                    }
                    at = end;
                }
                "struct" | "enum" | "fn" | "const" | "static" | "trait" | "type" | "union"
                    if inside == 0 =>
                {
                    if let Some(name) = tokens.get(at + 1) {
                        source.items.insert((*name).to_owned());
                    }
                }
                // `pub(in super::super)` says who may see it, and needs nobody.
                "in" if before == Some("(") => {
                    let end = tokens[at..].iter().position(|one| *one == ")");
                    at += end.unwrap_or(0);
                }
                name if before != Some("::") && tokens.get(at + 1) == Some(&"::") => {
                    let mut path = vec![name.to_owned()];
                    let mut next = at + 1;
                    while tokens.get(next) == Some(&"::")
                        && tokens.get(next + 1).is_some_and(|name| is_name(name))
                    {
                        path.push(tokens[next + 1].to_owned());
                        next += 2;
                    }
                    source.named.push((path, inside));
                }
                _ => {}
            }
            at += 1;
        }
        source
    }

    fn take_use(&mut self, tokens: &[&str], before: &[String], inside: usize) {
        let mut path = before.to_vec();
        let mut rest = tokens;
        loop {
            match rest {
                ["::", after @ ..] => rest = after,
                ["{", after @ ..] => {
                    for member in members(after) {
                        self.take_use(member, &path, inside);
                    }
                    return;
                }
                ["*", ..] => {
                    if inside == 0 {
                        self.globs.push(path.clone());
                    }
                    self.named.push((path, inside));
                    return;
                }
                [name, after @ ..] if is_name(name) && *name != "as" => {
                    if *name != "self" || path.is_empty() {
                        path.push((*name).to_owned());
                    }
                    rest = after;
                }
                after => {
                    let name = match after {
                        ["as", name, ..] => (*name).to_owned(),
                        _ => path.last().cloned().unwrap_or_default(),
                    };
                    if inside == 0 {
                        self.uses.insert(name, path.clone());
                    }
                    self.named.push((path, inside));
                    return;
                }
            }
        }
    }
}

fn is_name(token: &str) -> bool {
    token.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

fn module_of(path: &Path) -> Names {
    let parts = path.with_extension("");
    let mut module: Names = parts
        .components()
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect();
    if module
        .last()
        .is_some_and(|last| last == "mod" || last == "lib")
    {
        module.pop();
    }
    module
}

/// Groups of files that all need one another (Tarjan's strongly connected components), the largest first.
fn circles(arrows: &BTreeMap<Names, BTreeSet<Names>>) -> Vec<Vec<String>> {
    struct Search<'a> {
        arrows: &'a BTreeMap<Names, BTreeSet<Names>>,
        /// When a file was found, and the earliest that leads back to it.
        seen: BTreeMap<&'a Names, (usize, usize)>,
        path: Vec<&'a Names>,
        found: Vec<Vec<String>>,
    }
    impl<'a> Search<'a> {
        fn visit(&mut self, file: &'a Names) -> usize {
            let number = self.seen.len();
            self.seen.insert(file, (number, number));
            self.path.push(file);
            let mut low = number;
            for next in self.arrows.get(file).into_iter().flatten() {
                match self.seen.get(next) {
                    None => low = low.min(self.visit(next)),
                    Some((when, _)) if self.path.contains(&next) => low = low.min(*when),
                    Some(_) => {}
                }
            }
            if low == number
                && let Some(at) = self.path.iter().position(|one| *one == file)
            {
                let circle: Vec<String> =
                    self.path.drain(at..).map(|file| file.join("::")).collect();
                if circle.len() > 1 {
                    self.found.push(circle);
                }
            }
            low
        }
    }
    let mut search = Search {
        arrows,
        seen: BTreeMap::new(),
        path: Vec::new(),
        found: Vec::new(),
    };
    for file in arrows.keys() {
        if !search.seen.contains_key(file) {
            search.visit(file);
        }
    }
    let mut found = search.found;
    found.sort_by_key(|circle| std::cmp::Reverse(circle.len()));
    found
}

#[test]
fn no_more_than_two_files_need_one_another() {
    let arrows = Sources::of_the_crate().arrows();
    let count: usize = arrows.values().map(BTreeSet::len).sum();
    assert!(count > 500, "only {count} arrows were found");
    let circles = circles(&arrows);
    for circle in &circles {
        println!("{} files: {}", circle.len(), circle.join(", "));
    }
    let larger: Vec<_> = circles.iter().filter(|circle| circle.len() > 2).collect();
    assert!(larger.is_empty(), "circles of files: {larger:#?}");
}

fn read(files: &[(&str, &str)]) -> Sources {
    Sources::read(
        files
            .iter()
            .map(|(path, text)| (Path::new(*path), (*text).to_owned())),
    )
}

#[test]
fn a_circle_is_found_however_its_arrows_are_written() {
    let sources = read(&[
        ("lib.rs", "pub mod a; pub mod b; pub mod c; pub mod d;"),
        ("a.rs", "use crate::b::B; pub struct A;"),
        ("b/mod.rs", "mod inner; pub use inner::B;"),
        ("b/inner.rs", "use super::super::c; pub struct B(c::C);"),
        ("c.rs", "pub struct C; fn f() { crate::a::A; }"),
        ("d.rs", "use crate::{a::A, b::{self, B}};"),
    ]);
    assert_eq!(circles(&sources.arrows()), [["a", "b::inner", "c"]]);
}

#[test]
fn what_is_only_declared_or_passed_on_is_no_arrow() {
    let sources = read(&[
        ("lib.rs", "pub mod a;"),
        (
            "a.rs",
            "mod one; mod two; pub use one::One; pub use two::*;",
        ),
        ("a/one.rs", "use super::Two; pub struct One(Two);"),
        (
            "a/two.rs",
            "pub struct Two; // super::One\nmod tests { use super::*; }",
        ),
    ]);
    let arrows = sources.arrows();
    assert_eq!(circles(&arrows), Vec::<Vec<String>>::new());
    let one: Names = ["a", "one"].map(str::to_owned).to_vec();
    let two: Names = ["a", "two"].map(str::to_owned).to_vec();
    assert!(arrows[&one].contains(&two), "{arrows:?}");
    assert!(arrows[&one[..1]].is_empty(), "{arrows:?}");
}
