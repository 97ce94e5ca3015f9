//! The publisher's drafts: what was typed and not sent makes room for a message, and is kept until it is wanted back.

use leptos::prelude::*;

use crate::{
    desk::text::topic_words,
    profile::drafts::{self, Draft, File},
    ui::{
        panes::publisher::typed::Typed,
        piece::{Piece, view},
        state::{keep, store::Store},
    },
};

/// The drafts of the publisher's form. A handle: cheap to copy.
#[derive(Clone, Copy)]
pub struct Drafts {
    all: RwSignal<drafts::Drafts>,
    typed: Typed,
}

impl Drafts {
    /// Fills the form with what it held before the page was loaded anew, and keeps it from now on.
    pub fn start(typed: Typed) -> Self {
        let (form, all) = keep::held(|bench| (bench.form.clone(), bench.drafts.clone()));
        fill(typed, &form);
        let drafts = Self {
            all: RwSignal::new(all),
            typed,
        };
        keep::follow(
            move || {
                track(typed);
                drafts.all.track();
            },
            move |bench| {
                bench.form = drafts.form();
                bench.drafts = drafts.all.get_untracked();
            },
        );
        drafts
    }

    fn form(self) -> Draft {
        untrack(|| read(self.typed))
    }

    /// Something is about to take the place of what the form holds. True if that is kept.
    pub fn make_room(self) -> bool {
        let form = self.form();
        let kept = self.all.try_update(|all| all.make_room(form));
        kept.unwrap_or_default()
    }

    /// What the form holds is somewhere else, too.
    pub fn settle(self) {
        let form = self.form();
        self.all.update(|all| all.settle(form));
    }

    /// It is not after all.
    pub fn unsettle(self) {
        self.all.update(drafts::Drafts::unsettle);
    }

    /// Puts the newest draft into the form again.
    fn back(self) {
        let form = self.form();
        if let Some(draft) = self.all.try_update(|all| all.back(form)).flatten() {
            fill(self.typed, &draft);
        }
    }
}

/// The way back to the newest draft.
#[component(transparent)]
pub fn BackToDraft(
    /// The drafts.
    drafts: Drafts,
    /// Called when it is in the form.
    #[prop(into)]
    done: Callback<()>,
) -> Piece {
    let store = expect_context::<Store>();
    let words = move || {
        drafts.all.with(|all| {
            let (newest, count) = all.newest()?;
            let name = [&newest.topic, &newest.payload]
                .into_iter()
                .find(|text| !text.is_empty())
                .or_else(|| newest.file.as_ref().map(|file| &file.name));
            let name = name.map(|name| topic_words(name)).unwrap_or_default();
            Some((store.words().rest().shown.back_to_draft)(&name, count))
        })
    };
    let words = Memo::new(move |_| words());
    let short = keep::falls_short();
    view! {
        <div class="drafts" hidden=move || words.with(Option::is_none)>
            <button
                type="button"
                class="button"
                id="back-to-draft"
                on:click=move |_| {
                    drafts.back();
                    done.run(());
                }
            >
                {move || words.get()}
            </button>
        </div>
        <p class="hint" id="not-kept" role="status" hidden=move || !short.get()>
            {store.text(|w| w.rest().shown.not_kept)}
        </p>
    }
}

fn track(typed: Typed) {
    typed.topic.track();
    typed.payload.track();
    typed.format.track();
    typed.placeholders.track();
    typed.file.track();
    typed.file_again.track();
    typed.qos.track();
    typed.retain.track();
    typed.every.track();
    drop(typed.properties.draft());
}

/// What the form holds.
fn read(typed: Typed) -> Draft {
    let file = typed.file.with(|file| {
        file.as_ref().map(|(name, bytes)| File {
            name: name.clone(),
            bytes: Some(bytes.clone()),
        })
    });
    let again = typed.file_again.get();
    Draft {
        topic: typed.topic.get(),
        payload: typed.payload.get(),
        format: typed.format.get(),
        as_it_is: !typed.placeholders.get(),
        file: file.or_else(|| again.map(|name| File { name, bytes: None })),
        qos: typed.qos.get(),
        retain: typed.retain.get(),
        every: typed.every.get(),
        properties: typed.properties.draft(),
    }
}

/// Fills the form.
fn fill(typed: Typed, draft: &Draft) {
    typed.topic.set(draft.topic.clone());
    typed.payload.set(draft.payload.clone());
    typed.format.set(draft.format);
    typed.placeholders.set(!draft.as_it_is);
    let file = draft.file.clone();
    let (name, bytes) = file.map_or((None, None), |file| (Some(file.name), file.bytes));
    typed.file_again.set(match bytes {
        None => name.clone(),
        Some(_) => None,
    });
    typed.file.set(name.zip(bytes));
    typed.qos.set(draft.qos);
    typed.retain.set(draft.retain);
    if !draft.every.is_empty() {
        typed.every.set(draft.every.clone());
    }
    typed.properties.put(&draft.properties);
    typed.topic_error.set(None);
    typed.payload_error.set(None);
    typed.said.set(String::new());
}
