//! One client's conversation with the broker, over WebSocket, over plain TCP and from inside the program alike.
//!
//! Two directions in one task: what the client says goes to the broker piece by piece, each when the one before was taken;
//! what the broker says is written by [`Downward`]. A slow client slows itself and nobody else.

use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use midge::protocol::{Version, serving};
use midge_broker::{Admission, Broker, Ending, Inlet, Limits, Outlet};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite};
use tokio::sync::{Mutex, oneshot};
use tokio::time::{Instant, sleep, timeout, timeout_at};

use crate::complaints::Complaints;
use crate::downward::{self, Downward};
use crate::farewell::End;
use crate::gate::{Greeting, Place, Unfinished};
use crate::guesses::Guesses;
use crate::pace::Pace;
use crate::refusal::Refusal;
use crate::seats::{Seat, Seats};
use crate::stop::Stopping;
use crate::stream::{self, Stream};
use crate::websocket::{Event, Frames};

/// Bytes read from a client at once: of one that is quiet, as there may be thousands.
const LEAST_READ: usize = 2 * 1024;

/// The same of one that has a flood to tell.
const MOST_READ: usize = 64 * 1024;

/// How long the other side may take to answer our farewell, and to take what it is told before it.
const FAREWELL: Duration = Duration::from_secs(2);

/// What all conversations share.
pub struct Shared {
    /// Where the packets go.
    pub broker: Broker,
    /// What clients may take.
    pub limits: Arc<Limits>,
    /// What all connections hold of unfinished first packets.
    pub unfinished: Arc<Unfinished>,
    /// Wrong passwords.
    pub guesses: Guesses,
    /// Whose turn it is to say CONNECT.
    pub seats: Arc<Seats>,
    /// Hears of refusals.
    pub complaints: Arc<Complaints>,
}

pub type Reader = Box<dyn AsyncRead + Send + Unpin>;
pub type Writer = Box<dyn AsyncWrite + Send + Unpin>;

/// A client's connection, as it is when the first byte of MQTT, or the first frame, is to come.
pub struct Client {
    /// What the client sends.
    pub reader: Reader,
    /// What it is sent.
    pub writer: Writer,
    /// What was read of it already.
    pub early: Vec<u8>,
    /// Whether it speaks in frames.
    pub is_websocket: bool,
    /// Held as long as the connection is.
    pub seat: Arc<Seat>,
}

impl Client {
    /// On this connection, of which so much was read already.
    pub fn new(stream: Stream, early: Vec<u8>, is_websocket: bool, seat: Arc<Seat>) -> Client {
        let (reader, writer) = stream::halves(stream);
        Client {
            reader,
            writer,
            early,
            is_websocket,
            seat,
        }
    }
}

/// Serves one client until its end.
pub async fn serve(client: Client, shared: Arc<Shared>, mut stopping: Stopping) {
    let from = client.seat.address();
    let is_websocket = client.is_websocket;
    let mut upward = Upward {
        reader: client.reader,
        frames: is_websocket.then(Frames::default),
        version: None,
        early: client.early,
        buffer: vec![0; LEAST_READ],
    };
    let writer = Mutex::new(client.writer);
    let pace = is_websocket.then(Pace::new);
    let line = Downward {
        writer: &writer,
        pace: pace.as_ref(),
        patience: shared.limits.time_to_read,
    };
    let (opened, opening) = oneshot::channel();
    let end = {
        let mut down = pin!(async {
            match opening.await {
                Ok(outlet) => line.write_all_of(&outlet).await,
                // The other direction ends the conversation.
                Err(_) => std::future::pending().await,
            }
        });
        let mut is_open = false;
        let end = {
            let up = upward.talk(&shared, from, &line, opened, &mut is_open);
            tokio::select! {
                end = up => end,
                ended = &mut down => match ended {
                    Ok(ending) => End::Broker(ending),
                    Err(downward::Lost) => End::Lost,
                },
                () = stopping.ordered() => End::Stopping,
            }
        };
        // With the way up the broker's end was closed: what it still says is whole packets, and then it has nothing more to
        // say.
        match end {
            End::Lost => return,
            End::Broker(_) => end,
            end if !is_open => end,
            end => match (timeout(FAREWELL, down).await, end) {
                (Ok(Ok(Ending::Lost)), end) => end,
                // It was quicker than the client's end, or than the stop.
                (Ok(Ok(ending)), _) => End::Broker(ending),
                // It does not read, or is gone: there is nobody to say anything to.
                (Ok(Err(downward::Lost)) | Err(_), _) => return,
            },
        }
    };
    if let Some(words) = end.complaint() {
        shared.complaints.about(words, Some(from));
    }
    let farewell = async {
        let packet = end.last_packet(upward.version);
        let close = is_websocket.then(|| end.close_frame());
        downward::say_goodbye(&writer, packet, close).await?;
        upward.read_to_the_end().await;
        std::io::Result::Ok(())
    };
    let _ = timeout(FAREWELL, farewell).await;
}

/// Reads from the client.
struct Upward {
    reader: Reader,
    frames: Option<Frames>,
    /// Known once CONNECT was seen.
    version: Option<Version>,
    early: Vec<u8>,
    buffer: Vec<u8>,
}

/// What came of a read.
enum Heard {
    /// Bytes of MQTT, and why nothing comes behind them, if so.
    Bytes(Vec<u8>, Option<End>),
    /// Nothing in time.
    Silence,
    /// The client has closed.
    End,
}

impl Upward {
    /// Says what the client says, until one side has enough. Dropped, it closes the broker's end.
    async fn talk(
        &mut self,
        shared: &Shared,
        from: IpAddr,
        line: &Downward<'_>,
        opened: oneshot::Sender<Outlet>,
        is_open: &mut bool,
    ) -> End {
        let (inlet, rest, end) = match self.greet(shared, from, line, opened, is_open).await {
            Ok(open) => open,
            Err(end) => return end,
        };
        let mut place = Place::default();
        let mut next = (!rest.is_empty() || end.is_some()).then_some(Heard::Bytes(rest, end));
        loop {
            let heard = match next.take() {
                Some(heard) => heard,
                None => {
                    let between = shared.limits.time_between_bytes;
                    let until = place.is_inside().then(|| Instant::now() + between);
                    self.hear(line, until).await
                }
            };
            let (bytes, end) = match heard {
                Heard::Bytes(bytes, end) => (bytes, end),
                Heard::Silence => return End::Refused(Refusal::Stalled),
                Heard::End => return End::Client,
            };
            place.pass(&bytes);
            if !bytes.is_empty() && inlet.say(bytes).await.is_err() {
                return End::Refused(Refusal::Unavailable);
            }
            if let Some(end) = end {
                return end;
            }
        }
    }

    /// Waits for CONNECT, and for the password's turn. Gives the broker's end, and what came behind CONNECT.
    async fn greet(
        &mut self,
        shared: &Shared,
        from: IpAddr,
        line: &Downward<'_>,
        opened: oneshot::Sender<Outlet>,
        is_open: &mut bool,
    ) -> Result<(Inlet, Vec<u8>, Option<End>), End> {
        let mut greeting = Greeting::new(shared.limits.clone(), shared.unfinished.clone());
        let (waiting, time) = shared.seats.wait_for_connect();
        let until = Instant::now() + time;
        let (rest, end) = loop {
            let (bytes, end) = match self.hear(line, Some(until)).await {
                Heard::Bytes(bytes, end) => (bytes, end),
                Heard::Silence => return Err(End::Refused(Refusal::NoConnectInTime)),
                Heard::End => return Err(End::Client),
            };
            let mut rest = &bytes[..];
            if greeting.take(&mut rest).map_err(End::Refused)? {
                break (rest.to_vec(), end);
            }
            if let Some(end) = end {
                return Err(end);
            }
        };
        drop(waiting);
        let connect = greeting.packet();
        self.version = serving::version(connect);
        let_in(shared, from, connect, self.version).await?;
        let unavailable = |_| End::Refused(Refusal::Unavailable);
        let (inlet, outlet) = shared.broker.connect().map_err(unavailable)?;
        *is_open = true;
        // An error means that the conversation is over.
        let _ = opened.send(outlet);
        inlet.say(connect.to_vec()).await.map_err(unavailable)?;
        Ok((inlet, rest, end))
    }

    /// Reads, and takes frames apart. Pings are answered.
    async fn hear(&mut self, line: &Downward<'_>, until: Option<Instant>) -> Heard {
        let mut early = std::mem::take(&mut self.early);
        let mut raw = if early.is_empty() {
            let read = self.reader.read(&mut self.buffer);
            let read = match until {
                Some(until) => match timeout_at(until, read).await {
                    Ok(read) => read,
                    Err(_) => return Heard::Silence,
                },
                None => read.await,
            };
            match read {
                Ok(0) | Err(_) => return Heard::End,
                Ok(read) => self.buffer.get_mut(..read).unwrap_or_default(),
            }
        } else {
            &mut early[..]
        };
        let read = raw.len();
        let Some(frames) = &mut self.frames else {
            let bytes = raw.to_vec();
            self.fit(read);
            return Heard::Bytes(bytes, None);
        };
        let mut bytes = Vec::new();
        let end = loop {
            match frames.next(&mut raw) {
                Event::Bytes(more) => bytes.extend_from_slice(more),
                Event::Ping => {
                    if line.pong(frames.asked()).await.is_err() {
                        return Heard::Bytes(Vec::new(), Some(End::Lost));
                    }
                }
                Event::More => break None,
                Event::Close => break Some(End::Client),
                Event::Text => break Some(End::Text),
                Event::Broken => break Some(End::Frames),
            }
        };
        if !bytes.is_empty() {
            line.hear();
        }
        self.fit(read);
        Heard::Bytes(bytes, end)
    }

    /// The next read may be as large as this one was.
    fn fit(&mut self, read: usize) {
        let room = self.buffer.len();
        if read == room && room < MOST_READ {
            self.buffer = vec![0; room * 4];
        } else if read < room / 16 && room > LEAST_READ {
            self.buffer = vec![0; room / 4];
        }
    }

    /// Reads on until the client has closed, so that it surely gets what was written last. Nothing of it counts.
    async fn read_to_the_end(&mut self) {
        while let Ok(read @ 1..) = self.reader.read(&mut self.buffer).await {
            let Some(frames) = &mut self.frames else {
                continue;
            };
            let mut raw = self.buffer.get_mut(..read).unwrap_or_default();
            loop {
                match frames.next(&mut raw) {
                    Event::More => break,
                    Event::Close | Event::Broken => return,
                    _ => {}
                }
            }
        }
    }
}

/// Holds up whoever was wrong before, where there are users. Who is not let in is so told by the broker, which looks at the
/// password once more.
async fn let_in(
    shared: &Shared,
    from: IpAddr,
    connect: &[u8],
    version: Option<Version>,
) -> Result<(), End> {
    if shared.broker.admits(None, b"") == Admission::Granted {
        return Ok(());
    }
    let greeting = version.and_then(|version| serving::greeting(connect, version).ok());
    // What is no CONNECT, and who gives no name, is refused whatever the password is.
    let Some((name, greeting)) = greeting.and_then(|found| Some((found.user_name?, found))) else {
        return Ok(());
    };
    let password = greeting.password.unwrap_or_default();
    let now = Instant::now().into_std();
    let Some(wait) = shared.guesses.wait(from, name, password, now) else {
        return Err(End::Refused(Refusal::Guessing));
    };
    if !wait.is_zero() {
        sleep(wait).await;
    }
    if shared.broker.admits(Some(name), password) == Admission::Wrong {
        let now = Instant::now().into_std();
        if shared.guesses.wrong(from, name, password, now) {
            let words = Refusal::Guessing.words();
            shared.complaints.about(words, Some(from));
        }
    }
    Ok(())
}
