//! `/broker/NAME`: a page's conversation with a broker that was named on the command line. Bytes go through as they are, in
//! both directions and no faster than the slower side takes them; what the page shows is what that broker said.
//!
//! Which broker it is hangs on the name alone, which is looked up among those of the command line. No address comes from a
//! client.

use std::collections::BTreeMap;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::Mutex;
use tokio::time::timeout;

use crate::complaints::Complaints;
use crate::mqtt_front::{shake, upgraded};
use crate::reaching::{Reached, Trust, reach};
use crate::relay::{Client, Reader, Writer};
use crate::seats::Seat;
use crate::security::Doors;
use crate::stop::Stopping;
use crate::unreached::Unreached;
use crate::upstream::{Speech, Upstream};
use crate::websocket::{self, Event, Frames};

/// What of one direction is in hand: read, and not written yet.
const PIECE: usize = 16 * 1024;

/// The longest header of a frame that holds a piece.
const HEADER: usize = 4;

/// How long each side may take to answer the end.
const FAREWELL: Duration = Duration::from_secs(2);

/// The brokers that pages find a way to.
#[derive(Clone)]
pub struct WayIn {
    /// By their names.
    pub brokers: Arc<BTreeMap<String, Upstream>>,
    /// `None`: no broker is reached over TLS.
    pub trust: Option<Trust>,
    /// Whose pages may come.
    pub doors: Arc<Doors>,
    /// How long each side may take to read a piece.
    pub patience: Duration,
    /// Hears of brokers that are not reached.
    pub complaints: Arc<Complaints>,
    /// Ends every connection.
    pub stopping: Stopping,
}

/// Answers the upgrade request as `/mqtt` does, and 404 where no broker has that name.
pub async fn upgrade(
    State(way): State<WayIn>,
    Path(name): Path<String>,
    Extension(seat): Extension<Arc<Seat>>,
    mut request: Request,
) -> Response {
    let shaken = match shake(&way.doors, &mut request) {
        Ok(shaken) => shaken,
        Err(refusal) => return *refusal,
    };
    if !way.brokers.contains_key(&name) {
        let words = "No broker of this name was given to midge with --broker.\n";
        return (StatusCode::NOT_FOUND, words).into_response();
    }
    tokio::spawn(async move {
        let upgraded = upgraded(shaken.upgrading).await;
        if let (Some((stream, early)), Some(upstream)) = (upgraded, way.brokers.get(&name)) {
            let client = Client::new(stream, early, true, seat);
            way.serve(client, upstream, shaken.subprotocol).await;
        }
    });
    shaken.answer
}

/// Why a conversation ended.
enum End {
    /// The page closed.
    Page,
    /// The page does not read, or its connection broke.
    Lost,
    /// The page sent text, which MQTT forbids [MQTT-6.0.0-1].
    Text,
    /// The page broke the rules of WebSocket.
    Frames,
    /// The broker closed.
    Broker,
    /// The broker was lost.
    Unreached(Unreached),
    /// The program stops.
    Stopping,
}

impl WayIn {
    async fn serve(&self, client: Client, upstream: &Upstream, subprotocol: &str) {
        let Client {
            mut reader,
            writer,
            early,
            seat,
            ..
        } = client;
        let page = Mutex::new(writer);
        let mut stopping = self.stopping.clone();
        let reached = tokio::select! {
            reached = reach(upstream, self.trust.as_ref(), subprotocol) => reached,
            () = stopping.ordered() => return,
        };
        // Between two frames of the broker's own nobody knows where one ends.
        let (end, is_at_a_border) = match reached {
            Ok(reached) => {
                let end = self.talk(&mut reader, &page, early, upstream, reached);
                (end.await, upstream.speech == Speech::Plain)
            }
            Err(why) => (End::Unreached(why), true),
        };
        if let End::Unreached(why) = end {
            self.complaints.about(why.words(), Some(seat.address()));
        }
        let farewell = async {
            let mut writer = page.lock().await;
            match end.close_frame() {
                Some(close) if is_at_a_border => writer.write_all(&close).await?,
                _ => {}
            }
            writer.shutdown().await?;
            let mut passed_over = [0; 1024];
            while let 1.. = reader.read(&mut passed_over).await? {}
            io::Result::Ok(())
        };
        let _ = timeout(FAREWELL, farewell).await;
    }

    async fn talk(
        &self,
        reader: &mut Reader,
        page: &Mutex<Writer>,
        early: Vec<u8>,
        upstream: &Upstream,
        reached: Reached,
    ) -> End {
        let is_framed = upstream.speech != Speech::Plain;
        let Reached {
            reader: mut hearing,
            writer: mut telling,
        } = reached;
        let mut down = pin!(self.down(&mut hearing, page, is_framed));
        let mut stopping = self.stopping.clone();
        let end = tokio::select! {
            end = self.up(reader, page, early, &mut telling, is_framed) => end,
            end = &mut down => return end,
            () = stopping.ordered() => return End::Stopping,
        };
        // What the page said last is to arrive, and what the broker says to it, or why it was lost.
        let rest = async {
            let _ = telling.shutdown().await;
            down.await
        };
        match (end, timeout(FAREWELL, rest).await) {
            (End::Unreached(_), Ok(end)) => end,
            (end, _) => end,
        }
    }

    /// From the page to the broker.
    async fn up(
        &self,
        reader: &mut Reader,
        page: &Mutex<Writer>,
        early: Vec<u8>,
        telling: &mut Writer,
        is_framed: bool,
    ) -> End {
        let mut frames = Frames::default();
        let mut buffer = vec![0; PIECE];
        let mut early = Some(early).filter(|early| !early.is_empty());
        loop {
            let mut read = match early.take() {
                Some(early) => early,
                None => match reader.read(&mut buffer).await {
                    Ok(0) | Err(_) => return End::Page,
                    Ok(read) => buffer.get(..read).unwrap_or_default().to_vec(),
                },
            };
            let as_it_came = is_framed.then(|| read.clone());
            let mut raw = &mut read[..];
            let end = loop {
                match frames.next(&mut raw) {
                    Event::More => break None,
                    Event::Close => break Some(End::Page),
                    Event::Text => return End::Text,
                    Event::Broken => return End::Frames,
                    // The broker answers its pings itself where it has frames.
                    Event::Ping if is_framed => {}
                    Event::Ping => {
                        let pong = websocket::pong(frames.asked());
                        let written = async {
                            let mut writer = page.lock().await;
                            writer.write_all(&pong).await?;
                            writer.flush().await
                        };
                        if !matches!(timeout(self.patience, written).await, Ok(Ok(()))) {
                            return End::Lost;
                        }
                    }
                    Event::Bytes(_) if is_framed => {}
                    Event::Bytes(bytes) => {
                        if let Err(why) = self.tell(telling, bytes).await {
                            return End::Unreached(why);
                        }
                    }
                }
            };
            if let Some(bytes) = as_it_came
                && let Err(why) = self.tell(telling, &bytes).await
            {
                return End::Unreached(why);
            }
            if let Some(end) = end {
                return end;
            }
        }
    }

    async fn tell(&self, telling: &mut Writer, bytes: &[u8]) -> Result<(), Unreached> {
        let told = async {
            telling.write_all(bytes).await?;
            telling.flush().await
        };
        match timeout(self.patience, told).await {
            Ok(told) => told.map_err(|error| Unreached::of(&error)),
            Err(_) => Err(Unreached::TimedOut),
        }
    }

    /// From the broker to the page.
    async fn down(&self, hearing: &mut Reader, page: &Mutex<Writer>, is_framed: bool) -> End {
        // The header of a frame is put before what was read, so that both leave in one write.
        let mut buffer = vec![0; HEADER + PIECE];
        loop {
            let room = buffer.get_mut(HEADER..).unwrap_or_default();
            let read = match hearing.read(room).await {
                Ok(0) => return End::Broker,
                Ok(read) => read,
                // Some close so over TLS.
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return End::Broker,
                Err(error) => return End::Unreached(Unreached::of(&error)),
            };
            let (header, size) = match is_framed {
                true => ([0; HEADER], 0),
                false => websocket::header(read),
            };
            if let (Some(room), Some(header)) =
                (buffer.get_mut(HEADER - size..HEADER), header.get(..size))
            {
                room.copy_from_slice(header);
            }
            let frame = buffer.get(HEADER - size..HEADER + read).unwrap_or_default();
            let written = async {
                let mut writer = page.lock().await;
                writer.write_all(frame).await?;
                writer.flush().await
            };
            if !matches!(timeout(self.patience, written).await, Ok(Ok(()))) {
                return End::Lost;
            }
        }
    }
}

impl End {
    /// `None`: nobody would read it.
    fn close_frame(&self) -> Option<Vec<u8>> {
        let (code, reason) = match self {
            End::Lost => return None,
            End::Unreached(why) => return Some(why.close_frame()),
            End::Text => (1003, "MQTT is sent in binary frames"),
            End::Frames => (1002, ""),
            End::Stopping => (1001, "midge stops"),
            End::Page | End::Broker => (1000, ""),
        };
        Some(websocket::close(code, reason))
    }
}
