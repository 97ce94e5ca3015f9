//! `ResizeObserver`: an element's size, now and whenever it changes.

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, ResizeObserver};

/// Calls `changed` with the element's client width and height, once soon and then at every change, for as long as the
/// page lives.
pub fn watch(element: &Element, mut changed: impl FnMut(i32, i32) + 'static) {
    let watched = element.clone();
    let callback = Closure::<dyn FnMut()>::new(move || {
        changed(watched.client_width(), watched.client_height())
    });
    if let Ok(observer) = ResizeObserver::new(callback.as_ref().unchecked_ref()) {
        observer.observe(element);
        callback.forget();
    }
}
