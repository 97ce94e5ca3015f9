//! `/mqtt` as a WebSocket: who may come, by which subprotocol, in which frames, and how it closes.

use std::time::Duration;

use mqttbytes::QoS;
use mqttbytes::v4::{ConnectReturnCode, Packet};
use tokio::time::{Instant, sleep};
use tokio_tungstenite::connect_async;

use crate::client::{
    Client, Frames, connect_packet, publish_packet, refusal, request, subscribe_packet,
};
use crate::midge;

const OFFER: (&str, &str) = ("Sec-WebSocket-Protocol", "mqtt");

/// After it a page counts as one that only listens.
const QUIET: Duration = Duration::from_millis(100);

async fn chosen(port: u16, offers: &str) -> String {
    let request = request(port, &[("Sec-WebSocket-Protocol", offers)]);
    let (mut socket, response) = connect_async(request).await.unwrap();
    socket.close(None).await.unwrap();
    let chosen = response.headers().get("sec-websocket-protocol").unwrap();
    chosen.to_str().unwrap().to_owned()
}

/// MQTT 3.1.1 [MQTT-6.0.0-4]
/// MQTT 5 [MQTT-6.0.0-4]
#[tokio::test(flavor = "multi_thread")]
async fn the_subprotocol_is_mqtt_wherever_it_is_offered() {
    let midge = midge(&[]).await;
    assert_eq!(chosen(midge.port(), "mqtt").await, "mqtt");
    assert_eq!(chosen(midge.port(), "mqttv3.1, mqtt").await, "mqtt");
    assert_eq!(chosen(midge.port(), "mqttv3.1").await, "mqttv3.1");
    assert_eq!(chosen(midge.port(), "chat, mqtt").await, "mqtt");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_subprotocol_of_mqtt_the_answer_is_400() {
    let midge = midge(&[]).await;
    assert_eq!(refusal(request(midge.port(), &[])).await, 400);
    let chat = [("Sec-WebSocket-Protocol", "chat")];
    assert_eq!(refusal(request(midge.port(), &chat)).await, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_a_foreign_origin_is_refused() {
    let midge = midge(&["--allow-origin", "https://midge.example.org"]).await;
    let port = midge.port();
    for origin in ["http://evil.example", "null", "http://localhost"] {
        let status = refusal(request(port, &[OFFER, ("Origin", origin)])).await;
        assert_eq!(status, 403, "{origin}");
    }
    let own = format!("http://127.0.0.1:{port}");
    for origin in [own.as_str(), "https://midge.example.org"] {
        let welcome = connect_async(request(port, &[OFFER, ("Origin", origin)])).await;
        assert!(welcome.is_ok(), "{origin}");
    }
}

/// MQTT 3.1.1 [MQTT-6.0.0-1]
/// MQTT 5 [MQTT-6.0.0-1]
#[tokio::test(flavor = "multi_thread")]
async fn a_text_frame_closes_with_1003() {
    let midge = midge(&[]).await;
    let mut client = Client::connected(midge.port(), "text").await;
    client.send_text("hello").await;
    assert_eq!(client.closed().await.0, 1003);
}

/// MQTT 3.1.1 [MQTT-6.0.0-2]
/// MQTT 5 [MQTT-6.0.0-2]
#[tokio::test(flavor = "multi_thread")]
async fn a_frame_of_its_own_for_every_byte_is_understood() {
    let midge = midge(&[]).await;
    let mut client = Client::open(midge.port(), Frames::EveryByte).await;
    client.send(&connect_packet("bytes", None)).await;
    assert_eq!(client.connack().await, ConnectReturnCode::Success);
    client.subscribe("a/+", QoS::AtLeastOnce).await;
    client
        .send(&publish_packet("a/b", QoS::AtMostOnce, b"split"))
        .await;
    let publish = client.published().await;
    assert_eq!(
        (publish.topic.as_str(), &publish.payload[..]),
        ("a/b", &b"split"[..])
    );
}

/// MQTT 3.1.1 [MQTT-6.0.0-2]
/// MQTT 5 [MQTT-6.0.0-2]
#[tokio::test(flavor = "multi_thread")]
async fn many_packets_in_one_frame_are_understood() {
    let midge = midge(&[]).await;
    let mut client = Client::open(midge.port(), Frames::Whole).await;
    let mut joined = connect_packet("joined", None);
    joined.extend_from_slice(&subscribe_packet("a/#", QoS::AtMostOnce));
    for number in 0..50 {
        let payload = format!("{number}");
        let publish = publish_packet("a/b", QoS::AtMostOnce, payload.as_bytes());
        joined.extend_from_slice(&publish);
    }
    client.send(&joined).await;
    assert_eq!(client.connack().await, ConnectReturnCode::Success);
    assert!(matches!(client.receive().await, Packet::SubAck(_)));
    for number in 0..50 {
        assert_eq!(client.published().await.payload, format!("{number}"));
    }
}

#[tokio::test(start_paused = true)]
async fn messages_to_a_quiet_page_share_frames_and_stay_whole_and_in_order() {
    let midge = midge(&[]).await;
    let mut reader = Client::inside(&midge, "listener").await;
    reader.subscribe("steady", QoS::AtMostOnce).await;
    let mut writer = Client::inside(&midge, "speaker").await;
    sleep(QUIET).await;
    let before = reader.frames_received;
    let payload = |number: u32| format!("{number}:{}", "x".repeat(number as usize % 97));
    let speak = async {
        for number in 0..1000 {
            let payload = payload(number);
            let publish = publish_packet("steady", QoS::AtMostOnce, payload.as_bytes());
            writer.send(&publish).await;
        }
    };
    let hear = async {
        for number in 0..1000 {
            assert_eq!(reader.published().await.payload, payload(number));
        }
    };
    tokio::join!(speak, hear);
    let frames = reader.frames_received - before;
    assert!(frames < 1000, "{frames} frames");
}

#[tokio::test(start_paused = true)]
async fn a_page_that_only_listens_gets_no_second_small_frame_within_20_ms() {
    const APART: Duration = Duration::from_millis(20);
    let midge = midge(&[]).await;
    let mut reader = Client::inside(&midge, "listener").await;
    reader.subscribe("drops", QoS::AtMostOnce).await;
    let mut writer = Client::inside(&midge, "speaker").await;
    sleep(QUIET).await;
    let (before, began) = (reader.frames_received, Instant::now());
    let speak = async {
        for number in 0..60 {
            let payload = format!("{number}");
            let publish = publish_packet("drops", QoS::AtMostOnce, payload.as_bytes());
            writer.send(&publish).await;
            sleep(Duration::from_millis(3)).await;
        }
    };
    let hear = async {
        for number in 0..60 {
            assert_eq!(reader.published().await.payload, format!("{number}"));
        }
    };
    tokio::join!(speak, hear);
    let frames = reader.frames_received - before;
    let most = began.elapsed().as_millis() / APART.as_millis() + 2;
    assert!(
        u128::try_from(frames).unwrap() <= most,
        "{frames} frames, and at most {most} fit"
    );
}

#[tokio::test(start_paused = true)]
async fn a_message_after_quiet_does_not_wait_for_another() {
    let midge = midge(&[]).await;
    let mut reader = Client::inside(&midge, "listener").await;
    reader.subscribe("single", QoS::AtMostOnce).await;
    let mut writer = Client::inside(&midge, "speaker").await;
    for word in ["one", "two", "three"] {
        sleep(QUIET).await;
        let before = reader.frames_received;
        let publish = publish_packet("single", QoS::AtMostOnce, word.as_bytes());
        writer.send(&publish).await;
        let sent = Instant::now();
        assert_eq!(reader.published().await.payload, word);
        assert_eq!(sent.elapsed(), Duration::ZERO);
        assert_eq!(reader.frames_received - before, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_in_conversation_gets_every_answer_and_every_message() {
    let midge = midge(&[]).await;
    let mut client = Client::connected(midge.port(), "echo").await;
    client.subscribe("echo", QoS::AtMostOnce).await;
    let began = Instant::now();
    for number in 0..500 {
        let payload = format!("{number}");
        let publish = publish_packet("echo", QoS::AtLeastOnce, payload.as_bytes());
        client.send(&publish).await;
        let (mut acknowledged, mut echoed) = (false, false);
        while !(acknowledged && echoed) {
            match client.receive().await {
                Packet::PubAck(_) => acknowledged = true,
                Packet::Publish(publish) => echoed = publish.payload == payload,
                other => panic!("neither answer nor echo: {other:?}"),
            }
        }
    }
    // If the second packet waited for an acknowledgement that the system puts off, it would be 40 ms each time.
    assert!(began.elapsed() < Duration::from_secs(10));
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_megabytes_go_through_unchanged() {
    let midge = midge(&[]).await;
    let mut client = Client::connected(midge.port(), "large").await;
    client.subscribe("large", QoS::AtMostOnce).await;
    let mut random = fastrand::Rng::with_seed(1);
    let payload: Vec<u8> = (0..10 * 1024 * 1024).map(|_| random.u8(..)).collect();
    client
        .send(&publish_packet("large", QoS::AtMostOnce, &payload))
        .await;
    assert!(client.published().await.payload == payload);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_burst_to_a_slow_reader_loses_nothing() {
    let midge = midge(&[]).await;
    let mut reader = Client::connected(midge.port(), "reader").await;
    reader.subscribe("burst", QoS::AtMostOnce).await;
    let mut writer = Client::connected(midge.port(), "writer").await;
    let mut burst = Vec::new();
    for number in 0..20_000_u32 {
        burst.extend_from_slice(&publish_packet(
            "burst",
            QoS::AtMostOnce,
            &number.to_be_bytes(),
        ));
    }
    writer.send(&burst).await;
    // The broker has taken all of it before the first message is read.
    writer.ping().await;
    for number in 0..20_000_u32 {
        assert_eq!(reader.published().await.payload[..], number.to_be_bytes());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_closes_with_1001() {
    let midge = midge(&[]).await;
    let mut client = Client::connected(midge.port(), "stopped").await;
    let (_, (code, _)) = tokio::join!(midge.stop(), client.closed());
    assert_eq!(code, 1001);
}
