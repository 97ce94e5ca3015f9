//! Accepts connections: a seat for each, and no more than there are seats.

use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};

use crate::complaints::Complaints;
use crate::refusal::Kind;
use crate::seats::{Seat, Seats};
use crate::stop::Stopping;

/// After an error of `accept`, such as too many open files, before the next try.
const RECOVERY: Duration = Duration::from_millis(100);

/// Accepts until the stop is ordered, and has each connection served.
pub async fn accept<F>(
    listener: TcpListener,
    seats: Arc<Seats>,
    complaints: Arc<Complaints>,
    mut stopping: Stopping,
    serve: impl Fn(TcpStream, Arc<Seat>, Stopping) -> F,
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
                    tokio::spawn(serve(stream, Arc::new(seat), stopping.clone()));
                }
                None => complaints.about(Kind::Full.words(), Some(from.ip())),
            },
            Err(_) => tokio::time::sleep(RECOVERY).await,
        }
    }
}
