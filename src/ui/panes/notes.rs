//! Lines over the messages, and the counters: what there is to say of the connection while it goes on.

pub mod counters;
pub mod remarks;
pub mod returned;
