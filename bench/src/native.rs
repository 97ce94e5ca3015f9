//! Native MQTT clients: one that only reads, to know what the sender can do alone, and one that floods a broker over
//! TCP with any quality of service, with as many messages under way as the broker grants.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use midge::protocol::{
    Connect, ConnectProperties, Framer, FromBroker, PublishParts, Qos, SubscribeOptions, Version,
    decode, encode,
};
use tungstenite::client::IntoClientRequest;
use tungstenite::http::HeaderValue;
use tungstenite::{Message, WebSocket};

use crate::frames::{Topics, payload};
use crate::sender::{Amount, Sent};

/// The largest packet that is read here.
const LARGEST: usize = 32 << 20;

/// CONNECT of a clean session without keep alive.
pub fn connect_packet(client_id: &str, version: Version) -> Result<Vec<u8>, String> {
    let mut packet = Vec::new();
    let connect = Connect {
        version,
        client_id: client_id.to_owned(),
        keep_alive: 0,
        clean_session: true,
        user_name: None,
        password: None,
        will: None,
        properties: ConnectProperties::default(),
    };
    encode::connect(&connect, &mut packet).map_err(|error| format!("{error:?}"))?;
    Ok(packet)
}

/// Subscribes over WebSocket at the sender, and then only reads and forgets. Ends when the socket does, or when nothing
/// has come for a second; returns the bytes read and from when to when.
pub struct Reader {
    socket: WebSocket<TcpStream>,
}

impl Reader {
    /// Connects to the sender at this port, and subscribes.
    pub fn connect(port: u16) -> Result<Self, String> {
        let text = |error: tungstenite::Error| error.to_string();
        let stream = TcpStream::connect(("127.0.0.1", port)).map_err(|error| error.to_string())?;
        let mut request = format!("ws://127.0.0.1:{port}/mqtt")
            .into_client_request()
            .map_err(text)?;
        request
            .headers_mut()
            .insert("Sec-WebSocket-Protocol", HeaderValue::from_static("mqtt"));
        let (mut socket, _) = tungstenite::client(request, stream)
            .map_err(|error| format!("the sender's handshake: {error}"))?;
        let hello = connect_packet("reader", Version::V311)?;
        socket.send(Message::Binary(hello.into())).map_err(text)?;
        socket.read().map_err(text)?;
        let mut packet = Vec::new();
        let all = [("bench/#", SubscribeOptions::default())];
        encode::subscribe(1, &all, None, Version::V311, &mut packet)
            .map_err(|error| format!("{error:?}"))?;
        socket.send(Message::Binary(packet.into())).map_err(text)?;
        socket.read().map_err(text)?;
        Ok(Self { socket })
    }

    /// Reads until a second passes without a byte. Returns bytes and seconds.
    pub fn drain(mut self) -> Result<(u64, f64), String> {
        let stream = self.socket.get_mut();
        stream
            .set_read_timeout(Some(Duration::from_secs(1)))
            .map_err(|error| error.to_string())?;
        let mut buffer = vec![0; 256 * 1024];
        let mut bytes = 0;
        let mut span = None;
        while let Ok(count @ 1..) = stream.read(&mut buffer) {
            let now = Instant::now();
            bytes += count as u64;
            span = Some((span.map_or(now, |(first, _)| first), now));
        }
        let seconds = span.map_or(0.0, |(first, last)| (last - first).as_secs_f64());
        Ok((bytes, seconds))
    }
}

/// Publishes over TCP as fast as the broker takes and acknowledges it.
pub fn flood(port: u16, qos: Qos, amount: Amount) -> Result<Sent, String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).map_err(|error| error.to_string())?;
    let io = |error: std::io::Error| format!("the broker's socket: {error}");
    stream.set_nodelay(true).map_err(io)?;
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .map_err(io)?;
    let version = Version::V5;
    stream
        .write_all(&connect_packet("flood", version)?)
        .map_err(io)?;
    let mut framer = Framer::new(LARGEST, version);
    let window = match next(&mut stream, &mut framer)? {
        FromBroker::Connack(connack) if connack.code == 0 => {
            connack.properties.receive_maximum.unwrap_or(u16::MAX)
        }
        other => return Err(format!("the broker answered CONNECT with {other:?}")),
    };
    // What waits to be acknowledged; QoS 0 has no window, and goes out in lots.
    let window = u64::from(if qos == Qos::AtMostOnce {
        500
    } else {
        window.min(500)
    });
    let began = Instant::now();
    let (mut sent, mut finished) = (0u64, 0u64);
    let mut out = Vec::new();
    loop {
        let left = match amount {
            Amount::Seconds(seconds) if began.elapsed().as_secs_f64() >= seconds => 0,
            Amount::Seconds(_) => u64::MAX,
            Amount::Messages(all) => all - sent,
        };
        let lot = left.min(window - (sent - finished));
        for _ in 0..lot {
            let parts = PublishParts {
                topic: &Topics::One.name(0),
                payload: &payload(sent as usize),
                qos,
                packet_id: if qos == Qos::AtMostOnce {
                    0
                } else {
                    (sent % 60_000) as u16 + 1
                },
                ..PublishParts::default()
            };
            encode::publish(&parts, version, &mut out).map_err(|error| format!("{error:?}"))?;
            sent += 1;
        }
        stream.write_all(&out).map_err(io)?;
        out.clear();
        if qos == Qos::AtMostOnce {
            finished = sent;
        }
        if left == 0 && finished == sent {
            break;
        }
        // One is waited for, and whatever came with it is taken, too.
        while finished < sent {
            match next(&mut stream, &mut framer)? {
                FromBroker::Puback(_) | FromBroker::Pubcomp(_) => finished += 1,
                FromBroker::Pubrec(answer) => encode::pubrel(answer.packet_id, &mut out),
                other => return Err(format!("the broker said {other:?}")),
            }
            if framer.pending() == 0 {
                break;
            }
        }
    }
    let seconds = began.elapsed().as_secs_f64();
    encode::disconnect(&mut out);
    stream.write_all(&out).map_err(io)?;
    Ok(Sent {
        messages: sent,
        seconds,
    })
}

fn next(stream: &mut TcpStream, framer: &mut Framer) -> Result<FromBroker, String> {
    let mut buffer = [0; 16 * 1024];
    loop {
        if let Some(packet) = framer.next() {
            let packet = packet.map_err(|fault| format!("{fault:?}"))?;
            return decode(packet, Version::V5).map_err(|fault| format!("{fault:?}"));
        }
        match stream.read(&mut buffer) {
            Ok(0) => return Err("the broker has closed the connection".to_owned()),
            Ok(count) => framer.push(&buffer[..count]),
            Err(error) => return Err(format!("the broker's socket: {error}")),
        }
    }
}
