//! One web API per file, named after the API. Compiled for wasm only; knows no other room.

pub mod animation_frame;
pub mod clipboard;
pub mod color_scheme;
pub mod date;
pub mod download;
pub mod file;
pub mod location;
pub mod object_url;
pub mod random;
pub mod resize_observer;
pub mod storage;
pub mod websocket;
pub mod worker;
pub mod worker_scope;
