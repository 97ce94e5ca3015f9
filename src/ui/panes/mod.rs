//! The parts of the page. A pane knows the controls, the state and the words, and no other pane: what joins them stands
//! above them, in `ui` itself.

pub mod commands;
pub mod connection;
pub mod devices;
pub mod inside;
pub mod inspector;
pub mod keys;
pub mod lesson;
pub mod list;
pub mod notes;
pub mod projector;
pub mod publisher;
pub mod queue;
pub mod settings;
pub mod sharing;
pub mod subscriptions;
pub mod tree;
