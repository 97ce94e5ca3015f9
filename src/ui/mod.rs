//! The page: Leptos components and their signals. Uses `link`, `payload`, `profile` and `browser`; never the engine's
//! rooms. Whatever comes from a broker enters the page as a text node.

mod budget_field;
mod calendar;
mod command_line;
mod connect;
mod counters;
mod dialog;
mod doctor;
mod drafts;
mod failure;
mod field;
mod frame;
mod header;
mod held;
mod inspector;
mod keep;
mod later;
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
mod preferences;
mod properties;
mod property_fields;
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
mod suspects;
mod topics;
mod typed;
mod typed_properties;
mod user_properties;
mod waiting;
mod words;
mod workbench;

/// Starts the page.
pub fn start() {
    std::panic::set_hook(Box::new(|panic| failure::fail(&panic.to_string())));
    piece::mount(frame::Page);
}
