//! The end of a page that has failed for good.

use wasm_bindgen::JsValue;

/// Puts a plain panel in place of the page: what is left when the page or the engine has failed for good.
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
