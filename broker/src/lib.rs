//! The broker of the companion: `midge-broker-core`, driven by one task of tokio and kept by one file.
//!
//! It knows nothing of sockets, WebSockets, HTTP or the page: whoever ends those asks for a connection with
//! [`Broker::connect`] and is given two ends, one for what the client says and one for what it is told.
//!
//! - [`Broker`]: what the others hold of it. `task`: the one task that holds the core.
//! - `line`: what goes to one connection, written by the task and taken by whoever writes to the client.
//! - `outward`: the core's outputs on their way to the lines, held back as long as storage is not done.
//! - `keeping`: storage, on a thread of its own.
//! - `users`: who may connect; `secret`: their passwords, as they are kept; `rules`: who may read and write what.
//! - [`limits`], `notice`: numbers, words.

mod keeping;
pub mod limits;
mod line;
mod notice;
mod outward;
mod rules;
mod secret;
mod task;
mod users;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use bytes::Bytes;
use midge::inside::{Ask, Report};
use midge::protocol::Qos;
use tokio::sync::{mpsc, oneshot};

pub use limits::Limits;
pub use line::{Inlet, Next, Outlet};
pub use midge_broker_core::{Counters, Ending, Held, Why};
pub use notice::{Ear, Notice};
pub use rules::{Grant, Rule, Rules};
pub use secret::Secret;
pub use users::{Admission, People, User, Who};

use crate::line::{Line, Shared};
use crate::task::{Said, Task};

/// How the broker shall run.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Who may connect, and who may do what.
    pub people: People,
    /// What clients may take.
    pub limits: Limits,
    /// Who hears when one was held back.
    pub ear: Ear,
    /// What `$SYS/broker/version` says.
    pub version: String,
    /// The folder in which sessions and retained messages outlive the program. `None`: they do not.
    pub data: Option<PathBuf>,
}

/// Why the broker did not start. The text is for the person at the terminal.
#[derive(Debug)]
pub enum BrokerError {
    /// The folder for what is kept cannot be used.
    Data {
        /// The folder.
        folder: PathBuf,
        /// Why.
        cause: String,
    },
}

impl fmt::Display for BrokerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BrokerError::Data { folder, cause } => {
                write!(f, "nothing can be kept in {}: {cause}", folder.display())
            }
        }
    }
}

impl std::error::Error for BrokerError {}

/// What the broker counted, and what it holds.
#[derive(Debug, Clone)]
pub struct Numbers {
    /// Since it began.
    pub counters: Counters,
    /// Now.
    pub held: Held,
}

/// The broker is not there any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gone;

/// A running broker. It runs as long as the tokio runtime does, or until the last of these and the last connection are
/// dropped.
#[derive(Clone)]
pub struct Broker {
    said: mpsc::UnboundedSender<Said>,
    shared: Arc<Shared>,
    people: People,
    last: Arc<AtomicU64>,
}

impl Broker {
    /// Starts a broker. Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// When there is a folder for what is kept and it cannot be used.
    pub async fn start(settings: Settings) -> Result<Broker, BrokerError> {
        let (said, hearing) = mpsc::unbounded_channel();
        let shared = Arc::new(Shared::new(&settings.limits));
        let people = settings.people.clone();
        let task = Task::new(settings, shared.clone(), hearing).await?;
        tokio::spawn(task.run());
        Ok(Broker {
            said,
            shared,
            people,
            last: Arc::default(),
        })
    }

    /// Opens a connection that speaks MQTT: what the client says goes into the one end, what it is told comes out of the
    /// other.
    ///
    /// # Errors
    /// When the broker is gone.
    pub fn connect(&self) -> Result<(Inlet, Outlet), Gone> {
        let number = self.last.fetch_add(1, Relaxed) + 1;
        let line = Arc::new(Line::new(number));
        let opened = Said::Opened(line.clone());
        self.said.send(opened).map_err(|_| Gone)?;
        let inlet = Inlet::new(line.clone(), self.said.clone(), self.shared.clone());
        let outlet = Outlet::new(line, self.said.clone(), self.shared.clone());
        Ok((inlet, outlet))
    }

    /// Whether a client may connect that gives this name and password.
    pub fn admits(&self, name: Option<&[u8]>, password: &[u8]) -> Admission {
        self.people.admits(name, password)
    }

    /// Publishes a message of the program's own.
    pub fn publish(&self, topic: &'static str, payload: Bytes, qos: Qos, retain: bool) {
        let message = Said::Publish {
            topic,
            payload,
            qos,
            retain,
        };
        // An error is a broker that is gone: nobody would hear it.
        let _ = self.said.send(message);
    }

    /// What is inside. From here on, until nobody has asked for ten seconds, the broker notes what becomes of messages.
    ///
    /// # Errors
    /// When the broker is gone.
    pub async fn inside(&self, ask: Ask) -> Result<Report, Gone> {
        let (answer, waiting) = oneshot::channel();
        let asked = Said::Inside(ask, answer);
        self.said.send(asked).map_err(|_| Gone)?;
        waiting.await.map_err(|_| Gone)
    }

    /// What was counted, and what is held. No names of anybody.
    ///
    /// # Errors
    /// When the broker is gone.
    pub async fn numbers(&self) -> Result<Numbers, Gone> {
        let (answer, waiting) = oneshot::channel();
        self.said.send(Said::Numbers(answer)).map_err(|_| Gone)?;
        waiting.await.map_err(|_| Gone)
    }

    /// Ends every connection, and comes back once what is to outlive the program is safe.
    pub async fn shut_down(&self) {
        let (done, waiting) = oneshot::channel();
        if self.said.send(Said::ShutDown(done)).is_ok() {
            let _ = waiting.await;
        }
    }
}
