//! The connect form: what is typed there, as plain text; what is wrong with it; and what connection it stands for.

pub mod address;
pub mod faults;
pub mod request;

use crate::{
    profile::{
        expiry::{self, NotATime, Unit},
        saved::{SavedConnection, SavedProperties, SavedWill, UserProperties},
    },
    protocol::Version,
};

/// The form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypedConnection {
    /// The first address.
    pub address: String,
    /// Further addresses, in the order in which they are tried. One may be empty.
    pub others: Vec<String>,
    /// The only version to try; `None`: the newest that the broker takes.
    pub version: Option<Version>,
    /// The version that this broker took last.
    pub found: Option<Version>,
    /// Offer the WebSocket subprotocol of MQTT 3.1.
    pub old_subprotocol: bool,
    /// Client identifier.
    pub client_id: String,
    /// The client identifier is Midge's own.
    pub made_up: bool,
    /// User name.
    pub user_name: String,
    /// Bytes of the password; it is looked at for nothing else.
    pub password: usize,
    /// Seconds.
    pub keep_alive: String,
    /// Clean session flag.
    pub clean_session: bool,
    /// Authenticate by SCRAM-SHA-256.
    pub scram: bool,
    /// What only MQTT 5 has.
    pub five: TypedFive,
    /// The will.
    pub will: TypedWill,
    /// What looks like a secret in the addresses is to be stored with them.
    pub with_secrets: bool,
}

/// What only MQTT 5 has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypedFive {
    /// Session expiry, as a number.
    pub expiry: String,
    /// Its unit.
    pub expiry_unit: Unit,
    /// Receive maximum.
    pub receive_maximum: String,
    /// Maximum packet size.
    pub maximum_packet_size: String,
    /// Topic alias maximum.
    pub topic_alias_maximum: String,
    /// Ask for response information.
    pub request_response: bool,
    /// Ask for reason strings and user properties with failures.
    pub request_problem: bool,
    /// In their order.
    pub user_properties: UserProperties,
}

/// The will.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypedWill {
    /// Topic name; empty: no will.
    pub topic: String,
    /// Payload.
    pub payload: String,
    /// 0, 1 or 2.
    pub qos: u8,
    /// Retain flag.
    pub retain: bool,
    /// Will delay. MQTT 5 only, like all below.
    pub delay: String,
    /// Message expiry.
    pub expiry: String,
    /// Content type.
    pub content_type: String,
    /// Response topic.
    pub response_topic: String,
    /// Correlation data.
    pub correlation: String,
    /// Payload format indicator.
    pub is_text: bool,
    /// In their order.
    pub user_properties: UserProperties,
}

/// What was typed is no number of the range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfRange;

/// A whole number of a range; `None` for nothing typed.
pub fn number<T>(typed: &str, least: T) -> Result<Option<T>, OutOfRange>
where
    T: std::str::FromStr + PartialOrd,
{
    match typed.trim() {
        "" => Ok(None),
        digits => digits
            .parse()
            .ok()
            .filter(|number| *number >= least)
            .map(Some)
            .ok_or(OutOfRange),
    }
}

/// MQTT 5 is or may be spoken, so that what only it has is shown.
pub fn speaks_five(version: Option<Version>) -> bool {
    version.is_none_or(|version| version == Version::V5)
}

/// Seconds of keep alive; `None`: it is no whole number from 0 to 65,535.
pub fn keep_alive_seconds(typed: &str) -> Option<u16> {
    typed.trim().parse().ok()
}

/// A session expiry as one types it.
pub fn expiry_to_edit(seconds: Option<u32>) -> (String, Unit) {
    match seconds.map(expiry::split) {
        Some((_, Unit::ForEver)) => (String::new(), Unit::ForEver),
        Some((number, unit)) => (number.to_string(), unit),
        None => (String::new(), Unit::Hours),
    }
}

fn shown<T: ToString>(number: Option<T>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

impl TypedFive {
    /// As one would type what was saved.
    pub fn to_edit(saved: &SavedProperties) -> Self {
        let (expiry, expiry_unit) = expiry_to_edit(saved.session_expiry);
        Self {
            expiry,
            expiry_unit,
            receive_maximum: shown(saved.receive_maximum),
            maximum_packet_size: shown(saved.maximum_packet_size),
            topic_alias_maximum: shown(saved.topic_alias_maximum),
            request_response: saved.request_response_information.unwrap_or(false),
            request_problem: saved.request_problem_information.unwrap_or(true),
            user_properties: saved.user_properties.clone(),
        }
    }

    /// Session expiry in seconds.
    pub fn session_expiry(&self) -> Result<Option<u32>, NotATime> {
        expiry::seconds(&self.expiry, self.expiry_unit)
    }

    /// What was typed, to be saved; `None` if any of it is wrong.
    pub fn to_save(&self) -> Option<SavedProperties> {
        Some(SavedProperties {
            session_expiry: self.session_expiry().ok()?,
            receive_maximum: number(&self.receive_maximum, 1).ok()?,
            maximum_packet_size: number(&self.maximum_packet_size, 1).ok()?,
            topic_alias_maximum: number(&self.topic_alias_maximum, 0).ok()?,
            // The specification's defaults need no word.
            request_response_information: self.request_response.then_some(true),
            request_problem_information: (!self.request_problem).then_some(false),
            user_properties: self.user_properties.clone(),
        })
    }
}

impl TypedWill {
    /// As one would type a will that was saved, or none.
    pub fn to_edit(saved: Option<&SavedWill>) -> Self {
        let will = saved.cloned().unwrap_or_default();
        Self {
            topic: will.topic,
            payload: will.payload,
            qos: will.qos,
            retain: will.retain,
            delay: shown(will.delay),
            expiry: shown(will.expiry),
            content_type: will.content_type.unwrap_or_default(),
            response_topic: will.response_topic.unwrap_or_default(),
            correlation: will.correlation_data.unwrap_or_default(),
            is_text: will.is_text,
            user_properties: will.user_properties,
        }
    }

    /// What was typed, to be saved. `Some(None)`: no will. `None`: some of it is wrong.
    pub fn to_save(&self) -> Option<Option<SavedWill>> {
        if self.topic.is_empty() {
            return Some(None);
        }
        Some(Some(SavedWill {
            delay: number(&self.delay, 0).ok()?,
            is_text: self.is_text,
            expiry: number(&self.expiry, 0).ok()?,
            content_type: some(&self.content_type),
            response_topic: some(&self.response_topic),
            correlation_data: some(&self.correlation),
            user_properties: self.user_properties.clone(),
            ..self.of_old()
        }))
    }

    /// What every version has of it.
    fn of_old(&self) -> SavedWill {
        SavedWill {
            topic: self.topic.clone(),
            payload: self.payload.clone(),
            qos: self.qos,
            retain: self.retain,
            ..SavedWill::default()
        }
    }
}

impl TypedConnection {
    /// Everything but the password, under a name. `None`: some of it is wrong.
    pub fn to_save(&self, name: String) -> Option<SavedConnection> {
        let five = speaks_five(self.version);
        let address = self.address.trim().to_owned();
        let others = self.others.iter().map(|other| other.trim());
        let others = others.filter(|other| !other.is_empty() && *other != address);
        // What is wrong in a panel that is not shown is not in the way; it is not kept either.
        let properties = match self.five.to_save() {
            None if !five => SavedProperties::default(),
            properties => properties?,
        };
        let will = match self.will.to_save() {
            None if !five => Some(self.will.of_old()),
            will => will?,
        };
        Some(SavedConnection {
            name,
            more_addresses: others.map(str::to_owned).collect(),
            address,
            version: self.version,
            found: self.found,
            old_subprotocol: self.old_subprotocol,
            client_id: (!self.made_up).then(|| self.client_id.clone()),
            user_name: some(&self.user_name),
            scram: self.scram,
            keep_alive: keep_alive_seconds(&self.keep_alive)?,
            clean_session: self.clean_session,
            properties,
            will,
            with_secrets: self.with_secrets,
            left_out: Vec::new(),
            subscriptions: None,
            incomplete: self.password > 0,
        })
    }
}
