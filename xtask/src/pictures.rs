//! `cargo xtask pictures`: what every screen looks like, in all sizes, themes and languages, to be looked at.

use std::time::Duration;

use crate::build;
use crate::place::Place;
use crate::process::Process;
use crate::programs;
use crate::steps::Steps;

/// Some hundred pictures.
const LIMIT: Duration = Duration::from_secs(3600);

/// `cargo xtask pictures`. `Ok(false)`: some could not be taken.
pub fn pictures(place: &Place, arguments: &[String]) -> Result<bool, String> {
    let mut steps = Steps::default();
    let folder = place.root.join("tests").join("e2e");
    steps.take("what the pictures need", || {
        programs::provide(place, &programs::FOR_PICTURES)?;
        programs::npm_packages(place, &folder, "the pictures are taken in Chromium")
    })?;
    build::everything(place, &mut steps)?;
    let script = folder.join("pictures.mjs").display().to_string();
    let arguments: Vec<&str> = std::iter::once(script.as_str())
        .chain(arguments.iter().map(String::as_str))
        .collect();
    let taken = steps.take("pictures", || {
        Process::new("node", &arguments)
            .dir(&place.root)
            .env("PATH", place.path())
            .env("MIDGE_HOST", place.host())
            .env("MIDGE_PICTURES", place.target.join("pictures"))
            .limit(LIMIT)
            .pass()
    });
    println!("\n{}", steps.table());
    Ok(taken.is_ok())
}
