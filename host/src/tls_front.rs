//! Accepts connections over TLS, for the page and for plain MQTT alike.

use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_util::either::Either;

use crate::complaints::Complaints;
use crate::listen;
use crate::seats::{Seat, Seats};
use crate::stop::Stopping;
use crate::stream::{self, Stream};

/// How long the handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// Accepts until the stop is ordered, and has each connection served behind its handshake.
pub async fn serve<F>(
    listener: TcpListener,
    acceptor: TlsAcceptor,
    seats: Arc<Seats>,
    complaints: Arc<Complaints>,
    stopping: Stopping,
    serve: impl Fn(Stream, Arc<Seat>, Stopping) -> F + Clone + Send + Sync + 'static,
) where
    F: Future<Output = ()> + Send + 'static,
{
    listen::accept(
        listener,
        seats,
        complaints,
        stopping,
        |outer, seat, mut stopping| {
            let (acceptor, serve) = (acceptor.clone(), serve.clone());
            async move {
                let Either::Left(Either::Left(outer)) = outer else {
                    return;
                };
                let shaken = tokio::select! {
                    shaken = timeout(HANDSHAKE, acceptor.accept(outer)) => shaken,
                    () = stopping.ordered() => return,
                };
                // Who does not trust the certificate says so and goes.
                if let Ok(Ok(closed)) = shaken {
                    serve(stream::closed(closed), seat, stopping).await;
                }
            }
        },
    )
    .await;
}
