//! Goals that are watched for while packets come: how many packets fit a query since a moment, in which order, how far apart.
//! One walk over the log for all of them, in parts. Knows nobody who set them.

use super::{Capture, log::Logged, terms::Terms};
use crate::reading;

/// Looking at one packet costs as much as reading so many bytes.
const PACKET_COST: usize = 32;

/// What is watched for.
#[derive(Clone, Debug, PartialEq)]
pub struct Goal<'a> {
    /// Packets that count: a query as in the list's field. One that cannot be read fits nothing.
    pub query: &'a str,
    /// So many are wanted, one at least.
    pub count: u32,
    /// Only packets in a row count of which each came so many microseconds after the one before, from the first number to
    /// the second: rhythm.
    pub apart: Option<(u64, u64)>,
    /// Only what comes after the goal before this one was reached counts.
    pub then: bool,
}

/// How far a goal is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Packets that count, not more than are wanted.
    pub count: u32,
    /// The number of the first of them.
    pub first: Option<u64>,
    /// The number of the latest of them.
    pub last: Option<u64>,
    /// As many as are wanted.
    pub reached: bool,
}

/// Goals, and how far they are.
#[derive(Debug)]
pub struct Watching {
    goals: Vec<Watched>,
    /// The first packet that was not looked at.
    next: u64,
    /// How often topics were cleared when it looked last: they have other numbers since.
    clearings: u32,
}

#[derive(Debug)]
struct Watched {
    terms: Terms,
    wanted: u32,
    apart: Option<(u64, u64)>,
    then: bool,
    found: Found,
    /// When the latest packet that counts came.
    latest_us: u64,
}

impl Watching {
    /// How far each goal is, in their order.
    pub fn found(&self) -> impl Iterator<Item = Found> + '_ {
        self.goals.iter().map(|goal| goal.found)
    }
}

impl Capture {
    /// Watches for goals from the packet of this number on; `None`: for what comes from now on.
    pub fn watch(&self, goals: &[Goal<'_>], from: Option<u64>) -> Watching {
        let goals = goals.iter().map(|goal| Watched {
            terms: reading::read_query(goal.query)
                .map_or_else(|_| Terms::nothing(), |query| Terms::new(query, self.local)),
            wanted: goal.count.max(1),
            apart: goal.apart,
            then: goal.then,
            found: Found::default(),
            latest_us: 0,
        });
        Watching {
            goals: goals.collect(),
            next: from.unwrap_or_else(|| self.next_seq()),
            clearings: self.topic_count().0,
        }
    }

    /// Looks at packets that were not looked at yet, for as long as that reads `most` bytes. True: there are more.
    pub fn look_for(&mut self, watching: &mut Watching, most: usize) -> bool {
        let clearings = self.topic_count().0;
        let renumbered = std::mem::replace(&mut watching.clearings, clearings) != clearings;
        for goal in &mut watching.goals {
            if renumbered {
                goal.terms.forget_topics();
            }
            goal.terms.find_topics(&mut self.topics);
        }
        let mut spent = 0;
        watching.next = watching.next.max(self.log.oldest_seq());
        for logged in self.log.logged_from(watching.next) {
            if spent >= most {
                break;
            }
            spent += PACKET_COST;
            watching.next = logged.seq + 1;
            let mut may_count = true;
            for goal in &mut watching.goals {
                let reached_before = goal.found.reached;
                if !reached_before && (may_count || !goal.then) {
                    goal.look(&logged, &mut spent);
                }
                may_count = reached_before;
            }
        }
        watching.next < self.log.next_seq()
    }
}

impl Watched {
    fn look(&mut self, logged: &Logged<'_>, spent: &mut usize) {
        let fits = if logged.record.is_message() {
            self.terms.fit(logged, spent)
        } else {
            self.terms.fit_control(logged)
        };
        if !fits {
            return;
        }
        let Some(packet) = logged.packet() else {
            return;
        };
        let found = &mut self.found;
        if let Some((least, most)) = self.apart {
            let apart = packet.time_us.saturating_sub(self.latest_us);
            if !(least..=most).contains(&apart) {
                *found = Found::default();
            }
            self.latest_us = packet.time_us;
        }
        found.count += 1;
        found.first = found.first.or(Some(packet.seq));
        found.last = Some(packet.seq);
        found.reached = found.count >= self.wanted;
    }
}
