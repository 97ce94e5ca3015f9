//! The session history: so that the back gesture of a phone closes what covers the page, and not the page.

use wasm_bindgen::{JsCast, JsValue, closure::Closure};

fn history() -> Option<web_sys::History> {
    web_sys::window()?.history().ok()
}

/// Adds a step to go back from, at the same address.
pub fn push() {
    if let Some(history) = history() {
        let _ = history.push_state(&JsValue::NULL, "");
    }
}

/// Goes one step back.
pub fn back() {
    if let Some(history) = history() {
        let _ = history.back();
    }
}

/// Calls `stepped` whenever the user, or [`back`], went to another step.
pub fn on_step(stepped: impl FnMut() + 'static) {
    let callback = Closure::<dyn FnMut()>::new(stepped);
    if let Some(window) = web_sys::window() {
        window.set_onpopstate(Some(callback.as_ref().unchecked_ref()));
        // The page lives as long as its handler.
        callback.forget();
    }
}
