//! The project's own commands, called as `cargo xtask ...` (the alias is in `.cargo/config.toml`).
//!
//! `run` and `test` install everything that they need, below `target/`. This crate uses Midge only through its files and
//! programs.

mod bench;
mod build;
mod conformance;
mod inputs;
mod licences;
mod micro;
mod pictures;
mod place;
mod process;
mod programs;
mod run;
mod size;
mod split;
mod steps;
mod tally;
mod test;
mod tools;
mod yanked;

use std::process::ExitCode;

use place::Place;

const HELP: &str = "\
Midge's own commands

  cargo xtask run [OPTIONS]   get the tools, build page and host, start the host with demo traffic
                              (the options are the host's: --open opens the browser, -- --help lists them;
                              --quick builds a larger, slower page in seconds, for those who work on it)
  cargo xtask build           get the tools, build page and host
  cargo xtask test [PART]     get what the tests need and run everything, or one part:
                                lint      formatting, clippy for native and wasm, warnings as errors
                                deny      licences, sources and yanked versions of all dependencies
                                native    cargo test: the core, the project's commands, broker and host
                                differential  the codec beside another one, under node
                                browser   wasm-bindgen tests in headless Chromium
                                size      how many bytes a first visit loads, against a budget
                                e2e       the built page against real brokers; names of test files may follow
  cargo xtask bench [CASE]    measure the page beside others in Chromium and write docs/benchmarks.md
                              (--quick: one short round, writes nothing; --long: the long cases, too;
                              --rounds N; --minutes N for the hour; --only CANDIDATE writes nothing)
  cargo xtask size            hold the built page against its budget of bytes (--accept sets the budget anew)
  cargo xtask conformance     write docs/conformance.md anew from the tests
  cargo xtask micro           count the instructions of one message, beside those in micro/instructions.json
                              (needs valgrind; --accept writes the file anew)
  cargo xtask pictures        take a picture of every screen in all sizes, themes and languages, into target/pictures
                              (names of screens and sizes may follow; --readme: those of docs/pictures)
  cargo xtask help            this page

Tools go to target/tools, unless usable ones are on PATH.";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args_os()
        .skip(1)
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect();
    match obey(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(reason) => {
            eprintln!("\nerror: {reason}");
            ExitCode::FAILURE
        }
    }
}

/// Runs one command. `Ok(false)`: it has finished, and printed what failed.
fn obey(arguments: &[String]) -> Result<bool, String> {
    let (command, rest) = match arguments.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("help", arguments),
    };
    match command {
        "run" => run::run(&Place::find()?, rest).map(|()| true),
        "build" if rest.is_empty() => build::command(&Place::find()?).map(|()| true),
        "bench" => bench::bench(&Place::find()?, rest),
        "conformance" if rest.is_empty() => conformance::write(&Place::find()?).map(|()| true),
        "pictures" => pictures::pictures(&Place::find()?, rest),
        "micro" => micro::micro(&Place::find()?, rest),
        "size" => match rest {
            [] => size::check(&Place::find()?).map(|()| true),
            [flag] if flag == "--accept" => size::accept(&Place::find()?).map(|()| true),
            _ => Err(format!(
                "`cargo xtask size` takes `--accept` or nothing\n\n{HELP}"
            )),
        },
        "test" => test::test(&Place::find()?, rest),
        "help" | "--help" | "-h" => {
            println!("{HELP}");
            Ok(true)
        }
        _ => Err(format!(
            "there is no command `{}`\n\n{HELP}",
            arguments.join(" ")
        )),
    }
}
