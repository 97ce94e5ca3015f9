//! The focus: where it is, and where it can go.

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Document, Element, Event, HtmlElement};

/// What takes the focus by Tab.
const FOCUSABLE: &str = "a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), \
                         textarea:not(:disabled), summary, [tabindex=\"0\"]";

fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// What has the focus; `None` where nothing has it, which browsers call the body.
pub fn active() -> Option<HtmlElement> {
    let document = document()?;
    let active = document.active_element()?;
    let is_body = document
        .body()
        .is_some_and(|body| body.is_same_node(Some(&active)));
    (!is_body)
        .then(|| active.dyn_into().ok())
        .flatten()
        .filter(|element: &HtmlElement| element.tag_name() != "HTML")
}

/// It is on the page, and can be seen.
pub fn is_visible(element: &Element) -> bool {
    element.is_connected() && element.get_client_rects().length() > 0
}

/// All that match a selector, seen or not, as on the page.
pub fn that_match(selector: &str) -> Vec<HtmlElement> {
    let list = document().and_then(|document| document.query_selector_all(selector).ok());
    let Some(list) = list else {
        return Vec::new();
    };
    (0..list.length())
        .filter_map(|at| list.item(at)?.dyn_into().ok())
        .collect()
}

/// Those of them that can be seen.
pub fn visible(selector: &str) -> Vec<HtmlElement> {
    let mut all = that_match(selector);
    all.retain(|element| is_visible(element));
    all
}

/// The focus is inside of what matches a selector.
pub fn is_within(selector: &str) -> bool {
    active().is_some_and(|active| matches!(active.closest(selector), Ok(Some(_))))
}

/// Gives the focus to the first that matches a selector and can be seen. False: there is none, or it does not take it.
pub fn to(selector: &str) -> bool {
    let Some(element) = visible(selector).into_iter().next() else {
        return false;
    };
    let _ = element.focus();
    active().is_some_and(|active| active.is_same_node(Some(&element)))
}

/// Everything that can take the focus, seen or not, as on the page.
pub fn all_focusable() -> Vec<HtmlElement> {
    that_match(FOCUSABLE)
}

/// The first element comes before the second one on the page, or holds it.
pub fn comes_before(first: &Element, second: &Element) -> bool {
    first.compare_document_position(second) & web_sys::Node::DOCUMENT_POSITION_FOLLOWING != 0
}

/// Whoever points does it by finger: a field that gets the focus brings up a keyboard over half of the screen.
pub fn by_finger() -> bool {
    let list = web_sys::window()
        .and_then(|window| window.match_media("(pointer: coarse)").unwrap_or(None));
    list.is_some_and(|list| list.matches())
}

/// Calls `moved` whenever something takes the focus.
pub fn watch(mut moved: impl FnMut(HtmlElement) + 'static) {
    listen("focusin", move |event| {
        if let Some(element) = event.target().and_then(|target| target.dyn_into().ok()) {
            moved(element);
        }
    });
}

/// Calls `done` whenever the user did something, by whatever means.
pub fn on_action(done: impl Fn() + Clone + 'static) {
    for event in ["click", "keyup", "submit"] {
        let done = done.clone();
        listen(event, move |_| done());
    }
}

fn listen(event: &str, call: impl FnMut(Event) + 'static) {
    let Some(document) = document() else {
        return;
    };
    let callback = Closure::<dyn FnMut(Event)>::new(call);
    if document
        .add_event_listener_with_callback(event, callback.as_ref().unchecked_ref())
        .is_ok()
    {
        // The page lives as long as its handler.
        callback.forget();
    }
}
