//! The host from outside: over HTTP, over WebSocket, over TCP, and as a program. Every test has
//! its own broker on ports of its own.

mod client;
mod front;
mod hostile;
mod inside;
mod kept;
mod limits;
mod memory;
mod metrics;
mod page;
mod people;
mod program;
mod raw;
mod sessions;
mod tls;
mod way_in;

use std::net::{IpAddr, Ipv4Addr};

use clap::Parser;
use midge_host::{Midge, Options};

/// Where connections from inside the program seem to come from.
const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// A Midge in this process, on free ports, with more arguments.
async fn midge(arguments: &[&str]) -> Midge {
    let arguments = ["midge", "--port", "0"].iter().chain(arguments);
    Midge::start(Options::parse_from(arguments)).await.unwrap()
}
