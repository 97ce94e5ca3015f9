//! `localStorage`. It may be switched off or full: reading then finds nothing, and writing says so.

use wasm_bindgen::{JsCast, closure::Closure};

fn store() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// The browser does not let this page read its storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Denied;

/// What is stored under a name, if anything.
pub fn stored(name: &str) -> Result<Option<String>, Denied> {
    let store = store().ok_or(Denied)?;
    store.get_item(name).map_err(|_| Denied)
}

/// Calls `changed` whenever another tab has changed what is stored.
pub fn on_change(changed: impl FnMut() + 'static) {
    let callback = Closure::<dyn FnMut()>::new(changed);
    if let Some(window) = web_sys::window() {
        window.set_onstorage(Some(callback.as_ref().unchecked_ref()));
        // The page lives as long as its handler.
        callback.forget();
    }
}

/// What is stored under a name.
pub fn read(name: &str) -> Option<String> {
    store()?.get_item(name).ok()?
}

/// Stores a value under a name. `false`: the browser would not.
pub fn write(name: &str, value: &str) -> bool {
    store().is_some_and(|store| store.set_item(name, value).is_ok())
}

/// Removes what is stored under a name.
pub fn remove(name: &str) {
    if let Some(store) = store() {
        let _ = store.remove_item(name);
    }
}
