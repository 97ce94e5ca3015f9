//! The publisher: once, or every n seconds.

mod drafts;
mod payload_hints;
mod property_fields;
mod publish_line;
mod publishing;
mod typed;
mod typed_properties;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, HtmlElement, HtmlInputElement, KeyboardEvent};

use crate::{
    browser::text::lower_case,
    desk::{
        format,
        limits::choice_limit,
        offered::offered,
        text::{shortened, spoken},
    },
    profile::drafts::Format,
    protocol::Qos,
    ui::{
        controls::{
            field::{Segments, plain},
            long_text::LongText,
            name::HiddenHint,
            offers::TopicOffers,
        },
        panes::publisher::{
            drafts::{BackToDraft, Drafts},
            payload_hints::PayloadHints,
            property_fields::PropertyFields,
            publish_line::PublishLine,
            publishing::Publishing,
            typed::Typed,
        },
        piece::{Held, Inside, Piece, Pieces, view},
        state::store::Store,
        words::sentences::limit_words,
    },
};

/// The publisher.
#[component(transparent)]
pub fn Publisher(
    /// What stands over the form.
    children: Inside,
) -> Piece {
    let store = expect_context::<Store>();
    let typed = Typed::new();
    let drafts = Drafts::start(typed);
    provide_context(drafts);
    let payload_field = Held::<HtmlElement>::new_local(None);
    let focus_payload = move || {
        if let Some(field) = payload_field.get_untracked() {
            let _ = field.focus();
        }
    };
    let publishing = Publishing::start(store, typed, drafts);
    Effect::new(move |_| {
        if let Some(draft) = store.chrome.draft.get() {
            publishing.take_over(draft);
            focus_payload();
        }
    });
    let by_key = move |event: KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            publishing.publish();
        }
    };
    let dropped = move |event: DragEvent| {
        event.prevent_default();
        if let Some(file) = event
            .data_transfer()
            .and_then(|data| data.files())
            .and_then(|files| files.get(0))
        {
            typed.take_file(file);
        }
    };
    // Said as soon as it is chosen, not when it is too late.
    let not_allowed = Memo::new(move |_| {
        let qos = Qos::from_bits(typed.qos.get()).unwrap_or_default();
        let retain = typed.retain.get();
        store
            .told
            .connection
            .with(|connection| choice_limit(qos, retain, connection))
    });
    let later = publishing.later();
    let is_file = move || typed.format.get() == Format::File;
    let looking = RwSignal::new(false);
    view! {
        <section class="publisher">
            // Over the list, which stays where it is.
            <div class="faults">
                <p id="topic-error" class="error" role="alert" hidden=move || typed.topic_error.get().is_none()>
                    {move || typed.topic_error.get()}
                </p>
                <p id="publish-limit" class="error" role="alert" hidden=move || not_allowed.get().is_none()>
                    {move || not_allowed.get().map(|limit| limit_words(limit, &store.words().rest().work))}
                </p>
                <p id="payload-error" class="error" role="alert" hidden=move || typed.payload_error.get().is_none()>
                    <LongText text=Signal::derive(move || typed.payload_error.get().unwrap_or_default()) />
                </p>
            </div>
            <div class="inner">
            {children()}
            <form
                on:submit=move |event| {
                    event.prevent_default();
                    publishing.publish();
                }
                on:dragover=|event: DragEvent| event.prevent_default()
                on:drop=dropped
                novalidate
            >
                <div class="line">
                    <h2>{store.text(|w| w.publish)}</h2>
                    <span class="grow"></span>
                    <Segments
                        label=Signal::derive(move || store.words().rest().payload_format.to_owned())
                        group="payload-format"
                        choices=vec![
                            (Format::Text, Signal::derive(move || store.words().rest().text.to_owned())),
                            (Format::Json, plain("JSON")),
                            (Format::Hex, Signal::derive(move || store.words().rest().hex.to_owned())),
                            (Format::File, Signal::derive(move || store.words().rest().file.to_owned())),
                        ]
                        value=typed.format
                        choose=move |format| {
                            typed.format.set(format);
                            typed.payload_error.set(None);
                        }
                    />
                </div>
                <BackToDraft drafts=drafts done=move |()| focus_payload() />
                <div class="line target">
                    <input
                        class="field mono"
                        data-pane="publisher"
                        list=move || looking.get().then_some("topics-offered")
                        on:focus=move |_| looking.set(true)
                        on:blur=move |_| looking.set(false)
                        aria-label=store.text(|w| w.rest().topic)
                        placeholder="sensors/lab/temp"
                        autocomplete="off"
                        autocapitalize="off"
                        spellcheck="false"
                        aria-invalid=move || typed.topic_error.get().is_some().to_string()
                        aria-describedby="topic-error topic-unseen"
                        prop:value=move || typed.topic.get()
                        on:input:target=move |event| {
                            typed.topic.set(event.target().value());
                            typed.topic_error.set(None);
                        }
                    />
                    <Segments
                        label=plain("QoS")
                        group="qos"
                        choices=vec![(0u8, plain("0")), (1, plain("1")), (2, plain("2"))]
                        value=typed.qos
                        choose=move |qos| typed.qos.set(qos)
                    />
                    <label class="check">
                        <input
                            type="checkbox"
                            prop:checked=move || typed.retain.get()
                            on:change:target=move |event| typed.retain.set(event.target().checked())
                        />
                        {store.text(|w| w.rest().retain)}
                    </label>
                </div>
                <TopicOffers id="topics-offered" typed=typed.topic before=typed.topics_before looking=looking />
                <HiddenHint id="topic-unseen" text=typed.topic />
                <textarea
                    class="field mono"
                    rows="2"
                    node_ref=payload_field
                    hidden=is_file
                    aria-label=store.text(|w| w.rest().payload)
                    placeholder=store.text(|w| w.rest().templates)
                    spellcheck="false"
                    autocapitalize="off"
                    aria-invalid=move || typed.payload_error.get().is_some().to_string()
                    aria-describedby="payload-error"
                    prop:value=move || typed.payload.get()
                    on:input:target=move |event| {
                        typed.payload.set(event.target().value());
                        typed.payload_error.set(None);
                    }
                    on:keydown=by_key
                ></textarea>
                <PayloadsBefore typed=typed />
                <FileField typed=typed />
                <PayloadHints typed=typed />
                <PropertyFields typed=typed.properties />
                <p id="publish-later" class="hint" hidden=move || !later.get()>
                    {store.text(|w| w.rest().work.queue.later)}
                </p>
                <Sending publishing=publishing />
                <div class="line-place"><PublishLine typed=typed /></div>
            </form>
            </div>
        </section>
    }
}

/// Payloads that were sent before and hold what is typed.
#[component(transparent)]
fn PayloadsBefore(
    /// What was typed.
    typed: Typed,
) -> Piece {
    let store = expect_context::<Store>();
    let all = Memo::new(move |_| {
        if !matches!(typed.format.get(), Format::Text | Format::Json) {
            return Vec::new();
        }
        typed.payload.with(|payload| {
            typed.payloads_before.with(|before| {
                let all = offered(payload, before, &[], lower_case);
                all.into_iter().map(str::to_owned).collect::<Vec<_>>()
            })
        })
    });
    let choose = move |value: String| {
        let chosen = value.parse::<usize>().ok();
        let chosen = chosen.and_then(|at| all.with_untracked(|all| all.get(at).cloned()));
        if let Some(chosen) = chosen {
            typed.payload.set(chosen);
            typed.payload_error.set(None);
        }
    };
    view! {
        <select
            class="field before"
            aria-label=store.text(|w| w.rest().remembered.payloads_before)
            hidden=move || all.with(Vec::is_empty)
            on:change:target=move |event| {
                let value = event.target().value();
                event.target().set_value("");
                choose(value);
            }
        >
            <option value="">{store.text(|w| w.rest().remembered.payloads_before)}</option>
            {move || {
                all.get().into_iter().enumerate().map(|(at, payload)| view! {
                    <option value=at.to_string()>{spoken(&shortened(&payload))}</option>
                }).pieces()
            }}
        </select>
    }
}

/// The file in the payload's place.
#[component(transparent)]
fn FileField(
    /// What was typed.
    typed: Typed,
) -> Piece {
    let store = expect_context::<Store>();
    let is_file = move || typed.format.get() == Format::File;
    view! {
        <label class="file" hidden=move || !is_file()>
            <span class="visually-hidden">{store.text(|w| w.rest().choose_file)}</span>
            <input
                type="file"
                // Or choosing the same file again, with other bytes in it, would be no change.
                on:click:target=|event| event.target().set_value("")
                on:change=move |event| {
                    let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
                    if let Some(file) = input.and_then(|input| input.files()).and_then(|files| files.get(0)) {
                        typed.take_file(file);
                    }
                }
            />
            <span class="hint" hidden=move || typed.file_again.with(Option::is_none)>
                {move || {
                    let name = typed.file_again.get()?;
                    Some((store.words().rest().shown.file_again)(&spoken(&name)))
                }}
            </span>
            <span class="quiet num">
                {move || {
                    typed.file.with(|file| {
                        file.as_ref().map(|(name, bytes)| format!("{name}, {}", format::size(bytes.len() as u64)))
                    })
                }}
            </span>
        </label>
    }
}

/// What was said of the latest message, how often it goes, and the buttons.
#[component(transparent)]
fn Sending(
    /// The publisher at work.
    publishing: Publishing,
) -> Piece {
    let store = expect_context::<Store>();
    let typed = publishing.typed();
    let running = Memo::new(move |_| typed.series.get().is_some());
    let later = publishing.later();
    let leaving = publishing.leaving();
    view! {
        <div class="line last">
            // A series counts on in it; what is told aloud of a message is told where all else is.
            <span class="said grow" role="status" aria-live="off" data-leaving=move || leaving.get()>{move || publishing.said(leaving)}</span>
            <label class="line every">
                {store.text(|w| w.rest().every)}
                <input
                    class="field num"
                    inputmode="decimal"
                    aria-label=store.text(|w| w.rest().interval)
                    prop:value=move || typed.every.get()
                    on:input:target=move |event| {
                        typed.every.set(event.target().value());
                        typed.payload_error.set(None);
                    }
                />
                {store.text(|w| w.rest().seconds)}
            </label>
            <button type="button" class="button" data-command=store.text(|w| w.rest().told.start_series) hidden=move || running.get() on:click=move |_| publishing.start_series()>
                {store.text(|w| w.rest().start)}
            </button>
            <button type="button" class="button stop" data-command=store.text(|w| w.rest().told.stop_series) hidden=move || !running.get() on:click=move |_| publishing.stop_series()>
                {store.text(|w| w.rest().stop)}
            </button>
            <button
                class="button primary"
                data-command=""
                aria-describedby="publish-later"
                title=move || later.get().then(|| store.words().rest().work.queue.later)
            >
                {store.text(|w| w.publish)}
            </button>
        </div>
    }
}
