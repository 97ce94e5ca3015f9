//! Lessons: how they are written, and whether a step of one is done. Native, no signals, no elements, no browser.
//!
//! A lesson is a text that a teacher writes by hand ([`read`]; docs/lessons.md shows how). Whether a step is done follows from
//! what the engine tells of packets, connection and subscriptions ([`Task::is_done`]), so nothing but traffic does a step,
//! and any way to it counts.

mod check;
mod course;
mod fault;
mod reading;
mod text;

pub use check::{Check, Facts, Place, Task};
pub use course::{Mark, Progress, StepState};
pub use fault::{Fault, Why};
pub use reading::read;
pub use text::{Span, Text, spans};

use crate::link::{Found, Goal};

/// A lesson.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lesson {
    /// Its name in a link: small letters, digits and `-`.
    pub name: String,
    /// What it is called.
    pub title: Text,
    /// What one will be able to do.
    pub goal: Text,
    /// What is needed for it, if more than a connection.
    pub needs: Text,
    /// Its steps, one at least.
    pub steps: Vec<Step>,
}

/// One step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Step {
    /// What to do, in one sentence or two.
    pub task: Text,
    /// What helps with it.
    pub more: Text,
    /// What is true when it is done.
    pub check: Task,
    /// The packet to look at once it is done, where it is another one than a check asks for.
    pub packet: Option<Goal>,
    /// What to send before, by a press on a button: topic, payload, retained.
    pub prepare: Vec<Prepared>,
    /// Topics of which the learner says beforehand whether they will come, and whether they will.
    pub predict: Vec<(String, bool)>,
    /// Lines for a terminal, or a program.
    pub terminal: Vec<String>,
    /// What was seen, once it is done.
    pub seen: Text,
    /// What is said when something else was done.
    pub hints: Vec<Hint>,
    /// The control to point at.
    pub show: Option<Place>,
}

/// A message that a step sends before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prepared {
    /// Topic name.
    pub topic: String,
    /// The payload as text.
    pub payload: String,
    /// Retain flag.
    pub retain: bool,
}

/// What is said when something else was done.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hint {
    /// When it is said.
    pub when: Task,
    /// What is said.
    pub say: Text,
}

impl Step {
    /// What is watched for: the goals of the check, those of the hints, and the packet to look at, in this order.
    pub fn goals(&self) -> Vec<Goal> {
        let hints = self.hints.iter().flat_map(|hint| hint.when.goals());
        let goals = self.check.goals().chain(hints).chain(&self.packet);
        goals.cloned().collect()
    }

    /// It is done. `facts.goals` are those of [`Self::goals`].
    pub fn is_done(&self, facts: &Facts<'_>) -> bool {
        self.check.is_done(facts)
    }

    /// What is to be said: the first hint that holds.
    pub fn hint(&self, facts: &Facts<'_>) -> Option<&Text> {
        let mut goals = facts.goals.get(self.check.goals().count()..)?;
        for hint in &self.hints {
            if hint.when.is_done(&Facts { goals, ..*facts }) {
                return Some(&hint.say);
            }
            goals = goals.get(hint.when.goals().count()..)?;
        }
        None
    }

    /// The number of the packet to look at, once it is done.
    pub fn packet_seen(&self, goals: &[Found]) -> Option<u64> {
        let of_check = self.check.goals().count();
        let wanted = match self.packet {
            Some(_) => goals.last(),
            None => goals
                .get(..of_check)?
                .iter()
                .rev()
                .find(|found| found.reached),
        };
        wanted.and_then(|found| found.last)
    }

    /// After which packet it was done: the next step begins behind it.
    pub fn done_at(&self, goals: &[Found]) -> Option<u64> {
        let of_check = goals.get(..self.check.goals().count())?;
        of_check
            .iter()
            .filter(|found| found.reached)
            .filter_map(|found| found.last)
            .max()
    }
}
