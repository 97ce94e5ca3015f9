//! The browser's Back button: the history has an entry for each layer that is open over the page, and one for the connection.
//! [`crate::desk::steps`] decides what each entry means.

use leptos::prelude::*;

use crate::{
    browser::{history, location},
    desk::{
        section::is_usual,
        steps::{Layer, Move, Shown, Steps},
    },
    link::{Command, Phase},
    ui::{
        controls::{dialog::Dialog, rest::later},
        piece::{Piece, view},
        state::{
            dialogs::Dialogs,
            store::{Section, Store, narrow},
        },
    },
};

later! {
    /// The entries of the history, and the question before the page is left.
    pub fn going_back() in around { Back }
}

fn settle(steps: StoredValue<Steps>) {
    match steps.try_update_value(Steps::settle) {
        Some(Move::Push { from, to }) => (from..=to).for_each(history::push),
        Some(Move::Back(count)) => history::back(count),
        Some(Move::Stay) | None => {}
    }
}

/// Follows what is open.
#[component(transparent)]
fn Back() -> Piece {
    let store = expect_context::<Store>();
    let dialogs = expect_context::<Dialogs>();
    let steps = StoredValue::new(Steps::begin(history::number()));
    let fragment = StoredValue::new(location::fragment());
    let connected = Memo::new(move |_| {
        store
            .told
            .connection
            .with(|connection| matches!(connection.phase, Phase::Connected | Phase::Waiting))
    });
    let shown = Memo::new(move |_| Shown {
        section: !is_usual(store.chrome.section.get(), connected.get(), narrow()),
        inspector: store.chrome.chosen.with(Option::is_some),
        dialog: dialogs.is_open(),
        connected: connected.get(),
    });
    Effect::new(move |before: Option<()>| {
        let shown = shown.get();
        steps.update_value(|steps| steps.show(shown));
        // A page that was loaded anew goes nowhere by itself.
        if before.is_some() {
            settle(steps);
        }
    });
    history::on_step(move || {
        let now = location::fragment();
        if fragment.get_value() != now {
            fragment.set_value(now);
            steps.update_value(Steps::begin_anew);
            return settle(steps);
        }
        let Some(meant) = steps.try_update_value(|steps| steps.arrive(history::number())) else {
            return;
        };
        for layer in meant.close {
            match layer {
                Layer::Dialog => dialogs.close(),
                Layer::Inspector => store.inspect(None),
                Layer::Section => store.chrome.section.set(if connected.get_untracked() {
                    Section::Messages
                } else {
                    Section::Broker
                }),
            }
        }
        if meant.ask {
            dialogs.open(dialogs.leaving);
        } else {
            settle(steps);
        }
    });
    let leave = move |_| {
        store.say(Command::Disconnect);
        // From where the page is, to what was before it.
        history::back(steps.with_value(Steps::at) + 1);
    };
    view! {
        <Dialog open=dialogs.leaving title=|w| w.rest().remembered.leave_title id="leaving">
            {view! {
                <p>{store.text(|w| w.rest().remembered.leave_text)}</p>
                <div class="line">
                    <button type="button" class="button primary" on:click=move |_| dialogs.close()>
                        {store.text(|w| w.rest().remembered.stay)}
                    </button>
                    <button type="button" class="button" on:click=leave>{store.text(|w| w.rest().remembered.leave)}</button>
                </div>
            }}
        </Dialog>
    }
}
