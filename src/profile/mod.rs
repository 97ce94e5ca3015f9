//! Where to connect, and how one tells it to others: addresses, share links, saved connections, what is typed, the same in a
//! terminal. Knows only the names of `protocol`, and `reading`; no browser, no clock.

pub mod address;
pub mod drafts;
pub mod expiry;
mod idle;
pub mod kept_filters;
pub mod names;
pub mod saved;
pub mod share_link;
pub mod signed;
pub mod stored;
pub mod terminal;
pub mod typed_before;

pub use crate::reading::secrets;
pub use idle::{USUAL_KEEP_ALIVE, lower_keep_alive};

/// How many addresses of one broker are kept, taken from a link, and tried in order.
pub const MAX_ADDRESSES: usize = 8;
