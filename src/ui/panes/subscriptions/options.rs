//! What MQTT 5 lets a subscription ask for beyond its quality of service (MQTT 5 section 3.8.3.1).

use leptos::{ev::Targeted, prelude::*};
use web_sys::{Event, HtmlDetailsElement};

use crate::{
    desk::limits::older_version,
    link::Subscription,
    profile::drafts::SubscriptionDraft,
    protocol::{LARGEST_NUMBER, Qos, RetainHandling, SubscribeOptions, SubscribeRequest},
    ui::{
        controls::rest::{later, on_demand},
        piece::{Piece, shown_when, view},
        state::store::Store,
        words::Words,
    },
};

/// What was chosen. A handle: cheap to copy.
#[derive(Clone, Copy)]
pub struct TypedOptions {
    no_local: RwSignal<bool>,
    as_published: RwSignal<bool>,
    handling: RwSignal<u8>,
    identifier: RwSignal<String>,
}

impl TypedOptions {
    /// The specification's defaults.
    pub fn new() -> Self {
        Self {
            no_local: RwSignal::default(),
            as_published: RwSignal::default(),
            handling: RwSignal::default(),
            identifier: RwSignal::default(),
        }
    }

    /// A subscription with these options, or what is wrong with them. `available`: the version in use has them.
    pub fn wanted(
        self,
        filter: String,
        qos: Qos,
        available: bool,
        words: &Words,
    ) -> Result<SubscribeRequest, String> {
        let plain = SubscribeRequest {
            filter,
            options: qos.into(),
            identifier: None,
        };
        if !available {
            return Ok(plain);
        }
        let identifier = self.identifier.get();
        let identifier = match identifier.trim() {
            "" => None,
            text => Some(
                text.parse()
                    .ok()
                    .filter(|identifier| (1..=LARGEST_NUMBER).contains(identifier))
                    .ok_or_else(|| words.rest().work.options.bad_identifier.to_owned())?,
            ),
        };
        Ok(SubscribeRequest {
            options: SubscribeOptions {
                qos,
                no_local: self.no_local.get(),
                retain_as_published: self.as_published.get(),
                retain_handling: RetainHandling::from_bits(self.handling.get()).unwrap_or_default(),
            },
            identifier,
            ..plain
        })
    }

    /// Something else than the defaults was chosen.
    pub fn in_use(self) -> bool {
        self.no_local.get()
            || self.as_published.get()
            || self.handling.get() > 0
            || self.identifier.with(|identifier| !identifier.is_empty())
    }

    /// Says what was chosen.
    pub fn put_into(self, draft: &mut SubscriptionDraft) {
        draft.no_local = self.no_local.get();
        draft.as_published = self.as_published.get();
        draft.handling = self.handling.get();
        draft.identifier = self.identifier.get();
    }

    /// Chooses what was chosen before.
    pub fn fill(self, draft: &SubscriptionDraft) {
        self.no_local.set(draft.no_local);
        self.as_published.set(draft.as_published);
        self.handling.set(draft.handling);
        self.identifier.set(draft.identifier.clone());
    }

    /// Back to the defaults: options belong to one filter.
    pub fn clear(self) {
        self.no_local.set(false);
        self.as_published.set(false);
        self.handling.set(0);
        self.identifier.set(String::new());
    }
}

/// The options, folded away.
#[component(transparent)]
pub fn OptionFields(
    /// What was chosen.
    typed: TypedOptions,
) -> Piece {
    let store = expect_context::<Store>();
    provide_context(Typed(typed));
    let opened = RwSignal::new(typed.in_use());
    let open = move |event: Targeted<Event, HtmlDetailsElement>| {
        if event.target().open() {
            opened.set(true);
        }
    };
    view! {
        <details class="more options" open=opened.get_untracked() on:toggle:target=open>
            <summary>{store.text(|w| w.rest().work.options.heading)}</summary>
            {shown_when(move || opened.get(), move || on_demand(fields))}
        </details>
    }
}

/// What was chosen, for the fields, which are loaded later.
#[derive(Clone, Copy)]
struct Typed(TypedOptions);

later! {
    /// The fields.
    fn fields() in options { Fields }
}

#[component(transparent)]
fn Fields() -> Piece {
    let store = expect_context::<Store>();
    let Typed(typed) = expect_context::<Typed>();
    let older = Memo::new(move |_| store.told.connection.with(older_version));
    // It may have been chosen before the options of its field are there.
    let handling = typed.handling.get_untracked();
    let check = move |value: RwSignal<bool>,
                      name: fn(&Words) -> &'static str,
                      hint: fn(&Words) -> &'static str| {
        view! {
            <div>
                <label class="check">
                    <input
                        type="checkbox"
                        prop:checked=move || value.get()
                        on:change:target=move |event| value.set(event.target().checked())
                    />
                    {store.text(name)}
                </label>
                <p class="hint">{store.text(hint)}</p>
            </div>
        }
    };
    view! {
        <p class="hint" hidden=move || older.get().is_none()>
            {move || older.get().map(|version| (store.words().rest().work.options.needs_5)(version.name()))}
        </p>
        <fieldset class="bare" prop:disabled=move || older.get().is_some()>
            {check(typed.no_local, |w| w.rest().work.options.no_local, |w| w.rest().work.options.no_local_hint)}
            {check(typed.as_published, |w| w.rest().work.options.as_published, |w| w.rest().work.options.as_published_hint)}
            <label class="labelled">
                <span>{store.text(|w| w.rest().work.options.handling)}</span>
                <select
                    class="field"
                    prop:value=move || typed.handling.get().to_string()
                    on:change:target=move |event| typed.handling.set(event.target().value().parse().unwrap_or(0))
                >
                    <option value="0">{store.text(|w| w.rest().work.options.handlings[0])}</option>
                    <option value="1" selected={handling == 1}>{store.text(|w| w.rest().work.options.handlings[1])}</option>
                    <option value="2" selected={handling == 2}>{store.text(|w| w.rest().work.options.handlings[2])}</option>
                </select>
            </label>
            <label class="labelled">
                <span>{store.text(|w| w.rest().work.options.identifier)}</span>
                <input
                    class="field num"
                    inputmode="numeric"
                    autocomplete="off"
                    title=store.text(|w| w.rest().work.options.identifier_hint)
                    prop:value=move || typed.identifier.get()
                    on:input:target=move |event| typed.identifier.set(event.target().value())
                />
            </label>
        </fieldset>
        <p class="hint">{store.text(|w| w.rest().work.options.share)}</p>
    }
}

/// The options of a subscription that are not the defaults, in short.
pub fn option_tags(one: &Subscription, words: &Words) -> Vec<String> {
    let w = &words.rest().work.options;
    let mut tags = Vec::new();
    if one.options.no_local {
        tags.push(w.tag_no_local.to_owned());
    }
    if one.options.retain_as_published {
        tags.push(w.tag_as_published.to_owned());
    }
    if one.options.retain_handling != RetainHandling::Always
        && let Some(tag) = w.tag_handling.get(one.options.retain_handling as usize)
    {
        tags.push((*tag).to_owned());
    }
    if let Some(identifier) = one.identifier {
        tags.push((w.tag_identifier)(identifier));
    }
    tags
}
