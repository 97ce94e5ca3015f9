//! Why a connection ended, told to whoever holds its other side.
//!
//! MQTT 3.1.1 has no packet by which a server says why it closes. The holder of the other side
//! (the WebSocket front) can say it in its own way, if it knows. Connections are matched by the
//! address of their client side, which both ends see.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

/// How a connection ended, seen from the broker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Another connection came with the same client identifier (MQTT 3.1.1 section 3.1.4,
    /// MQTT 5 section 3.1.4: session taken over).
    TakenOver,
    /// Anything else: refused, DISCONNECT, a protocol error, keep alive, a lost connection.
    Other,
}

/// The connections that are being watched. A sender leaves the map when its ending is told or its
/// watch is dropped.
#[derive(Default)]
pub(crate) struct Endings(Mutex<HashMap<SocketAddr, oneshot::Sender<Ending>>>);

impl Endings {
    pub(crate) fn watch(this: &Arc<Endings>, client: SocketAddr) -> Watch {
        let (told, ending) = oneshot::channel();
        this.lock().insert(client, told);
        Watch {
            client,
            endings: this.clone(),
            ending,
        }
    }

    pub(crate) fn tell(&self, client: SocketAddr, ending: Ending) {
        if let Some(told) = self.lock().remove(&client) {
            // An error means that nobody waits any more.
            let _ = told.send(ending);
        }
    }

    /// Whether somebody watches this connection: only those come through a front.
    pub(crate) fn is_watched(&self, client: SocketAddr) -> bool {
        self.lock().contains_key(&client)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<SocketAddr, oneshot::Sender<Ending>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits for the ending of one connection.
pub struct Watch {
    client: SocketAddr,
    endings: Arc<Endings>,
    ending: oneshot::Receiver<Ending>,
}

impl Watch {
    /// Resolves when the broker has ended the connection. It never does for a connection that
    /// ends without a session, unless its user was refused: wait with a limit of your own.
    pub async fn ended(mut self) -> Ending {
        (&mut self.ending).await.unwrap_or(Ending::Other)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.endings.lock().remove(&self.client);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(port: u16) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], port))
    }

    #[tokio::test]
    async fn each_watch_hears_of_its_own_connection_only() {
        let endings = Arc::new(Endings::default());
        let one = Endings::watch(&endings, client(1));
        let two = Endings::watch(&endings, client(2));
        endings.tell(client(2), Ending::Other);
        endings.tell(client(1), Ending::TakenOver);
        assert_eq!(one.ended().await, Ending::TakenOver);
        assert_eq!(two.ended().await, Ending::Other);
    }

    #[test]
    fn nothing_is_kept_for_a_watch_that_was_dropped() {
        let endings = Arc::new(Endings::default());
        drop(Endings::watch(&endings, client(1)));
        assert!(endings.lock().is_empty());
    }
}
