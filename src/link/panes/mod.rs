//! The types of each pane, which is a part of the page: what the page sends of it, and its answer. One file each.

mod connection;
mod counters;
mod history;
mod inspector;
mod list;
mod notes;
mod publisher;
mod queue;
mod seen;
mod silence;
mod subscriptions;
mod timeline;
mod tree;
mod watched;

pub use connection::*;
pub use counters::*;
pub use history::*;
pub use inspector::*;
pub use list::*;
pub use notes::*;
pub use publisher::*;
pub use queue::*;
pub use seen::*;
pub use silence::*;
pub use subscriptions::*;
pub use timeline::*;
pub use tree::*;
pub use watched::*;
