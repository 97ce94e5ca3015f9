//! Joins several of the splitter's files into one program, with wasm-merge.
//!
//! Each file imports memory, table and stack pointer from the first program, and wasm-merge keeps all these imports: the
//! result would have as many memories as there were files. So a small module is merged in between: the files import from it,
//! and it imports everything once.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use wasmparser::{Parser, Payload, TypeRef};

use crate::place::Place;
use crate::process::Process;

/// Under this name the splitter's files import from the first program.
const SHARED: &str = "__wasm_split";
/// Under this name the joined program does.
pub const FIRST: &str = "first";

/// Joins these files of a folder. Returns the file of the joined program.
pub fn join(place: &Place, folder: &Path, name: &str, files: &[String]) -> Result<PathBuf, String> {
    let path = |file: &str| folder.join(format!("{file}.wasm"));
    let [first, others @ ..] = files else {
        return Err(format!("`{name}` has no files"));
    };
    if others.is_empty() {
        return Ok(path(first));
    }
    let said = |file: &Path, why: &dyn std::fmt::Display| format!("{}: {why}", file.display());
    let mut between = folder.join(format!("between_{name}"));
    between.set_extension("wat");
    let bytes = fs::read(path(first)).map_err(|error| said(&path(first), &error))?;
    let text = module_between(&bytes).map_err(|error| said(&path(first), &error))?;
    fs::write(&between, text).map_err(|error| said(&between, &error))?;
    let joined = path(&format!("joined_{name}"));
    let text = |path: &Path| path.to_string_lossy().into_owned();
    // The features of the result are those of the first file.
    let mut arguments = vec![text(&path(first)), first.clone()];
    arguments.extend([text(&between), SHARED.to_owned()]);
    for file in others {
        arguments.extend([text(&path(file)), file.clone()]);
    }
    arguments.extend(["-o".to_owned(), text(&joined)]);
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    // It warns of names that it does not know, for each file.
    let ended = Process::new("wasm-merge", &arguments)
        .env("PATH", place.path())
        .hush()?;
    if ended.success {
        Ok(joined)
    } else {
        let last: Vec<_> = ended.lines.iter().rev().take(3).rev().cloned().collect();
        Err(format!("wasm-merge: {}: {}", ended.how, last.join(" ")))
    }
}

/// The module that imports once what this file imports from the first program.
fn module_between(wasm: &[u8]) -> Result<String, String> {
    let (mut imports, mut exports) = (String::new(), String::new());
    let mut counts = [0; 3];
    let said = |error: wasmparser::BinaryReaderError| error.to_string();
    for payload in Parser::new(0).parse_all(wasm) {
        let Payload::ImportSection(section) = payload.map_err(said)? else {
            continue;
        };
        for import in section.into_imports() {
            let import = import.map_err(said)?;
            let name = import.name;
            let (kind, ty, count) = match import.ty {
                TypeRef::Memory(memory) => ("memory", memory.initial.to_string(), &mut counts[0]),
                TypeRef::Table(table) => (
                    "table",
                    format!("{} funcref", table.initial),
                    &mut counts[1],
                ),
                TypeRef::Global(global) if global.mutable => {
                    let ty = format!("(mut {})", global.content_type);
                    ("global", ty, &mut counts[2])
                }
                _ => return Err(format!("`{name}` is imported, and cannot be joined")),
            };
            let _ = writeln!(imports, "(import \"{FIRST}\" \"{name}\" ({kind} {ty}))");
            let _ = writeln!(exports, "(export \"{name}\" ({kind} {count}))");
            *count += 1;
        }
    }
    Ok(format!("(module\n{imports}{exports})\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A module with these imports from the first program: name, kind and type.
    fn module(imports: &[(&str, &[u8])]) -> Vec<u8> {
        let mut section = vec![imports.len() as u8];
        for (name, kind) in imports {
            section.push(SHARED.len() as u8);
            section.extend(SHARED.as_bytes());
            section.push(name.len() as u8);
            section.extend(name.as_bytes());
            section.extend(*kind);
        }
        let mut wasm = b"\0asm\x01\0\0\0\x02".to_vec();
        wasm.push(section.len() as u8);
        wasm.extend(section);
        wasm
    }

    #[test]
    fn memory_table_and_stack_pointer_are_imported_once() {
        let wasm = module(&[
            ("memory", &[2, 0, 20]),
            ("table", &[1, 0x70, 0, 7]),
            ("stack", &[3, 0x7f, 1]),
        ]);
        assert_eq!(
            module_between(&wasm).as_deref(),
            Ok(concat!(
                "(module\n",
                "(import \"first\" \"memory\" (memory 20))\n",
                "(import \"first\" \"table\" (table 7 funcref))\n",
                "(import \"first\" \"stack\" (global (mut i32)))\n",
                "(export \"memory\" (memory 0))\n",
                "(export \"table\" (table 0))\n",
                "(export \"stack\" (global 0))\n",
                ")\n",
            ))
        );
    }

    #[test]
    fn anything_else_is_an_error() {
        assert!(module_between(&module(&[("constant", &[3, 0x7f, 0])])).is_err());
        assert!(module_between(b"no module").is_err());
    }
}
