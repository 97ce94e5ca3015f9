//! What is shown of a broker's inside: which connection has one to show, how filters stand below each other, which of the
//! broker's messages is the one under the inspector, and whom a message still waits for.

use crate::{
    desk::inspected::payload,
    inside::{Came, Client, Course, Filter, NAME, Outcome, Reached, Report, START, name},
    link::Inspected,
    profile::address::{Page, Reach, examine, reach_of},
    protocol::WAY_IN,
};

/// Longer topics are not asked for: they would not fit into a request.
const ASKED: usize = 2000;

/// Whether a connection goes to the broker of the companion that served the page, at its own machine. `own`: that broker's
/// address.
pub fn is_companion(address: &str, own: &str, page: Page) -> bool {
    let (Ok(address), Ok(own)) = (examine(address, page), examine(own, page)) else {
        return false;
    };
    let is_here = |reach: &Reach| matches!(reach, Reach::Loopback);
    is_here(&reach_of(page.host))
        && is_here(&address.reach)
        && is_here(&own.reach)
        && address.effective_port() == own.effective_port()
        // That leads through the companion to another broker.
        && !address.path.starts_with(WAY_IN)
}

/// A message under the inspector, as far as a broker can know it again.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// Topic name.
    pub topic: String,
    /// Bytes of its payload.
    pub size: u64,
    /// The first of them.
    pub start: Vec<u8>,
    /// Milliseconds since the Unix epoch.
    pub time: f64,
    /// This page sent it.
    pub outgoing: bool,
}

impl Seen {
    /// Of what is under the inspector; `None`: that is no message.
    pub fn of(inspected: &Inspected) -> Option<Self> {
        let payload = payload(inspected);
        (!inspected.topic.is_empty() && !inspected.bytes.is_empty()).then(|| Self {
            topic: inspected.topic.clone(),
            size: payload.len() as u64,
            start: payload.get(..START).unwrap_or(payload).to_vec(),
            time: inspected.time,
            outgoing: inspected.outgoing,
        })
    }

    /// The topic, if it can be asked for.
    pub fn asked(&self) -> Option<&str> {
        (self.topic.len() <= ASKED).then_some(&self.topic)
    }
}

/// The time of a moment of the broker's, in milliseconds since the Unix epoch. `now`: when the report came.
pub fn time(report: &Report, at: u64, now: f64) -> f64 {
    let age = report.now as f64 - at as f64;
    now - age / 1000.0
}

/// The number of a message with the broker: of those of its topic that say the same, the one that is nearest in time. What
/// this page received was with the broker before, what it sent came there after; clocks may be a little apart.
pub fn number(report: &Report, seen: &Seen, now: f64) -> Option<u64> {
    const APART: f64 = 500.0;
    let topic = name(&seen.topic);
    let is_it = |came: &&Came| {
        let after = time(report, came.at, now) - seen.time;
        let is_in_order = match seen.outgoing {
            true => after >= -APART,
            false => after <= APART,
        };
        is_in_order && came.topic == topic && came.size == seen.size && came.start == seen.start
    };
    let distance = |came: &Came| (time(report, came.at, now) - seen.time).abs();
    let all = report.came.shown.iter().filter(is_it);
    let nearest = all.min_by(|one, other| distance(one).total_cmp(&distance(other)));
    nearest.map(|came| came.number)
}

/// Those whom a message still waits for.
pub fn waits_for(course: &Course) -> impl Iterator<Item = &Reached> {
    course.reached.shown.iter().filter(|to| {
        matches!(
            to.outcome,
            Outcome::Waits | Outcome::Unacknowledged | Outcome::Received
        )
    })
}

/// Seconds for reading: from two minutes on whole minutes, from two hours on whole hours, none left out.
pub fn about(seconds: u32) -> u32 {
    let unit = match seconds {
        0..120 => 1,
        120..7_200 => 60,
        _ => 3_600,
    };
    seconds.div_ceil(unit).saturating_mul(unit)
}

/// What becomes of a client's session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Session {
    /// It ends with the connection.
    WithConnection,
    /// It stays for so many seconds after it.
    Stays(u32),
    /// The client is away, and it ends in so many seconds.
    EndsIn(u32),
    /// It stays until the client ends it.
    ForEver,
}

impl Session {
    /// Of this client.
    pub fn of(client: &Client, now: u64) -> Self {
        match (client.ends, client.session_expiry) {
            (Some(ends), _) => {
                let left = ends.saturating_sub(now).div_ceil(1_000_000);
                Self::EndsIn(about(u32::try_from(left).unwrap_or(u32::MAX - 1)))
            }
            (None, 0) => Self::WithConnection,
            (None, u32::MAX) => Self::ForEver,
            (None, seconds) => Self::Stays(seconds),
        }
    }
}

/// A filter in its place below others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed<'r> {
    /// How many filters stand above it.
    pub depth: usize,
    /// What it has in common with the one above it.
    pub common: &'r str,
    /// The rest of it.
    pub own: &'r str,
    /// All of it.
    pub filter: &'r Filter,
}

/// Filters, which stand by their levels, in their places: each below the nearest one that its levels begin with.
pub fn placed(filters: &[Filter]) -> Vec<Placed<'_>> {
    let mut above: Vec<&str> = Vec::new();
    let mut all = Vec::with_capacity(filters.len());
    for filter in filters {
        let text = filter.filter.as_str();
        // One that was cut off is nobody's beginning.
        let begins = |one: &&str| {
            let rest = text.strip_prefix(*one);
            one.len() <= NAME && rest.is_some_and(|rest| rest.starts_with('/'))
        };
        while above.last().is_some_and(|one| !begins(one)) {
            above.pop();
        }
        let common = above.last().map_or(0, |one| one.len() + 1);
        let (common, own) = text.split_at_checked(common).unwrap_or(("", text));
        all.push(Placed {
            depth: above.len(),
            common,
            own,
            filter,
        });
        above.push(text);
    }
    all
}
