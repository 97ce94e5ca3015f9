//! What was published by hand, and what became of the latest of it: which of the engine's notices the publisher has
//! something to say of.

use std::collections::VecDeque;

use crate::link::{Notice, PublishTrouble};

/// Publications whose topic is remembered, so that a late word of the broker can name it.
const REMEMBERED: usize = 200;

/// Publications by number and topic, the latest last.
#[derive(Clone, Debug, Default)]
pub struct Published {
    latest: u32,
    topics: VecDeque<(u32, String)>,
}

/// What became of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The latest is done.
    Done {
        /// Its topic.
        topic: String,
    },
    /// The latest waits.
    Waits,
    /// One that waited was withdrawn.
    Cancelled {
        /// Its topic.
        topic: String,
    },
    /// The broker refused one.
    Refused {
        /// Its topic; `None` for one of an earlier page, or of long ago.
        topic: Option<String>,
        /// Reason code.
        code: u8,
        /// Reason string.
        reason: Option<String>,
    },
    /// One did not go out.
    Failed(PublishTrouble),
}

/// What a notice means for the publisher.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// What became of a publication.
    pub outcome: Outcome,
    /// The series that ran is over.
    pub ends_series: bool,
    /// What was typed is nowhere else, after all.
    pub unsettles: bool,
}

impl From<Outcome> for News {
    fn from(outcome: Outcome) -> Self {
        Self {
            outcome,
            ends_series: false,
            unsettles: false,
        }
    }
}

impl Published {
    /// One goes out.
    pub fn add(&mut self, number: u32, topic: &str) {
        self.latest = number;
        self.topics.push_back((number, topic.to_owned()));
        if self.topics.len() > REMEMBERED {
            self.topics.pop_front();
        }
    }

    /// What a notice means, where it means anything. `series`: the number of the series that runs.
    pub fn hear(&self, notice: &Notice, series: Option<u32>) -> Option<News> {
        match notice {
            Notice::Published { numbers } if numbers.contains(&self.latest) => {
                let topic = self.topic(self.latest)?;
                Some(Outcome::Done { topic }.into())
            }
            Notice::Queued { numbers } if numbers.contains(&self.latest) => {
                Some(Outcome::Waits.into())
            }
            Notice::Cancelled { number } => {
                let topic = self.topic(*number)?;
                Some(Outcome::Cancelled { topic }.into())
            }
            Notice::PublishRefused {
                number,
                code,
                reason,
                ..
            } => Some(News {
                outcome: Outcome::Refused {
                    topic: self.topic(*number),
                    code: *code,
                    reason: reason.clone(),
                },
                ends_series: series == Some(*number),
                unsettles: *number == self.latest,
            }),
            Notice::PublishFailed { numbers, why } => Some(News {
                outcome: Outcome::Failed(why.clone()),
                ends_series: series.is_some_and(|series| numbers.contains(&series)),
                unsettles: numbers.contains(&self.latest),
            }),
            _ => None,
        }
    }

    fn topic(&self, number: u32) -> Option<String> {
        let found = self.topics.iter().find(|(each, _)| *each == number);
        found.map(|(_, topic)| topic.clone())
    }
}
