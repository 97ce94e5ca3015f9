//! `cargo xtask run`: from a fresh clone to a page with live messages.

use std::process::Command;

use crate::build;
use crate::place::Place;
use crate::steps::Steps;

/// Builds what is not built and becomes the host. Comes back only when the host could not be started.
pub fn run(place: &Place, arguments: &[String]) -> Result<(), String> {
    let options = host_options(arguments);
    let asks_only = options
        .iter()
        .any(|option| ["--help", "-h", "--version", "-V"].contains(&option.as_str()));
    if !(asks_only && place.host().exists()) {
        let mut steps = Steps::default();
        build::everything(place, &mut steps)?;
        println!("\n{}", steps.table());
    }
    let mut host = Command::new(place.host());
    host.current_dir(&place.root).args(&options);
    if !asks_only {
        println!("== midge {}\n", options.join(" "));
    }
    become_it(host)
}

/// The host's options: what was passed, with or without `--` before it, and the demo traffic.
fn host_options(arguments: &[String]) -> Vec<String> {
    let mut options = arguments.to_vec();
    if let Some(dashes) = options.iter().position(|option| option == "--") {
        options.remove(dashes);
    }
    if !options
        .iter()
        .any(|option| option == "--demo" || option.starts_with("--demo="))
    {
        options.insert(0, "--demo".to_owned());
    }
    options
}

/// The host takes the place of this process, so that Ctrl-C, signals and the exit code are its own.
#[cfg(unix)]
fn become_it(mut host: Command) -> Result<(), String> {
    use std::os::unix::process::CommandExt;
    Err(format!("the host could not be started: {}", host.exec()))
}

#[cfg(not(unix))]
fn become_it(mut host: Command) -> Result<(), String> {
    let status = host
        .status()
        .map_err(|error| format!("the host could not be started: {error}"))?;
    std::process::exit(status.code().unwrap_or(1))
}

#[cfg(test)]
mod tests {
    use super::host_options;

    fn options(arguments: &[&str]) -> String {
        host_options(
            &arguments
                .iter()
                .map(|argument| (*argument).to_owned())
                .collect::<Vec<_>>(),
        )
        .join(" ")
    }

    #[test]
    fn options_reach_the_host_with_and_without_dashes() {
        assert_eq!(options(&[]), "--demo");
        assert_eq!(options(&["--open"]), "--demo --open");
        assert_eq!(options(&["--", "--open"]), "--demo --open");
        assert_eq!(
            options(&["--open", "--", "--port", "9090"]),
            "--demo --open --port 9090"
        );
        assert_eq!(options(&["--", "--demo"]), "--demo");
    }
}
