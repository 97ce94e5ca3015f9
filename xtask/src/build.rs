//! Builds the page and the host.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use crate::inputs;
use crate::place::Place;
use crate::process::{Ended, Process};
use crate::split;
use crate::steps::Steps;
use crate::tools;

/// `cargo xtask build`.
pub fn command(place: &Place) -> Result<(), String> {
    let mut steps = Steps::default();
    everything(place, &mut steps)?;
    println!("\n{}", steps.table());
    println!(
        "The page is in {}, the host is {}",
        place.dist().display(),
        place.host().display()
    );
    Ok(())
}

/// Tools, page and host, in this order: the host carries the page in itself.
pub fn everything(place: &Place, steps: &mut Steps) -> Result<(), String> {
    let ahead = Ahead::begin(place);
    steps.take("tools for the page", || tools::for_page(place))?;
    steps.take("page and worker, release", || page(place))?;
    if let Some(ahead) = ahead {
        steps.take("the host's libraries, begun beside the steps above", || {
            ahead.finish().map(|_| ())
        })?;
    }
    steps.take("host", || host(place))
}

/// What is needed to run Midge: like [`everything`], but a host that is there need not carry this page in itself, as it
/// can serve it from the folder that is returned. `quick`: a page for those who work on it, larger and slower.
pub fn to_run(place: &Place, steps: &mut Steps, quick: bool) -> Result<PathBuf, String> {
    let sources = inputs::print_of_host(place).map_err(|error| format!("the host: {error}"))?;
    let ahead = Ahead::begin(place);
    steps.take("tools for the page", || tools::for_page(place))?;
    let folder = if quick {
        steps.take("page, quick, and worker", || quick_page(place))?
    } else {
        steps.take("page and worker, release", || page(place))?;
        place.dist()
    };
    if let Some(ahead) = ahead {
        steps.take("the host, begun beside the steps above", || {
            if ahead.finish()? {
                inputs::note_host(place, &sources)
            } else {
                Ok(())
            }
        })?;
    }
    if !inputs::host_up_to_date(place) {
        steps.take("host", || {
            host(place)?;
            inputs::note_host(place, &sources)
        })?;
    }
    Ok(folder)
}

/// Builds `dist/`, unless it is what the sources make.
pub fn page(place: &Place) -> Result<(), String> {
    if inputs::up_to_date(place) {
        println!("   nothing has changed");
        return Ok(());
    }
    let sources =
        inputs::print_of_sources(&place.root).map_err(|error| format!("the sources: {error}"))?;
    trunk(place, &["build", "--release", "--features", "split"])?;
    split::split(place)?;
    minify(place)?;
    pack(place)?;
    inputs::note(place, sources)
}

/// Builds the page with little optimisation. Cargo decides what has to be done.
fn quick_page(place: &Place) -> Result<PathBuf, String> {
    let folder = place.root.join("target").join("page-quick");
    let dist = folder.to_string_lossy();
    trunk(
        place,
        &["build", "--cargo-profile", "quick", "--dist", &dist],
    )?;
    Ok(folder)
}

fn trunk(place: &Place, arguments: &[&str]) -> Result<(), String> {
    // `offline` in Trunk.toml, which keeps Trunk from fetching tools in silence, is passed on to Cargo by it.
    let host = tools::host_triple()?;
    Process::new(
        "cargo",
        &[
            "fetch",
            "--quiet",
            "--target",
            tools::WASM_TARGET,
            "--target",
            &host,
        ],
    )
    .dir(&place.root)
    .pass()?;
    let mut trunk = Process::new("trunk", arguments)
        .dir(&place.root)
        .env("PATH", place.path());
    if std::env::var_os("NO_COLOR").is_some() {
        // The convention is "set to anything"; Trunk 0.21 stops unless it is `true` or `false`.
        trunk = trunk.env("NO_COLOR", "true");
    }
    trunk.pass()
}

/// Takes out of scripts what only people read. The style sheet comes so from the hook in `Trunk.toml`: its digest stands
/// in the document.
fn minify(place: &Place) -> Result<(), String> {
    let dist = place.dist();
    let said = |error: std::io::Error| format!("{}: {error}", dist.display());
    let mut arguments = ["--minify", "--allow-overwrite", "--log-level=warning"]
        .map(str::to_owned)
        .to_vec();
    arguments.push(format!("--outdir={}", dist.display()));
    for entry in fs::read_dir(&dist).map_err(said)? {
        let file = entry.map_err(said)?.path();
        if file.extension().is_some_and(|kind| kind == "js") {
            arguments.push(file.to_string_lossy().into_owned());
        }
    }
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    Process::new("esbuild", &arguments)
        .env("PATH", place.path())
        .pass()
}

/// Packs the files of the page once, so that no server has to do it at each request.
fn pack(place: &Place) -> Result<(), String> {
    let script = place.root.join("xtask").join("tools").join("compress.mjs");
    let (script, dist) = (script.to_string_lossy(), place.dist());
    Process::new("node", &[&script, &dist.to_string_lossy()])
        .env("PATH", place.path())
        .pass()
}

/// Builds the host with the page that is in `dist/`.
pub fn host(place: &Place) -> Result<(), String> {
    with_some_page(place)?;
    Process::new("cargo", &HOST).dir(&place.root).pass()
}

/// Makes an empty `dist/` where there is none: the host compiles with any folder, and with none at all it does not.
pub fn with_some_page(place: &Place) -> Result<(), String> {
    fs::create_dir_all(place.dist()).map_err(|error| format!("dist: {error}"))
}

const HOST: [&str; 5] = ["build", "--profile", "host", "-p", "midge-host"];

/// The first build of the host, begun while tools and page are still being made.
///
/// Nearly all of it is the broker's 250 libraries, which do not care for the page. They are built by building the host
/// with whatever page is there: with any other selection of packages Cargo chooses other features, and builds the
/// libraries twice.
struct Ahead {
    builder: Option<JoinHandle<Result<Ended, String>>>,
    unwanted: Arc<AtomicBool>,
    began: Instant,
}

impl Ahead {
    /// Begins, if there is anything to win: no host was built here yet.
    fn begin(place: &Place) -> Option<Self> {
        if place.host().exists() || with_some_page(place).is_err() {
            return None;
        }
        println!("\n== the host's libraries: begun, in the background");
        let process = Process::new("cargo", &HOST).dir(&place.root);
        let unwanted = process.unwanted();
        Some(Self {
            builder: Some(thread::spawn(|| process.hush())),
            unwanted,
            began: Instant::now(),
        })
    }

    /// Waits for the end, and tells whether it built. That it failed is no failure yet: the page may have come while it
    /// was read, and what is really wrong comes up again in the build that follows.
    fn finish(mut self) -> Result<bool, String> {
        let mut built = false;
        if let Some(builder) = self.builder.take() {
            let ended = builder
                .join()
                .map_err(|_| "the background build was lost")??;
            built = ended.success;
            if !built {
                println!(
                    "   they did not build this time ({}); the next step shows why",
                    ended.how
                );
            }
        }
        println!(
            "   {:.0} s since they were begun",
            self.began.elapsed().as_secs_f64()
        );
        Ok(built)
    }
}

impl Drop for Ahead {
    /// Where a step before failed, nothing goes on behind the back of whoever reads the error.
    fn drop(&mut self) {
        if let Some(builder) = self.builder.take() {
            self.unwanted.store(true, Ordering::Relaxed);
            let _ = builder.join();
        }
    }
}
