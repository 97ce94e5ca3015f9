//! What one message costs in each room, natively: the work that `cargo bench -p midge-micro` times with criterion and
//! `cargo xtask micro` counts the instructions of. Knows Midge's rooms from outside.

pub mod connected;
pub mod packets;
pub mod work;

pub use work::{WORK, Work};
