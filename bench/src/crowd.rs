//! Two hundred WebSocket clients on one broker, each publishing, each subscribed to all. One thread, so that the clients
//! leave the broker its core.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use midge::protocol::{Direction, Framer, PacketType, SubscribeOptions, Version, encode, outline};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tungstenite::Message;
use tungstenite::client::IntoClientRequest;
use tungstenite::http::HeaderValue;

use crate::brokers::{Broker, in_turn};
use crate::case::{Bound, Case, Goal, Measurement, Of, column};
use crate::frames::{PAYLOAD, publish};
use crate::host::processor_seconds;
use crate::measure::Bench;
use crate::native::connect_packet;
use crate::statistics::percentile;

const CLIENTS: usize = 200;
const VERSION: Version = Version::V311;
/// The largest packet that is read here.
const LARGEST: usize = 1 << 20;
/// What may come after the last was published.
const STRAGGLERS: Duration = Duration::from_secs(3);

/// What all clients have seen.
#[derive(Default)]
struct Seen {
    published: u64,
    received: u64,
    /// Microseconds from publishing to arriving.
    latencies: Vec<u32>,
    ended: u64,
}

type Socket = WebSocketStream<TcpStream>;

/// Connects, and subscribes to what everybody publishes.
async fn join(port: u16, number: usize) -> Result<(Socket, Framer), String> {
    let stream = TcpStream::connect(("127.0.0.1", port))
        .await
        .map_err(|error| error.to_string())?;
    stream
        .set_nodelay(true)
        .map_err(|error| error.to_string())?;
    let mut request = format!("ws://127.0.0.1:{port}/mqtt")
        .into_client_request()
        .map_err(|error| error.to_string())?;
    request
        .headers_mut()
        .insert("Sec-WebSocket-Protocol", HeaderValue::from_static("mqtt"));
    let (mut socket, _) = tokio_tungstenite::client_async(request, stream)
        .await
        .map_err(|error| format!("handshake: {error}"))?;
    let mut framer = Framer::new(LARGEST, VERSION);
    let hello = connect_packet(&format!("crowd-{number}"), VERSION)?;
    exchange(&mut socket, &mut framer, hello, PacketType::Connack).await?;
    let mut subscribe = Vec::new();
    let all = [("crowd/#", SubscribeOptions::default())];
    encode::subscribe(1, &all, None, VERSION, &mut subscribe)
        .map_err(|error| format!("{error:?}"))?;
    exchange(&mut socket, &mut framer, subscribe, PacketType::Suback).await?;
    Ok((socket, framer))
}

/// Says something, and waits for a packet of this type.
async fn exchange(
    socket: &mut Socket,
    framer: &mut Framer,
    packet: Vec<u8>,
    wanted: PacketType,
) -> Result<(), String> {
    socket
        .send(Message::Binary(packet.into()))
        .await
        .map_err(|error| error.to_string())?;
    loop {
        match framer.next() {
            Some(Ok(packet)) => {
                if packet[0] >> 4 == wanted as u8 {
                    return Ok(());
                }
                continue;
            }
            Some(Err(fault)) => return Err(format!("{fault:?}")),
            None => {}
        }
        match socket.next().await {
            Some(Ok(Message::Binary(bytes))) => framer.push(&bytes),
            Some(Ok(_)) => {}
            other => return Err(format!("no {wanted}: {other:?}")),
        }
    }
}

/// One client: publishes once a second until `until`, each at its own moment of the second, and notes what comes.
async fn live(
    (socket, mut framer): (Socket, Framer),
    number: usize,
    began: Instant,
    until: Instant,
    seen: Rc<RefCell<Seen>>,
) {
    let (mut sink, mut stream) = socket.split();
    let phase = Duration::from_micros(1_000_000 * number as u64 / CLIENTS as u64);
    let for_speaker = Rc::clone(&seen);
    let speak = async move {
        let topic = format!("crowd/client{number}");
        let mut next = began + phase;
        while next < until {
            tokio::time::sleep_until(next.into()).await;
            next += Duration::from_secs(1);
            let mut payload = (began.elapsed().as_micros() as u64).to_be_bytes().to_vec();
            payload.resize(PAYLOAD, b'x');
            let Ok(packet) = publish(&topic, &payload, VERSION) else {
                return;
            };
            for_speaker.borrow_mut().published += 1;
            if sink.send(Message::Binary(packet.into())).await.is_err() {
                for_speaker.borrow_mut().ended += 1;
                return;
            }
        }
        tokio::time::sleep(STRAGGLERS).await;
    };
    let hear = async {
        while let Some(Ok(message)) = stream.next().await {
            let Message::Binary(bytes) = message else {
                continue;
            };
            framer.push(&bytes);
            let now = began.elapsed().as_micros() as u64;
            let mut seen = seen.borrow_mut();
            while let Some(Ok(packet)) = framer.next() {
                let Ok(parts) = outline(packet, VERSION, Direction::Incoming) else {
                    continue;
                };
                if parts.packet_type != PacketType::Publish {
                    continue;
                }
                let at = parts.payload as usize;
                let Some(Ok(stamp)) = packet.get(at..at + 8).map(<[u8; 8]>::try_from) else {
                    continue;
                };
                seen.received += 1;
                let latency = now.saturating_sub(u64::from_be_bytes(stamp));
                seen.latencies
                    .push(u32::try_from(latency).unwrap_or(u32::MAX));
            }
        }
        seen.borrow_mut().ended += 1;
    };
    tokio::select! { () = speak => {}, () = hear => {} }
}

fn crowd(bench: &Bench, name: &'static str, round: usize) -> Result<Measurement, String> {
    let seconds = if bench.options.quick { 5 } else { 30 };
    let broker = Broker::start(name, &bench.root)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    let seen = Rc::new(RefCell::new(Seen::default()));
    let tasks = tokio::task::LocalSet::new();
    let port = broker.ws();
    let (used, own, wall) = tasks.block_on(&runtime, async {
        let mut clients = Vec::new();
        for number in 0..CLIENTS {
            clients.push(join(port, number).await?);
        }
        let (before, own) = (broker.processor_seconds(), processor_seconds("self"));
        let began = Instant::now();
        let until = began + Duration::from_secs(seconds);
        let all: Vec<_> = clients
            .into_iter()
            .enumerate()
            .map(|(number, client)| {
                tokio::task::spawn_local(live(client, number, began, until, Rc::clone(&seen)))
            })
            .collect();
        tokio::time::sleep_until(until.into()).await;
        let used = broker.processor_seconds() - before;
        let own = processor_seconds("self") - own;
        let wall = began.elapsed().as_secs_f64();
        for task in all {
            task.await.map_err(|error| error.to_string())?;
        }
        Ok::<_, String>((used, own, wall))
    })?;
    let seen = seen.borrow();
    let latencies: Vec<f64> = seen
        .latencies
        .iter()
        .map(|us| f64::from(*us) / 1000.0)
        .collect();
    let wanted = seen.published * CLIENTS as u64;
    let mut measurement = Measurement {
        candidate: name.to_owned(),
        round,
        ..Measurement::default()
    };
    for (key, value) in [
        ("cores", used / wall),
        ("clients_cores", own / wall),
        ("rate", seen.received as f64 / wall),
        ("lost", wanted as f64 - seen.received as f64),
        ("p50", percentile(&latencies, 0.5).unwrap_or(f64::INFINITY)),
        ("p99", percentile(&latencies, 0.99).unwrap_or(f64::INFINITY)),
        (
            "worst",
            percentile(&latencies, 1.0).unwrap_or(f64::INFINITY),
        ),
    ] {
        measurement.values.insert(key.to_owned(), value);
    }
    if seen.ended > 0 {
        let words = format!("{} connections ended early", seen.ended);
        measurement.trouble.push(words);
    }
    Ok(measurement)
}

/// The case.
pub fn case() -> Case {
    Case {
        name: "host-200",
        title: "200 WebSocket clients on one broker, each publishing once a second, each subscribed to all",
        how: "40,000 deliveries a second for 30 s, QoS 0, 64 B. `host` is the companion, `mosquitto` is mosquitto 2.0.11 \
              as it is packaged. The clients are native, on one thread, and share the machine with the broker; a latency \
              is from before a client's write until another has read and cut out the packet, so that it holds the \
              clients' own waiting for their turn.",
        long: false,
        columns: vec![
            column("rate", "deliveries/s", 0),
            column("cores", "broker, cores", 2),
            column("clients_cores", "clients, cores", 2),
            column("p50", "median, ms", 1),
            column("p99", "99 %, ms", 1),
            column("worst", "worst, ms", 1),
            column("lost", "lost", 0),
        ],
        goals: vec![
            Goal {
                words: "host's processor time in cores, under 1",
                of: Of::Value("host", "cores"),
                bound: Bound::AtMost(1.0),
            },
            Goal {
                words: "host's processor time beside mosquitto's, less",
                of: Of::Ratio("cores", "host", "mosquitto"),
                bound: Bound::AtMost(1.0),
            },
            Goal {
                words: "deliveries lost, none",
                of: Of::Largest("host", "lost"),
                bound: Bound::AtMost(0.0),
            },
            Goal {
                words: "99th percentile of latency in ms, under 50",
                of: Of::Value("host", "p99"),
                bound: Bound::AtMost(50.0),
            },
        ],
        run: Box::new(|bench: &Bench| in_turn(bench, crowd)),
    }
}
