//! What is wrong with the form, said at its fields and above Connect.

use leptos::prelude::*;

pub use crate::desk::connect::faults::Field;
use crate::{
    desk::{
        connect::faults::{FormFault, faults},
        format,
    },
    ui::{
        state::{
            form::{Form, host::examine_fully},
            store::Store,
        },
        words::{Words, sentences::topic_fault},
    },
};

/// In words; an address speaks for itself.
fn fault_words(fault: &FormFault, words: &Words) -> Option<String> {
    let w = &words.broker.field_faults;
    let beyond = &words.broker.beyond.faults;
    Some(match fault {
        FormFault::Address(_) => return None,
        FormFault::ClientIdNeeded => w.client_id_needed.to_owned(),
        FormFault::UserNameNeeded => w.user_name_needed.to_owned(),
        FormFault::ScramNeedsBoth => beyond.scram_user.to_owned(),
        FormFault::KeepAlive => w.keep_alive.to_owned(),
        FormFault::Range(least, most) => (beyond.whole_number)(
            &format::whole(u64::from(*least)),
            &format::whole(u64::from(*most)),
        ),
        FormFault::Time => beyond.time.to_owned(),
        FormFault::Topic(fault) => topic_fault(fault, words),
        FormFault::TooLong => w.too_long.to_owned(),
        FormFault::Nul => beyond.nul.to_owned(),
    })
}

/// What the form calls a field.
fn field_name(field: Field, words: &Words) -> String {
    let w = &words.broker;
    match field {
        Field::Address(1) => w.address,
        Field::Address(number) => return (w.beyond.address_number)(number),
        Field::ClientId => w.client_id,
        Field::UserName => w.user_name,
        Field::Password => w.password,
        Field::Authentication => w.beyond.authentication,
        Field::KeepAlive => w.keep_alive,
        Field::Expiry => w.beyond.expiry,
        Field::ReceiveMaximum => w.beyond.receive_maximum,
        Field::MaximumPacketSize => w.beyond.maximum_packet_size,
        Field::TopicAliasMaximum => w.beyond.topic_alias_maximum,
        Field::UserProperties => w.beyond.user_properties,
        Field::WillTopic => w.will_topic,
        Field::WillPayload => w.will_payload,
        Field::WillDelay => w.beyond.will_delay,
        Field::WillExpiry => w.beyond.will_expiry,
        Field::WillContentType => w.beyond.will_content_type,
        Field::WillResponseTopic => w.beyond.will_response_topic,
        Field::WillCorrelation => w.beyond.will_correlation,
        Field::WillUserProperties => w.beyond.will_user_properties,
    }
    .to_owned()
}

/// What is wrong with the form, worked out once for all its fields.
#[derive(Clone, Copy)]
pub struct Faults(Memo<Vec<(Field, FormFault)>>);

impl Faults {
    /// For the context of the form's parts.
    pub fn new(form: Form) -> Self {
        Self(Memo::new(move |_| faults(&form.typed(), examine_fully)))
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
                    .and_then(|(_, fault)| fault_words(fault, store.words()))
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
                let fault = fault_words(fault, words)?;
                Some((words.broker.beyond.faults.elsewhere)(
                    &field_name(*field, words),
                    &fault,
                ))
            })
        })
    }
}
