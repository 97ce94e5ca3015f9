//! Goals that a lesson watches for. While none are set it costs nothing.

use crate::{
    capture::{Capture, Goal, Watching},
    engine::pane::{Pane, World},
    link::{self, Answer, Found, WatchView},
};

/// Goals that are watched for at a time.
const MOST: usize = 64;
/// Bytes that are read for them at a time: a few milliseconds at the most.
const WORK: usize = 512 * 1024;

/// The goals.
#[derive(Debug, Default)]
pub struct Watched {
    view: Option<WatchView>,
    /// `None`: they are new.
    watching: Option<Watching>,
    /// There are packets that were not looked at.
    more: bool,
}

impl Watched {
    /// Watches for these from now on. False: for nothing any more.
    pub fn watch_for(&mut self, view: Option<WatchView>) -> bool {
        if self.view != view {
            *self = Self {
                view,
                ..Self::default()
            };
        }
        self.view.is_some()
    }

    /// Looks at what has come.
    pub fn look(&mut self, capture: &mut Capture) {
        let Some(view) = &self.view else {
            return;
        };
        let watching = self.watching.get_or_insert_with(|| begin(view, capture));
        self.more = capture.look_for(watching, WORK);
    }
}

fn begin(view: &WatchView, capture: &Capture) -> Watching {
    let us = |ms: u32| u64::from(ms) * 1_000;
    let goals = view.goals.iter().take(MOST).map(|goal| Goal {
        query: &goal.query,
        count: goal.count,
        apart: goal.apart.map(|(least, most)| (us(least), us(most))),
        then: goal.then,
    });
    capture.watch(&goals.collect::<Vec<_>>(), view.from)
}

impl Pane for Watched {
    type Answer = link::Watched;
    const INTO_ANSWER: fn(link::Watched) -> Answer = Answer::Watched;

    fn answer(&mut self, _: &World<'_>) -> Option<link::Watched> {
        let (view, watching) = (self.view.as_ref()?, self.watching.as_ref()?);
        let goals = watching.found().map(|found| Found {
            count: found.count,
            first: found.first,
            last: found.last,
            reached: found.reached,
        });
        Some(link::Watched {
            number: view.number,
            goals: goals.collect(),
        })
    }

    fn is_moving(&self) -> bool {
        self.more
    }
}
