//! Clearing what a broker retains under the topic that is looked at: asked about first, and told what came of it.

use leptos::prelude::*;

use crate::{
    desk::{
        publishing::{Outcome, Published},
        text::{spoken, topic_words},
    },
    link::{Body, Command, Notice, Phase, Publication},
    protocol::{PublishProperties, Qos},
    ui::{
        piece::{Piece, view},
        state::{announced::Announced, store::Store},
        words::{self, sentences::trouble_words},
    },
};

/// How far it is.
#[derive(Clone, PartialEq)]
enum Step {
    Resting,
    Asking,
    Sent,
    Done(String),
    Failed(String),
}

/// What the button and the question share. A handle: cheap to copy.
#[derive(Clone, Copy)]
pub struct Clearing {
    store: Store,
    topic: Memo<String>,
    step: RwSignal<Step>,
    published: StoredValue<Published>,
    qos: StoredValue<Qos>,
}

impl Clearing {
    /// For what the inspector looks at.
    pub fn new(store: Store) -> Self {
        let topic = Memo::new(move |_| {
            let inspected = store.told.inspected;
            inspected.with(|one| {
                one.as_ref()
                    .map_or_else(String::new, |one| one.topic.clone())
            })
        });
        let clearing = Self {
            store,
            topic,
            step: RwSignal::new(Step::Resting),
            published: StoredValue::default(),
            qos: StoredValue::default(),
        };
        Effect::new(move |_| {
            topic.track();
            clearing.step.set(Step::Resting);
            clearing.published.set_value(Published::default());
        });
        let announced = expect_context::<Announced>();
        Effect::new(move |_| {
            let step = store.told.notices.with(|notices| {
                let mut steps = notices.iter().filter_map(|notice| clearing.hear(notice));
                steps.next_back()
            });
            if let Some(step) = step {
                if let Step::Done(words) | Step::Failed(words) = &step {
                    announced.say(words);
                }
                clearing.step.set(step);
            }
        });
        clearing
    }

    fn connected(self) -> bool {
        let connection = self.store.told.connection;
        connection.with(|connection| connection.phase == Phase::Connected)
    }

    /// Publishes the empty retained message.
    fn clear(self) {
        let store = self.store;
        let topic = self.topic.get_untracked();
        // What is acknowledged is known to have been taken.
        let most = store.told.connection.with_untracked(|connection| {
            connection
                .granted
                .as_ref()
                .map_or(Qos::AtLeastOnce, |granted| granted.maximum_qos)
        });
        let qos = most.min(Qos::AtLeastOnce);
        let number = store.next_number();
        self.qos.set_value(qos);
        self.published
            .update_value(|published| published.add(number, &topic));
        self.step.set(Step::Sent);
        store.say(Command::Publish(Box::new(Publication {
            number,
            topic,
            payload: Body::Bytes(Vec::new()),
            qos,
            retain: true,
            properties: PublishProperties::default(),
        })));
    }

    fn hear(self, notice: &Notice) -> Option<Step> {
        let outcome = self
            .published
            .with_value(|published| published.hear(notice, None))?
            .outcome;
        if self.step.get_untracked() != Step::Sent {
            return None;
        }
        let words = self.store.speech.words_now();
        let w = words::inspected(self.store.speech.language.get_untracked());
        let topic = topic_words(&self.topic.get_untracked());
        Some(match outcome {
            Outcome::Done { .. } if self.qos.get_value() == Qos::AtMostOnce => {
                Step::Done((w.sent_to_clear)(&topic))
            }
            Outcome::Done { .. } => Step::Done((w.cleared)(&topic)),
            Outcome::Waits => Step::Done(w.queued.to_owned()),
            Outcome::Cancelled { .. } => Step::Resting,
            Outcome::Refused { topic: None, .. } => return None,
            Outcome::Refused { code, reason, .. } => {
                let refusals = &words.rest().work.refusals;
                let mut said = (refusals.message)(&topic, (refusals.meaning)(code), code);
                if let Some(reason) = reason {
                    said.push(' ');
                    said.push_str(&(refusals.says)(&spoken(&reason)));
                }
                Step::Failed(said)
            }
            Outcome::Failed(why) => Step::Failed(trouble_words(&why, words)),
        })
    }
}

/// The button.
#[component(transparent)]
pub fn ClearRetained(
    /// What it is about.
    clearing: Clearing,
) -> Piece {
    let w = move || words::inspected(clearing.store.speech.language.get());
    let asking = move || clearing.step.with(|step| *step == Step::Asking);
    view! {
        <button
            type="button"
            class="button"
            data-command=""
            aria-expanded=move || asking().to_string()
            aria-controls="clear-retained"
            disabled=move || !clearing.connected()
            title=move || (!clearing.connected()).then(|| w().not_connected)
            hidden=move || clearing.topic.with(String::is_empty)
            on:click=move |_| clearing.step.update(|step| {
                *step = if *step == Step::Asking { Step::Resting } else { Step::Asking };
            })
        >
            {move || w().clear_retained}
        </button>
    }
}

/// The question, and what came of it.
#[component(transparent)]
pub fn ClearingQuestion(
    /// What it is about.
    clearing: Clearing,
) -> Piece {
    let w = move || words::inspected(clearing.store.speech.language.get());
    let asking = move || clearing.step.with(|step| *step == Step::Asking);
    let said = move || {
        clearing.step.with(|step| match step {
            Step::Resting | Step::Asking => String::new(),
            Step::Sent => w().clearing.to_owned(),
            Step::Done(words) | Step::Failed(words) => words.clone(),
        })
    };
    let failed = move || clearing.step.with(|step| matches!(step, Step::Failed(_)));
    let title = move || {
        clearing
            .topic
            .with(|topic| (w().clear_title)(&topic_words(topic)))
    };
    view! {
        <div id="clear-retained" class="clearing" role="group" aria-labelledby="clear-retained-title" hidden=move || !asking()>
            <p id="clear-retained-title" class="title">{title}</p>
            <p>{move || w().clear_about}</p>
            <div class="line">
                <button type="button" class="button danger" disabled=move || !clearing.connected() on:click=move |_| clearing.clear()>
                    {move || w().clear_now}
                </button>
                <button type="button" class="button" data-escape="" on:click=move |_| clearing.step.set(Step::Resting)>
                    {move || w().keep}
                </button>
            </div>
        </div>
        <p id="clear-retained-said" class=move || if failed() { "note error" } else { "note" } hidden=move || said().is_empty()>{said}</p>
    }
}
