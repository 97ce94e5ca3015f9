//! Page Visibility: whether the page can be seen.

use wasm_bindgen::{JsCast, closure::Closure};

/// Whether nobody can see the page now.
pub fn is_hidden() -> bool {
    let document = web_sys::window().and_then(|window| window.document());
    document.is_some_and(|document| document.hidden())
}

/// Calls `changed` whenever the page is hidden or shown again: true for hidden.
pub fn watch(mut changed: impl FnMut(bool) + 'static) {
    let Some(document) = web_sys::window().and_then(|window| window.document()) else {
        return;
    };
    let watched = document.clone();
    let callback = Closure::<dyn FnMut()>::new(move || changed(watched.hidden()));
    let function = callback.as_ref().unchecked_ref();
    if document
        .add_event_listener_with_callback("visibilitychange", function)
        .is_ok()
    {
        // The page lives as long as its handler.
        callback.forget();
    }
}
