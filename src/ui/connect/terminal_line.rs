//! The same connection in a terminal, as options of Mosquitto's clients.

use leptos::prelude::*;

use super::{arrival::HostInfo, form::Form};
use crate::{
    browser::location,
    link::MessageProperties,
    profile::{
        names::Version,
        terminal::{self, Options},
    },
    ui::{
        piece::{Piece, view},
        store::Store,
    },
};

/// How Mosquitto's clients reach the same broker. `None` where they cannot, as far as is known.
pub fn terminal_options(form: Form, info: RwSignal<Option<HostInfo>>) -> Option<String> {
    options(form, info, false)
}

/// What `mosquitto_pub` is told of these properties, for the end of its line; nothing unless MQTT 5 is spoken.
pub fn terminal_properties(form: Form, properties: &MessageProperties) -> String {
    if form.version.get().or(form.found.get()) != Some(Version::V5) {
        return String::new();
    }
    // A command line has no place for bytes that are no text.
    let correlation = properties
        .correlation_data
        .as_ref()
        .and_then(|data| String::from_utf8(data.clone()).ok())
        .filter(|text| !text.contains('\0'));
    let named = [
        (
            "payload-format-indicator",
            properties
                .payload_is_text
                .map(|text| u8::from(text).to_string()),
        ),
        (
            "message-expiry-interval",
            properties.message_expiry.map(|seconds| seconds.to_string()),
        ),
        ("content-type", properties.content_type.clone()),
        ("response-topic", properties.response_topic.clone()),
        ("correlation-data", correlation),
    ];
    let named: Vec<_> = named
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect();
    terminal::publish_properties(&named, &properties.user_properties)
}

/// `session`: with what keeps a session, for a client that waits for messages.
fn options(form: Form, info: RwSignal<Option<HostInfo>>, session: bool) -> Option<String> {
    let address = form.examined().ok()?;
    let own = location::host().eq_ignore_ascii_case(&address.authority());
    let tcp = info.with(|info| info.as_ref().and_then(|info| info.tcp));
    if own && info.with(Option::is_some) && tcp.is_none() {
        // The host's broker takes no plain MQTT now: the command would not work.
        return None;
    }
    if form.five.scram.get() && form.speaks_five() {
        // Mosquitto's clients know no SCRAM.
        return None;
    }
    let user_name = form.user_name.get();
    let version = form.version.get().or(form.found.get());
    let five = version == Some(Version::V5);
    let saved = form.five.to_save().unwrap_or_default();
    let count = |number: Option<u32>| number.map(|number| number.to_string());
    let flag = |flag: Option<bool>| flag.map(|flag| u8::from(flag).to_string());
    // Only MQTT 5 gets them.
    let properties = [
        (
            "receive-maximum",
            count(saved.receive_maximum.map(u32::from)),
        ),
        ("maximum-packet-size", count(saved.maximum_packet_size)),
        (
            "request-response-information",
            flag(saved.request_response_information),
        ),
        (
            "request-problem-information",
            flag(saved.request_problem_information),
        ),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name, value?)))
    .collect();
    // Under the same identifier it would throw this page out.
    let id = format!("{}-terminal", form.client_id.get());
    let expiry = saved.session_expiry;
    let kept = if five {
        expiry.is_some_and(|seconds| seconds > 0) && !form.clean_session.get()
    } else {
        !form.clean_session.get()
    };
    Some(terminal::broker_options(&Options {
        host: &address.host,
        tcp_port: tcp.filter(|_| own),
        user_name: (!user_name.is_empty()).then_some(user_name.as_str()),
        version,
        keep_session: (session && kept).then_some((id.as_str(), expiry)),
        connect_properties: properties,
        user_properties: &saved.user_properties,
    }))
}

/// The same in a terminal.
#[component(transparent)]
pub fn TerminalLine() -> Piece {
    let store = expect_context::<Store>();
    let form = expect_context::<Form>();
    let info = expect_context::<RwSignal<Option<HostInfo>>>();
    let command = Memo::new(move |_| {
        let options = options(form, info, true)?;
        let filters: Vec<_> = store
            .subscriptions
            .with(|all| all.iter().take(4).map(|one| one.filter.clone()).collect());
        Some(terminal::mosquitto_sub(&options, &filters))
    });
    view! {
        <p class="terminal" hidden=move || command.with(Option::is_none)>
            <span class="hint">{store.text(|w| w.broker.terminal)}</span>
            <code class="mono quiet wrap">{move || command.get()}</code>
        </p>
    }
}
