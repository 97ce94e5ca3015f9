//! Keeps the focus: when the focused element leaves the screen, browsers move the focus to the top of the page. Instead, it
//! goes to the nearest element that is left, or, if another section came to the front, to the start of that.

use std::cell::RefCell;

use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use web_sys::HtmlElement;

use crate::{
    browser::{focus, keyboard},
    ui::{
        controls::rest::later,
        piece::Piece,
        state::{
            dialogs::Dialogs,
            store::{Section, Store},
        },
    },
};

/// When to check the focus after an action, in milliseconds: at once, and again when engine and broker may have answered.
const LOOKS: [u32; 4] = [30, 120, 400, 1_200];
/// How many elements before and after the focused one are remembered.
const AROUND: usize = 40;

later! {
    /// Keeps the focus. It shows nothing.
    pub fn focus_keeper() in around { Keeper }
}

/// The element that had the focus last, and those around it.
#[derive(Default)]
struct Last {
    element: Option<HtmlElement>,
    after: Vec<HtmlElement>,
    before: Vec<HtmlElement>,
    /// Its siblings that were hidden. If one of them is visible later, it has taken its place.
    unseen: Vec<HtmlElement>,
    section: Option<Section>,
    /// It was in the inspector. When that closes, the focus goes to the list.
    inspector: bool,
}

thread_local! {
    static LAST: RefCell<Last> = RefCell::default();
}

/// Watches the focus.
#[component(transparent)]
fn Keeper() -> Piece {
    let store = expect_context::<Store>();
    let dialogs = expect_context::<Dialogs>();
    focus::watch(move |element| remember(element, store.chrome.section.get_untracked()));
    let look_soon = move || {
        for millis in LOOKS {
            Timeout::new(millis, move || {
                if !dialogs.any() {
                    look(store);
                }
            })
            .forget();
        }
    };
    focus::on_action(look_soon);
    let subscriptions = Memo::new(move |_| store.told.subscriptions.with(Vec::len));
    let phase = Memo::new(move |_| store.told.connection.with(|connection| connection.phase));
    Effect::new(move |before: Option<()>| {
        store.chrome.section.track();
        store.chrome.chosen.track();
        store.chrome.toasts.track();
        phase.track();
        subscriptions.track();
        if before.is_some() {
            look_soon();
        }
    });
    Piece::Nothing
}

/// Notes the element that took the focus.
fn remember(element: HtmlElement, section: Section) {
    let all = focus::all_focusable();
    let at = all
        .iter()
        .position(|one| one.is_same_node(Some(&element)))
        .unwrap_or(all.len());
    let after = all.iter().skip(at + 1).take(AROUND).cloned().collect();
    let before = all.get(..at).unwrap_or_default();
    let before = before.iter().rev().take(AROUND).cloned().collect();
    let inspector = matches!(element.closest(".inspector"), Ok(Some(_)));
    let parent = element.parent_element();
    let unseen = all
        .into_iter()
        .filter(|one| parent.is_some() && one.parent_element() == parent)
        .filter(|one| !focus::is_visible(one))
        .collect();
    LAST.set(Last {
        element: Some(element),
        after,
        before,
        unseen,
        section: Some(section),
        inspector,
    });
}

/// Checks whether the focus is lost, and moves it.
fn look(store: Store) {
    if focus::active().is_some_and(|active| focus::is_visible(&active)) {
        return;
    }
    let section = store.chrome.section.get_untracked();
    let next = LAST.with_borrow_mut(|last| {
        let element = last.element.take()?;
        if focus::is_visible(&element) {
            // Whoever had it left it there.
            return None;
        }
        let has_left = last.inspector && store.chrome.chosen.with_untracked(Option::is_none);
        if (last.section != Some(section) || has_left)
            && let Some(place) = landing(store, section)
        {
            return Some(place);
        }
        if let Some(instead) = last.unseen.iter().find(|one| can_have_it(one)) {
            return Some(instead.clone());
        }
        // What is nearest, and of two alike what comes after.
        let nearest = |all: &[HtmlElement]| {
            let at = all.iter().position(can_have_it)?;
            Some((at, all.get(at)?.clone()))
        };
        let near = match (nearest(&last.after), nearest(&last.before)) {
            (Some((after, one)), Some((before, _))) if after <= before => Some(one),
            (after, before) => before.or(after).map(|(_, one)| one),
        };
        near.or_else(|| landing(store, section))
    });
    if let Some(next) = next {
        let _ = next.focus();
    }
}

/// It is visible, and focusing it has no other effect, such as opening the keyboard of a phone.
fn can_have_it(element: &HtmlElement) -> bool {
    focus::is_visible(element) && !(focus::by_finger() && keyboard::is_typed_into(element))
}

/// The element to focus when a section has come to the front.
fn landing(store: Store, section: Section) -> Option<HtmlElement> {
    let subscribed = store
        .told
        .subscriptions
        .with_untracked(|all| !all.is_empty());
    let places: &[&str] = match section {
        Section::Broker => &[".connect-form .primary"],
        _ if subscribed => &["[data-pane=\"messages\"]", "[data-pane]"],
        _ => &[
            "[data-pane=\"subscriptions\"]",
            "[data-pane=\"messages\"]",
            "[data-pane]",
        ],
    };
    places
        .iter()
        .flat_map(|place| focus::visible(place))
        .find(can_have_it)
}
