//! What is wrong with the form, field by field. A field that is not shown for the chosen version is never wrong.

use leptos::prelude::*;

use crate::{
    desk::format,
    profile::address::AddressFault,
    protocol::{TopicFault, Version, check_topic_name},
    ui::{
        connect::{
            fields::number,
            form::{Form, examine_fully},
        },
        store::Store,
        user_properties::Properties,
        words::{Words, sentences::topic_fault},
    },
};

/// Strings and binary data in MQTT have a length of two bytes (MQTT 3.1.1 section 1.5.3).
const LONGEST: usize = 65_535;

/// A field that may be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The address of this number; 1 is the first.
    Address(usize),
    ClientId,
    UserName,
    Password,
    Authentication,
    KeepAlive,
    Expiry,
    ReceiveMaximum,
    MaximumPacketSize,
    TopicAliasMaximum,
    UserProperties,
    WillTopic,
    WillPayload,
    WillDelay,
    WillExpiry,
    WillContentType,
    WillResponseTopic,
    WillCorrelation,
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
    fn early(&self) -> bool {
        matches!(
            self,
            Self::Range(..) | Self::Time | Self::KeepAlive | Self::TooLong | Self::Nul
        )
    }

    /// In words; an address speaks for itself.
    fn words(&self, words: &Words) -> Option<String> {
        let w = &words.broker.field_faults;
        let beyond = &words.broker.beyond.faults;
        Some(match self {
            Self::Address(_) => return None,
            Self::ClientIdNeeded => w.client_id_needed.to_owned(),
            Self::UserNameNeeded => w.user_name_needed.to_owned(),
            Self::ScramNeedsBoth => beyond.scram_user.to_owned(),
            Self::KeepAlive => w.keep_alive.to_owned(),
            Self::Range(least, most) => (beyond.whole_number)(
                &format::whole(u64::from(*least)),
                &format::whole(u64::from(*most)),
            ),
            Self::Time => beyond.time.to_owned(),
            Self::Topic(fault) => topic_fault(fault, words),
            Self::TooLong => w.too_long.to_owned(),
            Self::Nul => beyond.nul.to_owned(),
        })
    }
}

impl Field {
    fn name(self, words: &Words) -> String {
        let w = &words.broker;
        match self {
            Self::Address(1) => w.address,
            Self::Address(number) => return (w.beyond.address_number)(number),
            Self::ClientId => w.client_id,
            Self::UserName => w.user_name,
            Self::Password => w.password,
            Self::Authentication => w.beyond.authentication,
            Self::KeepAlive => w.keep_alive,
            Self::Expiry => w.beyond.expiry,
            Self::ReceiveMaximum => w.beyond.receive_maximum,
            Self::MaximumPacketSize => w.beyond.maximum_packet_size,
            Self::TopicAliasMaximum => w.beyond.topic_alias_maximum,
            Self::UserProperties => w.beyond.user_properties,
            Self::WillTopic => w.will_topic,
            Self::WillPayload => w.will_payload,
            Self::WillDelay => w.beyond.will_delay,
            Self::WillExpiry => w.beyond.will_expiry,
            Self::WillContentType => w.beyond.will_content_type,
            Self::WillResponseTopic => w.beyond.will_response_topic,
            Self::WillCorrelation => w.beyond.will_correlation,
            Self::WillUserProperties => w.beyond.will_user_properties,
        }
        .to_owned()
    }
}

fn text_fault(text: &str) -> Option<FormFault> {
    if text.len() > LONGEST {
        Some(FormFault::TooLong)
    } else {
        text.contains('\0').then_some(FormFault::Nul)
    }
}

fn properties_fault(properties: Properties) -> Option<FormFault> {
    properties
        .pairs()
        .iter()
        .find_map(|(name, value)| text_fault(name).or_else(|| text_fault(value)))
}

/// Everything that is wrong, in the order of the fields. Tracks them all.
pub fn faults(form: Form) -> Vec<(Field, FormFault)> {
    let mut all = Vec::new();
    let mut put = |field: Field, fault: Option<FormFault>| {
        all.extend(fault.map(|fault| (field, fault)));
    };
    let address = form.examined().err().map(FormFault::Address);
    put(Field::Address(1), address);
    form.others.with(|others| {
        for (index, other) in others.iter().enumerate() {
            let fault = other.text.with(|typed| examine_fully(typed).err());
            // An empty row is no address at all, and no mistake.
            let fault = fault.filter(|fault| *fault != AddressFault::Empty);
            put(Field::Address(index + 2), fault.map(FormFault::Address));
        }
    });
    let version = form.version.get();
    let five = form.speaks_five();
    let only_five = version == Some(Version::V5);
    let no_id = form.client_id.with(String::is_empty);
    let must_have_id = version == Some(Version::V31) || !only_five && !form.clean_session.get();
    put(
        Field::ClientId,
        form.client_id
            .with(|id| text_fault(id))
            .or_else(|| (no_id && must_have_id).then_some(FormFault::ClientIdNeeded)),
    );
    let no_user = form.user_name.with(String::is_empty);
    let no_password = form.password.with(String::is_empty);
    put(
        Field::UserName,
        form.user_name.with(|name| text_fault(name)).or_else(|| {
            // Only MQTT 5 has a password alone.
            (no_user && !no_password && !only_five && !form.five.scram.get())
                .then_some(FormFault::UserNameNeeded)
        }),
    );
    let long =
        |field: RwSignal<String>| (field.with(String::len) > LONGEST).then_some(FormFault::TooLong);
    put(Field::Password, long(form.password));
    if form.five.scram.get() && five {
        put(
            Field::Authentication,
            (no_user || no_password).then_some(FormFault::ScramNeedsBoth),
        );
    }
    put(
        Field::KeepAlive,
        form.keep_alive_seconds()
            .is_none()
            .then_some(FormFault::KeepAlive),
    );
    let will = form.will;
    let has_will = !will.topic.with(String::is_empty);
    if five {
        five_faults(form, has_will, &mut put);
    }
    if has_will {
        let topic = will
            .topic
            .with(|topic| check_topic_name(topic).err().map(FormFault::Topic));
        put(Field::WillTopic, topic);
        put(Field::WillPayload, long(will.payload));
    }
    all
}

fn five_faults(form: Form, has_will: bool, put: &mut impl FnMut(Field, Option<FormFault>)) {
    let (five, will) = (form.five, form.will);
    let short = |field, least: u16| {
        let wrong = number(field, least).is_err();
        wrong.then_some(FormFault::Range(u32::from(least), u32::from(u16::MAX)))
    };
    let long = |field, least: u32| {
        let wrong = number(field, least).is_err();
        wrong.then_some(FormFault::Range(least, u32::MAX))
    };
    let time = five.session_expiry().is_err();
    put(Field::Expiry, time.then_some(FormFault::Time));
    put(Field::ReceiveMaximum, short(five.receive_maximum, 1));
    put(Field::MaximumPacketSize, long(five.maximum_packet_size, 1));
    put(Field::TopicAliasMaximum, short(five.topic_alias_maximum, 0));
    put(
        Field::UserProperties,
        properties_fault(five.user_properties),
    );
    if !has_will {
        return;
    }
    put(Field::WillDelay, long(will.delay, 0));
    put(Field::WillExpiry, long(will.expiry, 0));
    put(
        Field::WillContentType,
        will.content_type.with(|text| text_fault(text)),
    );
    let response = will.response_topic.with(|topic| {
        (!topic.is_empty())
            .then(|| check_topic_name(topic).err().map(FormFault::Topic))
            .flatten()
    });
    put(Field::WillResponseTopic, response);
    let too_long = will.correlation.with(String::len) > LONGEST;
    put(
        Field::WillCorrelation,
        too_long.then_some(FormFault::TooLong),
    );
    put(
        Field::WillUserProperties,
        properties_fault(will.user_properties),
    );
}

/// What is wrong with the form, worked out once for all its fields.
#[derive(Clone, Copy)]
pub struct Faults(Memo<Vec<(Field, FormFault)>>);

impl Faults {
    /// For the context of the form's parts.
    pub fn new(form: Form) -> Self {
        Self(Memo::new(move |_| faults(form)))
    }

    /// What to say at a field: what cannot be put right by more typing at once, the rest after Connect was pressed.
    pub fn at(self, field: Field) -> Signal<Option<String>> {
        let store = expect_context::<Store>();
        let form = expect_context::<Form>();
        Signal::derive(move || {
            let tried = form.tried.get();
            self.0.with(|all| {
                all.iter()
                    .find(|(at, fault)| *at == field && (tried || fault.early()))
                    .and_then(|(_, fault)| fault.words(store.words()))
            })
        })
    }

    /// What to say above Connect once it was pressed: the first fault with the name of its field, which may be folded
    /// away.
    pub fn first(self, form: Form, words: &Words) -> Option<String> {
        if !form.tried.get() {
            return None;
        }
        self.0.with(|all| {
            all.iter().find_map(|(field, fault)| {
                let fault = fault.words(words)?;
                Some((words.broker.beyond.faults.elsewhere)(
                    &field.name(words),
                    &fault,
                ))
            })
        })
    }
}
