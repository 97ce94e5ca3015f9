//! Light and dark: the system's choice, or the user's in place of it.

/// Sets the user's choice (`light`, `dark`), or leaves it to the system.
pub fn choose(theme: Option<&str>) {
    let Some(root) = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|page| page.document_element())
    else {
        return;
    };
    let _ = match theme {
        Some(theme) => root.set_attribute("data-theme", theme),
        None => root.remove_attribute("data-theme"),
    };
}

/// Tells the browser the language of the page.
pub fn set_language(tag: &str) {
    if let Some(root) = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|page| page.document_element())
    {
        let _ = root.set_attribute("lang", tag);
    }
}
