//! Publications that go out again and again, on time: the n-th is due at the start plus n intervals, however late the
//! ones before it were. Knows no session: it says what is due, and is told what became of it.

use super::pending::chosen;
use crate::{
    link::{Body, Publication},
    payload::{Context, Template, TemplateError},
    protocol::{PublishProperties, Qos},
};

/// Shortest interval, in milliseconds.
const LEAST_MS: u32 = 10;
/// Messages of one series whose delivery is not finished at the most: a broker that does not acknowledge slows the
/// series and does not fill the memory.
const MOST_UNFINISHED: u32 = 20;

/// A payload that can be made again and again.
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

    /// It says which one of many it is.
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

/// A series that runs.
#[derive(Debug)]
pub(super) struct Running {
    pub number: u32,
    pub topic: String,
    pub qos: Qos,
    pub retain: bool,
    pub properties: PublishProperties,
    pub every_ms: u32,
    pub source: Source,
    /// Sent so far.
    pub sent: u64,
    /// Sent, and not finished yet.
    pub unfinished: u32,
    /// The one that was due last waits for what was sent before to leave.
    pub held: bool,
    start_us: u64,
    /// Which interval is due next.
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

    /// When the next one is due: microseconds since the Unix epoch.
    pub fn due_at(&self) -> u64 {
        self.start_us
            .saturating_add(self.next.saturating_mul(self.every_us()))
    }

    /// Takes the one that is due now, if any. What was missed is left out, not made up for. `held`: what was sent before
    /// has to leave first.
    pub fn take_due(&mut self, now_us: u64, held: bool) -> bool {
        if now_us < self.due_at() {
            return false;
        }
        self.next = (now_us - self.start_us) / self.every_us() + 1;
        self.held = held;
        self.unfinished < MOST_UNFINISHED && !held
    }

    /// There is a connection again: a series that never sent anything starts now, any other goes on in its rhythm.
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
