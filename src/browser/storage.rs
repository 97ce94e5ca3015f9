//! `localStorage`. It may be switched off or full: reading then finds nothing, and writing says so.

fn store() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// What is stored under a name.
pub fn read(name: &str) -> Option<String> {
    store()?.get_item(name).ok()?
}

/// Stores. `false`: the browser would not.
pub fn write(name: &str, value: &str) -> bool {
    store().is_some_and(|store| store.set_item(name, value).is_ok())
}

/// Forgets.
pub fn remove(name: &str) {
    if let Some(store) = store() {
        let _ = store.remove_item(name);
    }
}
