//! The title of the tab.

/// Sets it, if it is another one.
pub fn set(title: &str) {
    if let Some(document) = web_sys::window().and_then(|window| window.document())
        && document.title() != title
    {
        document.set_title(title);
    }
}
