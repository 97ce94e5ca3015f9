//! What a terminal is told of the broker that the form names.

use leptos::prelude::*;

use crate::{
    browser::location,
    profile::{
        address::Reach,
        terminal::{Broker, NoLine, Port},
    },
    protocol::{Version, WAY_IN},
    ui::state::form::{Form, host::HostInfo},
};

/// What Mosquitto's clients are told of the broker that the form names.
pub struct Told {
    host: String,
    port: Port,
    user_name: String,
    password: bool,
    version: Option<Version>,
    session: Option<(String, Option<u32>)>,
    properties: Vec<(&'static str, u32)>,
    user_properties: Vec<(String, String)>,
}

impl Told {
    /// `None`: the form names no broker. `session`: with what keeps a session, for a client that waits for messages.
    pub fn of(
        form: Form,
        info: RwSignal<Option<HostInfo>>,
        session: bool,
    ) -> Option<Result<Self, NoLine>> {
        let address = form.examined().ok()?;
        if address.reach == Reach::Tab {
            return Some(Err(NoLine::InBrowser));
        }
        let own = location::host().eq_ignore_ascii_case(&address.authority());
        if own && address.path.starts_with(WAY_IN) {
            return Some(Err(NoLine::WayIn));
        }
        let port = match info.with(|info| info.as_ref().map(|info| info.tcp)) {
            // The host's broker takes no plain MQTT now: the command would not work.
            Some(None) if own => return Some(Err(NoLine::NoTcp)),
            Some(Some(port)) if own => Port::Known(port),
            _ if address.secure => Port::UsualTls,
            _ => Port::Usual,
        };
        if form.five.scram.get() && form.speaks_five() {
            return Some(Err(NoLine::Scram));
        }
        let version = form.version.get().or(form.found.get());
        let saved = form.five.typed().to_save().unwrap_or_default();
        let flag = |flag: Option<bool>| flag.map(u32::from);
        // Only MQTT 5 gets them.
        let properties = [
            ("receive-maximum", saved.receive_maximum.map(u32::from)),
            ("maximum-packet-size", saved.maximum_packet_size),
            (
                "request-response-information",
                flag(saved.request_response_information),
            ),
            (
                "request-problem-information",
                flag(saved.request_problem_information),
            ),
        ];
        let properties = properties
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)))
            .collect();
        let expiry = saved.session_expiry;
        let kept = !form.clean_session.get()
            && (version != Some(Version::V5) || expiry.is_some_and(|seconds| seconds > 0));
        Some(Ok(Self {
            host: address.host,
            port,
            user_name: form.user_name.get(),
            password: form.password.with(|password| !password.is_empty()),
            version,
            session: (session && kept).then(|| (form.client_id.get(), expiry)),
            properties,
            user_properties: saved.user_properties,
        }))
    }

    /// The same, borrowed.
    pub fn broker(&self) -> Broker<'_> {
        let session = self.session.as_ref();
        Broker {
            host: &self.host,
            port: self.port,
            user_name: Some(self.user_name.as_str()).filter(|name| !name.is_empty()),
            password: self.password,
            version: self.version,
            keep_session: session.map(|(client_id, expiry)| (client_id.as_str(), *expiry)),
            connect_properties: self.properties.clone(),
            user_properties: &self.user_properties,
        }
    }
}
