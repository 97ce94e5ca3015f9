//! Cut everywhere: the real session against a simulated broker, link, storage and clock. Whatever breaks and whenever:
//! QoS 1 arrives at least once, QoS 2 exactly once, order is kept, no packet identifier leaks, nothing hangs.
//!
//! - `wire`, `broker`: the other side, with its own codec and its own state.
//! - `page`: the session and its storage, driven as the engine drives them.
//! - `world`: time, the link, and what goes wrong. `ledger`: what should have come of it.
//! - `cuts`, `schedules`, `half_open`: the tests. Nothing sleeps.
#![cfg(not(target_arch = "wasm32"))]

mod broker;
mod cuts;
mod half_open;
mod ledger;
mod page;
mod schedules;
mod wire;
mod world;
