//! The message when the page has failed.

use wasm_bindgen::JsValue;

/// Replaces the page by a plain panel, because the page or the engine has failed and cannot go on.
pub fn fail(words: &str) {
    let failed = js_sys::Reflect::get(&js_sys::global(), &JsValue::from_str("midgeFailed"));
    if let Ok(failed) = failed.and_then(wasm_bindgen::JsCast::dyn_into::<js_sys::Function>) {
        let _ = failed.call2(
            &JsValue::NULL,
            &JsValue::from_str("It stopped working"),
            &JsValue::from_str(words),
        );
    }
}
