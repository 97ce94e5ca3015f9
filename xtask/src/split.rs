//! Splits the program of the page: into what the connect screen needs, and the programs that are loaded later
//! (`src/ui/controls/rest.rs`). Trunk cannot do that (its issue 1022), so this step comes after it and replaces its result.
//! It takes the compiler's output again, splits it, joins files that always load together, lets wasm-bindgen make the
//! JavaScript, and makes all programs small.

mod join;
mod loader;
mod plan;

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use crate::place::Place;
use crate::process::Process;
use join::join;
use loader::Loader;
use plan::{Program, plan};

/// The splitter's name for the script that loads the other programs.
const LOADER: &str = "__wasm_split.js";

/// Exports of Leptos' server functions, which the page never calls.
const UNCALLED: &str = "--pass-arg=remove-exports@*intounderlying*";
/// Nothing is stored below address 1,024, because the linker puts the stack there. This lets wasm-opt fold small offsets
/// into loads and stores. The worker has the same in `index.html`.
const LOW_MEMORY: &str = "--low-memory-unused";

/// Splits the page's program in `dist/`.
pub fn split(place: &Place) -> Result<(), String> {
    let page = page_in(&place.dist())?;
    let work = place.root.join("target").join("page-split");
    let said = |error: std::io::Error| format!("{}: {error}", work.display());
    if work.exists() {
        fs::remove_dir_all(&work).map_err(said)?;
    }
    let parts = work.join("parts");
    fs::create_dir_all(&parts).map_err(said)?;
    let compiled = place.target.join("wasm32-unknown-unknown/release/app.wasm");
    let run = |program: &str, arguments: &[&str]| {
        Process::new(program, arguments)
            .env("PATH", place.path())
            .pass()
    };
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let page_wasm = format!("{page}.wasm");
    run(
        "wasm-split-cli",
        &[&text(&compiled), &text(&parts), "--out-name", &page],
    )?;
    let bound = work.join("bound");
    run(
        "wasm-bindgen",
        &[
            "--target=web",
            "--no-typescript",
            // Exports that the other programs need.
            "--keep-lld-exports",
            &format!("--out-dir={}", text(&bound)),
            &format!("--out-name={page}"),
            &text(&parts.join(&page_wasm)),
        ],
    )?;
    let loader = format!("{page}_rest.js");
    let script = imported_once(&read(&bound.join(format!("{page}.js")))?, LOADER);
    write(
        &place.dist().join(format!("{page}.js")),
        &replaced(&script, &import(LOADER), &import(&loader))?,
    )?;
    // Without this, the browser would request it only after it has read the script above.
    let document = place.dist().join("index.html");
    let html = read(&document)?;
    let ahead = format!(r#"<link rel="modulepreload" href="./{page}.js">"#);
    let both = format!(r#"{ahead}<link rel="modulepreload" href="./{loader}">"#);
    write(&document, &replaced(&html, &ahead, &both)?)?;
    let splitter = Loader::read(&read(&parts.join(LOADER))?)?;
    let programs = plan(&splitter, |file| {
        parts.join(format!("{file}.wasm")).exists()
    });
    let file = |program: &Program| match program.name.starts_with("shared_") {
        true => format!("{page}_{}.wasm", program.name),
        false => format!("{page}_split_{}.wasm", program.name),
    };
    write(&place.dist().join(loader), &splitter.write(&programs, file))?;
    let first = format!("{page}_bg.wasm");
    let mut made = vec![(bound.join(&first), place.dist().join(&first))];
    for program in programs.iter().filter(|program| !program.files.is_empty()) {
        let joined = join(place, &parts, &program.name, &program.files)?;
        made.push((joined, place.dist().join(file(program))));
    }
    shrink_all(place, &made)
}

/// The name of the page's program with the hash that Trunk gave it: `app-0123456789abcdef`.
fn page_in(dist: &Path) -> Result<String, String> {
    let name = names(dist)?.into_iter().find_map(|name| {
        let page = name.strip_suffix("_bg.wasm")?;
        page.starts_with("app-").then(|| page.to_owned())
    });
    name.ok_or_else(|| format!("{}: the page's program is not there", dist.display()))
}

fn names(folder: &Path) -> Result<Vec<String>, String> {
    let said = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(said)? {
        names.push(
            entry
                .map_err(said)?
                .file_name()
                .to_string_lossy()
                .into_owned(),
        );
    }
    names.sort();
    Ok(names)
}

/// Removes repeated imports of a file. wasm-bindgen writes one for each function, all of the same object under the same key.
fn imported_once(script: &str, file: &str) -> String {
    let (import, key) = (import(file), format!("{}: import", relative(file)));
    let mut seen = (false, false);
    let lines = script.lines().filter(|line| {
        let line = line.trim();
        let again = if line.starts_with("import * as ") && line.contains(&import) {
            std::mem::replace(&mut seen.0, true)
        } else if line.starts_with(&key) {
            std::mem::replace(&mut seen.1, true)
        } else {
            false
        };
        !again
    });
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// The text by which a script imports another one.
fn import(file: &str) -> String {
    format!("from \"./{file}\"")
}

/// The text by which the loader names a program. It includes the quotes, because one name may be a part of another.
fn relative(file: &str) -> String {
    format!("\"./{file}\"")
}

/// Replaces a name in a text. If it is missing, a tool has changed, so that is an error.
fn replaced(text: &str, name: &str, new: &str) -> Result<String, String> {
    if text.contains(name) {
        Ok(text.replace(name, new))
    } else {
        Err(format!("`{name}` does not stand where it should"))
    }
}

/// Runs wasm-opt for all programs in parallel, because much of it uses one core only.
fn shrink_all(place: &Place, programs: &[(PathBuf, PathBuf)]) -> Result<(), String> {
    thread::scope(|scope| {
        let begun: Vec<_> = programs
            .iter()
            .map(|(from, to)| scope.spawn(move || shrink(place, from, to)))
            .collect();
        begun.into_iter().try_for_each(|one| {
            one.join()
                .map_err(|_| "wasm-opt was lost on the way".to_owned())?
        })
    })
}

fn shrink(place: &Place, from: &Path, to: &Path) -> Result<(), String> {
    let (from, output) = (from.to_string_lossy(), format!("--output={}", to.display()));
    let uncalled = ["--remove-exports", UNCALLED];
    let arguments = [&uncalled[..], &["-Oz", LOW_MEMORY, &from, &output]].concat();
    Process::new("wasm-opt", &arguments)
        .env("PATH", place.path())
        .pass()
}

fn read(file: &Path) -> Result<String, String> {
    fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))
}

fn write(file: &Path, text: &str) -> Result<(), String> {
    fs::write(file, text).map_err(|error| format!("{}: {error}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_within_another_one_stays() {
        let loading = r#"fetch("./rest.wasm"), fetch("./app_rest.wasm")"#;
        assert_eq!(
            replaced(loading, &relative("rest.wasm"), &relative("app_rest.wasm")).as_deref(),
            Ok(r#"fetch("./app_rest.wasm"), fetch("./app_rest.wasm")"#)
        );
    }

    #[test]
    fn a_file_is_imported_once() {
        let script = concat!(
            "import * as import1 from \"./a.js\"\n",
            "import * as import2 from \"./a.js\"\n",
            "import * as import3 from \"./b.js\"\n",
            "return {\n",
            "    \"./a.js\": import1,\n",
            "    \"./a.js\": import2,\n",
            "    \"./b.js\": import3,\n",
            "};\n",
        );
        assert_eq!(
            imported_once(script, "a.js"),
            concat!(
                "import * as import1 from \"./a.js\"\n",
                "import * as import3 from \"./b.js\"\n",
                "return {\n",
                "    \"./a.js\": import1,\n",
                "    \"./b.js\": import3,\n",
                "};\n",
            )
        );
    }

    #[test]
    fn a_name_that_is_not_there_is_an_error() {
        assert_eq!(
            replaced("import './a.js'", "a.js", "b.js").as_deref(),
            Ok("import './b.js'")
        );
        assert!(replaced("import './c.js'", "a.js", "b.js").is_err());
    }
}
