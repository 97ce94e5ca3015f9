//! The brokers that are held against each other: the companion, and mosquitto.

use std::fs;
use std::path::Path;

use crate::case::Measurement;
use crate::host::{Host, processor_seconds};
use crate::measure::Bench;
use crate::mosquitto::Mosquitto;

/// Their names as candidates.
pub const NAMES: [&str; 2] = ["host", "mosquitto"];

/// Keeps a broker running.
enum Running {
    Host(Host),
    Mosquitto(Mosquitto),
}

/// A running broker, ended when it is dropped.
pub struct Broker(Running);

impl Broker {
    /// Starts the one of this name.
    pub fn start(name: &str, root: &Path) -> Result<Self, String> {
        let running = match name {
            "mosquitto" => Running::Mosquitto(Mosquitto::start()?),
            _ => Running::Host(Host::start(root)?),
        };
        Ok(Self(running))
    }

    /// Port of MQTT over WebSocket, below `/mqtt`.
    pub fn ws(&self) -> u16 {
        match &self.0 {
            Running::Host(host) => host.port,
            Running::Mosquitto(mosquitto) => mosquitto.ws,
        }
    }

    /// Port of MQTT over TCP.
    pub fn tcp(&self) -> u16 {
        match &self.0 {
            Running::Host(host) => host.tcp,
            Running::Mosquitto(mosquitto) => mosquitto.tcp,
        }
    }

    fn process(&self) -> String {
        match &self.0 {
            Running::Host(host) => host.process(),
            Running::Mosquitto(mosquitto) => mosquitto.process(),
        }
        .to_string()
    }

    /// Seconds of processor time it has used.
    pub fn processor_seconds(&self) -> f64 {
        processor_seconds(&self.process())
    }

    /// Bytes of memory that are its own: what it shares with others, such as libraries, is not counted.
    pub fn memory(&self) -> f64 {
        let file = format!("/proc/{}/smaps_rollup", self.process());
        let text = fs::read_to_string(file).unwrap_or_default();
        text.lines()
            .filter(|line| line.starts_with("Private_"))
            .filter_map(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok())
            .sum::<f64>()
            * 1024.0
    }
}

/// Measures each that is wanted, in turns.
pub fn in_turn(
    bench: &Bench,
    one: impl Fn(&Bench, &'static str, usize) -> Result<Measurement, String>,
) -> Result<Vec<Measurement>, String> {
    let mut all = Vec::new();
    for round in 1..=bench.options.rounds {
        for name in NAMES {
            if bench.only.is_empty() || bench.only.iter().any(|only| only == name) {
                let measurement = one(bench, name, round)?;
                println!("   round {round}, {name:9} {:?}", measurement.values);
                all.push(measurement);
            }
        }
    }
    Ok(all)
}
