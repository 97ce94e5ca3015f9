//! The ports that others come to.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::TcpListener;

use crate::start_error::StartError;

/// Listens on this port, on all interfaces or on this machine alone.
///
/// # Errors
/// In words that name the option which chooses another one.
pub async fn listen(lan: bool, port: u16, option: &'static str) -> Result<TcpListener, StartError> {
    let ip = match lan {
        true => Ipv4Addr::UNSPECIFIED,
        false => Ipv4Addr::LOCALHOST,
    };
    TcpListener::bind((ip, port))
        .await
        .map_err(|cause| match cause.kind() {
            io::ErrorKind::AddrInUse => StartError::PortTaken { port, option },
            _ => StartError::Listen {
                port,
                option,
                cause,
            },
        })
}

/// Where it listens.
///
/// # Errors
/// When the system does not say.
pub fn address(
    listener: &TcpListener,
    port: u16,
    option: &'static str,
) -> Result<SocketAddr, StartError> {
    listener.local_addr().map_err(|cause| StartError::Listen {
        port,
        option,
        cause,
    })
}

/// Its port, if it is open.
pub fn port_of(listener: Option<&TcpListener>) -> Option<u16> {
    Some(listener?.local_addr().ok()?.port())
}
