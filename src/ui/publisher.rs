//! The publisher: once, or every n seconds.

use std::collections::VecDeque;

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DragEvent, HtmlElement, HtmlInputElement, KeyboardEvent};

use crate::{
    desk::{
        format,
        limits::choice_limit,
        text::{spoken, topic_words},
    },
    link::{Body, Command, Notice, Phase},
    ui::{
        drafts::{BackToDraft, Drafts},
        field::{Segments, plain},
        held::HeldMessages,
        long_text::LongText,
        name::HiddenHint,
        payload_hints::PayloadHints,
        piece::{Held, Piece, view},
        publish_line::PublishLine,
        store::Store,
        typed::Typed,
        typed_payload::Format,
        typed_properties::PropertyFields,
        waiting::WaitingQueue,
        words::{
            Words,
            sentences::{limit_words, trouble_words},
        },
    },
};

/// Publications whose topic is remembered, so that a late word of the broker can name it.
const REMEMBERED: usize = 200;

/// The publisher.
#[component(transparent)]
pub fn Publisher() -> Piece {
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
    let latest = StoredValue::new(0u32);
    let sent = StoredValue::new(VecDeque::<(u32, String)>::new());
    let topic_of = move |number: u32| {
        sent.with_value(|sent| {
            let found = sent.iter().find(|(each, _)| *each == number);
            found.map(|(_, topic)| topic_words(topic))
        })
    };

    let connected = move || {
        store
            .connection
            .with_untracked(|connection| connection.phase == Phase::Connected)
    };
    // A connection is wanted and not there: what is published waits for it.
    let awaited = move || {
        store
            .connection
            .with_untracked(|connection| is_awaited(connection.phase))
    };
    let publish = move || {
        let Some(publication) = typed.publication(store) else {
            return;
        };
        let words = store.language.get_untracked().words();
        if !connected() && !awaited() {
            typed
                .payload_error
                .set(Some(words.rest().not_connected.to_owned()));
            return;
        }
        if publication.qos > 0 && connected() {
            typed.said.set(words.rest().unacknowledged.to_owned());
        }
        // What a template was filled in with is not the template.
        if matches!(publication.payload, Body::Bytes(_)) {
            drafts.settle();
        }
        latest.set_value(publication.number);
        sent.update_value(|sent| {
            sent.push_back((publication.number, publication.topic.clone()));
            if sent.len() > REMEMBERED {
                sent.pop_front();
            }
        });
        store.say(Command::Publish(Box::new(publication)));
    };
    let start = move |_| {
        let words = store.language.get_untracked().words();
        // The browser reads it: `f64`'s own reading is 10 kB. What is no number is NaN, and nothing contains that.
        let seconds = JsValue::from_str(&typed.every.get_untracked());
        let seconds = f64::try_from(seconds).unwrap_or(f64::NAN);
        if !(0.01..=86_400.0).contains(&seconds) {
            typed
                .payload_error
                .set(Some(words.rest().bad_interval.to_owned()));
            return;
        }
        let Some(publication) = typed.publication(store) else {
            return;
        };
        if !connected() {
            typed
                .payload_error
                .set(Some(words.rest().not_connected.to_owned()));
            return;
        }
        typed.series.set(Some(publication.number));
        store.say(Command::Start {
            publication: Box::new(publication),
            every_ms: (seconds * 1000.0).round() as u32,
        });
    };
    let stop = move |_| {
        if let Some(number) = typed.series.get_untracked() {
            store.say(Command::Stop { number });
        }
        typed.series.set(None);
    };
    // Signals are written in answer to the engine here, where its answers arrive.
    Effect::new(move |_| {
        store.notices.with(|notices| {
            let words = store.language.get_untracked().words();
            for notice in notices {
                match notice {
                    Notice::Published { numbers } if numbers.contains(&latest.get_value()) => {
                        if let Some(topic) = topic_of(latest.get_value()) {
                            typed.said.set((words.rest().published)(&topic));
                        }
                    }
                    Notice::Queued { numbers } if numbers.contains(&latest.get_value()) => {
                        typed.said.set(words.rest().work.queue.queued.to_owned());
                    }
                    Notice::Cancelled { number } => {
                        if let Some(topic) = topic_of(*number) {
                            typed.said.set((words.rest().work.queue.cancelled)(&topic));
                        }
                    }
                    Notice::PublishRefused {
                        number,
                        code,
                        reason,
                        ..
                    } => {
                        if typed.series.get_untracked() == Some(*number) {
                            typed.series.set(None);
                        }
                        if *number == latest.get_value() {
                            drafts.unsettle();
                        }
                        let topic = topic_of(*number);
                        let words =
                            refusal_words(topic.as_deref(), *code, reason.as_deref(), words);
                        typed.said.set(String::new());
                        typed.payload_error.set(Some(words));
                    }
                    Notice::PublishFailed { numbers, why } => {
                        let series = typed.series.get_untracked();
                        if series.is_some_and(|series| numbers.contains(&series)) {
                            typed.series.set(None);
                        }
                        if numbers.contains(&latest.get_value()) {
                            drafts.unsettle();
                        }
                        typed.payload_error.set(Some(trouble_words(why, words)));
                    }
                    _ => {}
                }
            }
        });
    });
    Effect::new(move |_| {
        let Some(draft) = store.draft.get() else {
            return;
        };
        let kept = drafts.make_room();
        typed.topic.set(draft.topic);
        typed.file.set(None);
        typed.file_again.set(None);
        typed.qos.set(draft.qos);
        typed.retain.set(draft.retain);
        typed.properties.set(&draft.properties);
        typed.topic_error.set(None);
        typed.payload_error.set(None);
        // A text field would change line ends; and `{{` is to go out as it came, not to be filled in.
        match std::str::from_utf8(&draft.payload) {
            Ok(text) if !text.contains('\r') => {
                typed.format.set(Format::Text);
                typed.placeholders.set(!text.contains("{{"));
                typed.payload.set(text.to_owned());
            }
            _ => {
                let hex = draft.payload.iter().map(|byte| format!("{byte:02x} "));
                typed.format.set(Format::Hex);
                typed.payload.set(hex.collect());
            }
        }
        drafts.settle();
        let words = store.language.get_untracked().words();
        let said = if kept {
            words.rest().shown.draft_kept
        } else {
            ""
        };
        typed.said.set(said.to_owned());
        focus_payload();
    });
    let running = Memo::new(move |_| typed.series.get().is_some());
    let leaving = Memo::new(move |_| store.queue.with(|queue| queue.leaving));
    let said = move || {
        let number = typed.series.get();
        let series = store
            .series
            .with(|all| all.iter().find(|one| Some(one.number) == number).cloned());
        match series {
            Some(series) if series.waiting => store.words().rest().running_waits.to_owned(),
            Some(series) if series.held => {
                (store.words().rest().work.queue.held)(&format::size(leaving.get()))
            }
            Some(series) => (store.words().rest().running)(
                &format::whole(series.sent),
                &topic_words(&series.topic),
            ),
            // What was said of it last is true once it has left.
            None if leaving.get() > 0 => {
                (store.words().rest().work.queue.leaving)(&format::size(leaving.get()))
            }
            None => typed.said.get(),
        }
    };
    let by_key = move |event: KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            publish();
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
        let (qos, retain) = (typed.qos.get(), typed.retain.get());
        store
            .connection
            .with(|connection| choice_limit(qos, retain, connection))
    });
    let later = Memo::new(move |_| {
        store
            .connection
            .with(|connection| is_awaited(connection.phase))
    });
    let is_file = move || typed.format.get() == Format::File;
    view! {
        <section class="publisher">
            <WaitingQueue />
            <HeldMessages />
            <form
                on:submit=move |event| {
                    event.prevent_default();
                    publish();
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
                <p id="topic-error" class="error" role="alert" hidden=move || typed.topic_error.get().is_none()>
                    {move || typed.topic_error.get()}
                </p>
                <HiddenHint id="topic-unseen" text=typed.topic />
                <p id="publish-limit" class="error" role="alert" hidden=move || not_allowed.get().is_none()>
                    {move || not_allowed.get().map(|limit| limit_words(limit, &store.words().rest().work))}
                </p>
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
                <p id="payload-error" class="error" role="alert" hidden=move || typed.payload_error.get().is_none()>
                    <LongText text=Signal::derive(move || typed.payload_error.get().unwrap_or_default()) />
                </p>
                <PayloadHints typed=typed />
                <PropertyFields typed=typed.properties />
                <p id="publish-later" class="hint" hidden=move || !later.get()>
                    {store.text(|w| w.rest().work.queue.later)}
                </p>
                <div class="line last">
                    <span class="said grow" role="status" data-leaving=move || leaving.get()>{said}</span>
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
                    <button type="button" class="button" hidden=move || running.get() on:click=start>
                        {store.text(|w| w.rest().start)}
                    </button>
                    <button type="button" class="button stop" hidden=move || !running.get() on:click=stop>
                        {store.text(|w| w.rest().stop)}
                    </button>
                    <button
                        class="button primary"
                        aria-describedby="publish-later"
                        title=move || later.get().then(|| store.words().rest().work.queue.later)
                    >
                        {store.text(|w| w.publish)}
                    </button>
                </div>
                <PublishLine typed=typed />
            </form>
        </section>
    }
}

/// There will be a connection, or another try.
fn is_awaited(phase: Phase) -> bool {
    matches!(phase, Phase::Connecting | Phase::Waiting)
}

/// The words for a publication that the broker refused; without a topic it is one of an earlier page.
fn refusal_words(topic: Option<&str>, code: u8, reason: Option<&str>, words: &Words) -> String {
    let w = &words.rest().work.refusals;
    let meaning = (w.meaning)(code);
    let mut text = match topic {
        Some(topic) => (w.message)(topic, meaning, code),
        None => (w.earlier_message)(meaning, code),
    };
    if let Some(reason) = reason {
        text.push(' ');
        text.push_str(&(w.says)(&spoken(reason)));
    }
    text
}
