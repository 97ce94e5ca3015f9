//! The keyboard: what keys do anywhere on the page, and the dialogs that only keys open.

use leptos::prelude::*;
use web_sys::KeyboardEvent;

use crate::{
    browser::{focus, keyboard as keys},
    desk::shortcut::{Place, Press, Shortcut, shortcut},
    link::Phase,
    ui::{
        controls::{
            going::{Spot, go, step},
            rest::later,
        },
        panes::{commands::CommandsDialog, keys::KeysDialog, projector::ProjectorDialog},
        piece::{Piece, view},
        state::{
            dialogs::Dialogs,
            preferences::characters_are_commands,
            store::{Section, Store},
        },
    },
};

later! {
    /// The keyboard.
    pub fn keyboard() in around { Keyboard }
}

/// Listens to keys.
#[component(transparent)]
fn Keyboard() -> Piece {
    let store = expect_context::<Store>();
    let dialogs = expect_context::<Dialogs>();
    let mac = keys::is_mac();
    keys::watch(move |event: KeyboardEvent| {
        let here = focus::active();
        let press = Press {
            key: &event.key(),
            code: &event.code(),
            control: event.ctrl_key(),
            command: event.meta_key(),
            alt: event.alt_key(),
            shift: event.shift_key(),
            composing: event.is_composing(),
        };
        let place = Place {
            typing: here.as_ref().is_some_and(|here| keys::is_typed_into(here)),
            inspector: here.as_ref().is_some_and(|here| {
                here.get_attribute("data-pane").as_deref() == Some("inspector")
            }),
            dialog: dialogs.any(),
            projector: dialogs.projector.get_untracked(),
            characters: characters_are_commands(),
            mac,
        };
        if let Some(wanted) = shortcut(press, place)
            && act(wanted, store, dialogs)
        {
            event.prevent_default();
        }
    });
    view! {
        <CommandsDialog />
        <KeysDialog />
        <ProjectorDialog />
    }
}

/// Does what a key stands for. Returns false if there is nothing to do.
fn act(wanted: Shortcut, store: Store, dialogs: Dialogs) -> bool {
    match wanted {
        // What is on the screen counts: that it was closed is told a moment later.
        Shortcut::Commands if !focus::visible("#commands[open]").is_empty() => dialogs.close(),
        Shortcut::Commands => dialogs.open(dialogs.commands),
        Shortcut::Keys => dialogs.open(dialogs.keys),
        Shortcut::Projector if dialogs.projector.get_untracked() => dialogs.close(),
        Shortcut::Projector if !has_work(store) => return false,
        Shortcut::Projector => dialogs.open(dialogs.projector),
        Shortcut::Back => go(store, Spot::Messages),
        Shortcut::Filter => go(store, Spot::Filter),
        Shortcut::NextPane => step(true),
        Shortcut::PreviousPane => step(false),
        Shortcut::Close => return close(store),
    }
    true
}

/// Closes what is open: what has a button for that, marked by `data-escape`, the latest of them first; or the inspector; or
/// else the latest short message.
fn close(store: Store) -> bool {
    if let Some(button) = focus::visible("[data-escape]").last() {
        button.click();
        return true;
    }
    if store.chrome.chosen.with_untracked(Option::is_some) {
        let in_it = focus::is_within(".inspector");
        store.inspect(None);
        if in_it {
            go(store, Spot::Messages);
        }
        return true;
    }
    let latest = store
        .chrome
        .toasts
        .with_untracked(|toasts| toasts.last().map(|(number, _)| *number));
    if let Some(number) = latest {
        store.chrome.put_away(number);
        return true;
    }
    // The connection covers what there is to work with, where there is something.
    let covered = store.chrome.section.get_untracked() == Section::Broker && has_work(store);
    if covered {
        go(store, Spot::Messages);
    }
    covered
}

/// There is a connection, or there are messages.
fn has_work(store: Store) -> bool {
    let messages = store
        .told
        .counters
        .with_untracked(|counters| counters.received + counters.sent > 0);
    messages
        || store
            .told
            .connection
            .with_untracked(|connection| connection.phase == Phase::Connected)
}
