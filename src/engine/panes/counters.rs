//! The counters and rates.

use crate::{
    engine::pane::{Pane, World},
    link::{self, Answer},
};

/// The counters.
#[derive(Debug, Default)]
pub struct Counters;

impl Pane for Counters {
    type Answer = link::Counters;
    const INTO_ANSWER: fn(link::Counters) -> Answer = Answer::Counters;

    fn answer(&mut self, world: &World<'_>) -> Option<link::Counters> {
        let counts = world.capture.counts();
        Some(link::Counters {
            received: counts.received,
            kept: counts.kept,
            dropped: counts.dropped,
            sent: counts.sent,
            received_rate: counts.received_rate,
            sent_rate: counts.sent_rate,
            held_bytes: counts.held_bytes,
            budget_bytes: counts.budget_bytes,
            cleared: world.capture.cleared(),
            in_flight: u32::try_from(world.session.in_flight()).unwrap_or(u32::MAX),
        })
    }
}
