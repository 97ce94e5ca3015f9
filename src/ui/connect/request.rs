//! What the form says, as a request to the engine, as a saved connection, and back.

use leptos::prelude::*;

use super::form::Form;
use crate::ui::settings;
use crate::{
    link::ConnectRequest,
    profile::saved::{SavedConnection, SavedProperties, SavedWill},
    protocol::{Connect, ConnectProperties, PublishProperties, Qos, Version, Will},
};

/// The request that a connection stands for. `five`: MQTT 5 is or may be spoken.
pub fn request(
    saved: SavedConnection,
    password: Option<Vec<u8>>,
    made_up: String,
) -> ConnectRequest {
    let scram = saved.scram && saved.version.is_none_or(|version| version == Version::V5);
    // Falling back to an older version would send the password, which SCRAM is there to avoid.
    let only = if scram {
        Some(Version::V5)
    } else {
        saved.version
    };
    let five = only.is_none_or(|version| version == Version::V5);
    let addresses = std::iter::once(saved.address)
        .chain(saved.more_addresses)
        .collect();
    let made_up_id = saved.client_id.is_none();
    ConnectRequest {
        addresses,
        connect: Connect {
            version: only.or(saved.found).unwrap_or_default(),
            client_id: saved.client_id.unwrap_or(made_up),
            keep_alive: saved.keep_alive,
            clean_session: saved.clean_session,
            user_name: saved.user_name,
            password,
            will: saved.will.map(|saved| will(saved, five)),
            properties: if five {
                properties(saved.properties)
            } else {
                ConnectProperties::default()
            },
        },
        newest: only.is_none(),
        old_subprotocol: saved.old_subprotocol,
        client_id_made_up: made_up_id,
        strict: settings::is_strict(),
        scram,
    }
}

fn properties(saved: SavedProperties) -> ConnectProperties {
    ConnectProperties {
        session_expiry: saved.session_expiry,
        receive_maximum: saved.receive_maximum,
        maximum_packet_size: saved.maximum_packet_size,
        topic_alias_maximum: saved.topic_alias_maximum,
        request_response_information: saved.request_response_information,
        request_problem_information: saved.request_problem_information,
        user_properties: saved.user_properties,
        ..ConnectProperties::default()
    }
}

fn will(will: SavedWill, five: bool) -> Will {
    let properties = PublishProperties {
        payload_is_text: will.is_text.then_some(true),
        message_expiry: will.expiry,
        content_type: will.content_type,
        response_topic: will.response_topic,
        correlation_data: will.correlation_data.map(String::into_bytes),
        user_properties: will.user_properties,
        ..PublishProperties::default()
    };
    Will {
        topic: will.topic,
        payload: will.payload.into_bytes(),
        qos: Qos::from_bits(will.qos).unwrap_or_default(),
        retain: will.retain,
        delay: will.delay.filter(|_| five),
        properties: if five {
            properties
        } else {
            PublishProperties::default()
        },
    }
}

impl Form {
    /// Everything but the password, under a name. `None`: some of it is wrong.
    pub(super) fn to_save(self, name: String) -> Option<SavedConnection> {
        untrack(|| {
            let some = |text: String| Some(text).filter(|text| !text.is_empty());
            let five = self.speaks_five();
            let mut others = self.others.with(|others| {
                others
                    .iter()
                    .map(|other| other.text.get().trim().to_owned())
                    .filter(|address| !address.is_empty())
                    .collect::<Vec<_>>()
            });
            let address = self.address.get().trim().to_owned();
            others.retain(|other| *other != address);
            // What is wrong in a panel that is not shown is not in the way; it is not kept either.
            let hidden = |wrong: Option<SavedProperties>| wrong.or((!five).then(Default::default));
            let will = self.will.to_save();
            Some(SavedConnection {
                name,
                address,
                more_addresses: others,
                version: self.version.get(),
                found: self.found.get(),
                old_subprotocol: self.old_subprotocol.get(),
                client_id: (!self.made_up.get()).then(|| self.client_id.get()),
                user_name: some(self.user_name.get()),
                scram: self.five.scram.get(),
                keep_alive: self.keep_alive_seconds()?,
                clean_session: self.clean_session.get(),
                properties: hidden(self.five.to_save())?,
                will: match will {
                    Some(will) => will,
                    None if !five => Some(SavedWill {
                        topic: self.will.topic.get(),
                        payload: self.will.payload.get(),
                        qos: self.will.qos.get(),
                        retain: self.will.retain.get(),
                        ..SavedWill::default()
                    }),
                    None => return None,
                },
                with_secrets: self.with_secrets.get(),
                left_out: Vec::new(),
            })
        })
    }

    /// Fills in a saved connection. The password stays only where it belongs: at the addresses that it was typed for.
    pub fn fill(&self, saved: &SavedConnection) {
        let known = self.holds_all(std::slice::from_ref(&saved.address))
            && self.holds_all(&saved.more_addresses);
        if !known {
            self.password.set(String::new());
        }
        self.address.set(saved.address.clone());
        self.fill_others(&saved.more_addresses);
        // One that was saved with secrets before anybody was asked is kept as it was saved.
        let holds_secrets = !untrack(|| self.secrets()).is_empty();
        self.with_secrets.set(saved.with_secrets || holds_secrets);
        self.left_out.set(saved.left_out.clone());
        self.version.set(saved.version);
        self.found.set(saved.found);
        self.old_subprotocol.set(saved.old_subprotocol);
        match &saved.client_id {
            Some(id) => self.type_client_id(id.clone()),
            None if !self.made_up.get_untracked() => self.new_client_id(),
            None => {}
        }
        self.user_name
            .set(saved.user_name.clone().unwrap_or_default());
        self.five.scram.set(saved.scram);
        self.keep_alive.set(saved.keep_alive.to_string());
        self.clean_session.set(saved.clean_session);
        self.five.fill(&saved.properties);
        self.will.fill(saved.will.as_ref());
    }
}
