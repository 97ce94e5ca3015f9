//! The properties that were typed into the publisher, and their fields (MQTT 5 section 3.3.2.3).

use leptos::prelude::*;

use crate::{
    browser::random,
    desk::limits::older_version,
    link::{Command, Connection, MessageProperties, Wanted},
    payload::parse_hex,
    profile::{
        drafts::DraftProperties,
        names::{check_topic_filter, check_topic_name},
    },
    ui::{
        drafts::Drafts,
        name::HiddenHint,
        piece::{Piece, view},
        store::Store,
        typed::topic_fault,
        typed_payload::hex_fault,
        user_properties::{Properties, UserProperties},
        words::{Words, version_name},
    },
};

/// What was typed. A handle: cheap to copy.
#[derive(Clone, Copy)]
pub struct TypedProperties {
    response_topic: RwSignal<String>,
    correlation: RwSignal<String>,
    correlation_hex: RwSignal<bool>,
    content_type: RwSignal<String>,
    expiry: RwSignal<String>,
    is_text: RwSignal<bool>,
    user: Properties,
    /// What is wrong, in words.
    pub error: RwSignal<Option<String>>,
    open: RwSignal<bool>,
}

impl TypedProperties {
    /// Nothing typed.
    pub fn new() -> Self {
        Self {
            response_topic: RwSignal::default(),
            correlation: RwSignal::default(),
            correlation_hex: RwSignal::default(),
            content_type: RwSignal::default(),
            expiry: RwSignal::default(),
            is_text: RwSignal::default(),
            user: Properties::new(),
            error: RwSignal::default(),
            open: RwSignal::new(false),
        }
    }

    /// The properties as they would go out, or what is wrong with them.
    pub fn read(self, words: &Words) -> Result<MessageProperties, String> {
        let w = &words.rest().work.properties;
        let some = |text: String| (!text.is_empty()).then_some(text);
        let response_topic = some(self.response_topic.get());
        if let Some(topic) = &response_topic {
            check_topic_name(topic)
                .map_err(|fault| (w.bad_response_topic)(&topic_fault(&fault, words)))?;
        }
        let correlation_data = match some(self.correlation.get()) {
            Some(text) if self.correlation_hex.get() => Some(
                parse_hex(&text).map_err(|fault| (w.bad_correlation)(&hex_fault(&fault, words)))?,
            ),
            text => text.map(String::into_bytes),
        };
        let expiry = self.expiry.get();
        let message_expiry = match expiry.trim() {
            "" => None,
            text => Some(text.parse().map_err(|_| w.bad_expiry.to_owned())?),
        };
        let properties = MessageProperties {
            payload_is_text: self.is_text.get().then_some(true),
            message_expiry,
            content_type: some(self.content_type.get()),
            response_topic,
            correlation_data,
            user_properties: self.user.pairs(),
        };
        let too_long = |length: usize| length > usize::from(u16::MAX);
        let names = properties.user_properties.iter();
        let long = if names
            .flat_map(|(name, value)| [name, value])
            .any(|text| too_long(text.len()))
        {
            Some(words.rest().work.properties.user_properties)
        } else if properties
            .content_type
            .as_ref()
            .is_some_and(|text| too_long(text.len()))
        {
            Some(w.content_type)
        } else if properties
            .correlation_data
            .as_ref()
            .is_some_and(|data| too_long(data.len()))
        {
            Some(w.correlation_data)
        } else {
            None
        };
        long.map_or(Ok(properties), |what| Err((w.too_long)(what)))
    }

    /// How many there are.
    fn count(self) -> usize {
        let texts = [
            self.response_topic,
            self.correlation,
            self.content_type,
            self.expiry,
        ];
        let typed = texts
            .iter()
            .filter(|text| text.with(|text| !text.is_empty()));
        typed.count() + usize::from(self.is_text.get()) + self.user.pairs().len()
    }

    /// Puts these in place of what was typed.
    pub fn set(self, properties: &MessageProperties) {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        self.response_topic.set(text(&properties.response_topic));
        self.content_type.set(text(&properties.content_type));
        let expiry = properties.message_expiry.map(|seconds| seconds.to_string());
        self.expiry.set(expiry.unwrap_or_default());
        self.is_text
            .set(properties.payload_is_text.unwrap_or_default());
        self.user.fill(&properties.user_properties);
        let data = properties.correlation_data.as_deref().unwrap_or_default();
        match readable(data) {
            Some(text) => {
                self.correlation.set(text.to_owned());
                self.correlation_hex.set(false);
            }
            None => {
                self.correlation.set(hex(data));
                self.correlation_hex.set(true);
            }
        }
        self.error.set(None);
        if *properties != MessageProperties::default() {
            self.open.set(true);
        }
    }

    /// What was typed, as it was typed.
    pub fn draft(self) -> DraftProperties {
        DraftProperties {
            response_topic: self.response_topic.get(),
            correlation: self.correlation.get(),
            correlation_hex: self.correlation_hex.get(),
            content_type: self.content_type.get(),
            expiry: self.expiry.get(),
            is_text: self.is_text.get(),
            user: self.user.pairs(),
        }
    }

    /// Reads every signal.
    pub fn track(self) {
        let texts = [
            self.response_topic,
            self.correlation,
            self.content_type,
            self.expiry,
        ];
        texts.iter().for_each(Track::track);
        self.correlation_hex.track();
        self.is_text.track();
        self.user.pairs();
    }

    /// Puts in what was typed before.
    pub fn put(self, draft: &DraftProperties) {
        self.response_topic.set(draft.response_topic.clone());
        self.correlation.set(draft.correlation.clone());
        self.correlation_hex.set(draft.correlation_hex);
        self.content_type.set(draft.content_type.clone());
        self.expiry.set(draft.expiry.clone());
        self.is_text.set(draft.is_text);
        self.user.fill(&draft.user);
        self.error.set(None);
        if *draft != DraftProperties::default() {
            self.open.set(true);
        }
    }

    /// Shows what is wrong, and the fields with it.
    pub fn blame(self, error: Option<String>) {
        if error.is_some() {
            self.open.set(true);
        }
        self.error.set(error);
    }

    fn make_up(self, connection: &Connection) {
        self.response_topic.set(own_response_topic(connection));
        self.correlation.set(format!("{:08x}", random::bits()));
        self.correlation_hex.set(false);
        self.error.set(None);
    }
}

/// Bytes as text, if they are meant for reading.
pub fn readable(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?;
    (!text.chars().any(char::is_control)).then_some(text)
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    let mut out = String::with_capacity(bytes.len() * 3);
    for (index, byte) in bytes.iter().enumerate() {
        let space = if index == 0 { "" } else { " " };
        let _ = write!(out, "{space}{byte:02x}");
    }
    out
}

/// A response topic that nobody else uses: from what the broker says is this client's to use (MQTT 5 section
/// 3.2.2.3.15), else from the client identifier.
fn own_response_topic(connection: &Connection) -> String {
    let granted = connection.granted.as_ref();
    let client_id = granted
        .and_then(|granted| granted.assigned_client_id.as_deref())
        .unwrap_or(&connection.client_id)
        .replace(['+', '#', '/', '\0'], "-");
    let information = granted
        .and_then(|granted| granted.response_information.as_deref())
        .filter(|information| check_topic_name(information).is_ok());
    match information {
        Some(base) if base.ends_with('/') => format!("{base}{client_id}"),
        Some(base) => base.to_owned(),
        None => format!("response/{client_id}"),
    }
}

/// The fields, folded away.
#[component(transparent)]
pub fn PropertyFields(
    /// What was typed.
    typed: TypedProperties,
) -> Piece {
    let store = expect_context::<Store>();
    let older = Memo::new(move |_| store.connection.with(older_version));
    let drafts = expect_context::<Drafts>();
    let count = Memo::new(move |_| typed.count());
    // Offered where the answer would not come here yet.
    let unheard = Memo::new(move |_| {
        let topic = typed.response_topic.get();
        check_topic_filter(&topic).is_ok()
            && check_topic_name(&topic).is_ok()
            && store
                .subscriptions
                .with(|all| all.iter().all(|one| one.filter != topic))
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
        <details
            class="more properties"
            prop:open=move || typed.open.get()
            on:toggle:target=move |event| typed.open.set(event.target().open())
        >
            <summary>
                {store.text(|w| w.rest().work.properties.heading)}" "
                <span class="tag" hidden=move || count.get() == 0>
                    {move || (store.words().rest().work.properties.in_use)(count.get())}
                </span>
            </summary>
            <p class="hint" hidden=move || older.get().is_none()>
                {move || older.get().map(|version| (store.words().rest().work.properties.needs_5)(version_name(version)))}
            </p>
            <fieldset class="bare" prop:disabled=move || older.get().is_some()>
                <div class="two">
                    {text(
                        typed.response_topic,
                        |w| w.rest().work.properties.response_topic,
                        "response/lab",
                        |w| w.rest().work.properties.response_topic_hint,
                    )}
                    <div class="labelled">
                        <label for="correlation-data">{store.text(|w| w.rest().work.properties.correlation_data)}</label>
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
                                aria-label=store.text(|w| w.rest().work.properties.correlation_as)
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
                        title=store.text(|w| w.rest().work.properties.make_up_hint)
                        on:click=move |_| {
                            // What was typed there would be gone.
                            let texts = [typed.response_topic, typed.correlation];
                            if texts.iter().any(|text| text.with_untracked(|text| !text.is_empty())) {
                                drafts.make_room();
                            }
                            store.connection.with_untracked(|connection| typed.make_up(connection));
                        }
                    >
                        {store.text(|w| w.rest().work.properties.make_up)}
                    </button>
                    <button
                        type="button"
                        class="button"
                        hidden=move || !unheard.get()
                        on:click=move |_| {
                            store.say(Command::Subscribe(vec![Wanted {
                                filter: typed.response_topic.get_untracked(),
                                ..Wanted::default()
                            }]))
                        }
                    >
                        {store.text(|w| w.rest().work.properties.subscribe_to_it)}
                    </button>
                </div>
                <div class="two">
                    {text(
                        typed.content_type,
                        |w| w.rest().work.properties.content_type,
                        "application/json",
                        |w| w.rest().work.properties.content_type,
                    )}
                    {text(
                        typed.expiry,
                        |w| w.rest().work.properties.expiry_field,
                        "60",
                        |w| w.rest().work.properties.expiry_hint,
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
                    {store.text(|w| w.rest().work.properties.payload_is_text)}
                </label>
                <UserProperties heading=|w| w.rest().work.properties.user_properties properties=typed.user />
            </fieldset>
            <p id="properties-error" class="error" role="alert" hidden=move || typed.error.get().is_none()>
                {move || typed.error.get()}
            </p>
        </details>
    }
}
