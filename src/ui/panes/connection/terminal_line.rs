//! The same connection in a terminal, for Mosquitto's clients.

use leptos::prelude::*;

use crate::{
    link::Grant,
    profile::terminal::{Filter, NoLine, subscribe},
    ui::{
        controls::{
            command_line::CommandLine,
            rest::{later, on_demand},
        },
        piece::{Piece, shown_when, view},
        state::{
            form::{Form, host::HostInfo, told::Told},
            store::Store,
        },
    },
};

later! {
    /// The place of the line.
    pub fn terminal() in around { Place }
}

later! {
    /// The same connection in a terminal.
    fn line() in terminal { TerminalLine }
}

/// Before anything is subscribed to there is nothing that could be the same.
#[component(transparent)]
fn Place() -> Piece {
    let store = expect_context::<Store>();
    let subscribed = Memo::new(move |before: Option<&bool>| {
        let any = store.told.subscriptions.with(|all| !all.is_empty());
        any || before.is_some_and(|before| *before)
    });
    shown_when(move || subscribed.get(), move || on_demand(line))
}

/// The same in a terminal.
#[component(transparent)]
fn TerminalLine() -> Piece {
    let store = expect_context::<Store>();
    let form = expect_context::<Form>();
    let info = expect_context::<RwSignal<Option<HostInfo>>>();
    let line = Memo::new(move |_| {
        let told = Told::of(form, info, true)?;
        let lines = told.and_then(|told| {
            store.told.subscriptions.with(|all| {
                let asked = all
                    .iter()
                    .filter(|one| !matches!(one.grant, Grant::Refused(_) | Grant::Forbidden(_)));
                let filters: Vec<_> = asked
                    .map(|one| Filter {
                        filter: &one.filter,
                        qos: one.options.qos.bits(),
                        retain_as_published: one.options.retain_as_published,
                        retain_handling: one.options.retain_handling as u8,
                        identifier: one.identifier,
                    })
                    .collect();
                subscribe(&told.broker(), &filters)
            })
        });
        // Before anything is subscribed to there is nothing that could be the same.
        Some(lines).filter(|lines| *lines != Err(NoLine::NoSubscription))
    });
    view! { <CommandLine line=line label=|w| w.broker.terminal /> }
}
