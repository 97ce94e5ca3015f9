//! The projector: the value of one topic, or the latest messages, large enough for the last row of a classroom.

use leptos::prelude::*;

use crate::{
    desk::{inspected::payload, projected::projected},
    link::{Preview, Target},
    reading::Kind,
    ui::{
        controls::{
            dialog::Dialog,
            name::{name, name_within},
            rest::{later, on_demand},
        },
        piece::{Piece, Pieces, view},
        state::{dialogs::Dialogs, store::Store},
    },
};

/// Messages of the list that have room.
const MESSAGES: usize = 8;
/// Letters of a topic that have room beside its payload.
const COLUMNS: usize = 24;

/// The dialog, which covers the page.
#[component(transparent)]
pub fn ProjectorDialog() -> Piece {
    let open = expect_context::<Dialogs>().projector;
    view! {
        <Dialog open=open title=|w| w.rest().told.projector id="projector">
            {on_demand(projector)}
        </Dialog>
    }
}

later! {
    /// What is in it.
    fn projector() in projector { Projector }
}

/// The topic that was chosen, with its latest value; or the latest messages.
#[component(transparent)]
fn Projector() -> Piece {
    let store = expect_context::<Store>();
    // What was chosen may be one message: its topic goes on.
    let node = store
        .looked_at()
        .filter(|one| matches!(one.target, Some(Target::Packet(_))))
        .and_then(|one| one.node);
    if let Some(node) = node {
        store.inspect(Some(Target::Topic(node)));
    }
    let chosen = Memo::new(move |_| store.chrome.chosen.with(Option::is_some));
    let value = Memo::new(move |_| {
        store.told.inspected.with(|one| {
            let one = one.as_ref()?;
            let (text, size) = projected(payload(one));
            Some((one.topic.clone(), text, size, one.time))
        })
    });
    let one = move || {
        let (topic, text, size, time) = value.get()?;
        Some(view! {
            <p class="from mono">{name(&topic, Kind::Topic)}</p>
            <p class=format!("value {}", size.name())>{name(&text, Kind::Text)}</p>
            <p class="quiet num">{store.speech.moment_words(time)}</p>
        })
    };
    let latest = move || {
        store.told.list.with(|list| {
            list.rows
                .iter()
                .filter(|row| row.packet.is_empty())
                .take(MESSAGES)
                .map(|row| {
                    let text = match &row.preview {
                        Preview::Empty => String::new(),
                        Preview::Text(text) | Preview::Kind(text) | Preview::Hex(text) => {
                            text.clone()
                        }
                    };
                    view! {
                        <li>
                            <span class="from mono">{name_within(&row.topic, Kind::Topic, COLUMNS)}</span>
                            <span class="mono">{name(&text, Kind::Text)}</span>
                        </li>
                    }
                })
                .pieces()
        })
    };
    view! {
        <div class="projected" hidden=move || !chosen.get()>{one}</div>
        <ul class="projected" hidden=move || chosen.get()>{latest}</ul>
    }
}
