//! The same connection in a terminal, for Mosquitto's clients.

use crate::ui::controls::rest::later;
use leptos::prelude::*;

use crate::{
    link::Grant,
    profile::terminal::{Filter, NoLine, subscribe},
    ui::{
        controls::command_line::CommandLine,
        piece::{Piece, view},
        state::{
            form::{Form, host::HostInfo, told::Told},
            store::Store,
        },
    },
};

later! {
    /// The same connection in a terminal.
    pub fn terminal() in rest { TerminalLine }
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
