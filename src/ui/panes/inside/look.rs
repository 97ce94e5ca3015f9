//! Looks inside once a second, and at once when another message is chosen. One question at a time; none while nobody sees
//! the page.

use std::sync::Arc;

use gloo_timers::callback::Interval;
use leptos::{prelude::*, task::spawn_local};

use crate::{
    browser::{date, page_visibility},
    desk::inside::{self, Seen},
    inside::{Ask, Report},
    ui::{
        panes::inside::source::{NoReport, Source},
        state::store::Store,
    },
};

/// Milliseconds between two looks.
const EACH: u32 = 1000;
/// Milliseconds from one look to the next at the least, however fast the chosen message changes.
const LEAST: f64 = 300.0;

/// What was seen last. A handle: cheap to copy.
#[derive(Clone, Copy)]
pub struct Look {
    /// The report, and when it came in milliseconds since the Unix epoch.
    seen: RwSignal<Option<Arc<(Report, f64)>>>,
    /// Why there is no newer one.
    pub trouble: RwSignal<Option<NoReport>>,
    /// The message that was chosen among those that came, by its number.
    pub picked: RwSignal<Option<u64>>,
    /// The message under the inspector.
    chosen: Memo<Option<Seen>>,
    source: Memo<Option<Source>>,
    is_asking: StoredValue<bool>,
    last: StoredValue<f64>,
}

impl Look {
    /// Begins to look, until its owner is gone.
    pub fn begin() -> Self {
        let store = expect_context::<Store>();
        let look = Self {
            seen: RwSignal::new(None),
            trouble: RwSignal::new(None),
            picked: RwSignal::new(None),
            chosen: Memo::new(move |_| {
                let chosen = store.chrome.chosen.get();
                store.told.inspected.with(|inspected| {
                    let inspected = inspected.as_deref()?;
                    Seen::of(inspected).filter(|_| chosen.is_some() && inspected.target == chosen)
                })
            }),
            source: Source::memo(),
            is_asking: StoredValue::new(false),
            last: StoredValue::new(0.0),
        };
        let each = Interval::new(EACH, move || look.look());
        // It goes with the owner.
        StoredValue::new_local(each);
        Effect::new(move |_| {
            look.chosen.track();
            look.picked.track();
            untrack(|| look.look());
        });
        // Who chooses in the list wants that one.
        let before = StoredValue::new(None);
        Effect::new(move |_| {
            let chosen = look.chosen.get();
            if chosen != before.get_value() {
                before.set_value(chosen);
                look.picked.set(None);
            }
        });
        look
    }

    /// Reads the last report, with the time when it came. Tracks it.
    pub fn with<T>(self, read: impl FnOnce(&Report, f64) -> T) -> Option<T> {
        self.seen
            .with(|seen| seen.as_deref().map(|(report, at)| read(report, *at)))
    }

    /// Whether a message is chosen in the list, which the broker does not know again. Tracks it.
    pub fn is_unknown(self) -> bool {
        self.picked.get().is_none() && self.chosen.with(Option::is_some)
    }

    fn look(self) {
        // The timer may be later than the end of the owner.
        let Some(is_asking) = self.is_asking.try_get_value() else {
            return;
        };
        let now = date::now();
        if is_asking || now - self.last.get_value() < LEAST || page_visibility::is_hidden() {
            return;
        }
        let Some(source) = self.source.get_untracked() else {
            return;
        };
        self.is_asking.set_value(true);
        self.last.set_value(now);
        let chosen = self.chosen.get_untracked();
        let picked = self.picked.get_untracked();
        spawn_local(async move {
            let answer = ask(&source, chosen.as_ref(), picked).await;
            let at = date::now();
            match answer {
                Ok(report) => {
                    self.trouble.try_set(None);
                    self.seen.try_set(Some(Arc::new((report, at))));
                }
                // The next look is soon enough.
                Err(NoReport::Later) => {}
                Err(why) => {
                    self.trouble.try_set(Some(why));
                }
            }
            self.is_asking
                .try_update_value(|is_asking| *is_asking = false);
        });
    }
}

/// Asks, and where a message is chosen asks again for its course, once it is known which one it is.
async fn ask(
    source: &Source,
    chosen: Option<&Seen>,
    picked: Option<u64>,
) -> Result<Report, NoReport> {
    let mut ask = Ask {
        topic: chosen.and_then(Seen::asked).map(str::to_owned),
        picked,
    };
    let report = source.ask(&ask).await?;
    let Some(seen) = chosen.filter(|_| picked.is_none()) else {
        return Ok(report);
    };
    ask.picked = inside::number(&report, seen, date::now());
    match ask.picked {
        Some(_) => source.ask(&ask).await,
        None => Ok(report),
    }
}
