//! The embedded MQTT broker: 3.1, 3.1.1 and 5 on one loopback TCP listener, in memory.
//!
//! It knows nothing of WebSockets, of HTTP or of the page: whoever ends those pipes bytes to
//! [`Broker::connect`], packet by packet, once they were looked at. The crate that does the work
//! (rmqtt) does not show in this interface, so that it can be swapped.

mod acknowledge;
mod endings;
mod hooks;
pub mod limits;
mod negotiation;
mod notice;
mod offline;
mod owed;
mod refused;
mod retained;
mod server;
mod sharing;
mod traffic;
mod users;

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

pub use acknowledge::acknowledge;
pub use endings::{Ending, Watch};
pub use limits::Limits;
pub use notice::{Ear, Notice};
pub use refused::refused;
use tokio::net::TcpStream;
pub use traffic::Traffic;
pub use users::{Admission, User};

/// How the broker shall run.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Who may connect. Empty: everyone, with any user name or none.
    pub users: Vec<User>,
    /// What clients may take.
    pub limits: Limits,
    /// Who hears when one was held back.
    pub ear: Ear,
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
    users: Arc<[User]>,
}

impl Broker {
    /// Starts a broker on a free loopback port. Must be called inside a tokio runtime.
    pub async fn start(settings: Settings) -> Result<Broker, BrokerError> {
        let endings = Arc::new(endings::Endings::default());
        let traffic = Arc::new(traffic::Counters::default());
        let limits = Arc::new(settings.limits);
        let users: Arc<[User]> = settings.users.into();
        let hooks = hooks::Hooks {
            users: users.clone(),
            endings: endings.clone(),
            traffic: traffic.clone(),
            accounts: Arc::new(owed::Accounts::new(limits.clone(), settings.ear.clone())),
            ledger: Arc::new(retained::Ledger::new(limits.clone())),
            away: Arc::default(),
            limits,
            ear: settings.ear,
        };
        let (address, connections) = server::run(hooks).await?;
        Ok(Broker {
            address,
            endings,
            traffic,
            connections,
            users,
        })
    }

    /// Opens a connection that speaks MQTT, and watches how it ends. Others are let in by nobody, though the port is open
    /// to every program of this machine. Who reads there calls [`acknowledge`] after every read.
    pub async fn connect(&self) -> std::io::Result<(Watch, TcpStream)> {
        let stream = TcpStream::connect(self.address).await?;
        stream.set_nodelay(true)?;
        let watch = endings::Endings::watch(&self.endings, stream.local_addr()?);
        Ok((watch, stream))
    }

    /// Whether a client may connect that gives this name and password.
    pub fn admits(&self, name: Option<&[u8]>, password: &[u8]) -> Admission {
        users::admits(&self.users, name, password)
    }

    /// What went through so far.
    pub fn traffic(&self) -> Traffic {
        self.traffic.read(self.connections.count())
    }
}
