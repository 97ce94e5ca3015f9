//! The page's decisions, without a page.
#![cfg(not(target_arch = "wasm32"))]

mod climbing;
mod columns;
mod connect;
mod doctor;
mod field_names;
mod formats;
mod going_on;
mod holding;
mod inside;
mod limits;
mod offered;
mod palette;
mod projected;
mod publishing;
mod repeated;
mod section;
mod shape;
mod shortcut;
mod silence;
mod splitting;
mod steps;
mod telling;
mod texts;
mod timeline;
mod typed;
mod walking;
mod window;
