//! JSON for reading: what is checked, laid out and compared.
#![cfg(not(target_arch = "wasm32"))]

mod difference;
mod faults;
mod generated;
mod lines;
