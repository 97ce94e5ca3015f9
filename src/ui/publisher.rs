//! The publisher: once, or every n seconds.

use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, HtmlInputElement, KeyboardEvent};

use crate::{
    link::{Command, Notice, Phase},
    profile::terminal,
    ui::{
        connect::{Form, HostInfo, terminal_options},
        field::{Segments, plain},
        format,
        store::Store,
        typed::{Format, Typed, trouble_words},
    },
};

/// The publisher.
#[component]
pub fn Publisher() -> impl IntoView {
    let store = expect_context::<Store>();
    let typed = Typed::new();
    let payload_field = NodeRef::<html::Textarea>::new();
    let waiting = StoredValue::new(None::<(u32, String)>);

    let connected = move || {
        store
            .connection
            .with_untracked(|connection| connection.phase == Phase::Connected)
    };
    let publish = move || {
        let Some(publication) = typed.publication(store) else {
            return;
        };
        if !connected() {
            typed.payload_error.set(Some(
                store
                    .language
                    .get_untracked()
                    .words()
                    .not_connected
                    .to_owned(),
            ));
            return;
        }
        if publication.qos > 0 {
            let words = store.language.get_untracked().words();
            typed.said.set(words.unacknowledged.to_owned());
        }
        waiting.set_value(Some((publication.number, publication.topic.clone())));
        store.say(Command::Publish(Box::new(publication)));
    };
    let start = move |_| {
        let words = store.language.get_untracked().words();
        let seconds = typed.every.get_untracked().trim().parse::<f64>().ok();
        let Some(seconds) = seconds.filter(|seconds| (0.01..=86_400.0).contains(seconds)) else {
            typed.payload_error.set(Some(words.bad_interval.to_owned()));
            return;
        };
        let Some(publication) = typed.publication(store) else {
            return;
        };
        if !connected() {
            typed
                .payload_error
                .set(Some(words.not_connected.to_owned()));
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
                    Notice::Published { number, .. } => {
                        if let Some((_, topic)) =
                            waiting.get_value().filter(|(waiting, _)| waiting == number)
                        {
                            typed.said.set((words.published)(&topic));
                        }
                    }
                    Notice::PublishFailed { number, why } => {
                        if typed.series.get_untracked() == Some(*number) {
                            typed.series.set(None);
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
        typed.topic.set(draft.topic);
        typed.qos.set(draft.qos);
        typed.retain.set(draft.retain);
        // A text field would change line ends; and `{{` is to go out as it came, not to be filled in.
        match std::str::from_utf8(&draft.payload) {
            Ok(text) if !text.contains('\r') => {
                typed.format.set(Format::Text);
                typed.payload.set(text.replace("{{", "{{{{"));
            }
            _ => {
                let hex = draft.payload.iter().map(|byte| format!("{byte:02x} "));
                typed.format.set(Format::Hex);
                typed.payload.set(hex.collect());
            }
        }
        if let Some(field) = payload_field.get_untracked() {
            let _ = field.focus();
        }
    });
    let running = Memo::new(move |_| typed.series.get().is_some());
    let said = move || {
        let number = typed.series.get();
        let series = store
            .series
            .with(|all| all.iter().find(|one| Some(one.number) == number).cloned());
        match series {
            Some(series) if series.waiting => store.words().running_waits.to_owned(),
            Some(series) => (store.words().running)(&format::whole(series.sent), &series.topic),
            None => typed.said.get(),
        }
    };
    let (form, info) = (
        expect_context::<Form>(),
        expect_context::<RwSignal<Option<HostInfo>>>(),
    );
    let terminal = move || {
        let topic = typed.topic.get();
        if topic.is_empty() {
            return None;
        }
        let options = terminal_options(form, info)?;
        let payload = (typed.format.get() != Format::File).then(|| typed.payload.get());
        Some(terminal::mosquitto_pub(
            &options,
            &topic,
            payload.as_deref(),
            typed.qos.get(),
            typed.retain.get(),
        ))
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
    let is_file = move || typed.format.get() == Format::File;
    view! {
        <section class="publisher">
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
                        label=Signal::derive(move || store.words().payload_format.to_owned())
                        group="payload-format"
                        choices=vec![
                            (Format::Text, Signal::derive(move || store.words().text.to_owned())),
                            (Format::Json, plain("JSON")),
                            (Format::Hex, Signal::derive(move || store.words().hex.to_owned())),
                            (Format::File, Signal::derive(move || store.words().file.to_owned())),
                        ]
                        value=typed.format
                        choose=move |format| {
                            typed.format.set(format);
                            typed.payload_error.set(None);
                        }
                    />
                </div>
                <div class="line target">
                    <input
                        class="field mono"
                        aria-label=store.text(|w| w.topic)
                        placeholder="sensors/lab/temp"
                        autocomplete="off"
                        autocapitalize="off"
                        spellcheck="false"
                        aria-invalid=move || typed.topic_error.get().is_some().to_string()
                        aria-describedby="topic-error"
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
                        {store.text(|w| w.retain)}
                    </label>
                </div>
                <p id="topic-error" class="error" role="alert" hidden=move || typed.topic_error.get().is_none()>
                    {move || typed.topic_error.get()}
                </p>
                <textarea
                    class="field mono"
                    rows="2"
                    node_ref=payload_field
                    hidden=is_file
                    aria-label=store.text(|w| w.payload)
                    placeholder=store.text(|w| w.templates)
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
                    <span class="visually-hidden">{store.text(|w| w.choose_file)}</span>
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
                    <span class="quiet num">
                        {move || {
                            typed.file.with(|file| {
                                file.as_ref().map(|(name, bytes)| format!("{name}, {}", format::size(bytes.len() as u64)))
                            })
                        }}
                    </span>
                </label>
                <p id="payload-error" class="error" role="alert" hidden=move || typed.payload_error.get().is_none()>
                    {move || typed.payload_error.get()}
                </p>
                <div class="line last">
                    <span class="said grow" role="status">{said}</span>
                    <label class="line every">
                        {store.text(|w| w.every)}
                        <input
                            class="field num"
                            inputmode="decimal"
                            aria-label=store.text(|w| w.interval)
                            prop:value=move || typed.every.get()
                            on:input:target=move |event| {
                                typed.every.set(event.target().value());
                                typed.payload_error.set(None);
                            }
                        />
                        {store.text(|w| w.seconds)}
                    </label>
                    <button type="button" class="button" hidden=move || running.get() on:click=start>
                        {store.text(|w| w.start)}
                    </button>
                    <button type="button" class="button stop" hidden=move || !running.get() on:click=stop>
                        {store.text(|w| w.stop)}
                    </button>
                    <button class="button primary">{store.text(|w| w.publish)}</button>
                </div>
                <code class="terminal quiet mono" title=store.text(|w| w.terminal) hidden=move || terminal().is_none()>{terminal}</code>
            </form>
        </section>
    }
}
