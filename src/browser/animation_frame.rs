//! `requestAnimationFrame`: once before the next paint. It does not fire while the page is hidden.

use wasm_bindgen::{JsCast, closure::Closure};

/// Runs `draw` before the next paint.
pub fn before_next_paint(draw: impl FnOnce() + 'static) {
    let callback = Closure::once_into_js(draw);
    if let Some(window) = web_sys::window() {
        let _ = window.request_animation_frame(callback.unchecked_ref());
    }
}
