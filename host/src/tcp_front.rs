//! Plain MQTT for programs that are no browsers, so that one place decides who can reach the broker and looks at what
//! they send.

use std::sync::Arc;

use tokio::net::TcpListener;

use crate::listen;
use crate::relay::{self, Client, Shared};
use crate::stop::Stopping;

/// Accepts until the stop is ordered.
pub async fn serve(listener: TcpListener, shared: Arc<Shared>, stopping: Stopping) {
    let seats = shared.seats.clone();
    let complaints = shared.complaints.clone();
    listen::accept(
        listener,
        seats,
        complaints,
        stopping,
        |stream, seat, stopping| {
            let client = Client::new(stream, Vec::new(), false, seat);
            relay::serve(client, shared.clone(), stopping)
        },
    )
    .await;
}
