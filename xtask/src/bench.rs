//! `cargo xtask bench`: gets what the measurements need, builds page, host and sender, and measures.

use std::ffi::OsString;
use std::time::Duration;

use crate::build;
use crate::place::{Place, on_path};
use crate::process::Process;
use crate::programs;
use crate::steps::Steps;

/// The profile of the sender; see `Cargo.toml`.
const PROFILE: &str = "bench-native";
/// All cases with the long ones take less.
const LIMIT: Duration = Duration::from_secs(4 * 3600);

/// `cargo xtask bench`; the arguments are those of the program in `bench/`. `Ok(false)`: a case could not be measured.
pub fn bench(place: &Place, arguments: &[String]) -> Result<bool, String> {
    let mut steps = Steps::default();
    steps.take("what the measurements need", || {
        programs::provide(place, &programs::FOR_BENCH)?;
        for folder in ["page", "lighthouse"] {
            let folder = place.root.join("bench").join(folder);
            programs::npm_packages(place, &folder, "Midge is measured beside packages of npm")?;
        }
        Ok(())
    })?;
    build::everything(place, &mut steps)?;
    steps.take("sender", || {
        Process::new(
            "cargo",
            &["build", "--profile", PROFILE, "-p", "midge-bench"],
        )
        .dir(&place.root)
        .pass()
    })?;
    let program = place
        .target
        .join(PROFILE)
        .join(format!("midge-bench{}", std::env::consts::EXE_SUFFIX));
    let found = |name: &str| {
        on_path(name, &place.path())
            .map(OsString::from)
            .unwrap_or_else(|| name.into())
    };
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let measured = steps.take("measurements", || {
        Process::new(program, &arguments)
            .dir(&place.root)
            .env("PATH", place.path())
            .env("MIDGE_ROOT", &place.root)
            .env("MIDGE_HOST", place.host())
            .env("CHROMIUM", found("chromium"))
            .env("MOSQUITTO", found("mosquitto"))
            .limit(LIMIT)
            .pass()
    });
    println!("\n{}", steps.table());
    Ok(measured.is_ok())
}
