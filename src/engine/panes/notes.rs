//! The remarks: faults that do not end the connection.

use crate::{
    engine::pane::{Pane, World},
    link::{Answer, Remark},
};

/// The notes.
#[derive(Debug, Default)]
pub struct Notes;

impl Pane for Notes {
    type Answer = Vec<Remark>;
    const INTO_ANSWER: fn(Vec<Remark>) -> Answer = Answer::Notes;

    fn answer(&mut self, world: &World<'_>) -> Option<Vec<Remark>> {
        Some(world.remarks.all())
    }
}
