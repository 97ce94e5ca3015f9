//! WebSockets with binary frames. Bytes are not copied here: a frame is passed on as the buffer that the browser made, so
//! that its receiver copies it once.

use std::{cell::Cell, rc::Rc};

use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{BinaryType, CloseEvent, Event, MessageEvent};

/// What happens to a WebSocket.
pub enum WebSocketEvent {
    /// It opened, with this subprotocol; empty for none.
    Opened(String),
    /// A binary frame.
    Frame(Uint8Array),
    /// A text frame.
    Text,
    /// It closed.
    Closed {
        /// It had opened before.
        opened: bool,
        /// Close code.
        code: u16,
        /// Close reason.
        reason: String,
        /// The closing handshake was completed.
        clean: bool,
    },
}

/// A WebSocket. Dropping it ends its events, and closes it if it is open.
pub struct WebSocket {
    inner: web_sys::WebSocket,
    _on_open: Closure<dyn FnMut(Event)>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_close: Closure<dyn FnMut(CloseEvent)>,
}

impl WebSocket {
    /// Begins to open one. The error is the browser's message, where it refuses to.
    pub fn open(
        address: &str,
        subprotocol: &str,
        on_event: impl Fn(WebSocketEvent) + 'static,
    ) -> Result<Self, String> {
        let offered = Array::of1(&JsValue::from_str(subprotocol));
        let inner = web_sys::WebSocket::new_with_str_sequence(address, &offered)
            .map_err(|error| message_of(&error))?;
        inner.set_binary_type(BinaryType::Arraybuffer);
        let on_event = Rc::new(on_event);
        let opened = Rc::new(Cell::new(false));

        let on_open = {
            let (on_event, opened, inner) = (on_event.clone(), opened.clone(), inner.clone());
            Closure::new(move |_: Event| {
                opened.set(true);
                on_event(WebSocketEvent::Opened(inner.protocol()));
            })
        };
        let on_message = {
            let on_event = on_event.clone();
            Closure::new(move |event: MessageEvent| {
                let data = event.data();
                on_event(match data.dyn_ref::<ArrayBuffer>() {
                    Some(buffer) => WebSocketEvent::Frame(Uint8Array::new(buffer)),
                    None => WebSocketEvent::Text,
                });
            })
        };
        let on_close = Closure::new(move |event: CloseEvent| {
            on_event(WebSocketEvent::Closed {
                opened: opened.get(),
                code: event.code(),
                reason: event.reason(),
                clean: event.was_clean(),
            });
        });
        inner.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        inner.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        // There is no handler for errors: they say nothing, and a close always follows.
        inner.set_onclose(Some(on_close.as_ref().unchecked_ref()));
        Ok(Self {
            inner,
            _on_open: on_open,
            _on_message: on_message,
            _on_close: on_close,
        })
    }

    /// Sends one binary frame. What cannot be sent any more is left to the close that follows.
    pub fn send(&self, bytes: &[u8]) {
        let _ = self.inner.send_with_u8_array(bytes);
    }

    /// Bytes that were sent and have not left the browser. Headers of frames are not counted.
    pub fn buffered(&self) -> u64 {
        u64::from(self.inner.buffered_amount())
    }

    /// Closes it once everything sent before is on its way.
    pub fn close(&self, code: u16, reason: &str) {
        let _ = self.inner.close_with_code_and_reason(code, reason);
    }
}

impl Drop for WebSocket {
    fn drop(&mut self) {
        self.inner.set_onopen(None);
        self.inner.set_onmessage(None);
        self.inner.set_onclose(None);
        let _ = self.inner.close();
    }
}

/// What an error of the browser says.
fn message_of(error: &JsValue) -> String {
    match error.dyn_ref::<js_sys::Error>() {
        Some(error) => String::from(error.message()),
        None => js_sys::Reflect::get(error, &JsValue::from_str("message"))
            .ok()
            .and_then(|message| message.as_string())
            .unwrap_or_default(),
    }
}
