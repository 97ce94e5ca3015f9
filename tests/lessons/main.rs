//! Lessons as they are written: what is read, what is wrong and where, and what does a step and what does not.
#![cfg(not(target_arch = "wasm32"))]

mod built_in;
mod checks;
mod faults;
mod progress;
