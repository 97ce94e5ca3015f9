//! A series: a publication that is repeated at an interval. The n-th is due n intervals after the start, however late
//! earlier ones were. Knows no session: it returns what is due, and its caller reports how that ended.

use super::pending::chosen;
use crate::{
    link::{Body, Publication},
    payload::{Context, Template, TemplateError},
    protocol::{PublishProperties, Qos},
};

/// The shortest interval, in milliseconds.
const LEAST_MS: u32 = 10;
/// The most unfinished messages of one series. A broker that does not acknowledge thus slows the series down, and memory
/// does not fill up.
const MOST_UNFINISHED: u32 = 20;

/// The source of a series' payloads.
#[derive(Debug)]
pub(super) enum Source {
    Bytes(Vec<u8>),
    Template(Template),
}

impl Source {
    pub fn new(body: Body) -> Result<Self, TemplateError> {
        match body {
            Body::Bytes(bytes) => Ok(Self::Bytes(bytes)),
            Body::Template(text) => Template::parse(&text).map(Self::Template),
        }
    }

    /// It contains `{{seq}}`.
    pub fn counts(&self) -> bool {
        matches!(self, Self::Template(template) if template.counts())
    }

    pub fn payload(&self, seq: u64, now_us: u64, rng: &mut fastrand::Rng) -> Vec<u8> {
        match self {
            Self::Bytes(bytes) => bytes.clone(),
            Self::Template(template) => template
                .fill(&mut Context {
                    seq,
                    now_ms: now_us / 1000,
                    rng,
                })
                .into_bytes(),
        }
    }
}

/// A running series.
#[derive(Debug)]
pub(super) struct Running {
    pub number: u32,
    pub topic: String,
    pub qos: Qos,
    pub retain: bool,
    pub properties: PublishProperties,
    pub every_ms: u32,
    pub source: Source,
    /// How many were sent.
    pub sent: u64,
    /// How many of them are not finished.
    pub unfinished: u32,
    /// The latest one waits because the send buffer is full.
    pub held: bool,
    start_us: u64,
    /// The number of the next interval.
    next: u64,
}

impl Running {
    pub fn new(publication: Publication, source: Source, every_ms: u32, now_us: u64) -> Self {
        Self {
            number: publication.number,
            topic: publication.topic,
            qos: publication.qos,
            retain: publication.retain,
            properties: chosen(publication.properties),
            every_ms: every_ms.max(LEAST_MS),
            source,
            sent: 0,
            unfinished: 0,
            held: false,
            start_us: now_us,
            next: 0,
        }
    }

    fn every_us(&self) -> u64 {
        u64::from(self.every_ms) * 1000
    }

    /// When the next one is due, in microseconds since the Unix epoch.
    pub fn due_at(&self) -> u64 {
        self.start_us
            .saturating_add(self.next.saturating_mul(self.every_us()))
    }

    /// Takes the publication that is due now, if there is one. Missed ones are skipped. `held`: the send buffer is full, so
    /// nothing is taken.
    pub fn take_due(&mut self, now_us: u64, held: bool) -> bool {
        if now_us < self.due_at() {
            return false;
        }
        self.next = (now_us - self.start_us) / self.every_us() + 1;
        self.held = held;
        self.unfinished < MOST_UNFINISHED && !held
    }

    /// There is a connection again. A series that has sent nothing yet starts now, any other keeps its schedule.
    pub fn resume(&mut self, now_us: u64) {
        if self.sent == 0 {
            (self.start_us, self.next) = (now_us, 0);
        } else {
            self.next = self.next.max(
                now_us
                    .saturating_sub(self.start_us)
                    .div_ceil(self.every_us()),
            );
        }
    }
}
