//! What a reader of the broker's packets owes it, so that none of them waits.
//!
//! The system joins small packets of the broker until the one before is acknowledged (Nagle's algorithm). By itself the
//! reader's side may put that off for 40 ms, in the hope of words to send it along with.

use tokio::net::TcpStream;

/// Whether the system has a way to acknowledge at once.
pub(crate) const POSSIBLE: bool = cfg!(any(target_os = "linux", target_os = "android"));

/// Acknowledges what was read from the broker. To be called after every read: the system goes back to its own ways.
pub fn acknowledge(connection: &TcpStream) {
    // An error means that the connection is lost, which the next read tells.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    let _ = connection.set_quickack(true);
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    let _ = connection;
}
