//! The page's side of the worker: buffers out, buffers in. `boot.js` has started it.

use js_sys::{Array, ArrayBuffer, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{MessageEvent, Worker};

/// What the worker sends.
pub enum FromWorker {
    /// One turn, as bytes.
    Turn(Vec<u8>),
    /// It has crashed, with this message (in English) for a report.
    Crash(String),
}

/// The running worker. Dropping it removes the handler and leaves the worker running.
pub struct EngineWorker {
    worker: Worker,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
}

impl EngineWorker {
    /// Takes over the worker that `boot.js` started. `None`: there is none.
    pub fn take(mut on_message: impl FnMut(FromWorker) + 'static) -> Option<Self> {
        let worker = Reflect::get(&js_sys::global(), &JsValue::from_str("midgeWorker")).ok()?;
        let worker: Worker = worker.dyn_into().ok()?;
        let handler = Closure::new(move |event: MessageEvent| {
            let data = event.data();
            if let Some(buffer) = data.dyn_ref::<ArrayBuffer>() {
                on_message(FromWorker::Turn(Uint8Array::new(buffer).to_vec()));
            } else if let Some(message) = data.as_string() {
                on_message(FromWorker::Crash(message));
            }
        });
        worker.set_onmessage(Some(handler.as_ref().unchecked_ref()));
        Some(Self {
            worker,
            _on_message: handler,
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
