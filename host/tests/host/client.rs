//! A small MQTT 3.1.1 client for the tests, over WebSocket. Waits at most ten seconds for anything.

use std::time::Duration;

use bytes::BytesMut;
use futures_util::{SinkExt, StreamExt};
use midge_host::Midge;
use mqttbytes::QoS;
use mqttbytes::v4::{
    Connect, ConnectReturnCode, LastWill, Packet, PingReq, Publish, Subscribe, read,
};
use tokio::io::DuplexStream;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::{HeaderValue, Request};
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async, connect_async};
use tokio_util::either::Either;

use crate::HERE;

pub const LIMIT: Duration = Duration::from_secs(10);

/// How the packets are cut into frames.
#[derive(Clone, Copy)]
pub enum Frames {
    Whole,
    EveryByte,
}

/// Over the network, or from inside the program.
pub type Socket = WebSocketStream<Either<TcpStream, DuplexStream>>;

/// A WebSocket over the network.
pub async fn websocket(port: u16) -> Socket {
    let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    stream.set_nodelay(true).unwrap();
    upgrade(Either::Left(stream)).await
}

/// A WebSocket from inside the program, where a clock may stand still.
pub async fn websocket_inside(midge: &Midge) -> Socket {
    upgrade(Either::Right(midge.http(HERE))).await
}

async fn upgrade(stream: Either<TcpStream, DuplexStream>) -> Socket {
    let request = request(80, &[("Sec-WebSocket-Protocol", "mqtt")]);
    let upgraded = timeout(LIMIT, client_async(request, stream)).await;
    upgraded.unwrap().unwrap().0
}

pub struct Client {
    socket: Socket,
    received: BytesMut,
    frames: Frames,
    /// How many binary frames have come so far.
    pub frames_received: usize,
}

/// An upgrade request to `/mqtt` with more headers.
pub fn request(port: u16, headers: &[(&'static str, &str)]) -> Request<()> {
    let url = format!("ws://127.0.0.1:{port}/mqtt");
    let mut request = url.into_client_request().unwrap();
    for (name, value) in headers {
        let value = HeaderValue::from_str(value).unwrap();
        request.headers_mut().append(*name, value);
    }
    request
}

/// The HTTP status by which an upgrade was refused.
pub async fn refusal(request: Request<()>) -> u16 {
    match timeout(LIMIT, connect_async(request)).await.unwrap() {
        Err(Error::Http(response)) => response.status().as_u16(),
        other => panic!("not refused by HTTP: {other:?}"),
    }
}

/// A packet as bytes.
pub fn packet(write: impl FnOnce(&mut BytesMut) -> Result<usize, mqttbytes::Error>) -> BytesMut {
    let mut bytes = BytesMut::new();
    write(&mut bytes).unwrap();
    bytes
}

/// CONNECT with a clean session.
pub fn connect_packet(client_id: &str, login: Option<(&str, &str)>) -> BytesMut {
    let mut connect = Connect::new(client_id);
    connect.keep_alive = 60;
    if let Some((name, password)) = login {
        connect.set_login(name, password);
    }
    packet(|bytes| connect.write(bytes))
}

pub fn subscribe_packet(filter: &str, qos: QoS) -> BytesMut {
    let mut subscribe = Subscribe::new(filter, qos);
    subscribe.pkid = 1;
    packet(|bytes| subscribe.write(bytes))
}

pub fn publish_packet(topic: &str, qos: QoS, payload: &[u8]) -> BytesMut {
    let mut publish = Publish::new(topic, qos, payload);
    publish.pkid = if qos == QoS::AtMostOnce { 0 } else { 7 };
    packet(|bytes| publish.write(bytes))
}

impl Client {
    /// Opens the WebSocket and says nothing yet.
    pub async fn open(port: u16, frames: Frames) -> Client {
        Client::of(websocket(port).await, frames)
    }

    fn of(socket: Socket, frames: Frames) -> Client {
        Client {
            socket,
            received: BytesMut::new(),
            frames,
            frames_received: 0,
        }
    }

    /// Opens the WebSocket and connects, with a clean session and no user.
    pub async fn connected(port: u16, client_id: &str) -> Client {
        Client::open(port, Frames::Whole)
            .await
            .greet(client_id)
            .await
    }

    /// The same from inside the program.
    pub async fn inside(midge: &Midge, client_id: &str) -> Client {
        let socket = websocket_inside(midge).await;
        Client::of(socket, Frames::Whole).greet(client_id).await
    }

    async fn greet(mut self, client_id: &str) -> Client {
        let client = &mut self;
        client.send(&connect_packet(client_id, None)).await;
        assert_eq!(client.connack().await, ConnectReturnCode::Success);
        self
    }

    /// The same, with a will on `topic`.
    pub async fn connected_with_will(port: u16, client_id: &str, topic: &str) -> Client {
        let mut client = Client::open(port, Frames::Whole).await;
        let mut connect = Connect::new(client_id);
        connect.last_will = Some(LastWill::new(topic, "gone", QoS::AtMostOnce, false));
        client.send(&packet(|bytes| connect.write(bytes))).await;
        assert_eq!(client.connack().await, ConnectReturnCode::Success);
        client
    }

    pub async fn send(&mut self, bytes: &[u8]) {
        let size = match self.frames {
            Frames::Whole => bytes.len(),
            Frames::EveryByte => 1,
        };
        for frame in bytes.chunks(size) {
            let frame = Message::Binary(frame.to_vec().into());
            timeout(LIMIT, self.socket.send(frame))
                .await
                .unwrap()
                .unwrap();
        }
    }

    pub async fn send_text(&mut self, text: &'static str) {
        let frame = Message::Text(text.into());
        timeout(LIMIT, self.socket.send(frame))
            .await
            .unwrap()
            .unwrap();
    }

    /// The next packet, however it is framed.
    pub async fn receive(&mut self) -> Packet {
        loop {
            match read(&mut self.received, 64 * 1024 * 1024) {
                Ok(packet) => return packet,
                Err(mqttbytes::Error::InsufficientBytes(_)) => {}
                Err(error) => panic!("malformed: {error:?}"),
            }
            match self.frame().await {
                Message::Binary(bytes) => {
                    self.frames_received += 1;
                    self.received.extend_from_slice(&bytes);
                }
                other => panic!("not a binary frame: {other:?}"),
            }
        }
    }

    pub async fn connack(&mut self) -> ConnectReturnCode {
        match self.receive().await {
            Packet::ConnAck(connack) => connack.code,
            other => panic!("not CONNACK: {other:?}"),
        }
    }

    pub async fn subscribe(&mut self, filter: &str, qos: QoS) {
        self.send(&subscribe_packet(filter, qos)).await;
        assert!(matches!(self.receive().await, Packet::SubAck(_)));
    }

    pub async fn published(&mut self) -> Publish {
        match self.receive().await {
            Packet::Publish(publish) => publish,
            other => panic!("not PUBLISH: {other:?}"),
        }
    }

    pub async fn ping(&mut self) {
        self.send(&packet(|bytes| PingReq.write(bytes))).await;
        assert!(matches!(self.receive().await, Packet::PingResp));
    }

    /// Whether nothing more comes, however long one waits. By a clock that stands still.
    pub async fn is_quiet(&mut self) -> bool {
        let long = Duration::from_secs(9);
        self.received.is_empty() && timeout(long, self.frame()).await.is_err()
    }

    /// Closes the WebSocket from this side.
    pub async fn close(mut self) {
        timeout(LIMIT, self.socket.close(None))
            .await
            .unwrap()
            .unwrap();
        while timeout(LIMIT, self.socket.next()).await.unwrap().is_some() {}
    }

    /// Reads on to the close frame: its code and its reason. Answers it.
    pub async fn closed(&mut self) -> (u16, String) {
        loop {
            if let Message::Close(frame) = self.frame().await {
                while timeout(LIMIT, self.socket.next()).await.unwrap().is_some() {}
                let frame = frame.expect("a close frame with a code");
                return (frame.code.into(), frame.reason.to_string());
            }
        }
    }

    async fn frame(&mut self) -> Message {
        let next = timeout(LIMIT, self.socket.next()).await;
        next.expect("silence")
            .expect("end of stream")
            .expect("a broken stream")
    }
}
