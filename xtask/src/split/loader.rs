//! The script that loads the programs. The splitter writes one for its own files. They are joined into fewer (`plan.rs`), so
//! its list of files is replaced, and its way to load one is kept.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::join::FIRST;
use super::plan::Program;
use super::replaced;

/// What the splitter's script is read for.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Loader {
    /// The functions that load a program.
    functions: String,
    /// The parts that can be loaded, by name.
    pub parts: BTreeSet<String>,
    /// The files that several parts need, and which parts.
    pub shared: BTreeMap<String, BTreeSet<String>>,
}

impl Loader {
    /// Reads the splitter's script.
    pub fn read(script: &str) -> Result<Self, String> {
        let lines: Vec<_> = script.lines().collect();
        let begins = |line: &&str| line.starts_with("/* ") || part_of(line).is_some();
        let end = lines.iter().position(begins);
        let functions = lines.get(..end.unwrap_or(0)).unwrap_or_default().join("\n");
        for needed in ["function makeLoad(", "function wrapAsyncCb("] {
            if !functions.contains(needed) {
                return Err(format!("the splitter's loader has no `{needed}...`"));
            }
        }
        let mut loader = Self {
            // Files that were joined import from the first program under a name of their own, see `join.rs`.
            functions: replaced(
                &functions,
                "instantiate(imports)",
                &format!("instantiate({{ ...imports, {FIRST}: imports.__wasm_split }})"),
            )?,
            ..Self::default()
        };
        for pair in lines.windows(2) {
            if let [parts, named] = pair
                && let Some(parts) = parts
                    .strip_prefix("/* ")
                    .and_then(|it| it.strip_suffix(" */"))
                && let Some((name, _)) = named
                    .strip_prefix("const __")
                    .and_then(|named| named.split_once(" = "))
            {
                let parts = parts.split(", ").map(str::to_owned);
                loader.shared.insert(name.to_owned(), parts.collect());
            }
        }
        let parts = lines.iter().filter_map(|line| part_of(line));
        loader.parts.extend(parts.map(str::to_owned));
        Ok(loader)
    }

    /// The script for these programs. `file`: the name of a program's file.
    pub fn write(&self, programs: &[Program], file: impl Fn(&Program) -> String) -> String {
        let mut script = self.functions.clone();
        script += "\nconst program = (file, needs) => makeLoad(() => {\n";
        script += "    const source = fetch(new URL(file, import.meta.url));\n";
        script += "    source.catch(() => {});\n";
        script +=
            "    return async (imports) => WebAssembly.instantiateStreaming(source, imports);\n";
        script += "}, needs);\n";
        for (at, program) in programs.iter().enumerate() {
            let before = programs.iter().take(at);
            let needs: Vec<_> = before
                .filter(|other| other.is_needed_by(program))
                .map(|other| format!("__{}", other.name))
                .collect();
            let needs = needs.join(", ");
            let load = if program.files.is_empty() {
                // All of the part is in others.
                format!("makeLoad(() => async () => ({{}}), [{needs}])")
            } else {
                format!("program(\"./{}\", [{needs}])", file(program))
            };
            let _ = writeln!(script, "const __{} = {load};", program.name);
        }
        for part in &self.parts {
            let _ = writeln!(
                script,
                "export const __wasm_split_load_{part} = wrapAsyncCb(__{part});"
            );
        }
        script
    }
}

/// The part whose loader is exported in this line.
fn part_of(line: &str) -> Option<&str> {
    let named = line.strip_prefix("export const __wasm_split_load_")?;
    Some(named.split_once(" = ")?.0)
}

#[cfg(test)]
mod tests {
    use super::super::plan::plan;
    use super::*;

    const SCRIPT: &str = concat!(
        "function wrapAsyncCb(callee) {\n",
        "}\n",
        "function makeLoad(fetcher, deps) {\n",
        "    return instantiate(imports);\n",
        "}\n",
        "/* rest, options */\n",
        "const __chunk_3 = makeLoad(() => {\n",
        "}\n",
        ", []);\n",
        "export const __wasm_split_load_rest = wrapAsyncCb(makeLoad(() => {\n",
        "}\n",
        ", [__chunk_3]));\n",
        "export const __wasm_split_load_options = wrapAsyncCb(makeLoad(() => {\n",
        "}\n",
        ", [__chunk_3]));\n",
    );

    #[test]
    fn the_splitters_script_is_read() {
        let loader = Loader::read(SCRIPT).unwrap();
        let names = |names: &[&str]| -> BTreeSet<String> {
            names.iter().map(|name| (*name).to_owned()).collect()
        };
        assert_eq!(loader.parts, names(&["options", "rest"]));
        assert_eq!(
            loader.shared.into_iter().collect::<Vec<_>>(),
            [("chunk_3".to_owned(), names(&["options", "rest"]))]
        );
        assert!(Loader::read("export const __wasm_split_load_rest = load();\n").is_err());
    }

    #[test]
    fn a_part_waits_for_what_it_shares() {
        let loader = Loader::read(SCRIPT).unwrap();
        let files = ["split_options", "split_rest", "chunk_3"];
        let programs = plan(&loader, |file| files.contains(&file));
        let script = loader.write(&programs, |program| format!("app_{}.wasm", program.name));
        let written: Vec<_> = script
            .lines()
            .filter(|line| line.contains("__rest"))
            .collect();
        assert_eq!(
            written,
            [
                "const __rest = program(\"./app_rest.wasm\", []);",
                "const __options = program(\"./app_options.wasm\", [__rest]);",
                "export const __wasm_split_load_rest = wrapAsyncCb(__rest);",
            ]
        );
    }
}
