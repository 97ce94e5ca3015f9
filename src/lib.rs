//! Midge: an MQTT client that lives in a browser tab.
//!
//! The rooms, and the arrows between them (a room may use only what stands to its right):
//!
//! - [`protocol`]: bytes and packets, topic names and filters, reason codes. Knows nobody. Its plain data (versions, properties,
//!   options, what a broker grants) is the whole house's word for what MQTT has a word for.
//! - [`session`] -> protocol: the client's state machine. No clock, no socket, no browser.
//! - [`reading`] -> protocol: how topics, texts and times are told apart by people, and how a query is read.
//! - [`capture`] -> protocol, reading: everything that crossed the wire, and the views of it.
//! - [`export`] -> capture, protocol, reading: files that hold what was captured.
//! - [`payload`]: what payload bytes mean, and how they are made. Knows nobody.
//! - [`profile`] -> protocol, reading: share links and saved connections.
//! - [`inside`] -> protocol: what a broker tells of its inside.
//! - [`devices`] -> protocol, session: small devices, each a client of the broker in the tab.
//! - [`link`] -> protocol: what the two threads say to each other.
//! - [`lessons`] -> link, profile, protocol, reading: lessons as they are written, and whether a step is done.
//! - [`engine`] -> session, capture, export, payload, protocol, reading, link: joins them. Fed and drained, no browser.
//! - [`desk`] -> inside, link, payload, profile, protocol, reading: what the page decides. No signals, no elements, no browser.
//! - `browser`: one web API per file. Compiled for wasm only.
//! - `ui` -> desk, devices, inside, lessons, link, payload, profile, protocol, reading, browser: the page. Compiled for wasm only.
//!
//! `tests/arrows` reads the `use` lines and fails on any other arrow.

pub mod capture;
pub mod desk;
pub mod devices;
pub mod engine;
pub mod export;
pub mod inside;
pub mod lessons;
pub mod link;
pub mod payload;
pub mod profile;
pub mod protocol;
pub mod reading;
pub mod session;

#[cfg(target_arch = "wasm32")]
pub mod browser;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod ui;
