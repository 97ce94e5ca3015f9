//! `String.prototype.normalize`.

use js_sys::JsString;

/// Unicode's normalization form KC of a text.
pub fn normalized(text: &str) -> String {
    let text = JsString::from(text).normalize("NFKC");
    String::from(text)
}
