//! The page's own address, and what its server says of itself.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Response, Url};

/// The page's scheme, with its colon: `http:`, `https:`, `file:`.
pub fn scheme() -> String {
    web_sys::window()
        .and_then(|window| window.location().protocol().ok())
        .unwrap_or_default()
}

/// Host and port of the page.
pub fn host() -> String {
    web_sys::window()
        .and_then(|window| window.location().host().ok())
        .unwrap_or_default()
}

/// The page's address without its fragment.
pub fn page() -> String {
    let href = web_sys::window()
        .and_then(|window| window.location().href().ok())
        .unwrap_or_default();
    href.split('#').next().unwrap_or_default().to_owned()
}

/// The fragment, without its `#`.
pub fn fragment() -> String {
    let hash = web_sys::window()
        .and_then(|window| window.location().hash().ok())
        .unwrap_or_default();
    hash.strip_prefix('#').unwrap_or(&hash).to_owned()
}

/// An address relative to the page, made whole.
pub fn absolute(path: &str) -> Option<String> {
    Url::new_with_base(path, &page()).ok().map(|url| url.href())
}

/// Calls `changed` whenever the fragment changes.
pub fn on_fragment(changed: impl FnMut() + 'static) {
    let callback = wasm_bindgen::closure::Closure::<dyn FnMut()>::new(changed);
    if let Some(window) = web_sys::window() {
        window.set_onhashchange(Some(callback.as_ref().unchecked_ref()));
        // The page lives as long as its handler.
        callback.forget();
    }
}

/// The text of a file beside the page; `None` when it is not there.
pub async fn fetch_text(path: &str) -> Option<String> {
    let window = web_sys::window()?;
    let response: Response = JsFuture::from(window.fetch_with_str(path))
        .await
        .ok()?
        .dyn_into()
        .ok()?;
    if !response.ok() {
        return None;
    }
    JsFuture::from(response.text().ok()?)
        .await
        .ok()?
        .as_string()
}
