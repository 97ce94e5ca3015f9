//! Midge's companion: one port that serves the page and MQTT over WebSocket to an embedded broker.
//!
//! - [`Options`]: what the command line says.
//! - [`Midge`]: opens the ports, joins the parts, stops them.
//! - `page`: the built page, inside the program or in a folder; `encoding`: packed or not. `about`: `/midge.json`.
//! - `mqtt_front`: `/mqtt`, WebSocket to the broker; `pace`: when messages to the page are joined. `tcp_front`: plain
//!   MQTT for other programs.
//! - `security`: response headers, which Host and which Origin are served.
//! - `publisher`: a client that only publishes; `demo` and `sys` make what it sends.
//! - `lan`: this machine's address in its network, and a QR code of it.
//! - [`stop`]: how a clean stop is asked for and waited for.
//!
//! The broker itself is in the crate `midge-broker`; here it is an address and a way to ask why a
//! connection ended.

mod about;
mod demo;
mod encoding;
mod lan;
mod meter;
mod midge;
mod mqtt_front;
mod options;
mod pace;
mod page;
mod publisher;
mod security;
pub mod stop;
mod sys;
mod tcp_front;

pub use midge::{Midge, StartError};
pub use options::{Credentials, Options, Origin};
