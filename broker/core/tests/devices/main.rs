//! The devices of the tab against this core, in memory and in simulated time.

mod commands;
mod going;
mod orders;
mod values;
mod world;
