//! The session history: so that going back closes what lies over the page, and not the page. Each step has a number.

use wasm_bindgen::{JsCast, JsValue, closure::Closure};

fn history() -> Option<web_sys::History> {
    web_sys::window()?.history().ok()
}

/// Adds a step to go back from, at the same address.
pub fn push(number: u32) {
    if let Some(history) = history() {
        let _ = history.push_state(&JsValue::from_f64(f64::from(number)), "");
    }
}

/// Goes so many steps back.
pub fn back(steps: u32) {
    if let Some(history) = history() {
        let _ = history.go_with_delta(-i32::try_from(steps).unwrap_or(i32::MAX));
    }
}

/// The number of the present step; 0 where it is none of ours.
pub fn number() -> u32 {
    let state = history().and_then(|history| history.state().ok());
    state
        .and_then(|state| state.as_f64())
        .filter(|number| (0.0..=9.0).contains(number))
        .map_or(0, |number| number as u32)
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
