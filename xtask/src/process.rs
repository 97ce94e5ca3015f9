//! Runs a program with a time limit and without standard input. Its output is printed, and kept if wanted.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

/// How often a running program is checked.
const GLANCE: Duration = Duration::from_millis(25);
/// How long to wait for output after the program has ended. A grandchild may keep the pipe open forever.
const LINGER: Duration = Duration::from_secs(3);

/// A program to be run.
pub struct Process {
    command: Command,
    shown: String,
    limit: Duration,
    unwanted: Arc<AtomicBool>,
}

/// How a program ended.
#[derive(Debug)]
pub struct Ended {
    /// Its exit code was 0.
    pub success: bool,
    /// As text: `exit status: 101`, `stopped after 60 s`.
    pub how: String,
    /// The lines of its output and of its errors.
    pub lines: Vec<String>,
}

impl Process {
    /// A program on PATH. The time limit is 30 minutes unless [`Process::limit`] sets another.
    pub fn new(program: impl AsRef<OsStr>, arguments: &[&str]) -> Self {
        let mut command = Command::new(&program);
        command.args(arguments).stdin(Stdio::null());
        let mut shown = Path::new(&program)
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        for argument in arguments {
            shown.push(' ');
            shown.push_str(argument);
        }
        Self {
            command,
            shown,
            limit: Duration::from_secs(30 * 60),
            unwanted: Arc::default(),
        }
    }

    /// Sets its working directory.
    pub fn dir(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Sets an environment variable.
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Sets the time limit. After that it is stopped, with everything that it started.
    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Once another thread sets this to true, the program is stopped, with everything that it started.
    pub fn unwanted(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.unwanted)
    }

    /// Runs it with our output. A failure is an error.
    pub fn pass(mut self) -> Result<(), String> {
        println!("   $ {}", self.shown);
        let mut child = self
            .command
            .spawn()
            .map_err(|error| self.unstarted(&error))?;
        let (success, how) = self.wait(&mut child, thread::sleep)?;
        if success {
            Ok(())
        } else {
            Err(format!("`{}`: {how}", self.shown))
        }
    }

    /// Runs it, prints its lines and returns them. A failure of the program is not an error.
    pub fn keep(self) -> Result<Ended, String> {
        println!("   $ {}", self.shown);
        self.collect(true)
    }

    /// Runs it without printing, and returns its standard output. If it fails, its error output is the error. For short
    /// programs: there is no time limit.
    pub fn read(mut self) -> Result<String, String> {
        let output = self
            .command
            .output()
            .map_err(|error| self.unstarted(&error))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        Err(format!(
            "`{}`: {}\n{}",
            self.shown,
            output.status,
            String::from_utf8_lossy(&output.stderr).trim_end()
        ))
    }

    /// Runs it without printing, and returns its lines.
    pub fn hush(self) -> Result<Ended, String> {
        self.collect(false)
    }

    fn collect(mut self, pass_on: bool) -> Result<Ended, String> {
        self.command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self
            .command
            .spawn()
            .map_err(|error| self.unstarted(&error))?;
        let (sender, receiver) = channel::<String>();
        if let Some(stdout) = child.stdout.take() {
            forward(stdout, sender.clone());
        }
        if let Some(stderr) = child.stderr.take() {
            forward(stderr, sender.clone());
        }
        drop(sender);
        let mut lines = Vec::new();
        let mut note = |line: String| {
            if pass_on {
                let _ = writeln!(std::io::stdout(), "{line}");
            }
            lines.push(line);
        };
        let (success, how) = self.wait(&mut child, |pause| {
            let until = Instant::now() + pause;
            loop {
                match receiver.recv_timeout(until.saturating_duration_since(Instant::now())) {
                    Ok(line) => note(line),
                    Err(RecvTimeoutError::Timeout) => break,
                    Err(RecvTimeoutError::Disconnected) => {
                        thread::sleep(until.saturating_duration_since(Instant::now()));
                        break;
                    }
                }
            }
        })?;
        let until = Instant::now() + LINGER;
        while let Ok(line) = receiver.recv_timeout(until.saturating_duration_since(Instant::now()))
        {
            note(line);
        }
        Ok(Ended {
            success,
            how,
            lines,
        })
    }

    /// Waits until it ends, or stops it when the time is over. `pause` waits between two checks.
    fn wait(
        &self,
        child: &mut Child,
        mut pause: impl FnMut(Duration),
    ) -> Result<(bool, String), String> {
        let began = Instant::now();
        loop {
            let status: Option<ExitStatus> = child.try_wait().map_err(|error| error.to_string())?;
            if let Some(status) = status {
                return Ok((status.success(), status.to_string()));
            }
            if self.unwanted.load(Ordering::Relaxed) {
                stop(child);
                return Ok((false, "stopped, it is not wanted any more".to_owned()));
            }
            if began.elapsed() > self.limit {
                stop(child);
                return Ok((
                    false,
                    format!("stopped, it took longer than {} s", self.limit.as_secs()),
                ));
            }
            pause(GLANCE);
        }
    }

    fn unstarted(&self, error: &std::io::Error) -> String {
        format!("`{}` could not be started: {error}", self.shown)
    }
}

fn forward(stream: impl Read + Send + 'static, sender: Sender<String>) {
    thread::spawn(move || {
        let mut reader = BufReader::new(stream);
        let mut bytes = Vec::new();
        while reader
            .read_until(b'\n', &mut bytes)
            .is_ok_and(|count| count > 0)
        {
            let line = String::from_utf8_lossy(&bytes)
                .trim_end_matches(['\n', '\r'])
                .to_owned();
            if sender.send(line).is_err() {
                return;
            }
            bytes.clear();
        }
    });
}

/// Stops a program and everything that it started: a test runner that hangs has brokers and browsers below it.
///
/// A process group of its own would be easier to stop, but would not receive Ctrl-C from the terminal.
fn stop(child: &mut Child) {
    let mut family: Vec<String> = descendants(child.id()).iter().map(u32::to_string).collect();
    family.push(child.id().to_string());
    let _ = Command::new("kill")
        .arg("-KILL")
        .args(&family)
        .stderr(Stdio::null())
        .status();
    let _ = child.kill();
    let _ = child.wait();
}

/// All processes below this one; on other systems than Linux none.
fn descendants(ancestor: u32) -> Vec<u32> {
    let Ok(entries) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    let pairs: Vec<(u32, u32)> = entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter_map(|id: u32| {
            Some((
                id,
                parent_of(&std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?)?,
            ))
        })
        .collect();
    let mut found = vec![ancestor];
    let mut next = 0;
    while let Some(&parent) = found.get(next) {
        found.extend(
            pairs
                .iter()
                .filter(|(_, above)| *above == parent)
                .map(|(id, _)| *id),
        );
        next += 1;
    }
    found.remove(0);
    found
}

/// The parent's number in a line of `/proc/*/stat`. The name before it may contain spaces and brackets.
fn parent_of(stat: &str) -> Option<u32> {
    stat.rsplit_once(')')?
        .1
        .split_whitespace()
        .nth(1)?
        .parse()
        .ok()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn both_streams_are_kept_and_the_exit_code_tells() {
        let ended = Process::new("sh", &["-c", "echo out; echo err >&2; exit 3"])
            .hush()
            .expect("it runs");
        let mut lines = ended.lines;
        lines.sort();
        assert_eq!(lines, ["err", "out"]);
        assert!(!ended.success);
        assert_eq!(ended.how, "exit status: 3");
    }

    #[test]
    fn a_program_that_hangs_is_stopped_with_what_it_started() {
        let began = Instant::now();
        let ended = Process::new("sh", &["-c", "sleep 300 & echo $!; wait"])
            .limit(Duration::from_millis(300))
            .hush();
        let ended = ended.expect("it runs");
        assert!(!ended.success);
        assert!(ended.how.starts_with("stopped"), "{}", ended.how);
        // If the sleeping grandchild were still alive, the pipe would stay open for all of LINGER.
        assert!(began.elapsed() < LINGER, "{:?}", began.elapsed());
    }

    #[test]
    fn a_program_that_is_not_wanted_any_more_is_stopped() {
        let process = Process::new("sleep", &["300"]).limit(Duration::from_secs(60));
        let unwanted = process.unwanted();
        let runner = thread::spawn(|| process.hush());
        unwanted.store(true, Ordering::Relaxed);
        let ended = runner.join().expect("no panic").expect("it runs");
        assert_eq!(ended.how, "stopped, it is not wanted any more");
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let error = Process::new("no-such-program", &["--version"])
            .read()
            .expect_err("it is not there");
        assert!(error.contains("no-such-program --version"), "{error}");
    }

    #[test]
    fn a_name_with_brackets_does_not_hide_the_parent() {
        assert_eq!(parent_of("12 (a) b) c) S 7 12 12"), Some(7));
        assert_eq!(parent_of("nonsense"), None);
    }
}
