//! A client that sends what it is told to, byte for byte, over plain TCP or over WebSocket, and shows what came back.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use midge_host::Midge;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_util::either::Either;

use crate::HERE;
use crate::client::{LIMIT, Socket, websocket, websocket_inside};

/// By which way in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    Tcp,
    WebSocket,
}

pub const DOORS: [Door; 2] = [Door::Tcp, Door::WebSocket];

enum Line {
    Plain(Either<TcpStream, DuplexStream>),
    WebSocket(Box<Socket>),
}

pub struct Raw {
    line: Line,
    received: Vec<u8>,
    is_closed: bool,
}

/// A connection behind the handshake of WebSocket, for frames that no library sends.
pub async fn frames(port: u16) -> TcpStream {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let request = "GET /mqtt HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n\
        Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: mqtt\r\n\
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        answer.push(timeout(LIMIT, stream.read_u8()).await.unwrap().unwrap());
    }
    assert!(answer.starts_with(b"HTTP/1.1 101 "));
    stream
}

/// A packet: its first byte, and its body behind a remaining length.
pub fn packet(first: u8, body: &[u8]) -> Vec<u8> {
    let mut packet = vec![first];
    let mut length = body.len();
    loop {
        let byte = (length & 0x7F) as u8;
        length >>= 7;
        packet.push(byte | if length > 0 { 0x80 } else { 0 });
        if length == 0 {
            break;
        }
    }
    packet.extend_from_slice(body);
    packet
}

/// Bytes behind a length of two bytes.
pub fn text(text: impl AsRef<[u8]>) -> Vec<u8> {
    let text = text.as_ref();
    let length = u16::try_from(text.len()).unwrap().to_be_bytes();
    [&length, text].concat()
}

/// CONNECT of level 4 or 5 with these flags, and what stands behind the client identifier. Of level 5 it wants no reason
/// strings (request problem information), so that answers are short.
pub fn connect_with(level: u8, id: &str, flags: u8, behind: &[u8]) -> Vec<u8> {
    let properties: &[u8] = if level == 5 { &[2, 0x17, 0] } else { &[] };
    packet(
        0x10,
        &[
            &text("MQTT")[..],
            &[level, flags, 0, 60],
            properties,
            &text(id),
            behind,
        ]
        .concat(),
    )
}

/// CONNECT of level 4 or 5 for a clean session.
pub fn connect(level: u8, id: &str) -> Vec<u8> {
    connect_with(level, id, 0x02, &[])
}

/// SUBSCRIBE with packet identifier 1 and QoS 0.
pub fn subscribe(level: u8, filters: &[&str]) -> Vec<u8> {
    let mut body = vec![0, 1];
    body.extend(vec![0; usize::from(level == 5)]);
    for filter in filters {
        body.extend(text(filter));
        body.push(0);
    }
    packet(0x82, &body)
}

/// PUBLISH with packet identifier 7 where it has one, and these properties where it has any.
pub fn publish(level: u8, flags: u8, topic: &[u8], properties: &[u8], payload: &[u8]) -> Vec<u8> {
    let mut body = text(topic);
    if flags & 0x06 != 0 {
        body.extend([0, 7]);
    }
    if level == 5 {
        // The length of properties, which is that of any variable byte integer.
        body.extend(&packet(0, properties)[1..]);
    }
    body.extend_from_slice(payload);
    packet(0x30 | flags, &body)
}

impl Raw {
    pub async fn open(midge: &Midge, door: Door) -> Raw {
        match door {
            Door::Tcp => Raw::tcp(midge.tcp_port().unwrap()).await,
            Door::WebSocket => Raw::websocket(midge.port()).await,
        }
    }

    pub async fn tcp(port: u16) -> Raw {
        let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        Raw::of(Line::Plain(Either::Left(stream)))
    }

    /// From another address of this machine.
    pub async fn tcp_from(port: u16, from: [u8; 4]) -> Raw {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::from((from, 0))).unwrap();
        let to = SocketAddr::from(([127, 0, 0, 1], port));
        let stream = socket.connect(to).await.unwrap();
        Raw::of(Line::Plain(Either::Left(stream)))
    }

    pub async fn websocket(port: u16) -> Raw {
        Raw::of(Line::WebSocket(Box::new(websocket(port).await)))
    }

    /// From inside the program, where a clock may stand still.
    pub async fn inside(midge: &Midge, door: Door) -> Raw {
        match door {
            Door::Tcp => Raw::inside_from(midge, HERE),
            Door::WebSocket => {
                let socket = websocket_inside(midge).await;
                Raw::of(Line::WebSocket(Box::new(socket)))
            }
        }
    }

    /// The same as plain MQTT, as if from this address.
    pub fn inside_from(midge: &Midge, from: IpAddr) -> Raw {
        Raw::of(Line::Plain(Either::Right(midge.plain(from))))
    }

    fn of(line: Line) -> Raw {
        Raw {
            line,
            received: Vec::new(),
            is_closed: false,
        }
    }

    /// Opens and connects.
    pub async fn connected(midge: &Midge, door: Door, level: u8, id: &str) -> Raw {
        Raw::open(midge, door).await.greet(level, id).await
    }

    /// The same from inside the program.
    pub async fn connected_inside(midge: &Midge, door: Door, level: u8, id: &str) -> Raw {
        Raw::inside(midge, door).await.greet(level, id).await
    }

    async fn greet(mut self, level: u8, id: &str) -> Raw {
        self.send(&connect(level, id)).await;
        assert_eq!(self.packet().await[3], 0, "{id}");
        self
    }

    /// Sends, whether the other side still reads or not.
    pub async fn send(&mut self, bytes: &[u8]) {
        let sent = async {
            match &mut self.line {
                Line::Plain(stream) => stream.write_all(bytes).await.is_ok(),
                Line::WebSocket(socket) => {
                    let frame = Message::Binary(bytes.to_vec().into());
                    socket.send(frame).await.is_ok()
                }
            }
        };
        let _ = timeout(LIMIT, sent).await;
    }

    /// Sends each byte on its own.
    pub async fn send_bytewise(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.send(&[*byte]).await;
        }
    }

    async fn more(&mut self) {
        self.more_within(LIMIT).await;
    }

    async fn more_within(&mut self, limit: Duration) {
        match &mut self.line {
            Line::Plain(stream) => {
                let mut some = [0; 4096];
                match timeout(limit, stream.read(&mut some))
                    .await
                    .expect("silence")
                {
                    Ok(read @ 1..) => self.received.extend_from_slice(&some[..read]),
                    Ok(0) | Err(_) => self.is_closed = true,
                }
            }
            Line::WebSocket(socket) => {
                match timeout(limit, socket.next()).await.expect("silence") {
                    Some(Ok(Message::Binary(bytes))) => self.received.extend_from_slice(&bytes),
                    Some(Ok(Message::Close(_)) | Err(_)) | None => self.is_closed = true,
                    Some(Ok(_)) => {}
                }
            }
        }
    }

    /// The next whole packet.
    pub async fn packet(&mut self) -> Vec<u8> {
        loop {
            if let Some(size) = size(&self.received)
                && size <= self.received.len()
            {
                return self.received.drain(..size).collect();
            }
            assert!(!self.is_closed, "closed, after {:02x?}", self.received);
            self.more().await;
        }
    }

    /// All that comes until the other side closes.
    pub async fn until_closed(self) -> Vec<u8> {
        self.until_closed_within(LIMIT).await
    }

    /// The same, where nothing may come for so long.
    pub async fn until_closed_within(mut self, limit: Duration) -> Vec<u8> {
        while !self.is_closed {
            self.more_within(limit).await;
        }
        self.received
    }

    /// Whether the connection is alive, with nothing on its way.
    pub async fn is_well(&mut self) -> bool {
        self.send(&[0xC0, 0]).await;
        self.packet().await == [0xD0, 0]
    }
}

fn size(bytes: &[u8]) -> Option<usize> {
    let (mut length, mut shift) = (0, 0);
    for (at, byte) in bytes.iter().enumerate().skip(1) {
        length |= usize::from(byte & 0x7F) << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            return Some(at + 1 + length);
        }
    }
    None
}

impl Raw {
    /// So many bytes, or those that came before the other side closed.
    pub async fn until_closed_or(&mut self, bytes: usize) -> Vec<u8> {
        while !self.is_closed && self.received.len() < bytes {
            self.more().await;
        }
        self.received.clone()
    }
}
