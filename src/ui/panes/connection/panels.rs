//! Beside the form: how far the last try came, and the saved connections.

use leptos::prelude::*;

use crate::{
    browser::focus,
    link::{Connection, Phase, Reached},
    profile::{
        address::{AddressFault, Reach},
        secrets::same_without_secrets,
    },
    ui::{
        controls::field::Cross,
        piece::{Piece, Pieces, view},
        state::{
            form::{
                Form,
                host::{HostInfo, examine, host_address},
            },
            store::Store,
        },
        words::{Words, sentences::trouble},
    },
};

#[derive(Clone, Copy, PartialEq)]
enum Mark {
    Done,
    Failed,
    Open,
}

impl Mark {
    fn sign(self) -> &'static str {
        match self {
            Self::Done => "✓",
            Self::Failed => "✕",
            Self::Open => "○",
        }
    }

    fn class(self) -> &'static str {
        match self {
            Self::Done => "mark done",
            Self::Failed => "mark failed",
            Self::Open => "mark open",
        }
    }

    fn name(self, words: &Words) -> &'static str {
        let w = &words.later().attempt;
        match self {
            Self::Done => w.done,
            Self::Failed => w.failed,
            Self::Open => w.open,
        }
    }
}

/// The steps of the last try, in order.
fn steps(connection: &Connection, words: &Words) -> Vec<(Mark, String)> {
    let w = &words.later().attempt;
    if connection.reached == Reached::Nothing && connection.trouble.is_none() {
        return Vec::new();
    }
    let mut steps = Vec::new();
    let page = crate::browser::location::scheme();
    let page = page.trim_end_matches(':');
    match examine(&connection.address) {
        Ok(address) => {
            if address.reach != Reach::Tab {
                steps.push((Mark::Done, (w.may_talk)(page, address.scheme())));
            }
            match address.reach {
                Reach::Tab | Reach::Loopback => steps.push((Mark::Done, w.here.to_owned())),
                Reach::Private | Reach::LocalName => steps.push((Mark::Done, w.nearby.to_owned())),
                Reach::Elsewhere => {}
            }
        }
        Err(AddressFault::MixedContent { .. }) => {
            steps.push((Mark::Failed, (w.may_not_talk)(page, "ws")))
        }
        Err(_) => {}
    }
    let trouble = connection.trouble.as_ref();
    let trying = connection.phase == Phase::Connecting;
    let why = |fallback: &str| {
        trouble.map_or_else(
            || fallback.to_owned(),
            |trouble| trouble::summary(trouble, connection.version, words),
        )
    };
    if connection.reached < Reached::Sent {
        steps.push(if trying {
            (Mark::Open, w.opening.to_owned())
        } else {
            (Mark::Failed, why(w.not_opened))
        });
        steps.push((Mark::Open, w.connect_not_sent.to_owned()));
        return steps;
    }
    steps.push((Mark::Done, w.opened.to_owned()));
    steps.push((Mark::Done, w.connect_sent.to_owned()));
    match connection.reached {
        Reached::Accepted => {
            steps.push((Mark::Done, w.connack_accepted.to_owned()));
            if let Some(trouble) = trouble
                .filter(|_| !matches!(connection.phase, Phase::Connected | Phase::Disconnected))
            {
                steps.push((
                    Mark::Failed,
                    trouble::summary(trouble, connection.version, words),
                ));
            }
        }
        _ if trying => steps.push((Mark::Open, w.connack_awaited.to_owned())),
        _ => steps.push((Mark::Failed, why(w.connack_not_accepted))),
    }
    steps
}

/// How far the last try came.
#[component(transparent)]
pub fn LastAttempt() -> Piece {
    let store = expect_context::<Store>();
    let steps = Memo::new(move |_| {
        store
            .told
            .connection
            .with(|connection| steps(connection, store.words()))
    });
    view! {
        <section class="panel" aria-labelledby="attempt-title" hidden=move || steps.with(Vec::is_empty)>
            <h2 id="attempt-title">{store.text(|w| w.later().attempt.heading)}</h2>
            <ol class="steps">
                {move || {
                    steps.get().into_iter().map(|(mark, words)| {
                        view! {
                            <li>
                                <span class=mark.class() role="img" aria-label=mark.name(store.words())>{mark.sign()}</span>
                                <span>{words}</span>
                            </li>
                        }
                    }).pieces()
                }}
            </ol>
        </section>
    }
}

/// The saved connections, the host's own, and those that the host is the way to.
#[component(transparent)]
pub fn Profiles() -> Piece {
    let store = expect_context::<Store>();
    let form = expect_context::<Form>();
    let info = expect_context::<RwSignal<Option<HostInfo>>>();
    let current = Memo::new(move |_| {
        store.told.connection.with(|connection| {
            (connection.phase == Phase::Connected).then(|| connection.address.clone())
        })
    });
    // By the name, the path and the address. Without a name it is the host's own.
    let hosts = Memo::new(move |_| {
        info.with(|info| {
            let Some(info) = info else {
                return Vec::new();
            };
            let brokers = info.brokers.iter();
            let named = brokers.map(|one| (Some(one.name.clone()), one.path.clone()));
            named
                .chain([(None, info.mqtt.clone())])
                .filter_map(|(name, path)| {
                    let address = host_address(&path)?;
                    Some((name, path, address))
                })
                .collect()
        })
    });
    let none =
        move || hosts.with(Vec::is_empty) && form.saved.with(|saved| saved.connections.is_empty());
    let in_use = move |address: &str| {
        current
            .with(|current| {
                current
                    .as_deref()
                    .is_some_and(|current| same_without_secrets(current, address))
            })
            .then_some("")
    };
    let saved =
        move || {
            form.saved.with(|saved| saved.connections.clone()).into_iter().map(|one| {
            let (name, address) = (one.name.clone(), one.address.clone());
            let (shown, dot) = (address.clone(), address);
            let (removed, labelled) = (name.clone(), name.clone());
            let (goal, at_once) = (name.clone(), one.clone());
            view! {
                <li class="line">
                    <button type="button" class="profile" on:click=move |_| form.choose(&one)>
                        <span class="dot" data-in-use=move || in_use(&dot)></span>
                        <span class="name">{name}</span>
                        <span class="mono quiet address">{shown}</span>
                    </button>
                    <button
                        type="button"
                        class="button"
                        aria-label=move || (store.words().rest().remembered.connect_to)(&goal)
                        on:click=move |_| {
                            if !form.connect_saved(&at_once, store) {
                                focus::to("#password");
                            }
                        }
                    >
                        {store.text(|w| w.connect)}
                    </button>
                    <button
                        type="button"
                        class="button ghost icon"
                        aria-label=move || (store.words().broker.remove)(&labelled)
                        on:click=move |_| form.forget(&removed, store)
                    >
                        <Cross />
                    </button>
                </li>
            }
        }).pieces()
        };
    view! {
        <section class="panel" aria-labelledby="profiles-title" hidden=none>
            <h2 id="profiles-title">{store.text(|w| w.broker.profiles)}</h2>
            <ul class="profiles">
                {move || {
                    hosts.get().into_iter().map(|(name, path, address)| {
                        let dot = address.clone();
                        let shown = move || name.clone().unwrap_or_else(|| store.words().broker.this_machine.to_owned());
                        view! {
                            <li class="line">
                                <button type="button" class="profile" on:click=move |_| form.take_own(address.clone())>
                                    <span class="dot" data-in-use=move || in_use(&dot)></span>
                                    <span class="name">{shown}</span>
                                    <span class="mono quiet address">{path}</span>
                                </button>
                            </li>
                        }
                    }).pieces()
                }}
                {saved}
            </ul>
        </section>
    }
}
