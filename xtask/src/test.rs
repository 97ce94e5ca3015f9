//! `cargo xtask test`: installs what the tests need, runs them and counts them.
//!
//! Which profile is used for what, to keep the time of a clean clone on 2 cores short:
//!
//! - The core and these commands: `dev`, with overflow checks. They have few libraries.
//! - Broker and host: `host`, the profile of the program itself. Their libraries are then compiled once for the program
//!   and its tests; with `dev` they would be compiled again, which takes minutes. Clippy compiles libraries in its own form
//!   with any profile, but shares macros and build scripts.
//! - The page: `release` for `dist/`, `dev` for the browser tests: `release` links with fat LTO, once per test program.
//!
//! If a part fails, the others run all the same, unless they need its result.

use std::ffi::OsString;
use std::fs;
use std::thread;
use std::time::Duration;

use crate::build;
use crate::conformance;
use crate::licences;
use crate::place::{Place, on_path};
use crate::process::Process;
use crate::programs;
use crate::size;
use crate::steps::Steps;
use crate::tally;
use crate::tools;
use crate::yanked;

const PARTS: [&str; 7] = [
    "lint",
    "deny",
    "native",
    "differential",
    "browser",
    "size",
    "e2e",
];
const WASM: [&str; 2] = ["--target", "wasm32-unknown-unknown"];

/// The packages that need neither the browser nor the broker.
const CORE: [&str; 12] = [
    "-p",
    "midge",
    "-p",
    "midge-broker-core",
    "-p",
    "midge-broker-tab",
    "-p",
    "midge-piece-macro",
    "-p",
    "xtask",
    "-p",
    "midge-micro",
];

const MINUTE: u64 = 60;
const COMPILE_LIMIT: Duration = Duration::from_secs(20 * MINUTE);
const BROWSER_LIMIT: Duration = Duration::from_secs(15 * MINUTE);
const E2E_LIMIT: Duration = Duration::from_secs(45 * MINUTE);
/// Prints what node's own reporter prints, the slowest files, and which scenarios needed a second attempt.
const E2E_REPORTER: &str = "--test-reporter=./tests/e2e/summary.mjs";
/// The time limit for one file of end-to-end tests, in milliseconds.
const E2E_FILE_LIMIT: &str = "--test-timeout=900000";

/// Runs all parts, or one of them. `Ok(false)`: something failed.
pub fn test(place: &Place, arguments: &[String]) -> Result<bool, String> {
    let part = arguments.first().map(String::as_str);
    let names = arguments.get(1..).unwrap_or_default();
    if part.is_some_and(|part| !PARTS.contains(&part)) || (part != Some("e2e") && !names.is_empty())
    {
        return Err(format!(
            "`cargo xtask test` takes one of: {}",
            PARTS.join(", ")
        ));
    }
    let wanted = |name: &str| part.is_none_or(|part| part == name);
    let mut steps = Steps::default();
    // A failure is noted with its step. Later steps run unless they need its result.
    if wanted("lint") {
        lint(place, &mut steps);
    }
    if wanted("deny") {
        let _ = steps.take("licences and sources of the dependencies", || {
            licences::check(place)
        });
        let _ = steps.take("yanked versions", || yanked::check(place));
    }
    if wanted("native") {
        native(place, &mut steps);
    }
    if wanted("differential") {
        differential(place, &mut steps);
    }
    if wanted("browser") {
        browser(place, &mut steps);
    }
    if wanted("size") {
        size(place, &mut steps);
    }
    if wanted("e2e") {
        e2e(place, &mut steps, names);
    }
    println!("\n{}\n{}", steps.table(), steps.total());
    Ok(steps.all_well())
}

fn cargo(place: &Place, arguments: &[&str]) -> Process {
    Process::new("cargo", arguments)
        .dir(&place.root)
        .limit(COMPILE_LIMIT)
}

fn lint(place: &Place, steps: &mut Steps) {
    let _ = steps.take("formatting", || {
        cargo(place, &["fmt", "--all", "--check"]).pass()
    });
    let strict = ["--", "-D", "warnings"];
    let clippy = |scope: &[&str]| cargo(place, &[&["clippy"], scope, &strict].concat()).pass();
    let _ = steps.take("clippy, core", || {
        clippy(&[&CORE[..], &["--all-targets"]].concat())
    });
    let _ = steps.take("clippy, broker, host and bench", || {
        build::with_some_page(place)?;
        clippy(&[
            "--profile",
            "host",
            "-p",
            "midge-broker",
            "-p",
            "midge-host",
            "-p",
            "midge-bench",
            "--all-targets",
        ])
    });
    let _ = steps.take("clippy, page", || {
        tools::wasm_target(place)?;
        // Not `--all-targets`, because native tests and their tools do not compile for the browser.
        let mut scope = vec!["-p", "midge", "--lib", "--bins", "--features", "split"];
        if place.root.join("tests").join("browser.rs").exists() {
            scope.extend_from_slice(&["--test", "browser"]);
        }
        scope.extend_from_slice(&WASM);
        clippy(&scope)?;
        clippy(&[&["-p", "midge-broker-tab", "--lib", "--bins"], &WASM[..]].concat())?;
        clippy(&[&["-p", "midge-piece", "--all-targets"], &WASM[..]].concat())
    });
}

fn native(place: &Place, steps: &mut Steps) {
    let _ = steps.take("statement matrix", || conformance::check(place));
    steps.take_tests("native tests, core", tally::cargo, || {
        cargo(place, &[&["test"], &CORE[..], &["--no-fail-fast"]].concat()).keep()
    });
    steps.take_tests("native tests, broker, host and bench", tally::cargo, || {
        build::with_some_page(place)?;
        let packages = [
            "-p",
            "midge-broker",
            "-p",
            "midge-host",
            "-p",
            "midge-bench",
        ];
        cargo(
            place,
            &[
                &["test", "--profile", "host"],
                &packages[..],
                &["--no-fail-fast"],
            ]
            .concat(),
        )
        .keep()
    });
}

/// Compares the codec with that of npm's packages. The other half of `tests/differential` needs no npm and is among the
/// native tests.
fn differential(place: &Place, steps: &mut Steps) {
    let folder = place.root.join("tests").join("e2e");
    let ready = steps.take("what the differential tests need", || {
        programs::npm_packages(place, &folder, "the codec is held against mqtt-packet")
    });
    if ready.is_err() {
        return;
    }
    steps.take_tests("codec beside mqtt-packet", tally::cargo, || {
        cargo(
            place,
            &["test", "-p", "midge", "--test", "differential_npm"],
        )
        .env("PATH", place.path())
        .keep()
    });
}

fn browser(place: &Place, steps: &mut Steps) {
    let ready = steps.take("what the browser tests need", || {
        tools::for_browser_tests(place)?;
        programs::provide(place, &programs::FOR_BROWSER_TESTS)
    });
    if ready.is_err() {
        return;
    }
    steps.take_tests("browser tests", tally::cargo, || {
        let driver =
            on_path("chromedriver", &place.path()).ok_or("chromedriver is gone from PATH")?;
        cargo(
            place,
            &[
                &[
                    "test",
                    "-p",
                    "midge",
                    "-p",
                    "midge-piece",
                    "--test",
                    "browser",
                ],
                &WASM[..],
            ]
            .concat(),
        )
        .env("PATH", place.path())
        .env(
            "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER",
            "wasm-bindgen-test-runner",
        )
        .env("CHROMEDRIVER", driver)
        // Seconds for one test. The default of 20 is too short on a busy machine.
        .env("WASM_BINDGEN_TEST_TIMEOUT", "120")
        .limit(BROWSER_LIMIT)
        .keep()
    });
}

fn size(place: &Place, steps: &mut Steps) {
    let built = steps
        .take("tools for the page", || tools::for_page(place))
        .and_then(|()| steps.take("page and worker, release", || build::page(place)));
    if built.is_ok() {
        let _ = steps.take("bytes of a first visit", || size::check(place));
    }
}

fn e2e(place: &Place, steps: &mut Steps, names: &[String]) {
    let folder = place.root.join("tests").join("e2e");
    let ready = steps
        .take("what the end-to-end tests need", || {
            programs::provide(place, &programs::FOR_E2E_TESTS)?;
            programs::offer(place, &programs::FASTER_E2E_TESTS);
            programs::npm_packages(place, &folder, "it runs the end-to-end tests")
        })
        .and_then(|()| build::everything(place, steps));
    if ready.is_err() {
        return;
    }
    steps.take_tests("end-to-end tests", tally::node, || {
        let mut files: Vec<String> = fs::read_dir(&folder)
            .map_err(|error| format!("{}: {error}", folder.display()))?
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|file| file.ends_with(".test.mjs"))
            .filter(|file| {
                names.is_empty() || names.iter().any(|name| file.contains(name.as_str()))
            })
            .map(|file| format!("tests/e2e/{file}"))
            .collect();
        files.sort();
        if files.is_empty() {
            // Without a file, node would look for tests in the whole repository.
            return Err("no file of tests is there, or none has that name".to_owned());
        }
        // Scenarios wait for most of their time, so running two files at once takes little more than half of it. With more,
        // deadlines would fail on 2 cores.
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let at_once = format!("--test-concurrency={}", cores.min(2));
        let mut arguments = vec!["--test", at_once.as_str(), E2E_REPORTER, E2E_FILE_LIMIT];
        arguments.extend(files.iter().map(String::as_str));
        let found = |name| {
            on_path(name, &place.path())
                .map(OsString::from)
                .unwrap_or_default()
        };
        Process::new("node", &arguments)
            .dir(&place.root)
            .env("PATH", place.path())
            .env("MIDGE_HOST", place.host())
            .env("MIDGE_DIST", place.dist())
            .env("MIDGE_CHROMIUM", found("chromium"))
            .env("MIDGE_CHROMIUM_SHELL", found("chromium-headless-shell"))
            .limit(E2E_LIMIT)
            .keep()
    });
}
