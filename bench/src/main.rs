//! Measures Midge's built page in Chromium beside what a user would pick instead. Started by `cargo xtask bench`, which
//! builds the page and gets what else is needed.
//!
//! - [`cases`]: all cases, in the order of the document; `receiving` and its neighbours hold them.
//! - [`brokers`]: the companion and mosquitto, for the cases that measure no page.
//! - [`measure`]: one measurement, with [`pages`], [`browser`] and, on the other side, [`sender`].
//! - [`report`]: the document, from the outcomes that are kept in `bench/results`.

mod brokers;
mod browser;
mod case;
mod cases;
mod crowd;
mod frames;
mod host;
mod large;
mod lasting;
mod loading;
mod measure;
mod mosquitto;
mod native;
mod pages;
mod publishing;
mod receiving;
mod report;
mod sender;
mod serving;
mod statistics;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use case::Outcome;
use measure::{Bench, Options};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(reason) => {
            eprintln!("\nerror: {reason}");
            ExitCode::FAILURE
        }
    }
}

/// Runs what the arguments ask for. `Ok(false)`: a case could not be measured, and it was said why.
fn run(arguments: &[String]) -> Result<bool, String> {
    let mut options = Options {
        quick: false,
        rounds: 3,
        minutes: 60,
    };
    let mut long = false;
    let (mut names, mut only) = (Vec::new(), Vec::new());
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let mut number = || {
            let value: Option<usize> = rest.next().and_then(|value| value.parse().ok());
            value.ok_or(format!("{argument} wants a whole number"))
        };
        match argument.as_str() {
            "--quick" => (options.quick, options.rounds) = (true, 1),
            "--long" => long = true,
            "--only" => only.extend(rest.next().cloned()),
            "--rounds" => options.rounds = number()?.max(1),
            "--minutes" => options.minutes = number()?.max(1) as u32,
            name => names.push(name),
        }
    }
    let cases = cases::all();
    if let Some(name) = names
        .iter()
        .find(|name| cases.iter().all(|case| case.name != **name))
    {
        let all: Vec<_> = cases.iter().map(|case| case.name).collect();
        return Err(format!(
            "there is no case {name}; there are {}",
            all.join(", ")
        ));
    }
    let root = root();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    let bench = Bench {
        options,
        pages: pages::Pages::start(&runtime, &root)?,
        sender: Arc::new(sender::Sender::start()?),
        only,
        root,
    };
    let mut all_ran = true;
    let wanted = cases
        .iter()
        .filter(|case| names.contains(&case.name) || (names.is_empty() && (!case.long || long)));
    for case in wanted {
        println!("\n== {}: {}", case.name, case.title);
        let before = statistics::load();
        let measurements = match (case.run)(&bench) {
            Ok(measurements) => measurements,
            Err(reason) => {
                println!("   could not be measured: {reason}");
                all_ran = false;
                continue;
            }
        };
        let outcome = Outcome {
            case: case.name.to_owned(),
            date: statistics::today(),
            machine: statistics::machine(),
            load: (before, statistics::load()),
            measurements,
        };
        println!("{}", report::section(case, &outcome));
        if !options.quick && bench.only.is_empty() {
            report::keep(&bench.root, &cases, &outcome)?;
        }
    }
    Ok(all_ran)
}

/// The repository: it is named by who starts this program, or else the one it was built in.
fn root() -> PathBuf {
    std::env::var_os("MIDGE_ROOT").map_or_else(
        || {
            let own = Path::new(env!("CARGO_MANIFEST_DIR"));
            own.parent().unwrap_or(own).to_owned()
        },
        PathBuf::from,
    )
}

/// Locks, whatever became of the thread that held it last: what is behind these locks is always whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
