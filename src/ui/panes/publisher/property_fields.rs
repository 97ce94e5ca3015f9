//! The fields for the properties of a message (MQTT 5 section 3.3.2.3).

use leptos::prelude::*;

use crate::{
    desk::{
        limits::older_version,
        typed::properties::{count, is_unheard},
    },
    link::Command,
    protocol::SubscribeRequest,
    ui::{
        controls::{
            name::HiddenHint,
            rest::{later, on_demand},
            user_properties::UserProperties,
        },
        panes::publisher::{drafts::Drafts, typed_properties::TypedProperties},
        piece::{Piece, shown_when, view},
        state::store::Store,
        words::Words,
    },
};

/// The fields, folded away.
#[component(transparent)]
pub fn PropertyFields(
    /// What was typed.
    typed: TypedProperties,
) -> Piece {
    let store = expect_context::<Store>();
    let count = Memo::new(move |_| count(&typed.draft()));
    provide_context(Typed(typed));
    // They stay once they were open.
    let opened = Memo::new(move |before: Option<&bool>| {
        before.is_some_and(|before| *before) || typed.open.get()
    });
    view! {
        <details
            class="more properties"
            prop:open=move || typed.open.get()
            on:toggle:target=move |event| typed.open.set(event.target().open())
        >
            <summary>
                {store.text(|w| w.later().properties.heading)}" "
                <span class="tag" hidden=move || count.get() == 0>
                    {move || (store.words().later().properties.in_use)(count.get())}
                </span>
            </summary>
            {shown_when(move || opened.get(), move || on_demand(fields))}
            <p id="properties-error" class="error" role="alert" hidden=move || typed.error.get().is_none()>
                {move || typed.error.get()}
            </p>
        </details>
    }
}

/// What was typed, for the fields, which are loaded later.
#[derive(Clone, Copy)]
struct Typed(TypedProperties);

later! {
    /// The fields.
    fn fields() in options { Fields }
}

#[component(transparent)]
fn Fields() -> Piece {
    let store = expect_context::<Store>();
    let Typed(typed) = expect_context::<Typed>();
    let older = Memo::new(move |_| store.told.connection.with(older_version));
    let drafts = expect_context::<Drafts>();
    // Offered where the answer would not come here yet.
    let unheard = Memo::new(move |_| {
        let topic = typed.response_topic.get();
        store.told.subscriptions.with(|all| is_unheard(&topic, all))
    });
    let text = move |value: RwSignal<String>,
                     name: fn(&Words) -> &'static str,
                     placeholder: &'static str,
                     hint: fn(&Words) -> &'static str| {
        view! {
            <label class="labelled">
                <span>{store.text(name)}</span>
                <input
                    class="field mono"
                    placeholder=placeholder
                    title=store.text(hint)
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    prop:value=move || value.get()
                    on:input:target=move |event| {
                        value.set(event.target().value());
                        typed.error.set(None);
                    }
                />
            </label>
        }
    };
    view! {
        <p class="hint" hidden=move || older.get().is_none()>
            {move || older.get().map(|version| (store.words().later().properties.needs_5)(version.name()))}
        </p>
        <fieldset class="bare" prop:disabled=move || older.get().is_some()>
            <div class="two">
                {text(
                    typed.response_topic,
                    |w| w.later().properties.response_topic,
                    "response/lab",
                    |w| w.later().properties.response_topic_hint,
                )}
                <div class="labelled">
                    <label for="correlation-data">{store.text(|w| w.later().properties.correlation_data)}</label>
                    <div class="line">
                        <input
                            id="correlation-data"
                            class="field mono"
                            autocomplete="off"
                            autocapitalize="off"
                            spellcheck="false"
                            prop:value=move || typed.correlation.get()
                            on:input:target=move |event| {
                                typed.correlation.set(event.target().value());
                                typed.error.set(None);
                            }
                        />
                        <select
                            class="field as"
                            aria-label=store.text(|w| w.later().properties.correlation_as)
                            prop:value=move || if typed.correlation_hex.get() { "hex" } else { "text" }
                            on:change:target=move |event| {
                                typed.correlation_hex.set(event.target().value() == "hex");
                                typed.error.set(None);
                            }
                        >
                            <option value="text">{store.text(|w| w.rest().text)}</option>
                            // It may have been chosen before the options are there.
                            <option value="hex" selected=typed.correlation_hex.get_untracked()>{store.text(|w| w.rest().hex)}</option>
                        </select>
                    </div>
                </div>
            </div>
            <HiddenHint id="response-topic-unseen" text=typed.response_topic />
            <div class="buttons">
                <button
                    type="button"
                    class="button"
                    title=store.text(|w| w.later().properties.make_up_hint)
                    on:click=move |_| {
                        // What was typed there would be gone.
                        let texts = [typed.response_topic, typed.correlation];
                        if texts.iter().any(|text| text.with_untracked(|text| !text.is_empty())) {
                            drafts.make_room();
                        }
                        store.told.connection.with_untracked(|connection| typed.make_up(connection));
                    }
                >
                    {store.text(|w| w.later().properties.make_up)}
                </button>
                <button
                    type="button"
                    class="button"
                    hidden=move || !unheard.get()
                    on:click=move |_| {
                        store.say(Command::Subscribe(vec![SubscribeRequest {
                            filter: typed.response_topic.get_untracked(),
                            ..SubscribeRequest::default()
                        }]))
                    }
                >
                    {store.text(|w| w.later().properties.subscribe_to_it)}
                </button>
            </div>
            <div class="two">
                {text(
                    typed.content_type,
                    |w| w.later().properties.content_type,
                    "application/json",
                    |w| w.later().properties.content_type,
                )}
                {text(
                    typed.expiry,
                    |w| w.later().properties.expiry_field,
                    "60",
                    |w| w.later().properties.expiry_hint,
                )}
            </div>
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=move || typed.is_text.get()
                    on:change:target=move |event| {
                        typed.is_text.set(event.target().checked());
                        typed.error.set(None);
                    }
                />
                {store.text(|w| w.later().properties.payload_is_text)}
            </label>
            <UserProperties heading=|w| w.later().properties.user_properties properties=typed.user />
        </fieldset>
    }
}
