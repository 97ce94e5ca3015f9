//! The worker's side: its global scope, its clock and its source of randomness.

use std::cell::Cell;

use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent, MessagePort, WorkerGlobalScope};

/// A clock that is behind the wall clock by more than this stood still while the machine slept.
const SLEPT_MS: f64 = 1000.0;

/// The global scope of this worker.
#[derive(Clone)]
pub struct WorkerScope {
    scope: DedicatedWorkerGlobalScope,
}

impl WorkerScope {
    /// `None` outside of a worker.
    pub fn here() -> Option<Self> {
        js_sys::global().dyn_into().ok().map(|scope| Self { scope })
    }

    /// Receives every turn of the page from now on, as bytes. `engine_loader.js` has kept what came before.
    pub fn listen(&self, mut on_turn: impl FnMut(Vec<u8>) + 'static) {
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let data = event.data();
            if let Some(buffer) = data.dyn_ref::<ArrayBuffer>() {
                on_turn(Uint8Array::new(buffer).to_vec());
            } else if let Some(bytes) = data.dyn_ref::<Uint8Array>() {
                // The page sends none. They are passed on and answered like any bytes that are no turn.
                on_turn(bytes.to_vec());
            }
        });
        self.scope
            .set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        // It listens for as long as the worker lives.
        on_message.forget();
    }

    /// Calls `changed` whenever the browser says that the network went or came back.
    pub fn on_network_change(&self, changed: impl FnMut() + 'static) {
        let callback = Closure::<dyn FnMut()>::new(changed);
        let function = callback.as_ref().unchecked_ref();
        self.scope.set_ononline(Some(function));
        self.scope.set_onoffline(Some(function));
        // It listens for as long as the worker lives.
        callback.forget();
    }

    /// Calls this when the page says that the broker of this browser is gone without a word, and why, in one word.
    pub fn on_broker_over(&self, mut over: impl FnMut(&str) + 'static) {
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(why) = event.data().as_string() {
                over(&why);
            }
        });
        let function = on_message.as_ref().unchecked_ref();
        let _ = self
            .scope
            .add_event_listener_with_callback("message", function);
        // It listens for as long as the worker lives.
        on_message.forget();
    }

    /// Gives the page a line to bring to the broker of this browser.
    pub fn post_line(&self, port: &MessagePort) {
        let _ = self
            .scope
            .post_message_with_transfer(&JsValue::NULL, &Array::of1(port));
    }

    /// Sends one turn to the page; the buffer moves there without another copy.
    pub fn post(&self, turn: &[u8]) {
        let buffer = Uint8Array::from(turn).buffer();
        // Where the page is gone, the worker soon is too.
        let _ = self
            .scope
            .post_message_with_transfer(&buffer, &Array::of1(&buffer));
    }

    /// Tells the page that the worker has crashed.
    pub fn post_crash(&self, message: &str) {
        let _ = self.scope.post_message(&JsValue::from_str(message));
    }

    /// 64 random bits.
    pub fn seed(&self) -> u64 {
        let [a, b, c, d, e, f, g, h, ..] = entropy();
        u64::from_le_bytes([a, b, c, d, e, f, g, h])
    }
}

/// The scope of a worker of any kind.
fn here() -> Option<WorkerGlobalScope> {
    js_sys::global().dyn_into().ok()
}

/// 32 random bytes from `crypto.getRandomValues`, which every browser has, in a worker and without a secure context.
///
/// # Panics
///
/// Without it, as what must not be guessed could be.
pub fn entropy() -> [u8; 32] {
    let mut bytes = [0u8; 32];
    let crypto = here().and_then(|here| here.crypto().ok());
    crypto
        .and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes).ok())
        .expect("this browser has no crypto.getRandomValues");
    bytes
}

/// A clock that never runs backwards, and is right again after the machine slept.
pub struct Clock {
    performance: Option<web_sys::Performance>,
    /// Milliseconds that the performance clock missed.
    missed: Cell<f64>,
}

impl Clock {
    /// The clock of this worker.
    pub fn here() -> Self {
        Self {
            performance: here().and_then(|here| here.performance()),
            missed: Cell::new(0.0),
        }
    }

    /// Microseconds since the Unix epoch.
    pub fn now_us(&self) -> u64 {
        let wall = js_sys::Date::now();
        let Some(performance) = &self.performance else {
            return (wall * 1000.0) as u64;
        };
        let time = performance.time_origin() + performance.now() + self.missed.get();
        let lag = wall - time;
        if lag <= SLEPT_MS {
            return (time * 1000.0) as u64;
        }
        self.missed.set(self.missed.get() + lag);
        (wall * 1000.0) as u64
    }
}
