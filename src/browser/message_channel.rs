//! `MessageChannel` to oneself: a task that runs after all tasks that are queued already. No timer runs as soon, and
//! browsers do not slow it down in a hidden page.

use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{MessageChannel, MessagePort};

/// Calls a function after all tasks that are queued already.
pub struct Later {
    port: MessagePort,
    /// Receives, for as long as it exists.
    _other: MessagePort,
    _on_message: Closure<dyn FnMut()>,
}

impl Later {
    /// `None`: the browser has no channels.
    pub fn new(call: impl FnMut() + 'static) -> Option<Self> {
        let channel = MessageChannel::new().ok()?;
        let on_message = Closure::new(call);
        let other = channel.port1();
        other.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        Some(Self {
            port: channel.port2(),
            _other: other,
            _on_message: on_message,
        })
    }

    /// Queues the call. `false`: the browser would not.
    pub fn call(&self) -> bool {
        self.port.post_message(&JsValue::NULL).is_ok()
    }
}
