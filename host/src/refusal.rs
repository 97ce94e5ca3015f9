//! Why a client was refused: the words for the terminal, and the code that its version has for it.

use midge::protocol::{Fault, FaultKind, Version};

/// What was refused. One kind, one line in the terminal now and then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The first packet is no CONNECT.
    NoConnect,
    /// CONNECT asks for a version that is not spoken here.
    Version,
    /// A packet breaks the specification.
    Malformed,
    /// The same, where its borders cannot be trusted.
    Unreadable,
    /// A second CONNECT.
    SecondConnect,
    /// AUTH without a method that was agreed on.
    Auth,
    /// A packet is too large.
    TooLarge,
    /// Too much of all connections' packets is unfinished.
    TooMuchUnfinished,
    /// Too many user properties.
    ManyProperties,
    /// Too many filters in one packet.
    ManyFilters,
    /// A filter has too many levels.
    DeepFilter,
    /// A filter breaks the rules for filters.
    WrongFilter,
    /// A topic name has too many levels.
    DeepTopic,
    /// The same in a will.
    DeepWill,
    /// A topic name is the broker's own.
    BrokersTopic,
    /// The same in a will.
    BrokersWill,
    /// No CONNECT came in time.
    NoConnectInTime,
    /// A packet was begun and not gone on with.
    Stalled,
    /// The user name or the password is wrong.
    WrongPassword,
    /// There is no user name, and there must be one.
    NoName,
    /// Too many wrong passwords came from the same address.
    Guessing,
    /// There are as many connections as there may be.
    Full,
    /// The broker cannot be reached.
    Unavailable,
}

impl Kind {
    /// The reason code of MQTT 5 (section 2.4).
    pub fn code(self) -> u8 {
        match self {
            Kind::NoConnect | Kind::SecondConnect | Kind::Auth => 0x82,
            Kind::Version => 0x84,
            Kind::Malformed | Kind::Unreadable => 0x81,
            Kind::TooLarge => 0x95,
            Kind::TooMuchUnfinished | Kind::ManyProperties | Kind::ManyFilters => 0x97,
            Kind::DeepFilter | Kind::WrongFilter => 0x8F,
            Kind::DeepTopic | Kind::DeepWill => 0x90,
            Kind::BrokersTopic | Kind::BrokersWill | Kind::NoName => 0x87,
            Kind::NoConnectInTime | Kind::Stalled => 0xA0,
            Kind::WrongPassword => 0x86,
            Kind::Guessing => 0x9F,
            Kind::Full => 0x89,
            Kind::Unavailable => 0x88,
        }
    }

    /// What the person at the terminal is told.
    pub fn words(self) -> &'static str {
        match self {
            Kind::NoConnect => "a client did not begin with CONNECT",
            Kind::Version => "a client asked for a version of MQTT that is not spoken here",
            Kind::Malformed | Kind::Unreadable => {
                "a client sent a packet that breaks the rules of MQTT"
            }
            Kind::SecondConnect => "a client sent a second CONNECT",
            Kind::Auth => "a client sent AUTH, which is not supported",
            Kind::TooLarge => "a client sent a packet that is too large",
            Kind::TooMuchUnfinished => {
                "too much of unfinished packets is held; a client was closed"
            }
            Kind::ManyProperties => "a client sent more user properties than are accepted",
            Kind::ManyFilters => "a client sent too many topic filters in one packet",
            Kind::DeepFilter => "a topic filter has too many levels and was refused",
            Kind::WrongFilter => "a topic filter breaks the rules and was refused",
            Kind::DeepTopic => "a message to a topic with too many levels was refused",
            Kind::DeepWill => "a will for a topic with too many levels was refused",
            Kind::BrokersTopic => "a message to a topic of the broker's own ($SYS) was refused",
            Kind::BrokersWill => "a will for a topic of the broker's own ($SYS) was refused",
            Kind::NoConnectInTime => "a client connected and did not say CONNECT in time",
            Kind::Stalled => "a client did not go on with a packet that it had begun",
            Kind::WrongPassword => "a user name or password was wrong",
            Kind::NoName => "a client without a user name was refused",
            Kind::Guessing => "too many wrong passwords came from one address; it has to wait",
            Kind::Unavailable => "the broker could not be reached for a client",
            Kind::Full => "there are too many connections; further ones are closed",
        }
    }
}

/// The end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub kind: Kind,
    /// The reason code of MQTT 5.
    code: u8,
}

impl Refusal {
    /// Of this kind, with its code.
    pub fn of(kind: Kind) -> Refusal {
        Refusal {
            kind,
            code: kind.code(),
        }
    }

    /// For what the walk found.
    pub fn malformed(fault: Fault) -> Refusal {
        let kind = match fault.kind {
            FaultKind::PacketTooLarge { .. } => Kind::TooLarge,
            FaultKind::TooManyUserProperties => Kind::ManyProperties,
            _ => Kind::Malformed,
        };
        Refusal {
            kind,
            code: fault.reason_code(),
        }
    }

    /// CONNACK, where the version has one for it.
    pub fn connack(self, version: Option<Version>) -> Option<Vec<u8>> {
        let code = match (version, self.kind) {
            (None, Kind::Version) => 0x01,
            // No version is known, and so no shape of an answer.
            (None, _) => return None,
            (Some(Version::V5), _) => {
                // What CONNACK may say is not all that DISCONNECT may (section 3.2.2.2).
                let code = match self.code {
                    0x8F | 0xA0 => 0x80,
                    code => code,
                };
                return Some(vec![0x20, 3, 0, code, 0]);
            }
            (Some(_), Kind::WrongPassword) => 0x04,
            (Some(_), Kind::NoName | Kind::BrokersWill | Kind::DeepWill) => 0x05,
            (Some(_), Kind::Guessing | Kind::Full | Kind::Unavailable) => 0x03,
            (Some(_), Kind::Malformed) if self.code == 0x85 => 0x02,
            // A malformed CONNECT is answered by closing (MQTT 3.1.1 sections 3.1.4 and 4.8).
            (Some(_), _) => return None,
        };
        Some(vec![0x20, 2, 0, code])
    }

    /// DISCONNECT, which a server has in MQTT 5 only.
    pub fn disconnect(self, version: Option<Version>) -> Option<[u8; 4]> {
        // Codes that CONNACK has and DISCONNECT has not do not come up once a client is connected.
        (version == Some(Version::V5)).then_some([0xE0, 2, self.code, 0])
    }
}

#[cfg(test)]
mod tests {
    use midge::protocol::{Direction, PacketType, outline};

    use super::*;

    const ALL: [Kind; 23] = [
        Kind::NoConnect,
        Kind::Version,
        Kind::Malformed,
        Kind::Unreadable,
        Kind::SecondConnect,
        Kind::Auth,
        Kind::TooLarge,
        Kind::TooMuchUnfinished,
        Kind::ManyProperties,
        Kind::ManyFilters,
        Kind::DeepFilter,
        Kind::WrongFilter,
        Kind::DeepTopic,
        Kind::DeepWill,
        Kind::BrokersTopic,
        Kind::BrokersWill,
        Kind::NoConnectInTime,
        Kind::Stalled,
        Kind::WrongPassword,
        Kind::NoName,
        Kind::Guessing,
        Kind::Full,
        Kind::Unavailable,
    ];

    #[test]
    fn every_refusal_is_a_packet_that_the_specification_knows() {
        for kind in ALL {
            let refusal = Refusal::of(kind);
            for version in [Version::V31, Version::V311, Version::V5] {
                if let Some(connack) = refusal.connack(Some(version)) {
                    let outline = outline(&connack, version, Direction::Incoming).unwrap();
                    assert_eq!(outline.packet_type, PacketType::Connack, "{kind:?}");
                }
            }
        }
        for kind in ALL.into_iter().filter(|kind| !is_before_connack(*kind)) {
            let disconnect = Refusal::of(kind).disconnect(Some(Version::V5)).unwrap();
            let outline = outline(&disconnect, Version::V5, Direction::Incoming).unwrap();
            assert_eq!(outline.packet_type, PacketType::Disconnect, "{kind:?}");
        }
        assert_eq!(
            Refusal::of(Kind::Auth).disconnect(Some(Version::V311)),
            None
        );
    }

    fn is_before_connack(kind: Kind) -> bool {
        matches!(
            kind,
            Kind::NoConnect
                | Kind::Version
                | Kind::WrongPassword
                | Kind::Guessing
                | Kind::Unavailable
        )
    }
}
