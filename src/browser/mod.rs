//! One web API per file, named after the API. Compiled for wasm only; knows no other room.

pub mod animation_frame;
#[cfg(feature = "page")]
pub mod clipboard;
pub mod color_scheme;
pub mod date;
pub mod download;
#[cfg(feature = "page")]
pub mod file;
pub mod focus;
pub mod history;
pub mod indexed_db;
pub mod keyboard;
#[cfg(feature = "page")]
pub mod location;
pub mod message_channel;
pub mod object_url;
pub mod page_visibility;
pub mod random;
pub mod resize_observer;
pub mod session_storage;
pub mod storage;
pub mod text;
pub mod title;
pub mod websocket;
pub mod worker;
pub mod worker_scope;
