//! The broker's own figures under mosquitto's names, retained, every ten seconds.

use bytes::Bytes;
use midge_broker::Traffic;
use mqttbytes::QoS;

use crate::publisher::Letter;

/// Seconds between two reports.
const EVERY: u64 = 10;

/// What one report tells.
#[derive(Debug, Clone, Copy)]
pub struct Figures {
    /// What the broker counted.
    pub traffic: Traffic,
    /// MQTT bytes that clients sent.
    pub bytes_received: u64,
    /// MQTT bytes that clients were sent.
    pub bytes_sent: u64,
}

/// The report for this second since the start, empty unless one is due.
pub fn second(second: u64, figures: impl FnOnce() -> Figures) -> Vec<Letter> {
    if !second.is_multiple_of(EVERY) {
        return Vec::new();
    }
    let Figures {
        traffic,
        bytes_received,
        bytes_sent,
    } = figures();
    [
        (
            "$SYS/broker/version",
            format!("midge version {}", env!("CARGO_PKG_VERSION")),
        ),
        ("$SYS/broker/uptime", format!("{second} seconds")),
        (
            "$SYS/broker/clients/connected",
            traffic.clients_connected.to_string(),
        ),
        ("$SYS/broker/bytes/received", bytes_received.to_string()),
        ("$SYS/broker/bytes/sent", bytes_sent.to_string()),
        (
            "$SYS/broker/publish/messages/received",
            traffic.publish_received.to_string(),
        ),
        (
            "$SYS/broker/publish/messages/sent",
            traffic.publish_sent.to_string(),
        ),
        (
            "$SYS/broker/publish/bytes/received",
            traffic.publish_bytes_received.to_string(),
        ),
        (
            "$SYS/broker/publish/bytes/sent",
            traffic.publish_bytes_sent.to_string(),
        ),
    ]
    .map(|(topic, text)| Letter {
        topic,
        payload: Bytes::from(text),
        qos: QoS::AtMostOnce,
        retain: true,
    })
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_comes_every_ten_seconds_and_is_retained() {
        let figures = || Figures {
            traffic: Traffic {
                clients_connected: 3,
                ..Traffic::default()
            },
            bytes_received: 1234,
            bytes_sent: 0,
        };
        let report = second(10, figures);
        assert!(report.iter().all(|letter| letter.retain));
        let said = |topic: &str| {
            let letter = report.iter().find(|letter| letter.topic == topic).unwrap();
            std::str::from_utf8(&letter.payload).unwrap().to_owned()
        };
        assert_eq!(said("$SYS/broker/uptime"), "10 seconds");
        assert_eq!(said("$SYS/broker/clients/connected"), "3");
        assert_eq!(said("$SYS/broker/bytes/received"), "1234");
        assert!(second(11, figures).is_empty());
    }
}
