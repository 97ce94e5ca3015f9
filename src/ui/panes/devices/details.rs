//! What a device publishes and takes, and what can be changed about it.

use leptos::prelude::*;

use crate::{
    desk::{
        format,
        text::{spoken, topic_words},
    },
    devices::{Order, Place, Told, base_fault},
    link::Command,
    protocol::{PublishProperties, Qos, SubscribeOptions, SubscribeRequest},
    reading::Kind,
    ui::{
        controls::name::name,
        panes::devices::{said::words, wire::Wire},
        piece::{Piece, Pieces, rows, view},
        state::store::{Draft, Section, Store, narrow},
        words::sentences::time_words,
    },
};

/// Seconds that are offered between two values; each device has its own beside them.
const OFFERED: [u32; 7] = [1, 2, 5, 10, 30, 60, 300];

#[component(transparent)]
pub(super) fn Details(
    /// Its number.
    number: u32,
    /// What is told of it.
    told: Memo<Option<Told>>,
) -> Piece {
    let store = expect_context::<Store>();
    let wire = expect_context::<Wire>();
    let read = move |read: fn(&Told) -> String| {
        move || told.with(|told| told.as_ref().map(read).unwrap_or_default())
    };
    let client = move || {
        let (id, version) = told.with(|told| {
            let told = told.as_ref();
            told.map(|told| (told.client_id.clone(), told.version.name()))
                .unwrap_or_default()
        });
        (words(store).client)(&id, version)
    };
    let counted = move || {
        let (sent, taken) = told.with(|told| {
            let told = told.as_ref();
            told.map(|told| (told.sent, told.taken)).unwrap_or_default()
        });
        (words(store).counted)(&format::whole(sent), &format::whole(taken))
    };
    let forgetful =
        Memo::new(move |_| told.with(|told| told.as_ref().is_some_and(|t| t.forgetful)));
    let rhythm = Memo::new(move |_| told.with(|told| told.as_ref().and_then(|told| told.rhythm)));
    let forgetful_id = format!("device-{number}-forgetful");
    view! {
        <details>
            <summary>{move || words(store).details}</summary>
            <p class="hint">{client}</p>
            <p class="hint num">{counted}</p>
            <Places told=told commands=false />
            <Places told=told commands=true />
            <label class="line" hidden=move || rhythm.get().is_none()>
                <span>{move || words(store).rhythm}</span>
                <select
                    class="field"
                    prop:value=move || rhythm.get().unwrap_or_default().to_string()
                    on:change:target=move |event| {
                        if let Ok(seconds) = event.target().value().parse() {
                            wire.order(Order::Rhythm { number, seconds });
                        }
                    }
                >
                    {OFFERED
                        .into_iter()
                        .map(|seconds| view! {
                            <option value=seconds.to_string() selected={rhythm.get_untracked() == Some(seconds)}>
                                {move || (words(store).every)(&time_words(seconds, store.words()))}
                            </option>
                        })
                        .pieces()}
                </select>
            </label>
            <label class="check">
                <input
                    type="checkbox"
                    aria-describedby=forgetful_id.clone()
                    prop:checked=move || forgetful.get()
                    on:change:target=move |event| {
                        wire.order(Order::Forgetful { number, forgetful: event.target().checked() });
                    }
                />
                {move || words(store).forgetful}
            </label>
            <p class="hint" id=forgetful_id>{move || words(store).forgetful_hint}</p>
            <Rename number=number base=Signal::derive(read(|told| told.base.clone())) />
            <button type="button" class="button" on:click=move |_| wire.order(Order::Remove { number })>
                {move || words(store).remove}
            </button>
        </details>
    }
}

/// The topics that it publishes to, or those that it takes commands at.
#[component(transparent)]
fn Places(
    /// What is told of it.
    told: Memo<Option<Told>>,
    /// Those that it takes commands at.
    commands: bool,
) -> Piece {
    let store = expect_context::<Store>();
    let places = Memo::new(move |_| {
        told.with(|told| {
            let places = told.iter().flat_map(|told| &told.places);
            places
                .filter(|place| place.command.is_some() == commands)
                .cloned()
                .collect::<Vec<_>>()
        })
    });
    view! {
        <div class="places" hidden=move || places.with(Vec::is_empty)>
            <span class="hint">{move || if commands { words(store).takes } else { words(store).publishes }}</span>
            <ul>
                {rows(move || places.get(), |place| place.topic.clone(), |_, place| view! { <OnePlace place=place /> })}
            </ul>
        </div>
    }
}

#[component(transparent)]
fn OnePlace(
    /// A topic.
    place: Place,
) -> Piece {
    let store = expect_context::<Store>();
    let Place {
        topic,
        command,
        qos,
        retain,
        will,
    } = place;
    let shown = name(&topic, Kind::Topic);
    let said = topic_words(&topic);
    let is_command = command.is_some();
    let label = move || {
        let say = if is_command {
            words(store).write_to
        } else {
            words(store).subscribe_to
        };
        say(&spoken(&said))
    };
    let go = move |_| match &command {
        Some(command) => write(store, topic.clone(), command.clone(), qos),
        None => store.say(Command::Subscribe(vec![SubscribeRequest {
            filter: topic.clone(),
            options: SubscribeOptions::from(qos),
            identifier: None,
        }])),
    };
    view! {
        <li>
            <button type="button" class="link mono wrap" title=label.clone() aria-label=label on:click=go>{shown}</button>" "
            <span class="tag">{format!("QoS {qos}")}</span>" "
            <span class="tag retained" hidden={!retain}>{move || words(store).retained}</span>" "
            <span class="tag" hidden={!will}>{move || words(store).will}</span>
        </li>
    }
}

/// Puts a command into the publisher, which the learner sends.
fn write(store: Store, topic: String, command: String, qos: Qos) {
    store.chrome.draft.set(Some(Draft {
        topic,
        payload: command.into_bytes(),
        qos,
        retain: false,
        properties: PublishProperties::default(),
    }));
    if narrow() {
        store.chrome.section.set(Section::Publish);
    }
}

/// Where its topics begin.
#[component(transparent)]
fn Rename(
    /// Its number.
    number: u32,
    /// Where they begin now.
    base: Signal<String>,
) -> Piece {
    let store = expect_context::<Store>();
    let wire = expect_context::<Wire>();
    let typed = RwSignal::new(base.get_untracked());
    // Renamed in another tab.
    Effect::new(move |_| typed.set(base.get()));
    let fault = move || base_fault(&typed.get()).map(|fault| (words(store).name_fault)(fault));
    let error_id = format!("device-{number}-name");
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let base = typed.get_untracked();
        if base_fault(&base).is_none() {
            wire.order(Order::Rename { number, base });
        }
    };
    view! {
        <form on:submit=submit novalidate>
            <label class="naming">
                <span>{move || words(store).topics_begin}</span>
                <input
                    class="field mono"
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    aria-invalid=move || fault().is_some().to_string()
                    aria-describedby=error_id.clone()
                    prop:value=move || typed.get()
                    on:input:target=move |event| typed.set(event.target().value())
                />
            </label>
            <p class="error" role="alert" id=error_id hidden=move || fault().is_none()>{fault}</p>
            <button class="button" hidden=move || typed.get() == base.get()>{move || words(store).rename}</button>
        </form>
    }
}
