//! What JavaScript's strings can do with Unicode, so that the programs need no tables for it.

use js_sys::JsString;

/// Unicode's normalization form KC of a text.
pub fn normalized(text: &str) -> String {
    let text = JsString::from(text).normalize("NFKC");
    String::from(text)
}

/// A text in lower case.
pub fn lower_case(text: &str) -> String {
    String::from(JsString::from(text).to_lower_case())
}
