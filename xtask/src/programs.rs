//! Finds or installs the programs and npm packages that the tests need.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::place::{Place, on_path};
use crate::process::Process;

/// A program, and the Debian package that contains it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Program {
    /// Its name on PATH.
    pub name: &'static str,
    /// Debian's package.
    pub package: &'static str,
}

const CHROMIUM: Program = Program {
    name: "chromium",
    package: "chromium",
};
/// The same engine without a browser's windows: a page opens in half the time.
const CHROMIUM_SHELL: Program = Program {
    name: "chromium-headless-shell",
    package: "chromium-headless-shell",
};
const CHROMEDRIVER: Program = Program {
    name: "chromedriver",
    package: "chromium-driver",
};
const MOSQUITTO: Program = Program {
    name: "mosquitto",
    package: "mosquitto",
};
const MOSQUITTO_PUB: Program = Program {
    name: "mosquitto_pub",
    package: "mosquitto-clients",
};
const MOSQUITTO_SUB: Program = Program {
    name: "mosquitto_sub",
    package: "mosquitto-clients",
};
const FIREFOX: Program = Program {
    name: "firefox-esr",
    package: "firefox-esr",
};
const WEBKIT: Program = Program {
    name: "WebKitWebDriver",
    package: "webkit2gtk-driver",
};
/// A virtual screen, which WebKit's browser needs.
const XVFB: Program = Program {
    name: "Xvfb",
    package: "xvfb",
};

/// For the wasm-bindgen tests.
pub const FOR_BROWSER_TESTS: [Program; 2] = [CHROMIUM, CHROMEDRIVER];
/// For the measurements.
pub const FOR_BENCH: [Program; 2] = [CHROMIUM, MOSQUITTO];
/// For the pictures.
pub const FOR_PICTURES: [Program; 2] = [CHROMIUM, MOSQUITTO_PUB];
/// For the end-to-end tests.
pub const FOR_E2E_TESTS: [Program; 7] = [
    CHROMIUM,
    FIREFOX,
    WEBKIT,
    XVFB,
    MOSQUITTO,
    MOSQUITTO_PUB,
    MOSQUITTO_SUB,
];

/// What makes the end-to-end tests faster, where it can be had. The main job runs in the whole browser all the same.
pub const FASTER_E2E_TESTS: [Program; 1] = [CHROMIUM_SHELL];

/// Installs what is missing of the programs that one can do without, where that may be done. Elsewhere it does nothing:
/// Debian has them, not every other system has.
pub fn offer(place: &Place, programs: &[Program]) {
    if !missing(programs, &place.path()).is_empty()
        && may_install(place)
        && let Err(why) = provide(place, programs)
    {
        println!("   goes on without {}: {why}", names(programs));
    }
}

/// Makes sure that the programs are there. As root on Debian it installs them. Otherwise the error names them.
pub fn provide(place: &Place, programs: &[Program]) -> Result<(), String> {
    let lacking = missing(programs, &place.path());
    if lacking.is_empty() {
        return Ok(());
    }
    if !may_install(place) {
        return Err(complaint(&lacking));
    }
    let packages = packages(&lacking);
    println!(
        "   missing: {}; installing {}",
        names(&lacking),
        packages.join(" ")
    );
    let apt = |arguments: &[&str]| {
        Process::new("apt-get", arguments)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .limit(Duration::from_secs(15 * 60))
            .pass()
    };
    apt(&["update", "-qq"])?;
    let mut arguments = vec!["install", "-y", "-qq", "--no-install-recommends"];
    arguments.extend_from_slice(&packages);
    apt(&arguments)?;
    if packages.contains(&MOSQUITTO.package) && Path::new("/run/systemd/system").exists() {
        // On Debian, installing the package would start a broker on port 1883.
        Process::new("systemctl", &["disable", "--now", "mosquitto"]).pass()?;
    }
    match missing(programs, &place.path()) {
        still if still.is_empty() => Ok(()),
        still => Err(complaint(&still)),
    }
}

fn missing(programs: &[Program], path: &OsStr) -> Vec<Program> {
    programs
        .iter()
        .copied()
        .filter(|program| on_path(program.name, path).is_none())
        .collect()
}

fn packages(programs: &[Program]) -> Vec<&'static str> {
    let mut packages: Vec<_> = programs.iter().map(|program| program.package).collect();
    packages.sort_unstable();
    packages.dedup();
    packages
}

fn names(programs: &[Program]) -> String {
    programs
        .iter()
        .map(|program| program.name)
        .collect::<Vec<_>>()
        .join(", ")
}

fn complaint(lacking: &[Program]) -> String {
    let mut text = String::from("these programs are missing:\n");
    for program in lacking {
        text.push_str(&format!(
            "  {:14} (Debian package {})\n",
            program.name, program.package
        ));
    }
    text.push_str(&format!(
        "On Debian and Ubuntu: sudo apt-get install {}",
        packages(lacking).join(" ")
    ));
    text
}

fn may_install(place: &Place) -> bool {
    let root = Process::new("id", &["-u"])
        .read()
        .is_ok_and(|id| id.trim() == "0");
    root && Path::new("/etc/debian_version").exists() && on_path("apt-get", &place.path()).is_some()
}

/// Runs `npm ci` in a folder, unless its lock file was installed already.
pub fn npm_packages(place: &Place, folder: &Path, why: &str) -> Result<(), String> {
    let lock_file = folder.join("package-lock.json");
    let lock = fs::read(&lock_file).map_err(|error| format!("{}: {error}", lock_file.display()))?;
    let installed = folder.join("node_modules").join(".installed-lock.json");
    if fs::read(&installed).is_ok_and(|before| before == lock) {
        return Ok(());
    }
    for program in ["node", "npm"] {
        if on_path(program, &place.path()).is_none() {
            return Err(format!(
                "`{program}` is missing: {why}. Get Node.js 20 or newer, with npm."
            ));
        }
    }
    Process::new(
        "npm",
        &["ci", "--no-audit", "--no-fund", "--loglevel=error"],
    )
    .dir(folder)
    .env("PATH", place.path())
    // The browser is the system's.
    .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
    .limit(Duration::from_secs(10 * 60))
    .pass()?;
    fs::write(&installed, lock).map_err(|error| format!("{}: {error}", installed.display()))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn each_missing_program_is_named_with_its_package() {
        let folder = std::env::temp_dir().join(format!("midge-programs-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let program = folder.join("chromium");
        fs::write(&program, "#!/bin/sh\n").expect("a file");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("permissions");

        let lacking = missing(&FOR_E2E_TESTS, folder.as_os_str());
        let rest = [
            FIREFOX,
            WEBKIT,
            XVFB,
            MOSQUITTO,
            MOSQUITTO_PUB,
            MOSQUITTO_SUB,
        ];
        assert_eq!(lacking, rest);
        let words = complaint(&lacking);
        for Program { name, .. } in rest {
            assert!(words.contains(name), "{words}");
        }
        assert!(
            words.ends_with(
                "apt-get install firefox-esr mosquitto mosquitto-clients webkit2gtk-driver xvfb"
            ),
            "{words}"
        );
        fs::remove_dir_all(folder).expect("removed");
    }
}
