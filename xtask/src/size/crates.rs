//! How many bytes of a wasm program's code come from each crate, by the names of its functions.
//!
//! It reads the program that Cargo made, because later steps remove the names. A generic function counts for the crate that
//! defines it, and a function of a trait for the crate of the type that implements it.

use std::collections::BTreeMap;

use serde_json::Value;
use wasmparser::{KnownCustom, Name, Parser, Payload, TypeRef};

/// Bytes of code of each crate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Crates(BTreeMap<String, u64>);

impl Crates {
    /// Reads a program with names.
    pub fn of(wasm: &[u8]) -> Result<Self, String> {
        let (mut imported, mut sizes, mut names) = (0u32, Vec::new(), BTreeMap::new());
        for payload in Parser::new(0).parse_all(wasm) {
            match payload.map_err(|error| error.to_string())? {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        let import = import.map_err(|error| error.to_string())?;
                        imported += u32::from(matches!(import.ty, TypeRef::Func(_)));
                    }
                }
                Payload::CodeSectionEntry(body) => {
                    let range = body.range();
                    sizes.push(range.end - range.start);
                }
                Payload::CustomSection(section) => {
                    let KnownCustom::Name(section) = section.as_known() else {
                        continue;
                    };
                    for name in section.into_iter().flatten() {
                        let Name::Function(functions) = name else {
                            continue;
                        };
                        for naming in functions.into_iter().flatten() {
                            names.insert(naming.index, naming.name.to_owned());
                        }
                    }
                }
                _ => {}
            }
        }
        if names.is_empty() {
            return Err("it has no names of functions".to_owned());
        }
        let mut crates = Self::default();
        for (number, size) in (imported..).zip(sizes) {
            let name = names.get(&number).map_or("", String::as_str);
            *crates.0.entry(crate_of(name)).or_default() += size;
        }
        Ok(crates)
    }

    /// Reads what [`Crates::to_json`] wrote. Anything but numbers is ignored.
    pub fn from(value: &Value) -> Self {
        let entries = value.as_object().into_iter().flatten();
        Self(
            entries
                .filter_map(|(name, size)| Some((name.clone(), size.as_u64()?)))
                .collect(),
        )
    }

    /// A JSON object of numbers.
    pub fn to_json(&self) -> Value {
        self.0
            .iter()
            .map(|(name, size)| (name.clone(), Value::from(*size)))
            .collect::<serde_json::Map<_, _>>()
            .into()
    }

    /// The crates that grew and by how much, largest growth first.
    pub fn grown_since(&self, before: &Self, most: usize) -> Vec<(&str, u64)> {
        let mut grown: Vec<(&str, u64)> = self
            .0
            .iter()
            .filter_map(|(name, size)| {
                let more = size.saturating_sub(before.0.get(name).copied().unwrap_or(0));
                (more > 0).then_some((name.as_str(), more))
            })
            .collect();
        grown.sort_by_key(|(name, more)| (std::cmp::Reverse(*more), *name));
        grown.truncate(most);
        grown
    }
}

/// The crate of a function, by its mangled name.
fn crate_of(mangled: &str) -> String {
    let name = format!("{:#}", rustc_demangle::demangle(mangled));
    // `<&mut dyn a::B as c::D>::e` is of `a`; `a::b` is of `a`.
    let start = name.trim_start_matches(['<', '&', '[', '(', '*', ' ']);
    let start = ["mut ", "dyn ", "const "]
        .into_iter()
        .fold(start, |start, word| start.trim_start_matches(word));
    let end = start
        .find(|char: char| !char.is_alphanumeric() && char != '_')
        .unwrap_or(start.len());
    match start.split_at(end) {
        ("", _) => "without a name".to_owned(),
        (first, rest) if rest.starts_with("::") || rest.starts_with('[') => first.to_owned(),
        // A type parameter or a primitive type: the implementation is in the crate of the trait.
        _ => match name.split_once(" as ") {
            Some((_, of_trait)) => crate_of_path(of_trait),
            None => "without a crate".to_owned(),
        },
    }
}

fn crate_of_path(path: &str) -> String {
    path.split("::").next().unwrap_or(path).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crates(sizes: &[(&str, u64)]) -> Crates {
        Crates(
            sizes
                .iter()
                .map(|(name, size)| ((*name).to_owned(), *size))
                .collect(),
        )
    }

    #[test]
    fn a_function_belongs_to_the_crate_that_wrote_it() {
        for (mangled, expected) in [
            (
                "_ZN5midge7session7Session4poll17h0123456789abcdefE",
                "midge",
            ),
            (
                "_ZN4core3ops8function6FnOnce9call_once17h0123456789abcdefE",
                "core",
            ),
            (
                "_ZN46_$LT$T$u20$as$u20$tachys..view..IntoRender$GT$11into_render17h0123456789abcdefE",
                "tachys",
            ),
            (
                "_ZN60_$LT$alloc..string..String$u20$as$u20$core..fmt..Display$GT$3fmt17h0123456789abcdefE",
                "alloc",
            ),
            ("", "without a name"),
            ("main", "without a crate"),
        ] {
            assert_eq!(crate_of(mangled), expected, "{mangled}");
        }
    }

    #[test]
    fn the_crates_that_grew_are_named_most_first() {
        let before = crates(&[("a", 10), ("b", 10), ("c", 10)]);
        let now = crates(&[("a", 11), ("b", 9), ("c", 30), ("new", 5)]);
        assert_eq!(now.grown_since(&before, 2), [("c", 20), ("new", 5)]);
        assert_eq!(Crates::from(&now.to_json()), now);
    }

    #[test]
    fn a_program_without_names_is_refused() {
        assert!(Crates::of(b"\0asm\x01\0\0\0").is_err());
        assert!(Crates::of(b"no program").is_err());
    }
}
