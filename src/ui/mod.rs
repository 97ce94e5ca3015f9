//! The page: Leptos components and their signals. Uses `link`, `payload`, `profile` and `browser`; never the engine's
//! rooms. Whatever comes from a broker enters the page as a text node.

mod calendar;
mod command_line;
mod connect;
mod counters;
mod dialog;
mod doctor;
mod drafts;
mod empty_list;
mod field;
mod frame;
mod header;
mod held;
mod inspector;
mod keep;
mod long_text;
mod message_properties;
mod message_row;
mod messages;
mod name;
mod packet_view;
mod payload_hints;
mod payload_view;
mod piece;
pub mod pool;
mod publish_line;
mod publisher;
mod remarks;
mod rest;
mod returned;
mod settings;
mod share;
mod store;
mod subscription_options;
mod subscriptions;
mod topics;
mod typed;
mod typed_properties;
mod user_properties;
mod waiting;
mod words;
mod workbench;

use wasm_bindgen::JsValue;

/// Starts the page.
pub fn start() {
    std::panic::set_hook(Box::new(|panic| fail(&panic.to_string())));
    piece::mount(frame::Page);
}

/// Puts a plain panel in place of the page: what is left when the page or the engine has failed for good.
fn fail(words: &str) {
    let failed = js_sys::Reflect::get(&js_sys::global(), &JsValue::from_str("midgeFailed"));
    if let Ok(failed) = failed.and_then(wasm_bindgen::JsCast::dyn_into::<js_sys::Function>) {
        let _ = failed.call2(
            &JsValue::NULL,
            &JsValue::from_str("It stopped working"),
            &JsValue::from_str(words),
        );
    }
}
