//! Gives short names to what a program and its JavaScript call each other by. wasm-bindgen's names end in a hash of 16
//! letters, which no packing makes smaller, and stand in both files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};

use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{ImportSection, Module, RawSection};
use wasmparser::{Import, Parser, Payload};

use crate::place::Place;

/// Programs that wasm-bindgen made end like this, beside the script of the same name.
const PROGRAM: &str = "_bg.wasm";
/// How the names begin that wasm-bindgen made up.
const MADE_UP: &str = "__wb";

/// New names by old ones.
type Names = BTreeMap<String, String>;

/// Shortens the names in all programs of `dist/`.
pub fn shorten(place: &Place) -> Result<(), String> {
    let dist = place.dist();
    let said = |error: std::io::Error| format!("{}: {error}", dist.display());
    for entry in fs::read_dir(&dist).map_err(said)? {
        let program = entry.map_err(said)?.path();
        let name = program
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let Some(name) = name.strip_suffix(PROGRAM) else {
            continue;
        };
        let script = dist.join(format!("{name}.js"));
        let wasm = fs::read(&program).map_err(said)?;
        let text = fs::read_to_string(&script).map_err(said)?;
        let (wasm, text) = shortened(&wasm, &text).map_err(|what| format!("{name}: {what}"))?;
        fs::write(&program, wasm).map_err(said)?;
        fs::write(&script, text).map_err(said)?;
    }
    Ok(())
}

/// Both with short names.
fn shortened(wasm: &[u8], script: &str) -> Result<(Vec<u8>, String), String> {
    let imports = imports(wasm)?;
    let ours = |import: &&Import| import.name.starts_with(MADE_UP);
    let modules: BTreeSet<_> = imports.iter().filter(ours).map(|one| one.module).collect();
    if modules.len() > 1 {
        return Err(format!(
            "names were made up for several scripts: {modules:?}"
        ));
    }
    let mut names = Names::new();
    let mut hasher = DefaultHasher::new();
    for import in imports.iter().filter(ours) {
        import.name.hash(&mut hasher);
        let new = format!("_{}", names.len());
        if names.insert(import.name.to_owned(), new).is_some() {
            return Err(format!("`{}` is imported twice", import.name));
        }
    }
    // Numbers of two builds look alike. The name of what is imported from does not, so that a script and a program that
    // do not belong together fail to start, as they did with the long names.
    let from = format!("_{:08x}", hasher.finish() >> 32);
    for import in imports.iter().filter(ours) {
        names.insert(import.module.to_owned(), from.clone());
    }
    Ok((renamed(wasm, &names)?, replaced(script, &names)?))
}

fn imports(wasm: &[u8]) -> Result<Vec<Import<'_>>, String> {
    let mut found = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::ImportSection(section) = payload.map_err(words)? {
            for import in section.into_imports() {
                found.push(import.map_err(words)?);
            }
        }
    }
    Ok(found)
}

/// The program with other names in its imports, and otherwise as it is.
fn renamed(wasm: &[u8], names: &Names) -> Result<Vec<u8>, String> {
    let new = |name: &str| names.get(name).map_or(name, String::as_str).to_owned();
    let mut module = Module::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload.map_err(words)?;
        if let Payload::ImportSection(section) = payload {
            let mut made = ImportSection::new();
            for import in section.into_imports() {
                let import = import.map_err(words)?;
                let ty = RoundtripReencoder.entity_type(import.ty).map_err(words)?;
                made.import(&new(import.module), &new(import.name), ty);
            }
            module.section(&made);
        } else if let Some((id, range)) = payload.as_section() {
            let data = usize::try_from(range.start)
                .ok()
                .zip(usize::try_from(range.end).ok())
                .and_then(|(start, end)| wasm.get(start..end))
                .ok_or("a section ends after the program")?;
            module.section(&RawSection { id, data });
        }
    }
    Ok(module.finish())
}

/// The script with other names. Each stands in it once, and quoted where it is no identifier.
fn replaced(script: &str, names: &Names) -> Result<String, String> {
    let mut script = script.to_owned();
    for (old, new) in names {
        // A name may be the beginning of another, but not with what follows it.
        let places = [
            (format!("{old}:"), format!("{new}:")),
            (format!("\"{old}\""), format!("\"{new}\"")),
        ];
        let found: Vec<_> = places
            .iter()
            .filter(|(old, _)| script.matches(old.as_str()).count() == 1)
            .collect();
        let [(old, new)] = found.as_slice() else {
            return Err(format!("the script does not name `{old}` as it should"));
        };
        script = script.replacen(old.as_str(), new, 1);
    }
    Ok(script)
}

fn words(error: impl std::fmt::Display) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{EntityType, MemoryType, TypeSection};

    fn program() -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut imports = ImportSection::new();
        imports.import("./a_bg.js", "__wbg_log_0123", EntityType::Function(0));
        imports.import("./a_bg.js", "__wbg_log_01234", EntityType::Function(0));
        let memory = MemoryType {
            minimum: 1,
            maximum: None,
            memory64: false,
            shared: false,
            page_size_log2: None,
        };
        imports.import("env", "memory", EntityType::Memory(memory));
        let mut module = Module::new();
        module.section(&types).section(&imports);
        module.finish()
    }

    const SCRIPT: &str =
        r#"f({__wbg_log_0123: g, __wbg_log_01234: function() {}}, {"./a_bg.js": x, "env": y})"#;

    #[test]
    fn program_and_script_agree_on_names_and_others_stay() {
        let (wasm, script) = shortened(&program(), SCRIPT).unwrap();
        let found = imports(&wasm).unwrap();
        let from = found[0].module;
        let names: Vec<_> = found.iter().map(|one| (one.module, one.name)).collect();
        assert_eq!(names, [(from, "_0"), (from, "_1"), ("env", "memory")]);
        assert_eq!(
            script,
            format!(r#"f({{_0: g, _1: function() {{}}}}, {{"{from}": x, "env": y}})"#)
        );
    }

    #[test]
    fn another_build_is_imported_from_by_another_name() {
        let (wasm, _) = shortened(&program(), SCRIPT).unwrap();
        let mut other = program();
        let place = other.windows(4).position(|four| four == b"0123").unwrap();
        other[place] = b'9';
        let (other, _) = shortened(&other, &SCRIPT.replacen("0123:", "9123:", 1)).unwrap();
        let from = |wasm: &[u8]| imports(wasm).unwrap()[0].module.to_owned();
        assert_ne!(from(&wasm), from(&other));
    }

    #[test]
    fn a_name_that_stands_for_two_functions_is_an_error() {
        let mut imports = ImportSection::new();
        for _ in 0..2 {
            imports.import("./a_bg.js", "__wbg_log_0123", EntityType::Function(0));
        }
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut module = Module::new();
        module.section(&types).section(&imports);
        assert!(shortened(&module.finish(), SCRIPT).is_err());
    }

    #[test]
    fn a_script_that_does_not_name_an_import_is_an_error() {
        assert!(shortened(&program(), "f({}, {\"./a_bg.js\": x})").is_err());
    }
}
