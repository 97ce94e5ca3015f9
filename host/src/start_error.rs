//! Why Midge did not start, in words for the person at the terminal.

use std::fmt;
use std::io;

use midge_broker::BrokerError;

use crate::people::Unreadable;
use crate::reaching::Unusable;

/// Why Midge did not start. The text is for the person at the terminal.
#[derive(Debug)]
pub enum StartError {
    /// Another program listens on the port.
    PortTaken {
        /// The port.
        port: u16,
        /// The option that chooses another.
        option: &'static str,
    },
    /// The port cannot be opened for another reason, such as missing rights.
    Listen {
        /// The port.
        port: u16,
        /// The option that chooses another.
        option: &'static str,
        /// What the system says.
        cause: io::Error,
    },
    /// The broker did not start.
    Broker(BrokerError),
    /// A certificate or key cannot be used.
    Unusable(Unusable),
    /// A file of users or rules cannot be used.
    Unreadable(Unreadable),
    /// The user has no folder for what programs keep.
    NoFolder,
    /// Two brokers of `--broker` have one name.
    SameName(String),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StartError::PortTaken { port, option } => {
                let next = port.checked_add(1).unwrap_or(8080);
                write!(
                    f,
                    "port {port} is already taken by another program. Choose another one with \
                     {option} {next}, or any free one with {option} 0."
                )
            }
            StartError::Listen {
                port,
                option,
                cause,
            } => write!(
                f,
                "port {port} cannot be opened: {cause}. Choose another one with {option}."
            ),
            StartError::Broker(error) => error.fmt(f),
            StartError::Unusable(Unusable { file, cause }) => {
                write!(f, "{} cannot be used: {cause}", file.display())
            }
            StartError::Unreadable(unreadable) => unreadable.fmt(f),
            StartError::NoFolder => f.write_str(
                "there is no folder for the CA: neither HOME nor XDG_DATA_HOME is set. Name one with --tls-folder.",
            ),
            StartError::SameName(name) => write!(
                f,
                "two brokers are called {name}. Give one of them a name of its own: --broker NAME=ADDRESS."
            ),
        }
    }
}

impl std::error::Error for StartError {}
