//! Subscriptions: what was asked for, what was granted, how much comes.

mod options;
mod silence;

use leptos::prelude::*;

use crate::{
    desk::{
        format,
        limits::{older_version, subscribe_limit},
        text::{spoken, topic_words},
    },
    link::{Command, Grant, Subscription},
    profile::drafts::SubscriptionDraft,
    protocol::{FilterFault, Qos, SubscribeRequest, check_topic_filter},
    reading::Kind,
    ui::{
        controls::{
            long_text::LongText,
            name::{HiddenHint, name},
            offers::TopicOffers,
        },
        panes::subscriptions::{
            options::{OptionFields, TypedOptions, option_tags},
            silence::silence,
        },
        piece::{Piece, Pieces, rows, view},
        state::{keep, store::Store, typed_before},
        words::{Words, sentences::limit_words},
    },
};

/// The words for a filter that is not valid. Levels count from 1 for people.
pub fn filter_fault(fault: &FilterFault, words: &Words) -> String {
    let faults = &words.rest().filter_faults;
    let level = |level: &usize| u32::try_from(level + 1).unwrap_or(u32::MAX);
    match fault {
        FilterFault::Empty => faults.empty.to_owned(),
        FilterFault::TooLong => faults.too_long.to_owned(),
        FilterFault::Nul => faults.nul.to_owned(),
        FilterFault::HashNotLast { level: at } => (faults.hash_not_last)(level(at)),
        FilterFault::HashNotAlone { level: at } => (faults.hash_not_alone)(level(at)),
        FilterFault::PlusNotAlone { level: at } => (faults.plus_not_alone)(level(at)),
        _ => faults.share.to_owned(),
    }
}

/// What a valid filter asks for, in words.
fn explain(filter: &str, words: &Words) -> Vec<&'static str> {
    if filter.is_empty() {
        return vec![words.rest().told.wildcards];
    }
    let (plus, hash) = (
        filter.split('/').any(|level| level == "+"),
        filter.ends_with('#'),
    );
    let mut lines = Vec::new();
    if filter.starts_with("$share/") {
        lines.push(words.rest().explain_share);
    }
    if plus {
        lines.push(words.rest().explain_plus);
    }
    if hash {
        lines.push(words.rest().explain_hash);
    }
    if lines.is_empty() {
        lines.push(words.rest().explain_exact);
    }
    lines
}

/// The list of subscriptions and the form for another.
#[component(transparent)]
pub fn Subscriptions() -> Piece {
    let store = expect_context::<Store>();
    let filter = RwSignal::new(String::new());
    let qos = RwSignal::new(0u8);
    let tried = RwSignal::new(false);
    let before = RwSignal::new(typed_before::Kind::Filters.before());
    let looking = RwSignal::new(false);
    let options = TypedOptions::new();
    let held = keep::held(|bench| bench.subscription.clone());
    options.fill(&held);
    qos.set(held.qos);
    filter.set(held.filter.clone());
    let typed = move || {
        let mut draft = SubscriptionDraft {
            filter: filter.get(),
            qos: qos.get(),
            ..SubscriptionDraft::default()
        };
        options.put_into(&mut draft);
        draft
    };
    keep::follow(
        move || drop(typed()),
        move |bench| bench.subscription = typed(),
    );
    let fault = move || check_topic_filter(&filter.get()).err();
    // What would be asked for, or why it may not be.
    let wanted = move || {
        let words = store.words();
        store.told.connection.with(|connection| {
            let available = older_version(connection).is_none();
            let chosen = Qos::from_bits(qos.get()).unwrap_or_default();
            let wanted = options.wanted(filter.get(), chosen, available, words)?;
            match subscribe_limit(&wanted, connection) {
                Some(limit) => Err(limit_words(limit, &words.rest().work)),
                None => Ok(wanted),
            }
        })
    };
    // An empty field is no fault until the button was pressed.
    let error = move || match fault() {
        Some(FilterFault::Empty) if !tried.get() => None,
        Some(fault) => Some(filter_fault(&fault, store.words())),
        None => wanted().err(),
    };
    let explained =
        move || (error().is_none()).then(|| explain(&filter.get(), store.words()).join(" "));
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let typed = filter.get_untracked();
        if check_topic_filter(&typed).is_err() {
            tried.set(true);
            return;
        }
        let Ok(wanted) = untrack(wanted) else {
            return;
        };
        typed_before::Kind::Filters.note(&wanted.filter, before);
        store.say(Command::Subscribe(vec![wanted]));
        options.clear();
        filter.set(String::new());
        tried.set(false);
    };
    view! {
        <section class="subscriptions">
            <div class="head">
                <h2>{store.text(|w| w.rest().subscriptions)}</h2>
            </div>
            <ul class="list" aria-label=store.text(|w| w.rest().subscriptions)>
                {rows(
                    move || store.told.subscriptions.with(|all| all.iter().map(|one| one.filter.clone()).collect()),
                    String::clone,
                    |_, filter| view! { <Line filter=filter /> },
                )}
            </ul>
            <form class="add" on:submit=submit novalidate>
                <div class="line">
                    <input
                        class="field mono grow"
                        data-pane="subscriptions"
                        list=move || looking.get().then_some("filters-offered")
                        on:focus=move |_| looking.set(true)
                        on:blur=move |_| looking.set(false)
                        aria-label=store.text(|w| w.rest().topic_filter)
                        placeholder=store.text(|w| w.rest().filter_placeholder)
                        autocomplete="off"
                        autocapitalize="off"
                        spellcheck="false"
                        aria-invalid=move || error().is_some().to_string()
                        aria-describedby="filter-error filter-unseen filter-hint"
                        prop:value=move || filter.get()
                        on:input:target=move |event| {
                            filter.set(event.target().value());
                            tried.set(false);
                        }
                    />
                    <select
                        class="field qos"
                        aria-label=store.text(|w| w.rest().subscription_qos)
                        prop:value=move || qos.get().to_string()
                        on:change:target=move |event| qos.set(event.target().value().parse().unwrap_or(0))
                    >
                        // The value was there before the options were.
                        <option value="0">"QoS 0"</option>
                        <option value="1" selected={held.qos == 1}>"QoS 1"</option>
                        <option value="2" selected={held.qos == 2}>"QoS 2"</option>
                    </select>
                </div>
                <TopicOffers id="filters-offered" typed=filter before=before looking=looking />
                // Always there, so that nothing moves below it while one types.
                <div class="says">
                    <p id="filter-error" class="error" role="alert" hidden=move || error().is_none()>{error}</p>
                    <HiddenHint id="filter-unseen" text=filter />
                    <p id="filter-hint" class="hint" hidden=move || explained().is_none()>{explained}</p>
                </div>
                <OptionFields typed=options />
                <button class="button primary">{store.text(|w| w.rest().subscribe)}</button>
            </form>
        </section>
    }
}

/// One subscription.
#[component(transparent)]
fn Line(filter: String) -> Piece {
    let store = expect_context::<Store>();
    let filter = StoredValue::new(filter);
    let one = Memo::new(move |_| {
        store.told.subscriptions.with(|all| {
            filter.with_value(|filter| all.iter().find(|one| one.filter == *filter).cloned())
        })
    });
    let muted = Memo::new(move |_| one.with(|one| one.as_ref().is_some_and(|one| one.muted)));
    let colour = move || {
        one.with(|one| {
            format!(
                "subscription c{}",
                one.as_ref().map_or(0, |one| one.colour % 8)
            )
        })
    };
    let number = move || one.with(|one| one.as_ref().map_or(0, |one| one.colour % 8)) + 1;
    let state = move || one.with(|one| one.as_ref().map_or("asleep", |one| grant_name(one.grant)));
    let badge = move || one.with(|one| one.as_ref().map(|one| badge(one, store.words())));
    let tags = move || {
        let tags = one.with(|one| one.as_ref().map(|one| option_tags(one, store.words())));
        tags.unwrap_or_default()
            .into_iter()
            .map(|tag| view! { <span class="tag">{tag}</span> })
            .pieces()
    };
    let why =
        Memo::new(move |_| one.with(|one| one.as_ref().and_then(|one| reason(one, store.words()))));
    let rate = move || {
        let rate = one.with(|one| one.as_ref().map_or(0.0, |one| one.rate));
        (store.words().per_second)(&format::rate(rate))
    };
    let count = move || one.with(|one| one.as_ref().map_or(0, |one| one.count));
    view! {
        <li
            class=colour
            class:muted=move || muted.get()
            data-filter=filter.get_value()
            data-state=state
            data-count=count
        >
            <i></i>
            <span class="mono name" title=filter.with_value(|filter| topic_words(filter))>
                {filter.with_value(|filter| name(filter, Kind::Topic))}
            </span>
            <span class="figures">
                <button
                    type="button"
                    class="swatch num"
                    data-colour=move || number() - 1
                    aria-label=move || filter.with_value(|filter| (store.words().rest().told.colour)(&topic_words(filter), number()))
                    title=move || filter.with_value(|filter| (store.words().rest().told.colour)(&topic_words(filter), number()))
                    on:click=move |_| store.say(Command::Paint { filter: filter.get_value(), colour: untrack(number) % 8 })
                >
                    {number}
                </button>
                <span
                    class=move || if matches!(state(), "refused" | "forbidden" | "withheld") { "tag bad" } else { "tag" }
                    title=move || badge().and_then(|(_, title)| title)
                >
                    {move || badge().map(|(text, _)| text)}
                </span>
                {tags}
                <span class="num quiet">{move || (store.words().rest().messages_counted)(&format::whole(count()))} " · " {rate}</span>
            </span>
            <p class="why" hidden=move || why.with(Option::is_none)>
                <LongText text=Signal::derive(move || why.get().unwrap_or_default()) />
            </p>
            {silence(one)}
            <div class="choices" hidden=move || state() != "withheld">
                <button
                    class="button"
                    aria-label=move || filter.with_value(|filter| format!("{}: {filter}", store.words().rest().work.left_out.ask_again))
                    on:click=move |_| {
                        if let Some(wanted) = untrack(|| one.with(|one| one.as_ref().map(wanted_again))) {
                            store.say(Command::Subscribe(vec![wanted]));
                        }
                    }
                >
                    {store.text(|w| w.rest().work.left_out.ask_again)}
                </button>
                <button
                    class="button"
                    aria-label=move || filter.with_value(|filter| format!("{}: {filter}", store.words().rest().work.left_out.leave_out))
                    on:click=move |_| store.say(Command::Unsubscribe { filter: filter.get_value() })
                >
                    {store.text(|w| w.rest().work.left_out.leave_out)}
                </button>
            </div>
            <button
                class="button ghost icon"
                aria-pressed=move || muted.get().to_string()
                aria-label=move || {
                    let words = store.words();
                    let say = if muted.get() { words.rest().unmute } else { words.rest().mute };
                    filter.with_value(|filter| say(&topic_words(filter)))
                }
                on:click=move |_| {
                    store.say(Command::Mute { filter: filter.get_value(), muted: !muted.get_untracked() })
                }
            >
                <svg width="16" height="16" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" aria-hidden="true">
                    <path d="M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12z" />
                    <circle cx="12" cy="12" r="3" />
                    <path d="M4 20 20 4" class="slash" />
                </svg>
            </button>
            <button
                class="button ghost icon"
                aria-label=move || filter.with_value(|filter| (store.words().rest().unsubscribe_from)(&topic_words(filter)))
                on:click=move |_| store.say(Command::Unsubscribe { filter: filter.get_value() })
            >
                <svg width="16" height="16" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" aria-hidden="true">
                    <path d="M6 6 18 18M18 6 6 18" />
                </svg>
            </button>
        </li>
    }
}

/// The same once more.
fn wanted_again(one: &Subscription) -> SubscribeRequest {
    SubscribeRequest {
        filter: one.filter.clone(),
        options: one.options,
        identifier: one.identifier,
    }
}

fn grant_name(grant: Grant) -> &'static str {
    match grant {
        Grant::Asleep => "asleep",
        Grant::Asked => "asked",
        Grant::Granted(_) => "granted",
        Grant::Refused(_) => "refused",
        Grant::Forbidden(_) => "forbidden",
        Grant::Withheld => "withheld",
    }
}

/// What was granted, and what there is to say of it.
fn badge(one: &Subscription, words: &Words) -> (String, Option<String>) {
    match one.grant {
        Grant::Asleep => (words.rest().asleep.to_owned(), None),
        Grant::Asked => (words.rest().asked.to_owned(), None),
        Grant::Granted(qos) if qos < one.options.qos => (
            format!("QoS {qos} < {}", one.options.qos),
            Some((words.rest().lower_qos)(one.options.qos.bits(), qos.bits())),
        ),
        Grant::Granted(qos) => (format!("QoS {qos}"), None),
        Grant::Refused(code) => ((words.rest().refused)(code), None),
        Grant::Forbidden(_) => (words.rest().work.options.forbidden.to_owned(), None),
        Grant::Withheld => (words.rest().work.left_out.badge.to_owned(), None),
    }
}

/// Why the filter brings nothing.
fn reason(one: &Subscription, words: &Words) -> Option<String> {
    let w = &words.rest().work.refusals;
    let mut text = match one.grant {
        Grant::Refused(code) => (w.filter)((w.meaning)(code), code),
        Grant::Forbidden(limit) => limit_words(limit, &words.rest().work),
        Grant::Withheld => words.rest().work.left_out.filter.to_owned(),
        _ => return None,
    };
    if let Some(reason) = &one.reason {
        text.push(' ');
        text.push_str(&(w.says)(&spoken(reason)));
    }
    Some(text)
}
