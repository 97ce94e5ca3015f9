//! Of subscriptions that brought nothing: how near they come to the topics that were seen. Each topic is looked at once for a
//! filter, some thousands in one frame, so that what it costs does not depend on how many there are.

use crate::{
    capture::Capture,
    engine::pane::{Pane, World},
    link::{self, Answer, Levels},
    protocol::{Nearness, nearness},
    session::Grant,
};

/// Filters that are looked at; whoever has more silent ones is helped with the first.
const FILTERS: usize = 16;
/// Topics that are looked at for one frame, over all filters.
const AT_ONCE: u32 = 20_000;

/// One filter, and how far it was looked at.
#[derive(Debug, Default)]
struct Looking {
    told: link::Silence,
    looked: u32,
}

/// The filters that brought nothing.
#[derive(Debug, Default)]
pub struct Silence {
    all: Vec<Looking>,
    /// How often topics were cleared when it looked last.
    clearings: u32,
    /// There are more topics to look at.
    more: bool,
    /// The page was told of some, so it is to be told when there are none.
    told_some: bool,
}

impl Silence {
    /// Looks only at filters that are granted and brought nothing.
    fn follow(&mut self, world: &World<'_>) {
        let wanted = world.session.subscriptions();
        let silent = |filter: &str| world.capture.filter_count(filter).0 == 0;
        let names: Vec<&str> = wanted
            .iter()
            .filter(|one| matches!(one.grant, Grant::Granted(_)) && silent(&one.filter))
            .map(|one| &*one.filter)
            .take(FILTERS)
            .collect();
        self.all
            .retain(|one| names.contains(&one.told.filter.as_str()));
        for name in names {
            if !self.all.iter().any(|one| one.told.filter == name) {
                self.all.push(Looking::at(name));
            }
        }
    }

    fn look(&mut self, capture: &Capture) {
        let (clearings, topics) = capture.topic_count();
        if std::mem::replace(&mut self.clearings, clearings) != clearings {
            for one in &mut self.all {
                *one = Looking::at(&one.told.filter);
            }
        }
        let mut left = AT_ONCE;
        for one in &mut self.all {
            let end = topics.min(one.looked.saturating_add(left));
            left -= end - one.looked;
            for number in one.looked..end {
                if let Some(topic) = capture.topic_with(number, &[]) {
                    one.note(topic);
                }
            }
            (one.looked, one.told.topics) = (end, end);
            one.told.complete = end == topics;
        }
        self.more = self.all.iter().any(|one| one.looked < topics);
    }
}

impl Looking {
    fn at(filter: &str) -> Self {
        Self {
            told: link::Silence {
                filter: filter.to_owned(),
                ..link::Silence::default()
            },
            looked: 0,
        }
    }

    fn note(&mut self, topic: &str) {
        let told = &mut self.told;
        let first = |place: &mut Option<String>| {
            place.get_or_insert_with(|| topic.to_owned());
        };
        match nearness(&told.filter, topic) {
            None => {}
            Some(Nearness::Matches) => told.matches = true,
            Some(Nearness::Capitals) => first(&mut told.capitals),
            Some(Nearness::Slash) => first(&mut told.slash),
            Some(Nearness::Deeper) => widen(&mut told.deeper, topic),
            Some(Nearness::Shallower) => widen(&mut told.shallower, topic),
        }
    }
}

fn widen(levels: &mut Option<Levels>, topic: &str) {
    let count = u16::try_from(topic.split('/').count()).unwrap_or(u16::MAX);
    let levels = levels.get_or_insert_with(|| Levels {
        topic: topic.to_owned(),
        least: count,
        most: count,
    });
    levels.least = levels.least.min(count);
    levels.most = levels.most.max(count);
}

impl Pane for Silence {
    type Answer = Vec<link::Silence>;
    const INTO_ANSWER: fn(Vec<link::Silence>) -> Answer = Answer::Silence;

    fn answer(&mut self, world: &World<'_>) -> Option<Vec<link::Silence>> {
        self.follow(world);
        self.look(world.capture);
        if self.all.is_empty() && !self.told_some {
            return None;
        }
        self.told_some = true;
        // How far it is goes along: each part is news, so the page asks for the next.
        Some(self.all.iter().map(|one| one.told.clone()).collect())
    }

    fn is_moving(&self) -> bool {
        self.more
    }
}
