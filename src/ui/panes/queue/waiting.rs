//! Publications that wait for a connection, or for the broker to take more: seen, counted, and cancelled one by one.

use leptos::prelude::*;

use crate::{
    desk::{
        format,
        text::{shortened, topic_words},
    },
    link::{Command, Waiting},
    reading::{self, Kind},
    ui::{
        controls::name::name,
        piece::{Piece, rows, view},
        state::store::Store,
    },
};

/// The queue; hidden while nothing waits.
#[component(transparent)]
pub fn WaitingQueue() -> Piece {
    let store = expect_context::<Store>();
    let open = RwSignal::new(true);
    let count = Memo::new(move |_| store.told.queue.with(|queue| queue.count));
    let summary = move || {
        store.told.queue.with(|queue| {
            (store.words().rest().work.queue.waiting)(
                &format::whole(u64::from(queue.count)),
                &format::whole(u64::from(queue.limit)),
                &format::size(queue.bytes),
            )
        })
    };
    let beyond = move || {
        store.told.queue.with(|queue| {
            let shown = queue.first.len();
            (0 < shown && shown < queue.count as usize)
                .then(|| (store.words().rest().work.queue.first)(shown))
        })
    };
    view! {
        <details
            class="queue"
            id="queue"
            data-count=move || count.get()
            hidden=move || count.get() == 0
            prop:open=move || open.get()
            on:toggle:target=move |event| open.set(event.target().open())
        >
            <summary class="num">{summary}</summary>
            <ul aria-label=store.text(|w| w.rest().work.queue.heading)>
                {rows(
                    move || store.told.queue.with(|queue| queue.first.clone()),
                    |one| one.number.to_string(),
                    |_, one| view! { <Line one=one /> },
                )}
            </ul>
            <p class="hint" hidden=move || beyond().is_none()>{beyond}</p>
        </details>
    }
}

/// One publication that waits.
#[component(transparent)]
fn Line(one: Waiting) -> Piece {
    let store = expect_context::<Store>();
    let number = one.number;
    let short = shortened(&one.topic);
    let words = topic_words(&one.topic);
    let class = format!("tag q{}", one.qos);
    view! {
        <li data-number=number>
            <span class="mono name" title=reading::spelled(&one.topic, Kind::Topic).into_owned()>{name(&short, Kind::Topic)}</span>
            <span class=class>{format!("QoS {}", one.qos)}</span>
            <span class="num quiet">{format::size(u64::from(one.size))}</span>
            <button
                type="button"
                class="button ghost"
                aria-label=move || (store.words().rest().work.queue.cancel_one)(&words)
                on:click=move |_| store.say(Command::Cancel(number))
            >
                {store.text(|w| w.rest().work.queue.cancel)}
            </button>
        </li>
    }
}
