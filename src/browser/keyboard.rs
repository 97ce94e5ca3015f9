//! Keys, wherever on the page they are pressed.

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, HtmlElement, HtmlInputElement, KeyboardEvent};

/// Calls `pressed` for every key that no part of the page took for itself.
pub fn watch(mut pressed: impl FnMut(KeyboardEvent) + 'static) {
    let Some(window) = web_sys::window() else {
        return;
    };
    let callback = Closure::<dyn FnMut(KeyboardEvent)>::new(move |event: KeyboardEvent| {
        if !event.default_prevented() {
            pressed(event);
        }
    });
    let function = callback.as_ref().unchecked_ref();
    if window
        .add_event_listener_with_callback("keydown", function)
        .is_ok()
    {
        // The page lives as long as its handler.
        callback.forget();
    }
}

/// What has the focus takes text, or chooses by letters.
pub fn is_typed_into(element: &Element) -> bool {
    /// Types of inputs that take none.
    const WITHOUT_TEXT: [&str; 6] = ["button", "checkbox", "file", "radio", "reset", "submit"];
    if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
        return !WITHOUT_TEXT.contains(&input.type_().as_str());
    }
    matches!(element.tag_name().as_str(), "TEXTAREA" | "SELECT")
        || element
            .dyn_ref::<HtmlElement>()
            .is_some_and(HtmlElement::is_content_editable)
}

/// The machine is one of Apple's, whose commands come by another key.
pub fn is_mac() -> bool {
    let agent = web_sys::window().and_then(|window| window.navigator().user_agent().ok());
    agent.is_some_and(|agent| agent.contains("Mac OS") || agent.contains("Macintosh"))
}
