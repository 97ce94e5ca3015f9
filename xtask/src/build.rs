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

/// Builds what `run` needs, and returns the folder of the page. An existing host is not built again when only the page has
/// changed, because it can serve the page from that folder. `quick`: little optimisation, for work on the page.
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

/// Builds `dist/`, unless it is up to date.
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
    // `offline` in Trunk.toml keeps Trunk from downloading tools, but Trunk passes it on to Cargo, too. So the crates are
    // fetched here.
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

/// Minifies the scripts. The style sheet is minified earlier, by the hook in `Trunk.toml`, because the document contains
/// its hash.
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

/// Compresses the files of the page, so that no server has to do that for each request.
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

/// Creates an empty `dist/` if there is none. The host does not compile without that folder.
pub fn with_some_page(place: &Place) -> Result<(), String> {
    fs::create_dir_all(place.dist()).map_err(|error| format!("dist: {error}"))
}

const HOST: [&str; 5] = ["build", "--profile", "host", "-p", "midge-host"];

/// The first build of the host, in the background while tools and page are built.
///
/// Most of its time goes into libraries, which do not depend on the page. Only `cargo build` for the host itself builds them
/// with the right features, so it is built with whatever page is there, and built again later.
struct Ahead {
    builder: Option<JoinHandle<Result<Ended, String>>>,
    unwanted: Arc<AtomicBool>,
    began: Instant,
}

impl Ahead {
    /// Starts it, unless there is a host already.
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

    /// Waits for the end, and returns whether it was built. A failure is not an error here: the page may have been replaced
    /// while it was read, and any real error appears again in the build that follows.
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
    /// If an earlier step failed, the build in the background is stopped.
    fn drop(&mut self) {
        if let Some(builder) = self.builder.take() {
            self.unwanted.store(true, Ordering::Relaxed);
            let _ = builder.join();
        }
    }
}
