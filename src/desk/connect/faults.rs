//! What is wrong with the connect form, field by field. A field that is not shown for the chosen version is never wrong.

use super::{TypedConnection, TypedFive, TypedWill, keep_alive_seconds, number, speaks_five};
use crate::{
    profile::address::{Address, AddressFault},
    protocol::{TopicFault, Version, check_topic_name},
};

/// Strings and binary data in MQTT have a length of two bytes (MQTT 3.1.1 section 1.5.3).
const LONGEST: usize = 65_535;

/// A field that may be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The address of this number; 1 is the first.
    Address(usize),
    /// Client id.
    ClientId,
    /// User name.
    UserName,
    /// Password.
    Password,
    /// Authentication.
    Authentication,
    /// Keep alive.
    KeepAlive,
    /// Expiry.
    Expiry,
    /// Receive maximum.
    ReceiveMaximum,
    /// Maximum packet size.
    MaximumPacketSize,
    /// Topic alias maximum.
    TopicAliasMaximum,
    /// User properties.
    UserProperties,
    /// Will topic.
    WillTopic,
    /// Will payload.
    WillPayload,
    /// Will delay.
    WillDelay,
    /// Will expiry.
    WillExpiry,
    /// Will content type.
    WillContentType,
    /// Will response topic.
    WillResponseTopic,
    /// Will correlation.
    WillCorrelation,
    /// Will user properties.
    WillUserProperties,
}

/// What is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormFault {
    /// An address.
    Address(AddressFault),
    /// No client identifier, and no clean session.
    ClientIdNeeded,
    /// A password without a user name ([MQTT-3.1.2-22]).
    UserNameNeeded,
    /// SCRAM-SHA-256 without user name or password.
    ScramNeedsBoth,
    /// Keep alive is no whole number from 0 to 65,535.
    /// Keep alive.
    KeepAlive,
    /// No whole number of this range.
    Range(u32, u32),
    /// No time.
    Time,
    /// No topic name.
    Topic(TopicFault),
    /// Longer than MQTT has room for.
    TooLong,
    /// U+0000, which a text of MQTT must not contain ([MQTT-1.5.3-2]).
    Nul,
}

impl FormFault {
    /// More typing does not put it right, so it is said before Connect is pressed.
    pub fn early(&self) -> bool {
        matches!(
            self,
            Self::Range(..) | Self::Time | Self::KeepAlive | Self::TooLong | Self::Nul
        )
    }
}

fn text_fault(text: &str) -> Option<FormFault> {
    if text.len() > LONGEST {
        Some(FormFault::TooLong)
    } else {
        text.contains('\0').then_some(FormFault::Nul)
    }
}

fn length_fault(length: usize) -> Option<FormFault> {
    (length > LONGEST).then_some(FormFault::TooLong)
}

fn topic_fault(topic: &str) -> Option<FormFault> {
    check_topic_name(topic).err().map(FormFault::Topic)
}

fn properties_fault(pairs: &[(String, String)]) -> Option<FormFault> {
    pairs
        .iter()
        .find_map(|(name, value)| text_fault(name).or_else(|| text_fault(value)))
}

fn short_fault(typed: &str, least: u16) -> Option<FormFault> {
    let wrong = number(typed, least).is_err();
    wrong.then_some(FormFault::Range(u32::from(least), u32::from(u16::MAX)))
}

fn long_fault(typed: &str, least: u32) -> Option<FormFault> {
    let wrong = number(typed, least).is_err();
    wrong.then_some(FormFault::Range(least, u32::MAX))
}

/// Everything that is wrong, in the order of the fields. `read` reads an address as the browser will.
pub fn faults(
    form: &TypedConnection,
    read: impl Fn(&str) -> Result<Address, AddressFault>,
) -> Vec<(Field, FormFault)> {
    let mut all = Vec::new();
    let mut put = |field: Field, fault: Option<FormFault>| {
        all.extend(fault.map(|fault| (field, fault)));
    };
    let address = read(&form.address).err().map(FormFault::Address);
    put(Field::Address(1), address);
    for (index, other) in form.others.iter().enumerate() {
        // An empty row is no address at all, and no mistake.
        let fault = read(other).err();
        let fault = fault.filter(|fault| *fault != AddressFault::Empty);
        put(Field::Address(index + 2), fault.map(FormFault::Address));
    }
    let five = speaks_five(form.version);
    let only_five = form.version == Some(Version::V5);
    let must_have_id = form.version == Some(Version::V31) || !only_five && !form.clean_session;
    let no_id = form.client_id.is_empty() && must_have_id;
    put(
        Field::ClientId,
        text_fault(&form.client_id).or(no_id.then_some(FormFault::ClientIdNeeded)),
    );
    let (no_user, no_password) = (form.user_name.is_empty(), form.password == 0);
    // Only MQTT 5 has a password alone.
    let user_needed = no_user && !no_password && !only_five && !form.scram;
    put(
        Field::UserName,
        text_fault(&form.user_name).or(user_needed.then_some(FormFault::UserNameNeeded)),
    );
    put(Field::Password, length_fault(form.password));
    let scram_needs = form.scram && five && (no_user || no_password);
    put(
        Field::Authentication,
        scram_needs.then_some(FormFault::ScramNeedsBoth),
    );
    let no_keep_alive = keep_alive_seconds(&form.keep_alive).is_none();
    put(
        Field::KeepAlive,
        no_keep_alive.then_some(FormFault::KeepAlive),
    );
    let has_will = !form.will.topic.is_empty();
    if five {
        five_faults(&form.five, &mut put);
    }
    if five && has_will {
        five_will_faults(&form.will, &mut put);
    }
    if has_will {
        put(Field::WillTopic, topic_fault(&form.will.topic));
        put(Field::WillPayload, length_fault(form.will.payload.len()));
    }
    all
}

fn five_faults(five: &TypedFive, put: &mut impl FnMut(Field, Option<FormFault>)) {
    let time = five.session_expiry().is_err();
    put(Field::Expiry, time.then_some(FormFault::Time));
    put(Field::ReceiveMaximum, short_fault(&five.receive_maximum, 1));
    put(
        Field::MaximumPacketSize,
        long_fault(&five.maximum_packet_size, 1),
    );
    put(
        Field::TopicAliasMaximum,
        short_fault(&five.topic_alias_maximum, 0),
    );
    put(
        Field::UserProperties,
        properties_fault(&five.user_properties),
    );
}

fn five_will_faults(will: &TypedWill, put: &mut impl FnMut(Field, Option<FormFault>)) {
    put(Field::WillDelay, long_fault(&will.delay, 0));
    put(Field::WillExpiry, long_fault(&will.expiry, 0));
    put(Field::WillContentType, text_fault(&will.content_type));
    let response = &will.response_topic;
    put(
        Field::WillResponseTopic,
        (!response.is_empty())
            .then(|| topic_fault(response))
            .flatten(),
    );
    put(Field::WillCorrelation, length_fault(will.correlation.len()));
    put(
        Field::WillUserProperties,
        properties_fault(&will.user_properties),
    );
}
