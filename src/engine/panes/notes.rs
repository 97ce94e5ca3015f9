//! What is remarked on while the connection goes on.

use crate::{
    engine::pane::{Pane, World},
    link::Remark,
};

/// The notes.
#[derive(Debug, Default)]
pub struct Notes;

impl Pane for Notes {
    type Answer = Vec<Remark>;

    fn answer(&mut self, world: &World<'_>) -> Option<Vec<Remark>> {
        Some(world.remarks.all())
    }
}
