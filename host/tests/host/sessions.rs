//! MQTT through the host: users, takeovers, wills, refusals, retained messages, plain TCP.

use mqttbytes::QoS;
use mqttbytes::v4::{ConnectReturnCode, Packet};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::client::{Client, Frames, LIMIT, connect_packet, publish_packet, subscribe_packet};
use crate::midge;

async fn outcome(port: u16, client_id: &str, login: Option<(&str, &str)>) -> ConnectReturnCode {
    let mut client = Client::open(port, Frames::Whole).await;
    client.send(&connect_packet(client_id, login)).await;
    let code = client.connack().await;
    if code != ConnectReturnCode::Success {
        assert_eq!(client.closed().await.0, 1000);
    }
    code
}

#[tokio::test(flavor = "multi_thread")]
async fn users_come_in_with_their_password_only() {
    let midge = midge(&["--user", "chen:tea", "--user", "ana:a:b"]).await;
    let port = midge.port();
    use ConnectReturnCode::{BadUserNamePassword, NotAuthorized, Success};
    assert_eq!(outcome(port, "right", Some(("chen", "tea"))).await, Success);
    assert_eq!(outcome(port, "other", Some(("ana", "a:b"))).await, Success);
    let wrong = outcome(port, "wrong", Some(("chen", "milk"))).await;
    assert_eq!(wrong, BadUserNamePassword);
    let mixed = outcome(port, "mixed", Some(("chen", "a:b"))).await;
    assert_eq!(mixed, BadUserNamePassword);
    let unknown = outcome(port, "unknown", Some(("bo", "tea"))).await;
    assert_eq!(unknown, BadUserNamePassword);
    assert_eq!(outcome(port, "missing", None).await, NotAuthorized);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_users_everyone_comes_in() {
    let midge = midge(&[]).await;
    let named = outcome(midge.port(), "named", Some(("chen", "tea"))).await;
    assert_eq!(named, ConnectReturnCode::Success);
    let anonymous = outcome(midge.port(), "anonymous", None).await;
    assert_eq!(anonymous, ConnectReturnCode::Success);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_loser_of_a_takeover_is_told_by_the_close_code() {
    let midge = midge(&[]).await;
    let mut first = Client::connected(midge.port(), "same").await;
    let mut second = Client::connected(midge.port(), "same").await;
    let told = first.closed().await;
    assert_eq!(told, (4142, "session taken over".to_owned()));
    second.ping().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_topic_name_with_a_wildcard_or_nul_ends_the_connection() {
    let midge = midge(&[]).await;
    let mut witness = Client::connected(midge.port(), "witness").await;
    witness.subscribe("#", QoS::AtMostOnce).await;
    // Written by hand, as no encoder writes them.
    for (id, topic) in [("plus", b"a/+"), ("hash", b"a/#"), ("nul", b"a/\0")] {
        let mut client = Client::connected(midge.port(), id).await;
        let mut publish = vec![0x30, 6, 0, 3];
        publish.extend_from_slice(topic);
        publish.push(b'x');
        client.send(&publish).await;
        assert_eq!(client.closed().await.0, 1008, "{id}");
    }
    witness
        .send(&publish_packet("fine", QoS::AtMostOnce, b""))
        .await;
    assert_eq!(witness.published().await.topic, "fine");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_will_is_published_unless_disconnect_was_sent() {
    let midge = midge(&[]).await;
    let mut witness = Client::connected(midge.port(), "witness").await;
    witness.subscribe("will/#", QoS::AtMostOnce).await;
    let mut polite = Client::connected_with_will(midge.port(), "polite", "will/polite").await;
    polite.send(&[0xE0, 0]).await;
    polite.close().await;
    let rude = Client::connected_with_will(midge.port(), "rude", "will/rude").await;
    rude.close().await;
    assert_eq!(witness.published().await.topic, "will/rude");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retained_message_greets_new_subscribers() {
    let midge = midge(&["--demo"]).await;
    let mut client = Client::connected(midge.port(), "newcomer").await;
    client
        .subscribe("sensors/lab/state", QoS::AtLeastOnce)
        .await;
    // It comes as retained, or live when the demo starts after this client.
    let publish = client.published().await;
    assert_eq!(publish.payload, "online");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_host_publishes_its_figures_under_the_names_of_mosquitto() {
    let midge = midge(&["--user", "chen:tea"]).await;
    let mut client = Client::open(midge.port(), Frames::Whole).await;
    client
        .send(&connect_packet("figures", Some(("chen", "tea"))))
        .await;
    assert_eq!(client.connack().await, ConnectReturnCode::Success);
    client
        .subscribe("$SYS/broker/version", QoS::AtMostOnce)
        .await;
    let version = client.published().await;
    assert!(version.payload.starts_with(b"midge version "));
}

/// MQTT 3.1.1 [MQTT-7.1.1-1]
/// MQTT 5 [MQTT-4.2-1]
#[tokio::test(flavor = "multi_thread")]
async fn plain_tcp_reaches_the_same_broker() {
    let midge = midge(&["--tcp", "0"]).await;
    let mut page = Client::connected(midge.port(), "page").await;
    page.subscribe("from/tcp", QoS::AtMostOnce).await;

    let tcp = midge.tcp_port().unwrap();
    let mut device = TcpStream::connect(("127.0.0.1", tcp)).await.unwrap();
    let mut packets = connect_packet("device", None);
    packets.extend_from_slice(&subscribe_packet("from/page", QoS::AtMostOnce));
    packets.extend_from_slice(&publish_packet("from/tcp", QoS::AtMostOnce, b"up"));
    device.write_all(&packets).await.unwrap();
    assert_eq!(page.published().await.payload, "up");

    page.send(&publish_packet("from/page", QoS::AtLeastOnce, b"down"))
        .await;
    assert!(matches!(page.receive().await, Packet::PubAck(_)));
    // CONNACK, SUBACK, PUBLISH at QoS 0.
    let mut expected = vec![0x20, 2, 0, 0, 0x90, 3, 0, 1, 0];
    expected.extend_from_slice(&publish_packet("from/page", QoS::AtMostOnce, b"down"));
    let mut received = vec![0; expected.len()];
    timeout(LIMIT, device.read_exact(&mut received))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(received, expected);
}
