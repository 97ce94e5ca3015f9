//! Frames and packets have nothing to do with each other [MQTT-6.0.0-2], floods are exact, and nothing is left to luck.

use midge::protocol::Qos;
use midge::session::{Input, PacketRole, Phase, Settings, SocketEvent};
use proptest::prelude::*;

use crate::link::*;

/// A whole exchange from the broker's side.
fn exchange() -> Vec<u8> {
    [
        connack(false, 0).to_vec(),
        suback(1, &[2]),
        incoming(0x30, 0),
        incoming(0x32, 1),
        incoming(0x34, 2),
        ack(PUBREL, 2).to_vec(),
        ack(PUBACK, 2).to_vec(),
        incoming(0x34, 2),
        PINGRESP.to_vec(),
        incoming(0x31, 0),
    ]
    .concat()
}

/// Outputs of the exchange when it comes in these frames.
fn outputs(frames: &[&[u8]]) -> Vec<Seen> {
    let mut link = Link::new(1);
    let mut seen = link.subscribe(&[("t", Qos::ExactlyOnce)]);
    seen.extend(link.tell(connect(settings())));
    seen.extend(link.opened());
    for frame in frames {
        seen.extend(link.bytes(frame));
    }
    seen
}

/// MQTT 3.1.1 [MQTT-6.0.0-2]
#[test]
fn every_split_of_an_exchange_means_the_same() {
    let bytes = exchange();
    let joined = outputs(&[&bytes]);
    assert_eq!(deliveries(&joined), [PacketRole::Message; 5]);
    assert_eq!(sent(&joined).len(), 6);
    assert_eq!(outputs(&bytes.chunks(1).collect::<Vec<_>>()), joined);
    for at in 0..=bytes.len() {
        let (first, second) = bytes.split_at(at);
        assert_eq!(outputs(&[first, second]), joined, "split at {at}");
    }
}

#[test]
fn bytes_that_are_filled_in_mean_the_same() {
    let bytes = exchange();
    let mut link = Link::new(1);
    let mut seen = link.subscribe(&[("t", Qos::ExactlyOnce)]);
    seen.extend(link.tell(connect(settings())));
    assert!(link.session.space(1, 1).is_none());
    seen.extend(link.opened());
    for frame in bytes.chunks(7) {
        link.session
            .space(1, frame.len())
            .unwrap()
            .copy_from_slice(frame);
        seen.extend(link.socket(SocketEvent::Filled));
    }
    assert_eq!(seen, outputs(&[&bytes]));
}

#[test]
fn a_flood_is_counted_exactly() {
    let mut link = Link::connected(settings());
    let flood = incoming(0x30, 0).repeat(100_000);
    let mut messages = 0;
    for frame in flood.chunks(65_536) {
        let seen = link.bytes(frame);
        assert!(
            seen.iter()
                .all(|seen| matches!(seen, Seen::Came(_, PacketRole::Message)))
        );
        messages += seen.len();
    }
    assert_eq!(messages, 100_000);
}

#[test]
fn a_flood_with_acknowledgements_answers_each() {
    let mut link = Link::connected(settings());
    let flood: Vec<u8> = (1..=10_000).flat_map(|id| incoming(0x32, id)).collect();
    let answers: Vec<_> = (1..=10_000).map(|id| ack(PUBACK, id).to_vec()).collect();
    assert_eq!(sent(&link.bytes(&flood)), answers);
}

fn inputs() -> impl Strategy<Value = Vec<(u8, u16)>> {
    prop::collection::vec((0_u8..30, any::<u16>()), 1..80)
}

/// Settings by number: of each version, for the newest, with sessions that end or stay, with several addresses and limits.
fn settings_of(seed: u64) -> Settings {
    let mut settings = match seed % 4 {
        0 => keeping(),
        1 => settings(),
        2 => keeping5(),
        _ => settings5(),
    };
    settings.newest = seed.is_multiple_of(5);
    settings.client_id_made_up = seed.is_multiple_of(7);
    if seed.is_multiple_of(3) {
        settings.addresses.push("ws://other".to_owned());
    }
    settings.connect.properties.receive_maximum = Some(3);
    settings.connect.properties.topic_alias_maximum = Some(2);
    settings
}

/// Plays arbitrary inputs, most of which make some sense, and returns everything that came of them.
fn play(seed: u64, inputs: &[(u8, u16)]) -> Vec<Seen> {
    let mut link = Link::new(seed);
    let mut all = link.tell(connect(settings_of(seed)));
    for &(kind, number) in inputs {
        let id = (number % 8).max(1);
        let qos = [Qos::AtMostOnce, Qos::AtLeastOnce, Qos::ExactlyOnce][usize::from(number % 3)];
        let filter = ["a", "b/+", "#"][usize::from(number % 3)];
        let seen = match kind {
            0..=3 => link.accept(number % 2 == 1 && seed.is_multiple_of(2)),
            4..=6 => link.publish(number.into(), qos),
            7 => link.subscribe(&[(filter, qos)]),
            8 => link.tell(Input::Unsubscribe(filter.to_owned())),
            9 => link.bytes(&link.message(0x30, 0)),
            10 => link.bytes(&link.message(0x34, id)),
            11 => link.bytes(&ack(PUBREL, id)),
            12 => link.bytes(&ack(PUBACK, id)),
            13 => link.bytes(&ack(PUBREC, id)),
            14 => link.bytes(&ack(PUBCOMP, id)),
            15 => link.suback(id, &[0]),
            16 => link.unsuback(id, 1),
            17 => link.bytes(&number.to_be_bytes()),
            18 => link.closed(1006),
            19 => link.tell(Input::NetworkChanged),
            20 => link.tell(Input::TryNow),
            21 if number % 8 == 0 => link.tell(Input::Disconnect),
            22 => link.reconnect(settings_of(number.into())),
            24 => link.bytes(&disconnect5(number.to_be_bytes()[1], &[])),
            25 => link.bytes(&connack(false, number.to_be_bytes()[1] % 6)),
            26 => {
                let topic = if number % 2 == 0 { "t" } else { "" };
                link.bytes(&publish5(0x30, topic, 0, &two(0x23, id % 4)))
            }
            27 => link.tell(Input::Cancel(number.into())),
            _ => link.pass(u64::from(number) * 500),
        };
        all.extend(seen);
        let waiting = matches!(link.session.phase(), Phase::Connecting | Phase::Waiting);
        assert!(
            !waiting || link.session.wake_at().is_some(),
            "waits for nothing"
        );
        if link.session.phase() == Phase::Waiting && number % 2 == 0 {
            all.extend(link.wake());
        }
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 512, ..ProptestConfig::default() })]

    /// Same inputs and same seed, same outputs; and the socket is never talked to before it is opened or after it was
    /// closed.
    #[test]
    fn arbitrary_inputs_are_handled_the_same_way_twice(seed in 0_u64..1000, inputs in inputs()) {
        let seen = play(seed, &inputs);
        prop_assert_eq!(&seen, &play(seed, &inputs));
        let mut open = None;
        let mut last = 0;
        for seen in &seen {
            match *seen {
                Seen::Open(socket) => {
                    prop_assert!(open.is_none() || open == Some(last));
                    prop_assert!(socket > last);
                    (open, last) = (Some(socket), socket);
                }
                Seen::Close { socket, .. } => {
                    prop_assert_eq!(Some(socket), open);
                    open = None;
                }
                Seen::Sent(..) => prop_assert!(open.is_some()),
                _ => {}
            }
        }
    }
}
