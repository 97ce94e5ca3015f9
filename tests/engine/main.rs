//! The engine end to end, by behaviour: commands in, bytes to and from a broker, frames out. Clock, page and broker are
//! simulated.
#![cfg(not(target_arch = "wasm32"))]

mod all_packets;
mod bounded;
mod cleared;
mod colours;
mod connections;
mod crashing;
mod exporting;
mod frames;
mod history;
mod inspected;
mod left_out;
mod list;
mod newer;
mod resubscribing;
mod seen;
mod series;
mod silence;
mod simulated;
mod slow;
mod storing;
mod timeline;
mod told;
mod tolerated;
mod turns;
mod watched;
