//! The core against simulated clients, with a clock that only moves when told. Nothing sleeps, nothing is left to chance.
//!
//! - `desk`: the broker, its clock, and what it said to whom. `packets`: what clients send and are sent.
//! - The other files: one kind of behaviour each. What they name as `[MQTT-...]` binds a server.

mod access;
mod aliases;
mod answers;
mod client;
mod connecting;
mod desk;
mod expiry;
mod flow;
mod format;
mod hostile;
mod inside;
mod limits;
mod model;
mod newcomers;
mod operation;
mod ordering;
mod packets;
mod publishing;
mod qos;
mod retained;
mod sessions;
mod shared;
mod storing;
mod subscribing;
mod sys;
mod wills;
