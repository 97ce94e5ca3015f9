//! Why the fronts refuse a client, and what they say of it: to the client in its version, and at the terminal. And the same
//! for the reasons for which the broker ends a connection, as far as it does not say them itself.

use midge::protocol::{Fault, FaultKind, Version};
use midge_broker::{Ending, Why};

/// What the fronts refuse, before the broker has heard of it or in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// The first packet is no CONNECT.
    NoConnect,
    /// The first packet has no length.
    Malformed,
    /// The first packet is too large.
    TooLarge,
    /// Too much of all connections' first packets is unfinished.
    TooMuchUnfinished,
    /// No CONNECT came in time.
    NoConnectInTime,
    /// A packet was begun and not gone on with.
    Stalled,
    /// Too many wrong passwords came from the same address.
    Guessing,
    /// There are as many connections as there may be.
    Full,
    /// The broker is not there.
    Unavailable,
}

impl Refusal {
    /// For what is wrong with the first bytes.
    pub fn of_fault(fault: Fault) -> Refusal {
        match fault.kind {
            FaultKind::PacketTooLarge { .. } => Refusal::TooLarge,
            _ => Refusal::Malformed,
        }
    }

    /// What the person at the terminal is told, and over WebSocket the client.
    pub fn words(self) -> &'static str {
        match self {
            Refusal::NoConnect => "a client did not begin with CONNECT",
            Refusal::Malformed => "a client sent a packet that breaks the rules of MQTT",
            Refusal::TooLarge => "a client sent a packet that is too large",
            Refusal::TooMuchUnfinished => {
                "too much of unfinished packets is held; a client was closed"
            }
            Refusal::NoConnectInTime => "a client connected and did not say CONNECT in time",
            Refusal::Stalled => "a client did not go on with a packet that it had begun",
            Refusal::Guessing => "too many wrong passwords came from one address; it has to wait",
            Refusal::Full => "there are too many connections; further ones are closed",
            Refusal::Unavailable => "the broker could not be reached for a client",
        }
    }

    /// CONNACK, where CONNECT was seen and its version has an answer.
    pub fn connack(self, version: Option<Version>) -> Option<Vec<u8>> {
        let code = match self {
            Refusal::Guessing => 0x9F,
            Refusal::Unavailable => 0x88,
            _ => return None,
        };
        match version? {
            Version::V5 => Some(vec![0x20, 3, 0, code, 0]),
            // Server unavailable, of the five that there are.
            Version::V31 | Version::V311 => Some(vec![0x20, 2, 0, 3]),
        }
    }

    /// DISCONNECT, which a server has in MQTT 5 only.
    pub fn disconnect(self, version: Option<Version>) -> Option<Vec<u8>> {
        let code = match self {
            Refusal::Stalled => 0xA0,
            _ => return None,
        };
        (version == Some(Version::V5)).then(|| vec![0xE0, 2, code, 0])
    }
}

/// What the person at the terminal is told, and over WebSocket the client, of a connection that the broker ended. `None`:
/// it is nothing that anybody would have to look into.
pub fn words(ending: Ending) -> Option<&'static str> {
    let Ending::Broker(code, why) = ending else {
        return None;
    };
    Some(match why {
        Why::TakenOver | Why::KeepAlive | Why::Shutdown => return None,
        Why::Fault(FaultKind::PacketTooLarge { .. }) => Refusal::TooLarge.words(),
        Why::Fault(FaultKind::TooManyUserProperties) => {
            "a client sent more user properties than are accepted"
        }
        Why::Fault(_) | Why::Acknowledgement | Why::SessionExpiry | Why::TopicAlias => {
            Refusal::Malformed.words()
        }
        Why::NoConnect => Refusal::NoConnect.words(),
        Why::ConnectTimeout => Refusal::NoConnectInTime.words(),
        Why::Version => "a client asked for a version of MQTT that is not spoken here",
        Why::ConnectTwice => "a client sent a second CONNECT",
        Why::Access if code == 0x86 => "a user name or password was wrong",
        Why::Access => {
            "a client was refused that has no user name, or a will for a topic of the broker's own"
        }
        Why::Authentication => "a client asked for an authentication that is not supported",
        Why::ClientId => "a client identifier is too long",
        Why::UserName => "a user name is too long",
        Why::Connections => Refusal::Full.words(),
        Why::Sessions => "there are too many sessions; a client was closed",
        Why::Wills => "there is no room for a client's will",
        Why::Partial => Refusal::TooMuchUnfinished.words(),
        Why::AliasBytes => "the topics of a client's aliases are too long",
        Why::Owed => "a client asks and does not read the answers; it was closed",
        Why::PacketSize => "a client takes no packets of the size that is needed",
        Why::ReceiveMaximum => "a client sent more messages at once than it may",
        Why::Levels => "a message or a will for a topic with too many levels was refused",
        Why::Filters => "a client sent too many topic filters in one packet",
    })
}

#[cfg(test)]
mod tests {
    use midge::protocol::{Direction, PacketType, outline};

    use super::*;

    const ALL: [Refusal; 9] = [
        Refusal::NoConnect,
        Refusal::Malformed,
        Refusal::TooLarge,
        Refusal::TooMuchUnfinished,
        Refusal::NoConnectInTime,
        Refusal::Stalled,
        Refusal::Guessing,
        Refusal::Full,
        Refusal::Unavailable,
    ];

    #[test]
    fn every_refusal_is_a_packet_that_the_specification_knows() {
        let mut packets = 0;
        for refusal in ALL {
            for version in [Version::V31, Version::V311, Version::V5] {
                for (packet, packet_type) in [
                    (refusal.connack(Some(version)), PacketType::Connack),
                    (refusal.disconnect(Some(version)), PacketType::Disconnect),
                ] {
                    if let Some(packet) = packet {
                        let outline = outline(&packet, version, Direction::Incoming).unwrap();
                        assert_eq!(outline.packet_type, packet_type, "{refusal:?}");
                        packets += 1;
                    }
                }
            }
            assert_eq!(refusal.connack(None), None);
        }
        assert_eq!(packets, 7);
    }
}
