//! Addresses, share links, saved connections, what is typed, and command lines that do the same in a terminal. Uses plain
//! types of `protocol`, and `reading`. Knows no browser and no clock.

pub mod address;
pub mod drafts;
pub mod expiry;
mod idle;
pub mod kept_filters;
pub mod names;
pub mod saved;
pub mod share_link;
pub mod shown_as;
pub mod signed;
pub mod stored;
pub mod terminal;
pub mod typed_before;

pub use crate::reading::secrets;
pub use idle::{USUAL_KEEP_ALIVE, lower_keep_alive};

/// The most addresses of one broker.
pub const MAX_ADDRESSES: usize = 8;
