//! Chromium, one process for one measurement, without a DevTools connection: that would halve what a WebSocket takes.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const FLAGS: [&str; 10] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-popup-blocking",
    "--window-size=1280,800",
];

/// A running browser. It ends when this is dropped.
pub struct Browser {
    child: Child,
    profile: PathBuf,
}

/// What a browser's processes have in memory, in bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Memory {
    /// All of its processes.
    pub all: u64,
    /// The largest of those that draw pages: the others wait for pages that never come.
    pub renderer: u64,
}

impl Browser {
    /// Opens a page in a browser with an empty profile.
    pub fn open(address: &str) -> Result<Self, String> {
        let profile = std::env::temp_dir().join(format!(
            "midge-bench-{}-{}",
            std::process::id(),
            crate::statistics::now_in_milliseconds()
        ));
        fs::create_dir_all(&profile).map_err(|error| error.to_string())?;
        let program = std::env::var_os("CHROMIUM").unwrap_or_else(|| "chromium".into());
        let child = Command::new(program)
            .args(FLAGS)
            .arg(format!("--user-data-dir={}", profile.display()))
            .arg(address)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .map_err(|error| format!("chromium: {error}"))?;
        Ok(Self { child, profile })
    }

    /// Whether it is still there.
    pub fn runs(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// What its processes have in memory now.
    pub fn memory(&self) -> Memory {
        let mut memory = Memory::default();
        for process in family(self.child.id()) {
            let Some(resident) = resident(process) else {
                continue;
            };
            memory.all += resident;
            let command = fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
            // Those that the zygote made have one text there, with blanks between the arguments.
            if String::from_utf8_lossy(&command).contains("--type=renderer") {
                memory.renderer = memory.renderer.max(resident);
            }
        }
        memory
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The group first, so that no member can start another; then those that left the group.
        let mut members = family(self.child.id());
        members.retain(|member| *member != self.child.id());
        let kill = |whom: Vec<String>| {
            let _ = Command::new("kill")
                .arg("-KILL")
                .arg("--")
                .args(whom)
                .stderr(Stdio::null())
                .status();
        };
        kill(vec![format!("-{}", self.child.id())]);
        kill(members.iter().map(u32::to_string).collect());
        let _ = self.child.kill();
        let _ = self.child.wait();
        // Its processes may still be closing files.
        for _ in 0..20 {
            if fs::remove_dir_all(&self.profile).is_ok() || !self.profile.exists() {
                break;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

/// Resident memory of a process in bytes.
fn resident(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}

/// A process and all below it.
fn family(ancestor: u32) -> Vec<u32> {
    let mut children: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let id = entry
            .file_name()
            .to_str()
            .and_then(|name| name.parse().ok());
        let Some(id) = id else { continue };
        if let Some(parent) = parent_of(id) {
            children.entry(parent).or_default().push(id);
        }
    }
    let mut found = vec![ancestor];
    let mut next = 0;
    while let Some(parent) = found.get(next).copied() {
        found.extend(children.get(&parent).into_iter().flatten());
        next += 1;
    }
    found
}

fn parent_of(process: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name before it may hold spaces and brackets.
    let rest = stat.rsplit_once(')')?.1;
    rest.split_whitespace().nth(1)?.parse().ok()
}
