//! The embedded MQTT broker: 3.1, 3.1.1 and 5 on one loopback TCP listener, in memory.
//!
//! It knows nothing of WebSockets, of HTTP or of the page: whoever ends those pipes bytes to
//! [`Broker::address`]. The crate that does the work (rmqtt) does not show in this interface, so
//! that it can be swapped.

mod acknowledge;
mod endings;
mod hooks;
mod negotiation;
mod server;
mod traffic;

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

pub use acknowledge::acknowledge;
pub use endings::{Ending, Watch};
pub use traffic::Traffic;

/// The largest control packet that is taken unless [`Settings::packet_limit`] says otherwise:
/// 16 MiB.
pub const PACKET_LIMIT: u32 = 16 * 1024 * 1024;

/// How the broker shall run.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Who may connect. Empty: everyone, with any user name or none.
    pub users: Vec<User>,
    /// The largest control packet in bytes, fixed header included. A larger one ends its
    /// connection.
    pub packet_limit: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            users: Vec::new(),
            packet_limit: PACKET_LIMIT,
        }
    }
}

/// A name and the password that goes with it.
#[derive(Clone, PartialEq, Eq)]
pub struct User {
    /// The user name, as in CONNECT.
    pub name: String,
    /// The password, as in CONNECT.
    pub password: String,
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A password must not reach a log by way of `{:?}`.
        f.debug_struct("User")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// Why the broker did not start.
#[derive(Debug)]
pub enum BrokerError {
    /// The loopback listener could not be opened.
    Listen(String),
    /// A part of the broker refused its settings.
    Setup(String),
}

impl fmt::Display for BrokerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BrokerError::Listen(cause) => {
                write!(f, "the broker cannot listen on the loopback: {cause}")
            }
            BrokerError::Setup(cause) => write!(f, "the broker refused its settings: {cause}"),
        }
    }
}

impl std::error::Error for BrokerError {}

/// A running broker. It runs as long as the tokio runtime does: rmqtt has no way to be stopped.
#[derive(Clone)]
pub struct Broker {
    address: SocketAddr,
    endings: Arc<endings::Endings>,
    traffic: Arc<traffic::Counters>,
    connections: server::Connections,
}

impl Broker {
    /// Starts a broker on a free loopback port. Must be called inside a tokio runtime.
    pub async fn start(settings: Settings) -> Result<Broker, BrokerError> {
        let endings = Arc::new(endings::Endings::default());
        let traffic = Arc::new(traffic::Counters::default());
        let hooks = hooks::Hooks {
            users: settings.users.into(),
            endings: endings.clone(),
            traffic: traffic.clone(),
        };
        let (address, connections) = server::run(hooks, settings.packet_limit).await?;
        Ok(Broker {
            address,
            endings,
            traffic,
            connections,
        })
    }

    /// Where MQTT is spoken over plain TCP: a loopback address with the port that was chosen.
    /// Who reads there calls [`acknowledge`] after every read.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Watches how the connection ends whose client side is bound to `client`. Call it before
    /// CONNECT is sent; what happened earlier is not told.
    pub fn watch(&self, client: SocketAddr) -> Watch {
        endings::Endings::watch(&self.endings, client)
    }

    /// What went through so far.
    pub fn traffic(&self) -> Traffic {
        self.traffic.read(self.connections.count())
    }
}
