//! A broker for one page: speaks just enough MQTT over WebSocket to be connected to, then writes frames that were made
//! before, as fast as the socket takes them or by the clock. Also counts and acknowledges what a page publishes, and
//! can send it back.

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use midge::protocol::{Direction, Framer, Outline, PacketType, Qos, Version, encode, outline};
use tungstenite::handshake::server::{Request, Response};
use tungstenite::{Message, WebSocket};

use crate::frames::{Reel, Topics, frame};
use crate::lock;

/// Bytes of one write, about: small enough that an answer gets between two of them.
const CHUNK: usize = 64 * 1024;
/// The grain of a paced load.
const SLOT: Duration = Duration::from_millis(5);
/// The largest packet that a page may publish here.
const LARGEST: usize = 32 << 20;
/// QoS 1 and 2 messages that a page may have on their way: MQTT 5 is told, 3.1.1 has no word for it.
pub const WINDOW: u16 = 20;

/// What is sent to a page.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// To which topics.
    pub topics: Topics,
    /// PUBLISH packets in each WebSocket frame.
    pub per_frame: usize,
    /// Messages a second; `None`: as fast as the socket takes them.
    pub pace: Option<u32>,
    /// When it ends.
    pub amount: Amount,
}

/// How much is sent.
#[derive(Clone, Copy, Debug)]
pub enum Amount {
    /// For so long.
    Seconds(f64),
    /// So many messages.
    Messages(u64),
}

/// What was sent, by the sender's own count.
#[derive(Clone, Copy, Debug, Default, serde::Serialize)]
pub struct Sent {
    /// PUBLISH packets.
    pub messages: u64,
    /// From the first byte to the last.
    pub seconds: f64,
}

/// What one page has published.
#[derive(Debug, Default)]
pub struct Taken {
    /// PUBLISH packets.
    pub messages: AtomicU64,
    /// Deliveries of QoS 1 and 2 that are finished.
    pub acknowledged: AtomicU64,
}

/// One page that is connected.
pub struct Connection {
    /// The protocol version of its CONNECT.
    pub version: Version,
    /// What it published.
    pub taken: Taken,
    writer: Mutex<TcpStream>,
    over: AtomicBool,
}

/// The listening side.
pub struct Sender {
    /// Its port on 127.0.0.1.
    pub port: u16,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    latest: Mutex<Option<Arc<Connection>>>,
    arrived: Condvar,
    echo: AtomicBool,
}

impl Sender {
    /// Listens on a free port.
    pub fn start() -> Result<Self, String> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(|error| error.to_string())?;
        let port = listener
            .local_addr()
            .map_err(|error| error.to_string())?
            .port();
        let shared = Arc::new(Shared::default());
        let for_all = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&for_all);
                thread::spawn(move || {
                    if let Err(error) = serve(stream, &shared) {
                        eprintln!("   sender: {error}");
                    }
                });
            }
        });
        Ok(Self { port, shared })
    }

    /// Forgets the page that was connected. `echo`: from now on, what a page publishes is sent back to it.
    pub fn reset(&self, echo: bool) {
        *lock(&self.shared.latest) = None;
        self.shared.echo.store(echo, Ordering::Relaxed);
    }

    /// The page that has subscribed last; waits for it.
    pub fn connection(&self, within: Duration) -> Result<Arc<Connection>, String> {
        let (latest, _) = self
            .shared
            .arrived
            .wait_timeout_while(lock(&self.shared.latest), within, |latest| latest.is_none())
            .map_err(|_| "a thread of the sender panicked")?;
        latest
            .clone()
            .ok_or_else(|| "no page has subscribed".to_owned())
    }
}

fn serve(stream: TcpStream, shared: &Shared) -> Result<(), String> {
    stream
        .set_nodelay(true)
        .map_err(|error| error.to_string())?;
    #[expect(clippy::result_large_err, reason = "the library's own type")]
    let choose = |request: &Request, mut response: Response| {
        let offered = request.headers().get("Sec-WebSocket-Protocol");
        let first = offered
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split(',').next())
            .and_then(|value| value.trim().parse().ok());
        if let Some(first) = first {
            response
                .headers_mut()
                .insert("Sec-WebSocket-Protocol", first);
        }
        Ok(response)
    };
    let mut socket =
        tungstenite::accept_hdr(stream, choose).map_err(|error| format!("handshake: {error}"))?;
    let mut framer = Framer::facing(LARGEST, Version::V5, Direction::Outgoing);
    let Some(first) = next_packet(&mut socket, &mut framer) else {
        return Ok(());
    };
    let version = version_of(&first)?;
    let writer = socket
        .get_ref()
        .try_clone()
        .map_err(|error| error.to_string())?;
    let connection = Arc::new(Connection {
        version,
        taken: Taken::default(),
        writer: Mutex::new(writer),
        over: AtomicBool::new(false),
    });
    connection
        .write(&framed(&connack(version)))
        .map_err(|error| error.to_string())?;
    let result = talk(&mut socket, &mut framer, &connection, shared);
    connection.over.store(true, Ordering::Relaxed);
    result
}

/// Answers what the page says, until it is gone.
fn talk(
    socket: &mut WebSocket<TcpStream>,
    framer: &mut Framer,
    connection: &Arc<Connection>,
    shared: &Shared,
) -> Result<(), String> {
    let mut answers = Vec::new();
    loop {
        while let Some(packet) = framer.next() {
            let packet = packet.map_err(|fault| format!("{fault:?}"))?;
            let parts = outline(packet, connection.version, Direction::Outgoing)
                .map_err(|fault| format!("{fault:?}"))?;
            connection.answer(packet, &parts, shared, &mut answers)?;
            if parts.packet_type == PacketType::Subscribe {
                *lock(&shared.latest) = Some(Arc::clone(connection));
                shared.arrived.notify_all();
            }
            if parts.packet_type == PacketType::Disconnect {
                return Ok(());
            }
        }
        if !answers.is_empty() {
            if connection.write(&framed(&answers)).is_err() {
                return Ok(());
            }
            answers.clear();
        }
        match socket.read() {
            Ok(Message::Binary(bytes)) => framer.push(&bytes),
            Ok(_) => {}
            // The browser was ended.
            Err(_) => return Ok(()),
        }
    }
}

fn next_packet(socket: &mut WebSocket<TcpStream>, framer: &mut Framer) -> Option<Vec<u8>> {
    loop {
        if let Some(packet) = framer.next() {
            return packet.ok().map(<[u8]>::to_vec);
        }
        match socket.read() {
            Ok(Message::Binary(bytes)) => framer.push(&bytes),
            Ok(_) => {}
            Err(_) => return None,
        }
    }
}

/// The protocol level behind the protocol name of a CONNECT (MQTT 5 section 3.1.2.2).
fn version_of(connect: &[u8]) -> Result<Version, String> {
    let name = connect.windows(4).position(|bytes| bytes == b"MQTT");
    match name.and_then(|at| connect.get(at + 4)) {
        Some(4) => Ok(Version::V311),
        Some(5) => Ok(Version::V5),
        _ => Err("a CONNECT of no version that is spoken here".to_owned()),
    }
}

fn connack(version: Version) -> Vec<u8> {
    match version {
        // With Receive Maximum (MQTT 5 section 3.2.2.3.3).
        Version::V5 => {
            let [high, low] = WINDOW.to_be_bytes();
            vec![0x20, 6, 0, 0, 3, 0x21, high, low]
        }
        _ => vec![0x20, 2, 0, 0],
    }
}

/// SUBACK, or UNSUBACK, that grants everything.
fn granted(first: u8, packet: &[u8], id: u16, version: Version) -> Vec<u8> {
    // One code for each filter. The packet was validated, so it is walked without looking back.
    let body = packet.iter().skip(1).position(|byte| byte & 0x80 == 0);
    let mut at = body.unwrap_or(0) + 2 + 2;
    if version == Version::V5 {
        at += 1 + usize::from(packet.get(at).copied().unwrap_or(0));
    }
    let mut codes = Vec::new();
    while let Some([high, low]) = packet.get(at..at + 2) {
        at += 2 + usize::from(u16::from_be_bytes([*high, *low]));
        codes.push(packet.get(at).copied().unwrap_or(0) & 3);
        at += 1;
    }
    let mut body = id.to_be_bytes().to_vec();
    if version == Version::V5 {
        body.push(0);
    }
    body.extend(codes);
    let mut answer = vec![first, body.len() as u8];
    answer.extend(body);
    answer
}

fn framed(content: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(content.len() + 10);
    frame(content, &mut out);
    out
}

impl Connection {
    /// Writes whole frames.
    pub fn write(&self, frames: &[u8]) -> std::io::Result<()> {
        lock(&self.writer).write_all(frames)
    }

    fn answer(
        &self,
        packet: &[u8],
        parts: &Outline,
        shared: &Shared,
        out: &mut Vec<u8>,
    ) -> Result<(), String> {
        match parts.packet_type {
            PacketType::Subscribe => {
                out.extend(granted(0x90, packet, parts.packet_id, self.version));
            }
            PacketType::Pingreq => out.extend([0xD0, 0]),
            PacketType::Publish => {
                match parts.qos {
                    Qos::AtMostOnce => {}
                    Qos::AtLeastOnce => {
                        encode::puback(parts.packet_id, out);
                        self.taken.acknowledged.fetch_add(1, Ordering::Relaxed);
                    }
                    Qos::ExactlyOnce => encode::pubrec(parts.packet_id, out),
                }
                if shared.echo.load(Ordering::Relaxed) {
                    if parts.qos != Qos::AtMostOnce {
                        return Err("only QoS 0 is sent back".to_owned());
                    }
                    out.extend_from_slice(packet);
                }
                self.taken.messages.fetch_add(1, Ordering::Relaxed);
            }
            PacketType::Pubrel => {
                encode::pubcomp(parts.packet_id, out);
                self.taken.acknowledged.fetch_add(1, Ordering::Relaxed);
            }
            _ => {}
        }
        Ok(())
    }

    /// Sends a load, and returns when its last byte was taken by the system.
    pub fn send(&self, load: &Load) -> Result<Sent, String> {
        let reel = Reel::new(load.topics, load.per_frame, self.version)?;
        let began = Instant::now();
        let frames = match load.pace {
            None => self.send_unpaced(&reel, load, began),
            Some(rate) => self.send_paced(&reel, load, rate, began),
        }?;
        Ok(Sent {
            messages: frames * load.per_frame as u64,
            seconds: began.elapsed().as_secs_f64(),
        })
    }

    fn send_unpaced(&self, reel: &Reel, load: &Load, began: Instant) -> Result<u64, String> {
        let in_a_chunk = (CHUNK * reel.ends.len() / reel.bytes.len()).max(1) as u64;
        let mut frames = 0;
        loop {
            let left = match load.amount {
                Amount::Seconds(seconds) if began.elapsed().as_secs_f64() >= seconds => 0,
                Amount::Seconds(_) => in_a_chunk,
                Amount::Messages(all) => (all / load.per_frame as u64).saturating_sub(frames),
            };
            if left == 0 {
                return Ok(frames);
            }
            frames += self.write_frames(reel, frames, left.min(in_a_chunk))?;
        }
    }

    /// What a slot could not send is sent in the next ones, at most as much again as a slot has.
    fn send_paced(
        &self,
        reel: &Reel,
        load: &Load,
        rate: u32,
        began: Instant,
    ) -> Result<u64, String> {
        let frames_per_second = f64::from(rate) / load.per_frame as f64;
        let most = (frames_per_second * SLOT.as_secs_f64() * 2.0)
            .ceil()
            .max(1.0) as u64;
        let all = match load.amount {
            Amount::Seconds(seconds) => (seconds * frames_per_second) as u64,
            Amount::Messages(messages) => messages / load.per_frame as u64,
        };
        let mut frames = 0;
        let mut next = began;
        while frames < all {
            let due = ((began.elapsed().as_secs_f64() * frames_per_second) as u64).min(all);
            let mut left = due.saturating_sub(frames).min(most);
            while left > 0 {
                let written = self.write_frames(reel, frames, left)?;
                frames += written;
                left -= written.min(left);
            }
            next += SLOT;
            let now = Instant::now();
            if next > now {
                thread::sleep(next - now);
            } else {
                next = now;
            }
        }
        Ok(frames)
    }

    fn write_frames(&self, reel: &Reel, from: u64, count: u64) -> Result<u64, String> {
        if self.over.load(Ordering::Relaxed) {
            return Err("the page has closed the connection".to_owned());
        }
        let at = (from % reel.ends.len() as u64) as usize;
        let (bytes, frames) = reel.stretch(at, count as usize);
        self.write(bytes)
            .map_err(|error| format!("the page's socket: {error}"))?;
        Ok(frames as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use midge::protocol::{SubscribeOptions, decode};

    #[test]
    fn each_filter_is_granted_in_both_versions() {
        for version in [Version::V311, Version::V5] {
            let options = SubscribeOptions {
                qos: Qos::AtLeastOnce,
                ..SubscribeOptions::default()
            };
            let mut packet = Vec::new();
            encode::subscribe(
                7,
                &[("a/#", options), ("b", options)],
                None,
                version,
                &mut packet,
            )
            .expect("valid");
            let answer = granted(0x90, &packet, 7, version);
            assert_eq!(answer[answer.len() - 2..], [1, 1]);
            assert!(decode(&answer, version).is_ok(), "{answer:?}");
        }
    }

    #[test]
    fn the_greeting_names_the_window_in_mqtt_5() {
        for version in [Version::V311, Version::V5] {
            assert!(decode(&connack(version), version).is_ok());
        }
    }
}
