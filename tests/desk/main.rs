//! The page's decisions, without a page.
#![cfg(not(target_arch = "wasm32"))]

mod connect;
mod doctor;
mod field_names;
mod formats;
mod holding;
mod limits;
mod publishing;
mod section;
mod shape;
mod texts;
mod typed;
mod window;
