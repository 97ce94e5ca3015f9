//! The running series.

use crate::{
    engine::{
        pane::{Pane, World},
        series::Running,
    },
    link::{Answer, Series},
    session::Phase,
};

/// The publisher.
#[derive(Debug, Default)]
pub struct Publisher;

impl Pane for Publisher {
    type Answer = Vec<Series>;
    const INTO_ANSWER: fn(Vec<Series>) -> Answer = Answer::Publisher;

    fn answer(&mut self, world: &World<'_>) -> Option<Vec<Series>> {
        let waiting = world.session.phase() != Phase::Connected;
        let described = |running: &Running| Series {
            number: running.number,
            topic: running.topic.clone(),
            every_ms: running.every_ms,
            sent: running.sent,
            waiting,
            held: running.held && !waiting,
        };
        Some(world.series.iter().map(described).collect())
    }
}
