//! The tools that build the page: the wasm target, Trunk, wasm-bindgen's programs, wasm-opt and esbuild.
//!
//! Those on PATH are used if their version fits. Others are installed in `target/tools`: Rust programs by `cargo install`,
//! without optimisation, because building them takes minutes and running them seconds; wasm-opt and esbuild by npm, from
//! the packages `binaryen` and `esbuild`, which contain native programs.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::PathBuf;

use crate::place::{Place, locked_versions, on_path};
use crate::process::Process;
use crate::programs;

/// The latest Trunk that Rust 1.95 compiles.
pub const TRUNK: &str = "0.21.14";
/// The version that fits `wasm_split_helpers` in Cargo.lock.
const WASM_SPLIT: &str = "0.2.4";
/// The target of the page.
pub const WASM_TARGET: &str = "wasm32-unknown-unknown";
/// Older versions cannot read what Rust's compiler emits today (Debian 12 has 108), or cannot remove exports.
const WASM_OPT_AT_LEAST: u32 = 132;

/// Settings for a fast build. On 2 cores both programs take 3 minutes, with their own settings 12.
const UNOPTIMISED: [(&str, &str); 4] = [
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0"),
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "256"),
    ("CARGO_PROFILE_RELEASE_DEBUG", "0"),
];

/// Installs everything for `trunk build`.
pub fn for_page(place: &Place) -> Result<(), String> {
    wasm_target(place)?;
    let _alone = alone(place)?;
    // They share one build folder, so that common libraries are built once.
    let built = trunk(place)
        .and_then(|()| wasm_bindgen(place))
        .and_then(|()| wasm_split(place));
    clear(place);
    built?;
    from_npm(place)
}

/// Installs what the browser tests need: the wasm target and wasm-bindgen's test runner.
pub fn for_browser_tests(place: &Place) -> Result<(), String> {
    wasm_target(place)?;
    let _alone = alone(place)?;
    let built = wasm_bindgen(place);
    clear(place);
    built
}

/// Waits until no other command of this project installs tools. Dropping the file releases the lock.
fn alone(place: &Place) -> Result<File, String> {
    let file = place.tools.join(".lock");
    let said = |error: std::io::Error| format!("{}: {error}", file.display());
    fs::create_dir_all(&place.tools).map_err(said)?;
    let lock = File::create(&file).map_err(said)?;
    if lock.try_lock().is_err() {
        println!("   another command is getting tools, waiting for it");
        lock.lock().map_err(said)?;
    }
    Ok(lock)
}

/// Adds the target with rustup. With `RUSTUP_AUTO_INSTALL=0`, `rust-toolchain.toml` does not do that.
pub fn wasm_target(place: &Place) -> Result<(), String> {
    if on_path("rustup", &place.path()).is_none() {
        // Without rustup, ask the compiler.
        let libraries = Process::new(
            "rustc",
            &["--print", "target-libdir", "--target", WASM_TARGET],
        )
        .read()?;
        if fs::exists(libraries.trim()).unwrap_or(false) {
            return Ok(());
        }
        return Err(format!(
            "Rust's target {WASM_TARGET} is missing, and so is rustup, which would add it.\n\
             Get rustup (https://rustup.rs), or install the target as your system does it \
             (Debian: libstd-rust-dev-wasm32)."
        ));
    }
    let installed = Process::new("rustup", &["target", "list", "--installed"])
        .dir(&place.root)
        .read()?;
    if installed.lines().any(|line| line.trim() == WASM_TARGET) {
        return Ok(());
    }
    Process::new("rustup", &["target", "add", WASM_TARGET])
        .dir(&place.root)
        .pass()
}

/// The target triple of this machine.
pub fn host_triple() -> Result<String, String> {
    let words = Process::new("rustc", &["--version", "--verbose"]).read()?;
    let host = words.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned)
        .ok_or_else(|| "`rustc --version --verbose` names no host".to_owned())
}

fn trunk(place: &Place) -> Result<(), String> {
    if version_of("trunk", &place.path()).as_deref() == Some(TRUNK) {
        return Ok(());
    }
    println!("   Trunk {TRUNK} is not there: building it takes about 2 minutes");
    install(
        place,
        &[
            &format!("trunk@{TRUNK}"),
            "--locked",
            "--no-default-features",
        ],
    )
}

/// Its programs must have exactly the version of the crate that the page uses.
fn wasm_bindgen(place: &Place) -> Result<(), String> {
    let lock = fs::read_to_string(place.root.join("Cargo.lock"))
        .map_err(|error| format!("Cargo.lock: {error}"))?;
    let versions = locked_versions(&lock, "wasm-bindgen")?;
    let [version] = versions.as_slice() else {
        return Err(format!(
            "Cargo.lock should name one version of wasm-bindgen, and names {versions:?}"
        ));
    };
    let there = |program| version_of(program, &place.path()).as_deref() == Some(version.as_str());
    if there("wasm-bindgen") && there("wasm-bindgen-test-runner") {
        return Ok(());
    }
    println!("   wasm-bindgen {version} is not there: building it takes about a minute");
    // Not `--locked`: the lock file of 0.2.130 contains a version that is not in the registry.
    install(place, &["wasm-bindgen-cli", "--version", version])
}

/// Installs the splitter. It cannot print its version, so the installed version is noted in a file beside it.
fn wasm_split(place: &Place) -> Result<(), String> {
    let note = place.tools.join("wasm-split.version");
    let there = on_path("wasm-split-cli", &place.path()).is_some();
    if there && fs::read_to_string(&note).is_ok_and(|version| version == WASM_SPLIT) {
        return Ok(());
    }
    println!("   wasm-split {WASM_SPLIT} is not there: building it takes about a minute");
    install(
        place,
        &[
            &format!("wasm_split_cli_support@{WASM_SPLIT}"),
            "--features",
            "build-binary",
        ],
    )?;
    fs::write(&note, WASM_SPLIT).map_err(|error| format!("{}: {error}", note.display()))
}

fn install(place: &Place, what: &[&str]) -> Result<(), String> {
    let root = place.tools.to_string_lossy();
    let mut arguments = vec!["install"];
    arguments.extend_from_slice(what);
    arguments.extend_from_slice(&["--force", "--quiet", "--root", &root]);
    let mut process = Process::new("cargo", &arguments).env("CARGO_TARGET_DIR", build(place));
    for (name, value) in UNOPTIMISED {
        process = process.env(name, value);
    }
    process.pass()
}

/// The folder in which tools are built.
fn build(place: &Place) -> PathBuf {
    place.tools.join("build")
}

/// Removes the build folder, which has more than a gigabyte.
fn clear(place: &Place) {
    let _ = fs::remove_dir_all(build(place));
}

/// Installs wasm-opt, wasm-merge and esbuild.
fn from_npm(place: &Place) -> Result<(), String> {
    let usable = || {
        let wasm_opt = version_of("wasm-opt", &place.path())
            .and_then(|version| version.parse::<u32>().ok())
            .is_some_and(|version| version >= WASM_OPT_AT_LEAST);
        let others = ["wasm-merge", "esbuild"];
        wasm_opt
            && others
                .iter()
                .all(|program| version_of(program, &place.path()).is_some())
    };
    if usable() {
        return Ok(());
    }
    let to = place.tools.join("npm");
    fs::create_dir_all(&to).map_err(|error| format!("{}: {error}", to.display()))?;
    for file in ["package.json", "package-lock.json"] {
        let from = place.root.join("xtask").join("tools").join(file);
        fs::copy(&from, to.join(file)).map_err(|error| format!("{}: {error}", from.display()))?;
    }
    programs::npm_packages(
        place,
        &to,
        "it brings wasm-opt and wasm-merge (package binaryen) and esbuild",
    )?;
    if usable() {
        return Ok(());
    }
    Err(format!(
        "wasm-opt {WASM_OPT_AT_LEAST} or newer, wasm-merge and esbuild are needed to make the page small; npm's do not run on this \
         system. Put them on PATH (https://github.com/WebAssembly/binaryen, https://esbuild.github.io)."
    ))
}

/// The version that a program on `path` prints.
fn version_of(program: &str, path: &OsStr) -> Option<String> {
    version_in(
        &Process::new(on_path(program, path)?, &["--version"])
            .read()
            .ok()?,
    )
}

/// The first word that starts with a digit, as in `trunk 0.21.14` or `wasm-opt version 132 (version_132)`.
fn version_in(words: &str) -> Option<String> {
    words
        .split_whitespace()
        .find(|word| word.starts_with(|first: char| first.is_ascii_digit()))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_found_among_the_words() {
        assert_eq!(version_in("trunk 0.21.14\n").as_deref(), Some("0.21.14"));
        assert_eq!(
            version_in("wasm-bindgen 0.2.130 (abcdef012)").as_deref(),
            Some("0.2.130")
        );
        assert_eq!(
            version_in("wasm-opt version 132 (version_132)").as_deref(),
            Some("132")
        );
        assert_eq!(version_in("usage: nothing"), None);
    }

    #[test]
    fn a_program_that_is_not_there_has_no_version() {
        assert_eq!(version_of("trunk", OsStr::new("")), None);
    }
}
