//! The broker that lives in a worker of the browser: `midge-broker-core` for lines of bytes between threads, which are as
//! good as sockets. No browser in here: fed with what happens and drained of what is to be done, like the core. The worker
//! around it is `src/bin/broker.rs`.
//!
//! - A *line* is one MQTT connection. It belongs to a *page*, the tab that it came from: when the tab is gone, so are all
//!   its lines, and their wills come.
//! - What the core says for a line is joined until the drain is over, so that it leaves in one message.
//! - Whoever is at the other end tells how much it has taken, and only that counts as left.

mod ending;
mod line;
mod tab;

pub use tab::{Act, Tab};
