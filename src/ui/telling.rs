//! Tells of events that the user did not cause: to screen readers, in the only polite live region of the page, and in the
//! title of the tab. [`crate::desk::telling`] decides which events are told.

use gloo_timers::callback::Interval;
use leptos::prelude::*;

use crate::{
    browser::{date, page_visibility, title},
    desk::{
        doctor::is_end_of_tab_broker,
        format,
        telling::{self, Telling, Told},
    },
    link::{Command, Phase},
    ui::{
        controls::rest::later,
        header::phase_words,
        piece::{Piece, view},
        state::{announced::Announced, store::Store},
        words::sentences::trouble::summary,
    },
};

/// How often the time is checked, in milliseconds.
const SECOND: u32 = 1_000;

later! {
    /// The live region, and the title of the tab.
    pub fn telling() in around { Teller }
}

/// The live region.
#[component(transparent)]
fn Teller() -> Piece {
    let store = expect_context::<Store>();
    let announced = expect_context::<Announced>();
    let told = StoredValue::new(Telling::default());
    // Messages that were received when the page went out of sight.
    let left_at = StoredValue::new(None::<u64>);
    let received = move || {
        store
            .told
            .counters
            .with_untracked(|counters| counters.received)
    };
    let say = move |news: Told| {
        let words = store.speech.words_now();
        let w = &words.rest().told;
        match news {
            Told::Connected => {
                let address = store
                    .told
                    .connection
                    .with_untracked(|connection| connection.address.clone());
                let broker = words.broker_at(&address);
                announced.say(&(w.connected_to)(telling::broker(&broker)));
            }
            Told::Lost => {
                announced.say(w.lost);
                // The next one is there before that could be read.
                store.told.connection.with_untracked(|connection| {
                    let trouble = connection.trouble.as_ref();
                    if let Some(trouble) = trouble.filter(|why| is_end_of_tab_broker(why)) {
                        let what = summary(trouble, connection.version, words);
                        store.warn(format!("{what}. {}", words.later().doctor.new_tab_broker));
                    }
                });
            }
            Told::Ended => announced.say(words.disconnected),
            Told::New(1) => announced.say(w.new_message),
            Told::New(count) => announced.say(&(w.new_messages)(&format::whole(count))),
        }
    };
    let entitle = move || {
        let unread = match left_at.get_value() {
            Some(before) => received().saturating_sub(before),
            None => announced.waiting(),
        };
        store.told.connection.with_untracked(|connection| {
            let words = store.speech.words_now();
            let begun = connection.phase != Phase::Disconnected || !connection.address.is_empty();
            let state = begun.then(|| phase_words(connection, words));
            let broker = words.broker_at(&connection.address);
            title::set(&telling::title(unread, state, &broker));
        });
    };
    page_visibility::watch(move |hidden| {
        left_at.set_value(hidden.then(received));
        entitle();
    });
    let phase = Memo::new(move |_| {
        store
            .told
            .connection
            .with(|connection| (connection.phase, connection.address.clone()))
    });
    // Only a connection needs a clock.
    let ticking = StoredValue::new_local(None::<Interval>);
    Effect::new(move |_| {
        let (phase, _) = phase.get();
        store.speech.language.track();
        let news = told
            .try_update_value(|told| told.phase(phase, received(), date::now()))
            .flatten();
        if let Some(news) = news {
            say(news);
        }
        entitle();
        let interval = (phase != Phase::Disconnected).then(|| {
            Interval::new(SECOND, move || {
                // A page that is out of sight is told nothing but what it asks for.
                if left_at.get_value().is_some() {
                    store.say(Command::Glance);
                }
                let news = told
                    .try_update_value(|told| told.time(received(), date::now()))
                    .flatten();
                if let Some(news) = news {
                    say(news);
                }
                entitle();
            })
        });
        ticking.set_value(interval);
    });
    view! {
        <p class="visually-hidden" id="told" role="status" aria-live="polite" aria-atomic="true">
            {move || announced.line()}
        </p>
    }
}
