//! The page's end of the worker: buffers out, buffers in. `boot.js` has started it.

use js_sys::{Array, ArrayBuffer, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{MessageEvent, Worker};

/// What the worker says.
pub enum FromWorker {
    /// One turn, as bytes.
    Turn(Vec<u8>),
    /// It has crashed, with these words (in English) for a report.
    Crash(String),
}

/// The running worker. Dropping it lets go of the handler, not of the worker.
pub struct EngineWorker {
    worker: Worker,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
}

impl EngineWorker {
    /// Takes over the worker that `boot.js` started. `None`: there is none.
    pub fn take(mut hear: impl FnMut(FromWorker) + 'static) -> Option<Self> {
        let worker = Reflect::get(&js_sys::global(), &JsValue::from_str("midgeWorker")).ok()?;
        let worker: Worker = worker.dyn_into().ok()?;
        let on_message = Closure::new(move |event: MessageEvent| {
            let data = event.data();
            if let Some(buffer) = data.dyn_ref::<ArrayBuffer>() {
                hear(FromWorker::Turn(Uint8Array::new(buffer).to_vec()));
            } else if let Some(words) = data.as_string() {
                hear(FromWorker::Crash(words));
            }
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        Some(Self {
            worker,
            _on_message: on_message,
        })
    }

    /// Sends one turn; the buffer moves to the worker without another copy.
    pub fn send(&self, turn: &[u8]) {
        let buffer = Uint8Array::from(turn).buffer();
        // A worker that has died takes no messages; it has said so before.
        let _ = self
            .worker
            .post_message_with_transfer(&buffer, &Array::of1(&buffer));
    }
}
