//! Message ports as lines of bytes between two threads, which are as good as a WebSocket: with an opening, a close code,
//! and a count of what the other end has not taken yet.
//!
//! A port says none of that by itself, so on a line
//!
//! - a buffer is bytes,
//! - a number says how many bytes have been taken since the line began,
//! - a text is the end: a close code, a space, and words,
//! - and nothing (null) says that the line is open; only the end that answers says it.

use std::{cell::Cell, rc::Rc};

use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Event, MessageChannel, MessageEvent, MessagePort};

/// What happens on a line.
pub enum LineEvent {
    /// The other end is there.
    Opened,
    /// Bytes, as the buffer that the browser made.
    Bytes(Uint8Array),
    /// The other end has taken so many bytes since the line began.
    Taken(u64),
    /// The other end has closed it, or is gone. Nothing follows.
    Closed {
        /// WebSocket close code; 1006: it was not said.
        code: u16,
        /// Words.
        reason: String,
    },
}

/// No close code was said: the number that WebSockets have for it.
const UNSAID: u16 = 1006;
/// The end of a line that was dropped.
const GOING_AWAY: u16 = 1001;

/// One end of a line. Dropping it ends its events, and closes it.
pub struct Line {
    port: MessagePort,
    sent: Cell<u64>,
    taken: Rc<Cell<u64>>,
    is_over: Rc<Cell<bool>>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    on_close: Closure<dyn FnMut(Event)>,
}

impl Line {
    /// Begins a line, and hands out the port for whoever is to answer. `None`: the browser has no channels.
    pub fn begin(on_event: impl Fn(LineEvent) + 'static) -> Option<(Self, MessagePort)> {
        let channel = MessageChannel::new().ok()?;
        Some((Self::of(channel.port1(), on_event), channel.port2()))
    }

    /// Answers the line that came with this port.
    pub fn answer(port: MessagePort, on_event: impl Fn(LineEvent) + 'static) -> Self {
        let line = Self::of(port, on_event);
        line.post(&JsValue::NULL);
        line
    }

    fn of(port: MessagePort, on_event: impl Fn(LineEvent) + 'static) -> Self {
        let on_event = Rc::new(on_event);
        let (taken, is_over) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(false)));
        let on_message = {
            let (port, on_event) = (port.clone(), on_event.clone());
            let (taken, is_over, mine) = (taken.clone(), is_over.clone(), Cell::new(0.0));
            Closure::new(move |event: MessageEvent| {
                if is_over.get() {
                    return;
                }
                let data = event.data();
                let event = if let Some(buffer) = data.dyn_ref::<ArrayBuffer>() {
                    mine.set(mine.get() + f64::from(buffer.byte_length()));
                    LineEvent::Bytes(Uint8Array::new(buffer))
                } else if let Some(count) = data.as_f64() {
                    taken.set(count as u64);
                    LineEvent::Taken(count as u64)
                } else if let Some(end) = data.as_string() {
                    is_over.set(true);
                    port.close();
                    end_of(&end)
                } else {
                    LineEvent::Opened
                };
                let is_bytes = matches!(event, LineEvent::Bytes(_));
                on_event(event);
                if is_bytes {
                    let _ = port.post_message(&JsValue::from_f64(mine.get()));
                }
            })
        };
        // Not every browser says that the other end is gone; `broker_lines.js` has other ways to find out.
        let on_close = {
            let is_over = is_over.clone();
            Closure::new(move |_: Event| {
                if !is_over.replace(true) {
                    on_event(LineEvent::Closed {
                        code: UNSAID,
                        reason: String::new(),
                    });
                }
            })
        };
        let _ = port.add_event_listener_with_callback("close", on_close.as_ref().unchecked_ref());
        port.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        Self {
            port,
            sent: Cell::new(0),
            taken,
            is_over,
            _on_message: on_message,
            on_close,
        }
    }

    /// Sends bytes. What cannot be sent any more is left to the close that follows.
    pub fn send(&self, bytes: &[u8]) {
        if self.is_over.get() {
            return;
        }
        self.sent.set(self.sent.get() + bytes.len() as u64);
        let buffer = Uint8Array::from(bytes).buffer();
        let _ = self
            .port
            .post_message_with_transferable(&buffer, &Array::of1(&buffer));
    }

    /// Bytes that were sent and not taken yet.
    pub fn buffered(&self) -> u64 {
        self.sent.get().saturating_sub(self.taken.get())
    }

    /// Closes it behind everything that was sent before.
    pub fn close(&self, code: u16, reason: &str) {
        if !self.is_over.replace(true) {
            self.post(&JsValue::from_str(&format!("{code} {reason}")));
            self.port.close();
        }
    }

    fn post(&self, word: &JsValue) {
        let _ = self.port.post_message(word);
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.close(GOING_AWAY, "");
        self.port.set_onmessage(None);
        let function = self.on_close.as_ref().unchecked_ref();
        let _ = self
            .port
            .remove_event_listener_with_callback("close", function);
    }
}

/// `1000 words`. What is said otherwise is an end all the same.
fn end_of(said: &str) -> LineEvent {
    let (code, reason) = said.split_once(' ').unwrap_or((said, ""));
    LineEvent::Closed {
        code: code.parse().unwrap_or(UNSAID),
        reason: reason.to_owned(),
    }
}
