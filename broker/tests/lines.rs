//! The broker by its two ends, without sockets and by a clock that stands still.

use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;
use midge_broker::{Broker, Ending, Inlet, Limits, Next, Outlet, Settings, Why};
use tokio::time::{Instant, sleep};

/// A client that is connected, with its CONNACK taken.
struct Client {
    inlet: Inlet,
    outlet: Outlet,
    pieces: VecDeque<Bytes>,
}

impl Client {
    async fn connected(broker: &Broker, id: u8) -> Client {
        let (inlet, outlet) = broker.connect().unwrap();
        let pieces = VecDeque::new();
        let mut client = Client {
            inlet,
            outlet,
            pieces,
        };
        let connect = [b"\x10\x0d\0\x04MQTT\x04\x02\0\x0a\0\x01", &[id][..]].concat();
        client.inlet.say(connect).await.unwrap();
        assert_eq!(client.taken().await, b"\x20\x02\0\0");
        client
    }

    async fn subscribed(broker: &Broker, id: u8) -> Client {
        let mut client = Client::connected(broker, id).await;
        client
            .inlet
            .say(b"\x82\x06\0\x01\0\x01t\0".to_vec())
            .await
            .unwrap();
        assert_eq!(client.taken().await, b"\x90\x03\0\x01\0");
        client
    }

    /// All bytes that are there, once some are, as if they had left.
    async fn taken(&mut self) -> Vec<u8> {
        match self.outlet.next(&mut self.pieces).await {
            Next::Bytes => {}
            Next::Ended(why) => panic!("{why:?}"),
        }
        let bytes = Vec::from_iter(self.pieces.drain(..)).concat();
        self.outlet.has_left(bytes.len());
        bytes
    }

    async fn ended(mut self) -> Ending {
        loop {
            if let Next::Ended(why) = self.outlet.next(&mut self.pieces).await {
                return why;
            }
        }
    }
}

async fn broker(limits: Limits) -> Broker {
    let settings = Settings {
        limits,
        ..Settings::default()
    };
    Broker::start(settings).await.unwrap()
}

/// PUBLISH of QoS 0 to `t`.
fn publish(payload: &[u8]) -> Vec<u8> {
    let mut left = payload.len() + 3;
    let mut header = vec![0x30];
    while left > 0x7F {
        header.push((left & 0x7F) as u8 | 0x80);
        left >>= 7;
    }
    header.extend([left as u8, 0, 1, b't']);
    [&header, payload].concat()
}

#[tokio::test(start_paused = true)]
async fn a_large_payload_is_the_same_memory_for_all_that_it_goes_to() {
    let broker = broker(Limits::default()).await;
    let mut readers = Vec::new();
    for id in b"abc" {
        readers.push(Client::subscribed(&broker, *id).await);
    }
    let writer = Client::connected(&broker, b'w').await;
    let message = publish(&vec![b'x'; 1_000_000]);
    writer.inlet.say(message.clone()).await.unwrap();
    let mut places = Vec::new();
    for reader in &mut readers {
        assert!(matches!(
            reader.outlet.next(&mut reader.pieces).await,
            Next::Bytes
        ));
        places.push(reader.pieces[1].as_ptr());
        assert!(Vec::from_iter(reader.pieces.drain(..)).concat() == message);
    }
    places.dedup();
    assert_eq!(places.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_was_said_before_the_end_counts_and_what_was_told_is_there_to_take() {
    let broker = broker(Limits::default()).await;
    let mut reader = Client::subscribed(&broker, b'r').await;
    let writer = Client::subscribed(&broker, b'w').await;
    let Client { inlet, outlet, .. } = writer;
    inlet.say(publish(b"last words")).await.unwrap();
    drop(inlet);
    assert!(reader.taken().await.ends_with(b"last words"));
    let mut pieces = VecDeque::new();
    assert!(matches!(outlet.next(&mut pieces).await, Next::Bytes));
    let end = outlet.next(&mut pieces).await;
    assert!(matches!(end, Next::Ended(Ending::Lost)), "{end:?}");
}

#[tokio::test(start_paused = true)]
async fn who_takes_nothing_loses_messages_until_something_has_left() {
    let limits = Limits {
        owed_to_one: 10_000,
        ..Limits::default()
    };
    let broker = broker(limits).await;
    let mut slow = Client::subscribed(&broker, b's').await;
    let writer = Client::connected(&broker, b'w').await;
    for _ in 0..100 {
        writer.inlet.say(publish(&[b'x'; 1_000])).await.unwrap();
    }
    sleep(Duration::from_millis(1)).await;
    let waiting = slow.taken().await.len();
    assert!((10_000..12_000).contains(&waiting), "{waiting}");
    writer.inlet.say(publish(b"goes on")).await.unwrap();
    assert!(slow.taken().await.ends_with(b"goes on"));
}

#[tokio::test(start_paused = true)]
async fn silence_ends_a_client_when_its_time_has_come() {
    let broker = broker(Limits::default()).await;
    let client = Client::connected(&broker, b'c').await;
    let began = Instant::now();
    let end = client.ended().await;
    assert!(matches!(end, Ending::Broker(_, Why::KeepAlive)), "{end:?}");
    assert_eq!(began.elapsed().as_secs(), 15);
}

#[tokio::test(start_paused = true)]
async fn after_the_end_of_the_program_nobody_comes_in() {
    let broker = broker(Limits::default()).await;
    let client = Client::connected(&broker, b'c').await;
    broker.shut_down().await;
    let late = broker.connect().unwrap();
    let late = Client {
        inlet: late.0,
        outlet: late.1,
        pieces: VecDeque::new(),
    };
    for client in [client, late] {
        let end = client.ended().await;
        assert!(matches!(end, Ending::Broker(_, Why::Shutdown)), "{end:?}");
    }
}
