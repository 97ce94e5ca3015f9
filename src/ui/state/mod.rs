//! What the page knows and what was typed, as signals that live as long as it: the store, the connect form, what is kept for
//! the next visit. Shows nothing; knows the words, and no part of the page that shows it.

pub mod announced;
mod answers;
pub mod calendar;
mod chrome;
pub mod dialogs;
pub mod failure;
pub mod form;
pub mod keep;
pub mod preferences;
pub mod properties;
mod speech;
pub mod store;
pub mod typed_before;
mod wire;
