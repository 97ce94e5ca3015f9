//! `MessageChannel` to oneself: a task behind all tasks that wait already. No timer is as soon, and none is held back less
//! in a hidden page.

use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{MessageChannel, MessagePort};

/// Calls something once everything that waits now is done.
pub struct Later {
    port: MessagePort,
    /// Messages come here as long as it is there.
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

    /// Calls it, later.
    pub fn call(&self) -> bool {
        self.port.post_message(&JsValue::NULL).is_ok()
    }
}
