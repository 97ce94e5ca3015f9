//! The state of the page, as signals that exist as long as the page: the store, the connect form, and what is stored for the
//! next visit. It shows nothing. It uses the words, and no part of the page that shows it.

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
