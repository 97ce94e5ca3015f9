//! How wide the page is.

/// In px; 1280 where the browser does not say.
pub fn now() -> f64 {
    let width = web_sys::window().and_then(|window| window.inner_width().ok()?.as_f64());
    width.unwrap_or(1280.0)
}
