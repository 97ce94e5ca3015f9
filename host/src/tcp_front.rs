//! Plain MQTT for programs that are no browsers: pipes TCP to the broker's own listener, so that
//! one place decides who can reach it and counts the bytes.

use std::sync::Arc;
use std::time::Duration;

use midge_broker::{Broker, acknowledge};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

use crate::meter::Meter;
use crate::stop::Stopping;

/// After an error of `accept`, such as too many open files, before the next try.
const RECOVERY: Duration = Duration::from_millis(100);

const CHUNK: usize = 64 * 1024;

/// Accepts until the stop is ordered.
pub async fn serve(
    listener: TcpListener,
    broker: Broker,
    meter: Arc<Meter>,
    mut stopping: Stopping,
) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stopping.ordered() => return,
        };
        match accepted {
            Ok((client, _)) => {
                let (broker, meter, mut stopping) =
                    (broker.clone(), meter.clone(), stopping.clone());
                tokio::spawn(async move {
                    tokio::select! {
                        // An error is the end of a connection like any other.
                        _ = pipe(client, &broker, &meter) => {}
                        () = stopping.ordered() => {}
                    }
                });
            }
            Err(_) => tokio::time::sleep(RECOVERY).await,
        }
    }
}

async fn pipe(client: TcpStream, broker: &Broker, meter: &Meter) -> std::io::Result<()> {
    client.set_nodelay(true)?;
    let inner = TcpStream::connect(broker.address()).await?;
    inner.set_nodelay(true)?;
    let (from_client, to_client) = client.into_split();
    let (from_broker, to_broker) = inner.into_split();
    let up = copy(from_client, to_broker, |_, bytes| {
        meter.count_received(bytes)
    });
    let down = copy(from_broker, to_client, |broker, bytes| {
        acknowledge(broker.as_ref());
        meter.count_sent(bytes);
    });
    // Once the broker has closed, nothing that the client sends matters any more.
    let mut down = std::pin::pin!(down);
    tokio::select! {
        result = &mut down => return result,
        result = up => result?,
    }
    down.await
}

/// Copies until the end, passes it on, and tells how many bytes each read gave.
async fn copy(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    was_read: impl Fn(&OwnedReadHalf, usize),
) -> std::io::Result<()> {
    let mut chunk = vec![0; CHUNK];
    loop {
        let read = from.read(&mut chunk).await?;
        if read == 0 {
            return to.shutdown().await;
        }
        was_read(&from, read);
        to.write_all(&chunk[..read]).await?;
    }
}
