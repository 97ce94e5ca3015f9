//! Goes to a part of the page: brings it to the front and focuses it. The element to focus is marked by `data-pane`, so that
//! this file does not have to know the panes.

use gloo_timers::callback::Timeout;
use leptos::prelude::*;

use crate::{
    browser::focus,
    ui::state::store::{Section, Store},
};

/// A place to go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    /// The connect form.
    Connection,
    /// The field for a topic filter.
    Subscriptions,
    /// The topic tree.
    Topics,
    /// The list of messages.
    Messages,
    /// Its filter.
    Filter,
    /// The publisher.
    Publisher,
    /// The inspector.
    Inspector,
    /// The lessons.
    Lesson,
}

impl Spot {
    fn selector(self) -> &'static str {
        match self {
            Self::Connection => "[data-pane=\"connection\"]",
            Self::Subscriptions => "[data-pane=\"subscriptions\"]",
            Self::Topics => "[data-pane=\"topics\"]",
            Self::Messages => "[data-pane=\"messages\"]",
            Self::Filter => ".messages [type=\"search\"]",
            Self::Publisher => "[data-pane=\"publisher\"]",
            Self::Inspector => "[data-pane=\"inspector\"]",
            Self::Lesson => "[data-pane=\"lesson\"]",
        }
    }

    fn section(self) -> Option<Section> {
        match self {
            Self::Connection => Some(Section::Broker),
            Self::Subscriptions | Self::Topics => Some(Section::Topics),
            Self::Messages | Self::Filter => Some(Section::Messages),
            Self::Publisher => Some(Section::Publish),
            // They stand beside each.
            Self::Inspector | Self::Lesson => None,
        }
    }
}

/// When to try again, in milliseconds: a section comes to the front at once, but the inspector has to wait for the engine.
const TRIES: [u32; 4] = [0, 60, 200, 500];

/// Goes there, as soon as it is on the screen.
pub fn go(store: Store, spot: Spot) {
    if focus::to(spot.selector()) {
        return;
    }
    if let Some(section) = spot.section() {
        store.chrome.section.set(section);
    }
    let from = focus::active();
    let there = StoredValue::new(false);
    for millis in TRIES {
        let from = from.clone();
        Timeout::new(millis, move || {
            // The user may have gone elsewhere meanwhile.
            let here = focus::active();
            if !there.get_value() && (here.is_none() || here == from) {
                there.set_value(focus::to(spot.selector()));
            }
        })
        .forget();
    }
}

/// Goes to the next or the previous part on the screen, and from the last one to the first.
pub fn step(forward: bool) {
    let panes = focus::visible("[data-pane]");
    let here = focus::active();
    let at = here.and_then(|here| {
        panes
            .iter()
            .rposition(|pane| pane.contains(Some(&here)) || focus::comes_before(pane, &here))
    });
    let next = match (at, forward) {
        (Some(at), true) if at + 1 < panes.len() => at + 1,
        (Some(at), false) if at > 0 => at - 1,
        (_, true) => 0,
        (_, false) => panes.len().saturating_sub(1),
    };
    if let Some(pane) = panes.get(next) {
        let _ = pane.focus();
    }
}
