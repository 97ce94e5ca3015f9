//! `cargo xtask run`: builds Midge and starts it.

use std::process::Command;

use crate::build;
use crate::place::Place;
use crate::steps::Steps;

/// Builds what is missing and becomes the host. Returns only if the host cannot be started.
pub fn run(place: &Place, arguments: &[String]) -> Result<(), String> {
    let (mut options, quick) = host_options(arguments);
    let asks_only = options
        .iter()
        .any(|option| ["--help", "-h", "--version", "-V"].contains(&option.as_str()));
    if !(asks_only && place.host().exists()) {
        let mut steps = Steps::default();
        let folder = build::to_run(place, &mut steps, quick)?;
        println!("\n{}", steps.table());
        if !options.iter().any(|option| is(option, "--page")) {
            options.push("--page".to_owned());
            options.push(folder.to_string_lossy().into_owned());
        }
    }
    let mut host = Command::new(place.host());
    host.current_dir(&place.root).args(&options);
    if !asks_only {
        println!("== midge {}\n", options.join(" "));
    }
    become_it(host)
}

/// Whether the argument is this option, with or without `=` and a value.
fn is(given: &str, option: &str) -> bool {
    given
        .strip_prefix(option)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
}

/// The options for the host: what was passed, with or without `--` before it, and the demo traffic. Also whether `--quick`
/// was passed, which is not an option of the host.
fn host_options(arguments: &[String]) -> (Vec<String>, bool) {
    let mut options = arguments.to_vec();
    if let Some(dashes) = options.iter().position(|option| option == "--") {
        options.remove(dashes);
    }
    let before = options.len();
    options.retain(|option| option != "--quick");
    let quick = options.len() < before;
    if !options.iter().any(|option| is(option, "--demo")) {
        options.insert(0, "--demo".to_owned());
    }
    (options, quick)
}

/// The host replaces this process, so that Ctrl-C, signals and the exit code are its own.
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

    fn both(arguments: &[&str]) -> (String, bool) {
        let owned: Vec<String> = arguments.iter().map(|one| (*one).to_owned()).collect();
        let (options, quick) = host_options(&owned);
        (options.join(" "), quick)
    }

    fn options(arguments: &[&str]) -> String {
        both(arguments).0
    }

    #[test]
    fn quick_is_for_the_page_and_not_for_the_host() {
        assert_eq!(
            both(&["--quick", "--open"]),
            ("--demo --open".to_owned(), true)
        );
        assert!(!both(&["--open"]).1);
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
