//! Why a subscription brought nothing, and what would bring something. What to say is decided in [`crate::desk::silence`].

use gloo_timers::callback::Timeout;
use leptos::{prelude::*, task::spawn_local};

use crate::{
    browser::date,
    desk::{
        silence::{SOON, Why, look_again, why},
        text::topic_words,
    },
    link::{Command, Grant, Subscription},
    protocol::SubscribeRequest,
    ui::{
        controls::{
            long_text::LongText,
            rest::{Make, later, on_demand},
        },
        piece::{Piece, view},
        state::{announced::Announced, store::Store},
        words::{self, SilenceWords},
    },
};

/// The subscription that it is about, and since when nothing came.
#[derive(Clone, Copy)]
struct Silent {
    one: Memo<Option<Subscription>>,
    since: StoredValue<f64>,
}

/// Says why, once it has been silent for a moment: until then nothing is loaded for it.
pub fn silence(one: Memo<Option<Subscription>>) -> Piece {
    let since = StoredValue::new(0.0);
    let silent = Memo::new(move |_| {
        one.with(|one| {
            one.as_ref()
                .is_some_and(|one| one.count == 0 && matches!(one.grant, Grant::Granted(_)))
        })
    });
    let loaded = RwSignal::new(Loaded::Not);
    let waits = StoredValue::new_local(None::<Timeout>);
    Effect::new(move |_| {
        let wait = silent.get().then(|| {
            since.set_value(date::monotonic());
            Timeout::new(SOON as u32, move || load(loaded))
        });
        waits.set_value(wait);
    });
    provide_context(Silent { one, since });
    Piece::Live(Box::new(move || match loaded.get() {
        Loaded::Here(make) if silent.get() => untrack(make),
        // Another try, in sight this time.
        Loaded::Failed if silent.get() => on_demand(reasons),
        _ => Piece::Nothing,
    }))
}

/// How far the reasons are.
#[derive(Clone, Copy)]
enum Loaded {
    Not,
    Here(Make),
    Failed,
}

/// Loads them without a word: mostly there is nothing to say.
fn load(loaded: RwSignal<Loaded>) {
    if matches!(loaded.try_get_untracked(), Some(Loaded::Here(_))) {
        return;
    }
    spawn_local(async move {
        loaded.try_set(reasons().await.map_or(Loaded::Failed, Loaded::Here));
    });
}

later! {
    /// The reasons.
    fn reasons() in silence { Reasons }
}

#[component(transparent)]
fn Reasons() -> Piece {
    let store = expect_context::<Store>();
    let Silent { one, since } = expect_context::<Silent>();
    let waited = move || date::monotonic() - since.get_value() + 1.0;
    let looked = RwSignal::new(0_u32);
    let waits = StoredValue::new_local(None::<Timeout>);
    Effect::new(move |_| {
        looked.track();
        let next = look_again(waited()).map(|due| {
            let left = (due - waited()).max(0.0);
            Timeout::new(left as u32 + 1, move || {
                looked.try_update(|looked| *looked += 1);
            })
        });
        waits.set_value(next);
    });
    let reason = Memo::new(move |_| {
        looked.track();
        one.with(|one| {
            let one = one.as_ref()?;
            store.told.silence.with(|all| {
                let seen = all.iter().find(|seen| seen.filter == one.filter);
                why(one, seen, waited())
            })
        })
    });
    let w = move || words::silence(store.speech.language.get());
    let said = Signal::derive(move || {
        reason.with(|reason| {
            reason
                .as_ref()
                .map_or_else(String::new, |reason| words_of(reason, w()))
        })
    });
    let announced = expect_context::<Announced>();
    Effect::new(move |_| {
        said.with(|said| {
            if !said.is_empty() {
                announced.say(said);
            }
        });
    });
    let offer = move || {
        reason.with(|reason| {
            let names: Vec<String> = reason
                .as_ref()?
                .instead()
                .iter()
                .map(|one| topic_words(one))
                .collect();
            Some((w().subscribe_instead)(&names.join(", ")))
        })
    };
    let offers = move || {
        reason.with(|reason| {
            reason
                .as_ref()
                .is_some_and(|reason| !reason.instead().is_empty())
        })
    };
    let subscribe = move |_| {
        let asked = untrack(|| {
            let instead = reason.with(|reason| Some(reason.as_ref()?.instead().to_vec()))?;
            one.with(|one| Some((one.clone()?, instead)))
        });
        let Some((one, instead)) = asked else { return };
        let wanted = instead.into_iter().map(|filter| SubscribeRequest {
            filter,
            options: one.options,
            identifier: one.identifier,
        });
        store.say(Command::Subscribe(wanted.collect()));
        store.say(Command::Unsubscribe { filter: one.filter });
    };
    view! {
        <div class="silence" data-silence=move || reason.with(|reason| reason.as_ref().map(name_of)) hidden=move || reason.with(Option::is_none)>
            <p><LongText text=said /></p>
            <button type="button" class="button" hidden=move || !offers() on:click=subscribe>{offer}</button>
        </div>
    }
}

/// For tests and style sheets.
fn name_of(reason: &Why) -> &'static str {
    match reason {
        Why::Comma { .. } => "comma",
        Why::Space { .. } => "space",
        Why::Slash { .. } => "slash",
        Why::Capitals { .. } => "capitals",
        Why::Levels { .. } => "levels",
        Why::Quiet { .. } => "quiet",
    }
}

fn words_of(reason: &Why, w: &SilenceWords) -> String {
    match reason {
        Why::Comma { .. } => w.comma.to_owned(),
        Why::Space { .. } => w.space.to_owned(),
        Why::Slash { topic, .. } => (w.slash)(&topic_words(topic)),
        Why::Capitals { topic, .. } => (w.capitals)(&topic_words(topic)),
        Why::Levels { own, seen, .. } => {
            let topic = topic_words(&seen.topic);
            if seen.least == seen.most {
                (w.levels)(*own, seen.most, &topic)
            } else {
                (w.levels_differ)(*own, seen.least, seen.most, &topic)
            }
        }
        Why::Quiet { retained: true } => w.quiet_retained.to_owned(),
        Why::Quiet { retained: false } => w.quiet.to_owned(),
    }
}
