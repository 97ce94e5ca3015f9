//! The companion as it is shipped, started for a case on a free port and ended when it is dropped.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::mosquitto::{free_port, wait_for};

/// A running host.
pub struct Host {
    /// Its port: page, and MQTT over WebSocket below `/mqtt`.
    pub port: u16,
    /// Port of MQTT over TCP.
    pub tcp: u16,
    child: Child,
}

impl Host {
    /// Starts it, and waits until it listens.
    pub fn start(root: &Path) -> Result<Self, String> {
        let (port, tcp) = (free_port()?, free_port()?);
        let program = std::env::var_os("MIDGE_HOST").map_or_else(
            || root.join("target").join("host").join("midge"),
            Into::into,
        );
        let child = Command::new(program)
            .args(["--port", &port.to_string(), "--tcp", &tcp.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("the host (cargo xtask build makes it): {error}"))?;
        let host = Self { port, tcp, child };
        for port in [port, tcp] {
            wait_for(port, Duration::from_secs(20))?;
        }
        // The broker behind it is there a moment later.
        std::thread::sleep(Duration::from_secs(1));
        Ok(host)
    }

    /// The number of its process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }
}

/// Seconds of processor time that a process has used: its number, or `self`.
pub fn processor_seconds(process: &str) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // The name before them may hold spaces and brackets; user and system time are the 14th and the 15th value.
    let behind_the_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks: f64 = behind_the_name
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|value| value.parse::<f64>().ok())
        .sum();
    // Linux counts in hundredths for programs, whatever the kernel's own clock is.
    ticks / 100.0
}

impl Drop for Host {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
