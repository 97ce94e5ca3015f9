//! What is left out because the broker closed the connection over it: messages that are held back, with what can be done
//! about each.

use leptos::prelude::*;

use crate::{
    desk::{format, text::topic_words},
    link::{Command, HeldMessage},
    reading::{self, Kind},
    ui::{
        piece::{Piece, rows, view},
        state::store::Store,
    },
};

/// The messages that are held back; hidden while there are none.
#[component(transparent)]
pub fn HeldMessages() -> Piece {
    let store = expect_context::<Store>();
    let none = Memo::new(move |_| store.told.queue.with(|queue| queue.held.is_empty()));
    view! {
        <div class="queue held" id="held" hidden=move || none.get()>
            <h3>{store.text(|w| w.rest().work.left_out.heading)}</h3>
            <p class="hint">{store.text(|w| w.rest().work.left_out.messages)}</p>
            <ul aria-label=store.text(|w| w.rest().work.left_out.heading)>
                {rows(
                    move || store.told.queue.with(|queue| queue.held.clone()),
                    |one| one.number.to_string(),
                    |_, one| view! { <Line one=one /> },
                )}
            </ul>
        </div>
    }
}

/// One message that is held back.
#[component(transparent)]
fn Line(one: HeldMessage) -> Piece {
    let store = expect_context::<Store>();
    let number = one.number;
    let topic = one.topic.clone();
    let name = move || match &topic {
        Some(topic) => topic_words(topic),
        None => store.words().rest().work.left_out.taken.to_owned(),
    };
    let name = StoredValue::new(name);
    let name = move || name.with_value(|name| name());
    let class = format!("tag q{}", one.qos);
    let size = format::size(u64::from(one.size));
    let facts = move || {
        one.published_at
            .map(|at| format!("{size} · {}", store.speech.moment_words(at)))
    };
    view! {
        <li data-number=number>
            <span class="mono name" title=one.topic.as_deref().map(|topic| reading::spelled(topic, Kind::Topic).into_owned())>{name}</span>
            <span class=class>{format!("QoS {}", one.qos)}</span>
            <span class="num quiet">{facts}</span>
            <span class="choices">
                <button
                    type="button"
                    class="button ghost"
                    aria-label=move || format!("{}: {}", store.words().rest().work.left_out.send_again, name())
                    on:click=move |_| store.say(Command::SendHeld(number))
                >
                    {store.text(|w| w.rest().work.left_out.send_again)}
                </button>
                <button
                    type="button"
                    class="button ghost"
                    aria-label=move || format!("{}: {}", store.words().rest().work.left_out.drop, name())
                    on:click=move |_| store.say(Command::DropHeld(number))
                >
                    {store.text(|w| w.rest().work.left_out.drop)}
                </button>
            </span>
        </li>
    }
}
