//! The page's way to the broker of this browser, which `broker_lines.js` has. `boot.js` knows how to load that.

use js_sys::{Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::MessagePort;

/// Asks the broker about its inside. `None`: nobody answered.
pub async fn inside(question: &[u8]) -> Option<Vec<u8>> {
    let module = answer_of(&js_sys::global(), "midgeBroker", &[]).await?;
    let question = Uint8Array::from(question).buffer();
    let report = answer_of(&module, "inside", &[question.into()]).await?;
    let report = report.dyn_into::<Uint8Array>().ok()?.to_vec();
    (!report.is_empty()).then_some(report)
}

/// Brings a line to the devices beside the broker, and starts them if nobody has. False: there are none to be had.
pub async fn devices(port: MessagePort) -> bool {
    let Some(module) = answer_of(&js_sys::global(), "midgeBroker", &[]).await else {
        return false;
    };
    answer_of(&module, "devices", &[port.into()])
        .await
        .is_some()
}

/// Calls a function of an object that promises something, and waits for that.
async fn answer_of(object: &JsValue, name: &str, arguments: &[JsValue]) -> Option<JsValue> {
    let function: Function = Reflect::get(object, &name.into()).ok()?.dyn_into().ok()?;
    let arguments = arguments.iter().collect();
    let promise: Promise = Reflect::apply(&function, object, &arguments)
        .ok()?
        .dyn_into()
        .ok()?;
    JsFuture::from(promise).await.ok()
}
