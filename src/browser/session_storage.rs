//! `sessionStorage`: what lasts as long as the tab, over reloads. It may be switched off or full.

fn store() -> Option<web_sys::Storage> {
    web_sys::window()?.session_storage().ok()?
}

/// What is stored under a name.
pub fn read(name: &str) -> Option<String> {
    store()?.get_item(name).ok()?
}

/// Stores a value under a name. `false`: the browser would not.
pub fn write(name: &str, value: &str) -> bool {
    store().is_some_and(|store| store.set_item(name, value).is_ok())
}
