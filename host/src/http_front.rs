//! HTTP/1.1 for the page and for `/mqtt`'s handshake, with a time for everything.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use midge_broker::Limits;
use tokio::net::TcpListener;
use tokio::time::timeout;

use crate::complaints::Complaints;
use crate::listen;
use crate::seats::{Seat, Seats};
use crate::stop::Stopping;
use crate::stream::Stream;

/// How long an answer that is under way may take once the connection shall end.
const LAST_ANSWER: Duration = Duration::from_secs(20);

/// The same when the program stops.
const AT_STOP: Duration = Duration::from_secs(2);

/// The least that hyper's buffer for a header may be.
const LEAST_HEADER: usize = 8 * 1024;

/// Accepts until the stop is ordered. Each request carries its connection's [`Seat`].
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Arc<Limits>,
    seats: Arc<Seats>,
    complaints: Arc<Complaints>,
    stopping: Stopping,
) {
    listen::accept(
        listener,
        seats,
        complaints,
        stopping,
        |stream, seat, stopping| connection(stream, router.clone(), seat, limits.clone(), stopping),
    )
    .await;
}

/// Serves one connection.
pub async fn connection(
    stream: Stream,
    router: Router,
    seat: Arc<Seat>,
    limits: Arc<Limits>,
    mut stopping: Stopping,
) {
    let service = TowerToHyperService::new(router.layer(Extension(seat)));
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(limits.time_to_header)
        .max_buf_size(limits.http_header.max(LEAST_HEADER));
    let mut connection = pin!(
        builder
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades()
    );
    // An error is the end of a connection like any other.
    let patience = tokio::select! {
        _ = connection.as_mut() => return,
        () = tokio::time::sleep(limits.http_life) => LAST_ANSWER,
        () = stopping.ordered() => AT_STOP,
    };
    connection.as_mut().graceful_shutdown();
    let _ = timeout(patience, connection).await;
}
