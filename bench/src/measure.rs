//! One measurement: a plan is laid out, a browser is opened, its page reports, and the browser is ended.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::case::Measurement;
use crate::pages::{Answers, Pages};
use crate::sender::Sender;
use crate::statistics::median;

/// How often the browser's processes are weighed, where memory is measured.
const WEIGH: Duration = Duration::from_secs(5);

/// How the program was called.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// One short round of each case; nothing is written.
    pub quick: bool,
    /// Rounds of each case.
    pub rounds: usize,
    /// Length of the case that lasts an hour.
    pub minutes: u32,
}

/// What all cases share.
pub struct Bench {
    /// How the program was called.
    pub options: Options,
    /// The candidates that are measured; all of them, if there is none.
    pub only: Vec<String>,
    /// The repository.
    pub root: PathBuf,
    /// The web server.
    pub pages: Pages,
    /// The broker of the cases that have no other.
    pub sender: Arc<Sender>,
}

/// What a page is to do.
pub struct Plan {
    /// Who is measured: `midge`, or the name of a script beside `probe.js`.
    pub candidate: &'static str,
    /// What the probe does: the name of a function there.
    pub kind: &'static str,
    /// Where the broker is.
    pub address: String,
    /// What is subscribed to.
    pub filter: &'static str,
    /// The protocol version.
    pub version: &'static str,
    /// The quality of service that is subscribed with.
    pub qos: u8,
    /// More for the probe, by key.
    pub more: Value,
    /// How long it may take in all.
    pub deadline: Duration,
}

impl Plan {
    /// A plan to receive what is sent to `bench/#` by the sender at this address.
    pub fn receive(candidate: &'static str, address: String, seconds: f64) -> Self {
        Self {
            candidate,
            kind: "receive",
            address,
            filter: "bench/#",
            version: "3.1.1",
            qos: 0,
            more: json!({}),
            deadline: Duration::from_secs_f64(seconds * 2.0 + 60.0),
        }
    }

    fn for_the_page(&self) -> Value {
        let mut plan = json!({
            "candidate": self.candidate,
            "kind": self.kind,
            "address": self.address,
            "filter": self.filter,
            "version": self.version,
            "qos": self.qos,
        });
        if let (Some(plan), Some(more)) = (plan.as_object_mut(), self.more.as_object()) {
            plan.extend(more.clone());
        }
        plan
    }

    fn page(&self, port: u16) -> String {
        if self.candidate != "midge" {
            return format!("http://127.0.0.1:{port}/plain/");
        }
        let coded = |text: &str| -> String {
            text.replace('%', "%25")
                .replace(':', "%3A")
                .replace('/', "%2F")
                .replace('#', "%23")
        };
        format!(
            "http://127.0.0.1:{port}/midge/#url={}&v={}&sub={}&qos={}&go=1",
            coded(&self.address),
            self.version,
            coded(self.filter),
            self.qos
        )
    }
}

impl Bench {
    /// The address of the sender.
    pub fn sender_address(&self) -> String {
        format!("ws://127.0.0.1:{}/mqtt", self.sender.port)
    }

    /// Measures one candidate. What goes wrong is part of the measurement.
    pub fn measure(&self, round: usize, plan: &Plan, answers: Arc<Answers>) -> Measurement {
        let mut measurement = Measurement {
            candidate: plan.candidate.to_owned(),
            round,
            ..Measurement::default()
        };
        if !self.only.is_empty() && !self.only.iter().any(|name| name == plan.candidate) {
            return measurement;
        }
        match self.report_of(plan, answers) {
            Ok(report) => {
                measurement.values = numbers(&report);
                if let Some(troubles) = report["trouble"].as_array() {
                    let words = troubles.iter().filter_map(Value::as_str);
                    measurement.trouble.extend(words.map(str::to_owned));
                }
            }
            Err(reason) => measurement.trouble.push(reason),
        }
        let shown = |key: &str| -> String {
            let value = measurement.values.get(key);
            value.map_or_else(String::new, |value| format!(" {key} {value:.1}"))
        };
        println!(
            "   round {round}, {:8}{}{}",
            measurement.candidate,
            [
                "rate",
                "fps",
                "frame_p95",
                "click",
                "round_trip",
                "visible",
                "lost",
                "rest"
            ]
            .map(shown)
            .concat(),
            if measurement.trouble.is_empty() {
                String::new()
            } else {
                format!(" TROUBLE: {}", measurement.trouble.join("; "))
            }
        );
        measurement
    }

    fn report_of(&self, plan: &Plan, answers: Arc<Answers>) -> Result<Value, String> {
        let results = self.pages.begin(plan.for_the_page(), answers);
        let began = Instant::now();
        let mut browser = Browser::open(&plan.page(self.pages.port))?;
        let mut weighed = Vec::new();
        let mut report = loop {
            if plan.more["memory"] == json!(true) && began.elapsed() > WEIGH * weighed.len() as u32
            {
                weighed.push((
                    began.elapsed().as_secs_f64(),
                    browser.memory().renderer as f64 / 1e6,
                ));
            }
            match results.recv_timeout(Duration::from_millis(500)) {
                Ok(report) => break report,
                Err(RecvTimeoutError::Timeout) if !browser.runs() => {
                    return Err("the browser ended by itself".to_owned());
                }
                Err(RecvTimeoutError::Timeout) if began.elapsed() > plan.deadline => {
                    return Err(format!("no result within {} s", plan.deadline.as_secs()));
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    return Err("the web server is gone".to_owned());
                }
            }
        };
        let memory = browser.memory();
        self.pages.end();
        if let Some(first) = plan.more["first"].as_f64() {
            let settled: Vec<f64> = weighed
                .iter()
                .filter(|(at, _)| *at >= first)
                .map(|(_, megabytes)| *megabytes)
                .collect();
            let third = (settled.len() / 3).max(1);
            let early = median(&settled[..third.min(settled.len())]);
            let late = median(&settled[settled.len().saturating_sub(third)..]);
            if let (Some(early), Some(late)) = (early, late) {
                report["renderer_growth_mb"] = json!(late - early);
            }
        }
        report["browser_mb"] = json!(memory.all as f64 / 1e6);
        report["renderer_mb"] = json!(memory.renderer as f64 / 1e6);
        Ok(report)
    }
}

/// The numbers of a report; nested ones are not looked at.
pub fn numbers(report: &Value) -> BTreeMap<String, f64> {
    let all = report.as_object().into_iter().flatten();
    all.filter_map(|(key, value)| Some((key.clone(), value.as_f64()?)))
        .collect()
}
