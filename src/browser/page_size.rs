//! How large the page is, in sixteenths of the letter size that its reader has set (`rem`): on a page whose letters are twice
//! as large there is room for half as much. Where the browser's own size is the usual one, that is in px.

/// Px for a sixteenth of the letter size.
pub fn scale() -> f64 {
    let root = || {
        let window = web_sys::window()?;
        let root = window.document()?.document_element()?;
        let style = window.get_computed_style(&root).ok()??;
        let size = style.get_property_value("font-size").ok()?;
        Some(js_sys::parse_float(&size))
    };
    root().filter(|size| *size >= 1.0).unwrap_or(16.0) / 16.0
}

/// Its width; 1280 where the browser does not say.
pub fn width() -> f64 {
    let width = web_sys::window().and_then(|window| window.inner_width().ok()?.as_f64());
    width.unwrap_or(1280.0) / scale()
}

/// Its height; 800 where the browser does not say.
pub fn height() -> f64 {
    let height = web_sys::window().and_then(|window| window.inner_height().ok()?.as_f64());
    height.unwrap_or(800.0) / scale()
}
