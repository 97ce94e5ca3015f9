//! Accepts connections: a seat for each, and no more than there are seats.

use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;

use crate::complaints::Complaints;
use crate::refusal::Refusal;
use crate::seats::{Seat, Seats};
use crate::stop::Stopping;
use crate::stream::{self, Stream};

/// After an error of `accept`, such as too many open files, before the next try.
const RECOVERY: Duration = Duration::from_millis(100);

/// Accepts until the stop is ordered, and has each connection served.
pub async fn accept<F>(
    listener: TcpListener,
    seats: Arc<Seats>,
    complaints: Arc<Complaints>,
    mut stopping: Stopping,
    serve: impl Fn(Stream, Arc<Seat>, Stopping) -> F,
) where
    F: Future<Output = ()> + Send + 'static,
{
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stopping.ordered() => return,
        };
        match accepted {
            Ok((stream, from)) => match seats.take(from.ip().to_canonical()) {
                Some(seat) => {
                    // Without it, small frames wait for the acknowledgement of the one before. An error is a connection
                    // that is lost.
                    let _ = stream.set_nodelay(true);
                    let stream = stream::plain(stream);
                    tokio::spawn(serve(stream, Arc::new(seat), stopping.clone()));
                }
                None => complaints.about(Refusal::Full.words(), Some(from.ip())),
            },
            Err(_) => tokio::time::sleep(RECOVERY).await,
        }
    }
}
