//! One client's conversation with the broker, over WebSocket and over plain TCP alike: what the client sends goes through
//! the [`Gate`], what the broker sends goes on as it comes.
//!
//! Nothing is queued here, a slow side slows the other one. What has to be said to a client at the end (DISCONNECT, a
//! close frame) is said once the broker has said all of its own, so that it stands between two packets.

use std::future::pending;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use midge::protocol::Version;
use midge::protocol::serving;
use midge_broker::{Admission, Broker, Ending, Limits, Watch, acknowledge};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::{Mutex, oneshot};
use tokio::time::{Instant, sleep, timeout, timeout_at};

use crate::complaints::Complaints;
use crate::gate::{Gate, Step, Unfinished};
use crate::guesses::Guesses;
use crate::meter::Meter;
use crate::pace::Pace;
use crate::refusal::{Kind, Refusal};
use crate::seats::{Seat, Seats};
use crate::stop::Stopping;
use crate::websocket::{self, Event, FRAME, Frames, HEADER_ROOM};

/// Bytes read from a client at once: from a page, and from whoever has not said CONNECT.
const READ: usize = 16 * 1024;

/// The same from a program over plain TCP, which may have a flood to tell.
const READ_OF_A_PROGRAM: usize = 64 * 1024;

/// How long the other side may take to answer our farewell, and the broker to say the last of its own.
const FAREWELL: Duration = Duration::from_secs(2);

/// The same for the broker when the whole program stops.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// How long the broker's reason is waited for once it has closed. It mostly is there already.
const REASON: Duration = Duration::from_millis(500);

const NORMAL: u16 = 1000;
const GOING_AWAY: u16 = 1001;
const PROTOCOL_ERROR: u16 = 1002;
const UNSUPPORTED_DATA: u16 = 1003;
const POLICY: u16 = 1008;
const TRY_AGAIN_LATER: u16 = 1013;
/// Of the range for private use (RFC 6455 section 7.4.2). The page knows it: MQTT 3.1.1 has no
/// packet to say that another client came with the same client identifier. 0x8E is MQTT 5's code.
const SESSION_TAKEN_OVER: u16 = 4142;

/// What all conversations share.
pub struct Shared {
    /// Where the packets go.
    pub broker: Broker,
    /// What is held against them.
    pub limits: Arc<Limits>,
    /// What is held of unfinished ones.
    pub unfinished: Arc<Unfinished>,
    /// Who guesses passwords.
    pub guesses: Guesses,
    /// How many there are.
    pub seats: Arc<Seats>,
    /// Who hears of refusals.
    pub complaints: Arc<Complaints>,
    /// Counts the bytes.
    pub meter: Arc<Meter>,
}

/// A client's connection, as it is when the first byte of MQTT, or the first frame, is to come.
pub struct Client {
    /// The connection.
    pub stream: TcpStream,
    /// What was read of it already.
    pub early: Vec<u8>,
    /// Whether it speaks in frames.
    pub is_websocket: bool,
    /// Held as long as the connection is.
    pub seat: Arc<Seat>,
}

/// Why a conversation ended.
enum End {
    /// The client said goodbye, or closed.
    Client,
    /// The client does not read, or its connection broke.
    Lost,
    /// The client sent text, which MQTT forbids [MQTT-6.0.0-1].
    Text,
    /// The client broke the rules of WebSocket.
    Frames,
    Refused(Refusal),
    Broker(Watch),
    /// The same, seen by what was to be sent to it.
    BrokerGone,
    Stopping,
}

/// Serves one client until its end.
pub async fn serve(client: Client, shared: Arc<Shared>, mut stopping: Stopping) {
    let from = client.seat.address();
    // An error is a connection that is lost already.
    let _ = client.stream.set_nodelay(true);
    let (reader, writer) = client.stream.into_split();
    let mut upward = Upward {
        reader,
        frames: client.is_websocket.then(Frames::default),
        gate: Gate::new(shared.limits.clone(), shared.unfinished.clone()),
        early: client.early,
        buffer: vec![0; READ].into(),
    };
    let writer = Mutex::new(writer);
    let is_websocket = client.is_websocket;
    let pace = is_websocket.then(Pace::new);
    let (opened, opening) = oneshot::channel();
    let (end, has_connack) = {
        let mut down = pin!(async {
            match opening.await {
                Ok((watch, from_broker)) => {
                    let ended = pipe_down(from_broker, &writer, &shared, pace.as_ref()).await;
                    ended.map(|()| watch)
                }
                // The other direction ends the conversation.
                Err(_) => pending().await,
            }
        });
        let is_open = AtomicBool::new(false);
        let end = {
            let up = pin!(upward.pipe(&shared, from, &writer, pace.as_ref(), opened, &is_open));
            tokio::select! {
                end = up => end,
                ended = &mut down => match ended {
                    Ok(watch) => End::Broker(watch),
                    Err(ClientLost) => End::Lost,
                },
                () = stopping.ordered() => End::Stopping,
            }
        };
        let is_open = is_open.load(Relaxed);
        let end = match end {
            End::Lost => return,
            End::Broker(_) => end,
            _ if !is_open => end,
            // The broker's side was closed with the way up: the rest of what it says ends between two packets.
            _ => {
                let patience = match end {
                    End::Stopping => LAST_WORDS,
                    _ => FAREWELL,
                };
                match (timeout(patience, down).await, end) {
                    (Ok(Ok(watch)), End::BrokerGone) => End::Broker(watch),
                    (Ok(Ok(_)), end) => end,
                    // It does not read, or is gone: there is nobody to say anything to.
                    (Ok(Err(ClientLost)) | Err(_), _) => return,
                }
            }
        };
        (end, is_open)
    };
    let version = upward.gate.version();
    if let End::Refused(refusal) = &end {
        shared.complaints.about(refusal.kind.words(), Some(from));
    }
    let farewell = async {
        let mut writer = writer.lock().await;
        say_goodbye(&mut writer, end, version, has_connack, is_websocket).await?;
        upward.read_to_the_end().await;
        std::io::Result::Ok(())
    };
    let _ = timeout(FAREWELL, farewell).await;
}

/// The last packet and the close frame, as far as there are any.
async fn say_goodbye(
    writer: &mut OwnedWriteHalf,
    end: End,
    version: Option<Version>,
    has_connack: bool,
    is_websocket: bool,
) -> std::io::Result<()> {
    let packet = match &end {
        End::Refused(refusal) if has_connack => {
            refusal.disconnect(version).map(|packet| packet.to_vec())
        }
        End::Refused(refusal) => refusal.connack(version),
        _ => None,
    };
    if let Some(packet) = packet {
        if is_websocket {
            let mut framed = [&[0; HEADER_ROOM][..], &packet].concat();
            writer.write_all(websocket::frame(&mut framed)).await?;
        } else {
            writer.write_all(&packet).await?;
        }
    }
    if is_websocket {
        let (code, reason) = match end {
            End::Client => (NORMAL, ""),
            End::Text => (UNSUPPORTED_DATA, "MQTT is sent in binary frames"),
            End::Frames => (PROTOCOL_ERROR, ""),
            // Where there is a CONNACK for it, it says why.
            End::Refused(refusal) if matches!(refusal.kind, Kind::WrongPassword | Kind::NoName) => {
                (NORMAL, "")
            }
            End::Refused(refusal) if refusal.kind == Kind::Unavailable => {
                (TRY_AGAIN_LATER, "the broker cannot be reached")
            }
            End::Refused(refusal) => (POLICY, refusal.kind.words()),
            End::Broker(watch) => match timeout(REASON, watch.ended()).await {
                Ok(Ending::TakenOver) => (SESSION_TAKEN_OVER, "session taken over"),
                Ok(Ending::Other) | Err(_) => (NORMAL, ""),
            },
            End::Lost | End::BrokerGone => (NORMAL, ""),
            End::Stopping => (GOING_AWAY, "midge stops"),
        };
        writer.write_all(&websocket::close(code, reason)).await?;
    }
    writer.shutdown().await
}

/// Reads from the client.
struct Upward {
    reader: OwnedReadHalf,
    frames: Option<Frames>,
    gate: Gate,
    early: Vec<u8>,
    buffer: Box<[u8]>,
}

type Opened = oneshot::Sender<(Watch, OwnedReadHalf)>;

impl Upward {
    /// Sends on to the broker what the gate lets through, once it has let the client in.
    async fn pipe(
        &mut self,
        shared: &Shared,
        from: IpAddr,
        writer: &Mutex<OwnedWriteHalf>,
        pace: Option<&Pace>,
        opened: Opened,
        is_open: &AtomicBool,
    ) -> End {
        let mut to_broker = None;
        let end = self
            .talk(
                shared,
                from,
                writer,
                pace,
                opened,
                (&mut to_broker, is_open),
            )
            .await;
        if let Some(mut to_broker) = to_broker {
            // An error means that it is closed already.
            let _ = to_broker.shutdown().await;
        }
        end
    }

    async fn talk(
        &mut self,
        shared: &Shared,
        from: IpAddr,
        writer: &Mutex<OwnedWriteHalf>,
        pace: Option<&Pace>,
        opened: Opened,
        (to_broker, is_open): (&mut Option<OwnedWriteHalf>, &AtomicBool),
    ) -> End {
        let (waiting, time) = shared.seats.wait_for_connect();
        let mut waiting = Some((waiting, Instant::now() + time));
        let mut opened = Some(opened);
        let mut early = std::mem::take(&mut self.early);
        loop {
            if to_broker.is_some() && self.frames.is_none() && self.buffer.len() == READ {
                self.buffer = vec![0; READ_OF_A_PROGRAM].into();
            }
            let mut raw = if early.is_empty() {
                let between = shared.limits.time_between_bytes;
                let read = self.reader.read(&mut self.buffer);
                let read = match &waiting {
                    Some((_, until)) => match timeout_at(*until, read).await {
                        Ok(read) => read,
                        Err(_) => return End::Refused(Refusal::of(Kind::NoConnectInTime)),
                    },
                    None if self.gate.is_waiting() => match timeout(between, read).await {
                        Ok(read) => read,
                        Err(_) => return End::Refused(Refusal::of(Kind::Stalled)),
                    },
                    None => read.await,
                };
                match read {
                    Ok(0) | Err(_) => return End::Client,
                    Ok(read) => self.buffer.get_mut(..read).unwrap_or_default(),
                }
            } else {
                &mut early[..]
            };
            loop {
                let mut bytes = match &mut self.frames {
                    None if raw.is_empty() => break,
                    None => &*std::mem::take(&mut raw),
                    Some(frames) => match frames.next(&mut raw) {
                        Event::Bytes(bytes) => bytes,
                        Event::Ping => {
                            let pong = websocket::pong(frames.asked());
                            let written = async { writer.lock().await.write_all(&pong).await };
                            let patience = shared.limits.time_to_read;
                            if !matches!(timeout(patience, written).await, Ok(Ok(()))) {
                                return End::Lost;
                            }
                            continue;
                        }
                        Event::Close => return End::Client,
                        Event::Text => return End::Text,
                        Event::Broken => return End::Frames,
                        Event::More => break,
                    },
                };
                shared.meter.count_received(bytes.len());
                if let Some(pace) = pace {
                    pace.hear();
                }
                loop {
                    let (used, step) = self.gate.next(bytes);
                    bytes = bytes.get(used..).unwrap_or_default();
                    let (packets, is_last) = match step {
                        Step::More => break,
                        Step::Pass(packets) => (packets, false),
                        Step::Goodbye(packet) => (packet, true),
                        Step::Refuse(refusal) => return End::Refused(refusal),
                        Step::Connect(packet) => {
                            waiting = None;
                            if let Err(refusal) = let_in(shared, from, packet).await {
                                return End::Refused(refusal);
                            }
                            let Ok((watch, stream)) = shared.broker.connect().await else {
                                return End::Refused(Refusal::of(Kind::Unavailable));
                            };
                            let (from_broker, half) = stream.into_split();
                            *to_broker = Some(half);
                            is_open.store(true, Relaxed);
                            if let Some(opened) = opened.take() {
                                // An error means that the conversation is over.
                                let _ = opened.send((watch, from_broker));
                            }
                            (packet, false)
                        }
                    };
                    if let Some(to_broker) = to_broker
                        && !packets.is_empty()
                        && to_broker.write_all(packets).await.is_err()
                    {
                        return End::BrokerGone;
                    }
                    if let Some(kind) = self.gate.noted.take() {
                        shared.complaints.about(kind.words(), Some(from));
                    }
                    if is_last {
                        return End::Client;
                    }
                }
            }
            early.clear();
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

/// Looks at name and password, where there are users: slowly for whoever was wrong before.
async fn let_in(shared: &Shared, from: IpAddr, connect: &[u8]) -> Result<(), Refusal> {
    let greeting = serving::version(connect)
        .and_then(|version| serving::greeting(connect, version).ok())
        .ok_or(Refusal::of(Kind::Malformed))?;
    if shared.broker.admits(None, b"") == Admission::Granted {
        return Ok(());
    }
    let Some(name) = greeting.user_name else {
        return Err(Refusal::of(Kind::NoName));
    };
    let password = greeting.password.unwrap_or_default();
    let now = std::time::Instant::now();
    let Some(wait) = shared.guesses.wait(from, name, password, now) else {
        return Err(Refusal::of(Kind::Guessing));
    };
    if !wait.is_zero() {
        sleep(wait).await;
    }
    match shared.broker.admits(Some(name), password) {
        Admission::Granted => Ok(()),
        Admission::NoName => Err(Refusal::of(Kind::NoName)),
        Admission::Wrong => {
            let now = std::time::Instant::now();
            if shared.guesses.wrong(from, name, password, now) {
                let words = Kind::Guessing.words();
                shared.complaints.about(words, Some(from));
            }
            Err(Refusal::of(Kind::WrongPassword))
        }
    }
}

/// The client's connection broke.
struct ClientLost;

/// Sends on what the broker sends, until it closes.
async fn pipe_down(
    mut from_broker: OwnedReadHalf,
    writer: &Mutex<OwnedWriteHalf>,
    shared: &Shared,
    pace: Option<&Pace>,
) -> Result<(), ClientLost> {
    let mut buffer = vec![0; HEADER_ROOM + FRAME];
    loop {
        let room = buffer.get_mut(HEADER_ROOM..).unwrap_or_default();
        let read = match from_broker.read(room).await {
            Ok(0) | Err(_) => return Ok(()),
            Ok(read) => read,
        };
        acknowledge(from_broker.as_ref());
        shared.meter.count_sent(read);
        let filled = buffer.get_mut(..HEADER_ROOM + read).unwrap_or_default();
        let bytes = match pace {
            Some(_) => websocket::frame(filled),
            None => filled.get(HEADER_ROOM..).unwrap_or_default(),
        };
        let written = async { writer.lock().await.write_all(bytes).await };
        // Who does not read would hold what the broker has for it, and its seat.
        if !matches!(
            timeout(shared.limits.time_to_read, written).await,
            Ok(Ok(()))
        ) {
            return Err(ClientLost);
        }
        if let Some(pace) = pace {
            pace.gather(read).await;
        }
    }
}
