//! What the commands offer, and what each does.

use leptos::prelude::*;
use web_sys::HtmlElement;

use crate::{
    browser::focus,
    desk::palette::Kind,
    link::Command,
    profile::saved::SavedConnection,
    protocol::{SubscribeRequest, check_topic_filter},
    ui::{
        controls::going::{Spot, go},
        state::{dialogs::Dialogs, form::Form, preferences::Theme, store::Store},
        words::Language,
    },
};

/// One of them.
#[derive(Clone, PartialEq)]
pub struct Entry {
    pub kind: Kind,
    pub name: String,
    /// What else is known of it: an address, a key.
    pub beside: String,
    pub act: Act,
}

/// What an entry does.
#[derive(Clone, PartialEq)]
pub enum Act {
    /// Presses this button of the page.
    Press(Button),
    /// Goes there.
    Go(Spot),
    CloseInspector,
    Keys,
    Colours(Theme),
    Speak(Language),
    Subscribe(String),
    Connect(Box<SavedConnection>),
    /// Shows only messages of this topic.
    Only(String),
}

/// A button of the page.
#[derive(Clone)]
pub struct Button(HtmlElement);

impl PartialEq for Button {
    fn eq(&self, other: &Self) -> bool {
        self.0.is_same_node(Some(&other.0))
    }
}

fn action(name: impl Into<String>, key: &str, act: Act) -> Entry {
    Entry {
        kind: Kind::Action,
        name: name.into(),
        beside: key.to_owned(),
        act,
    }
}

/// The buttons of the page that can be pressed now, by their names.
fn buttons() -> Vec<Entry> {
    let name = |button: &HtmlElement| {
        let label = button
            .get_attribute("data-command")
            .filter(|it| !it.is_empty());
        label
            .or_else(|| button.get_attribute("aria-label"))
            .or_else(|| button.text_content())
            .map(|name| name.split_whitespace().collect::<Vec<_>>().join(" "))
    };
    focus::that_match("[data-command]:not(:disabled)")
        .into_iter()
        .filter(|button| !matches!(button.closest("[hidden]"), Ok(Some(_))))
        .filter_map(|button| Some(action(name(&button)?, "", Act::Press(Button(button)))))
        .collect()
}

/// What can be done now, whatever is typed.
pub fn offered(store: Store, form: Form) -> Vec<Entry> {
    let words = store.speech.words_now();
    let w = words.commands();
    // Ways first: whoever presses Enter too early goes somewhere, and ends no connection.
    let mut all = Vec::new();
    let looking = store.chrome.chosen.with_untracked(Option::is_some);
    all.push(action(w.go_to_filter, "/", Act::Go(Spot::Filter)));
    all.push(action(
        w.go_to_subscriptions,
        "",
        Act::Go(Spot::Subscriptions),
    ));
    all.push(action(w.go_to_publisher, "", Act::Go(Spot::Publisher)));
    all.push(action(w.go_to_messages, "", Act::Go(Spot::Messages)));
    all.push(action(w.go_to_topics, "", Act::Go(Spot::Topics)));
    if looking {
        all.push(action(w.go_to_inspector, "", Act::Go(Spot::Inspector)));
        all.push(action(w.close_inspector, "Esc", Act::CloseInspector));
    }
    all.push(action(w.go_to_connection, "", Act::Go(Spot::Connection)));
    all.extend(buttons());
    all.push(action(words.rest().told.keys, "?", Act::Keys));
    let now = Theme::remembered();
    let themes = [Theme::System, Theme::Light, Theme::Dark];
    for (theme, name) in themes.into_iter().zip(w.colours) {
        if theme != now {
            all.push(action(name, "", Act::Colours(theme)));
        }
    }
    let spoken = store.speech.language.get_untracked();
    for language in Language::ALL {
        if language != spoken {
            all.push(action(language.name(), "", Act::Speak(language)));
        }
    }
    form.saved.with_untracked(|saved| {
        all.extend(saved.connections.iter().map(|one| Entry {
            kind: Kind::Connection,
            name: one.name.clone(),
            beside: one.address.clone(),
            act: Act::Connect(Box::new(one.clone())),
        }));
    });
    all
}

/// A topic that was seen.
pub fn topic(name: &str) -> Entry {
    Entry {
        kind: Kind::Topic,
        name: name.to_owned(),
        beside: String::new(),
        act: Act::Only(name.to_owned()),
    }
}

/// What can be done with what was typed itself.
pub fn typed(typed: &str, store: Store) -> Option<Entry> {
    let filter = typed.trim();
    // A word alone is more likely a part of a name.
    let is_filter = filter.contains(['/', '#', '+']) && check_topic_filter(filter).is_ok();
    is_filter.then(|| {
        let name = (store.words().commands().subscribe_to)(filter);
        action(name, "", Act::Subscribe(filter.to_owned()))
    })
}

/// Does it.
pub fn run(act: Act, store: Store, form: Form, dialogs: Dialogs) {
    match act {
        Act::Press(Button(button)) => button.click(),
        Act::Go(spot) => go(store, spot),
        Act::CloseInspector => {
            store.inspect(None);
            go(store, Spot::Messages);
        }
        Act::Keys => dialogs.open(dialogs.keys),
        Act::Colours(theme) => theme.choose(store),
        Act::Speak(language) => store.speak(language),
        Act::Subscribe(filter) => {
            store.say(Command::Subscribe(vec![SubscribeRequest {
                filter,
                ..SubscribeRequest::default()
            }]));
            go(store, Spot::Messages);
        }
        Act::Only(topic) => {
            store.chrome.show_only(&topic);
            go(store, Spot::Messages);
        }
        Act::Connect(saved) => {
            form.choose(&saved);
            form.submit(store);
        }
    }
}
