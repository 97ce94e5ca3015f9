//! What is wrong with a packet: which rule it breaks, and where.
//!
//! Knows the specification's clauses and MQTT 5's reason codes. What follows from a fault is the session's business.

use std::fmt;

use super::packet::{PacketType, Version};
use super::topic::FilterFault;

/// A packet that breaks the specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The rule that is broken.
    pub kind: FaultKind,
    /// Where: bytes from the packet's first byte. May be the packet's length, where something is missing at its end.
    pub at: usize,
    /// The type of the packet, once it is known.
    pub packet_type: Option<PacketType>,
}

/// The rule that a packet breaks. Sections are those of MQTT 3.1.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The version is known by name, and not spoken.
    VersionUnsupported(Version),
    /// There are fewer bytes than the remaining length announces (section 2.2.3).
    Incomplete,
    /// There are more bytes than the remaining length announces (section 2.2.3).
    TrailingBytes,
    /// Packet type 0 or 15 (section 2.2.1).
    TypeReserved(u8),
    /// The packet type exists, and only the other side may send it (section 2.2.1).
    TypeNotAllowed,
    /// The low half of byte 1 is not what its packet type demands (section 2.2.2).
    ReservedFlags,
    /// Both QoS bits of a PUBLISH are set (section 3.3.1.2).
    QosThree,
    /// A PUBLISH of QoS 0 says that it is delivered again (section 3.3.1.1).
    DupWithQosZero,
    /// The remaining length does not end with its fourth byte (section 2.2.3).
    LengthUnended,
    /// The remaining length takes more bytes than its number needs. MQTT 3.1.1 says that a single byte is used for
    /// values up to 127, and so on (section 2.2.3); MQTT 5 forbids it in so many words [MQTT-1.5.5-1]. No known broker
    /// sends it.
    LengthNotMinimal,
    /// The whole packet is larger than this client accepts.
    PacketTooLarge {
        /// The packet's size in bytes, header included.
        size: u32,
        /// The largest accepted.
        limit: u32,
    },
    /// The packet ends inside of a field, or before one that must be there.
    BodyTooShort,
    /// Bytes are left after the last field of the packet.
    BodyTooLong,
    /// A length prefix announces more bytes than the packet has left (section 1.5.3).
    LengthOverEnd,
    /// Text that is not UTF-8, surrogates included (section 1.5.3).
    NotUtf8,
    /// Text that holds U+0000 (section 1.5.3).
    NulInText,
    /// The topic name has no characters (section 4.7.3).
    TopicEmpty,
    /// The topic name of a PUBLISH or a will holds `+` or `#` (section 3.3.2.1).
    TopicWildcard,
    /// A topic filter breaks a rule of section 4.7.
    Filter(FilterFault),
    /// The packet identifier is 0 (section 2.3.1).
    PacketIdZero,
    /// A bit of the connect acknowledge flags other than session present is set (section 3.2.2.1).
    ConnackFlags,
    /// The connect return code is none of 0 to 5 (section 3.2.2.3).
    ConnackCode(u8),
    /// The connection is refused, and yet a session is said to be present (section 3.2.2.2).
    SessionPresentRefused,
    /// SUBACK carries no return code (section 3.9.3).
    SubackEmpty,
    /// A return code of SUBACK is none of 0, 1, 2 and 0x80 (section 3.9.3).
    SubackCode(u8),
    /// SUBSCRIBE or UNSUBSCRIBE carries no topic filter (sections 3.8.3 and 3.10.3).
    NoFilters,
    /// The requested QoS is not 0, 1 or 2, or a bit beside it is set (section 3.8.3).
    RequestedQos(u8),
    /// The protocol name is another (section 3.1.2.1).
    ProtocolName,
    /// The protocol level is another (section 3.1.2.2).
    ProtocolLevel(u8),
    /// Bit 0 of the connect flags is set (section 3.1.2.3).
    ConnectFlagReserved,
    /// Both will QoS bits are set (section 3.1.2.6).
    WillQosThree,
    /// Will QoS or will retain is set without the will flag (sections 3.1.2.6 and 3.1.2.7).
    WillFlagsWithoutWill,
    /// A password without a user name (section 3.1.2.9).
    PasswordWithoutUserName,
    /// An empty client identifier without a clean session (section 3.1.3.1).
    ClientIdEmpty,
    /// The codec refused what the validation let through. Not known to happen; treated as malformed.
    Codec,
}

impl Fault {
    /// Section and statement of the specification (MQTT 3.1.1 where nothing else is said).
    pub fn clause(&self) -> &'static str {
        match self.kind {
            FaultKind::VersionUnsupported(_) | FaultKind::ProtocolLevel(_) => {
                "3.1.2.2 [MQTT-3.1.2-2]"
            }
            FaultKind::Incomplete
            | FaultKind::TrailingBytes
            | FaultKind::LengthUnended
            | FaultKind::BodyTooShort
            | FaultKind::BodyTooLong => "2.2.3",
            FaultKind::LengthNotMinimal => "2.2.3; MQTT 5 1.5.5 [MQTT-1.5.5-1]",
            FaultKind::TypeReserved(_) | FaultKind::TypeNotAllowed => "2.2.1",
            FaultKind::ReservedFlags => "2.2.2 [MQTT-2.2.2-2]",
            FaultKind::QosThree => "3.3.1.2 [MQTT-3.3.1-4]",
            FaultKind::DupWithQosZero => "3.3.1.1 [MQTT-3.3.1-2]",
            FaultKind::PacketTooLarge { .. } => "MQTT 5 3.1.2.11.4 [MQTT-3.1.2-24]",
            FaultKind::LengthOverEnd => "1.5.3",
            FaultKind::NotUtf8 => "1.5.3 [MQTT-1.5.3-1]",
            FaultKind::NulInText => "1.5.3 [MQTT-1.5.3-2]",
            FaultKind::TopicEmpty => "4.7.3 [MQTT-4.7.3-1]",
            FaultKind::TopicWildcard => "3.3.2.1 [MQTT-3.3.2-2]",
            FaultKind::Filter(fault) => fault.clause(),
            FaultKind::PacketIdZero => "2.3.1 [MQTT-2.3.1-1]",
            FaultKind::ConnackFlags => "3.2.2.1",
            FaultKind::ConnackCode(_) => "3.2.2.3 [MQTT-3.2.2-6]",
            FaultKind::SessionPresentRefused => "3.2.2.2 [MQTT-3.2.2-4]",
            FaultKind::SubackEmpty => "3.9.3 [MQTT-3.8.4-5]",
            FaultKind::SubackCode(_) => "3.9.3 [MQTT-3.9.3-2]",
            FaultKind::NoFilters => match self.packet_type {
                Some(PacketType::Unsubscribe) => "3.10.3 [MQTT-3.10.3-2]",
                _ => "3.8.3 [MQTT-3.8.3-3]",
            },
            FaultKind::RequestedQos(_) => "3.8.3 [MQTT-3-8.3-4]",
            FaultKind::ProtocolName => "3.1.2.1 [MQTT-3.1.2-1]",
            FaultKind::ConnectFlagReserved => "3.1.2.3 [MQTT-3.1.2-3]",
            FaultKind::WillQosThree => "3.1.2.6 [MQTT-3.1.2-14]",
            FaultKind::WillFlagsWithoutWill => "3.1.2.6 [MQTT-3.1.2-13], 3.1.2.7 [MQTT-3.1.2-15]",
            FaultKind::PasswordWithoutUserName => "3.1.2.9 [MQTT-3.1.2-22]",
            FaultKind::ClientIdEmpty => "3.1.3.1 [MQTT-3.1.3-7]",
            FaultKind::Codec => "4.8 [MQTT-4.8.0-1]",
        }
    }

    /// The reason code that MQTT 5 has for it (MQTT 5 section 2.4).
    pub fn reason_code(&self) -> u8 {
        match self.kind {
            FaultKind::TypeNotAllowed
            | FaultKind::SessionPresentRefused
            | FaultKind::SubackEmpty
            | FaultKind::NoFilters => 0x82,
            FaultKind::VersionUnsupported(_)
            | FaultKind::ProtocolName
            | FaultKind::ProtocolLevel(_) => 0x84,
            FaultKind::ClientIdEmpty => 0x85,
            FaultKind::Filter(_) => 0x8F,
            FaultKind::TopicEmpty | FaultKind::TopicWildcard => 0x90,
            FaultKind::PacketTooLarge { .. } => 0x95,
            _ => 0x81,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(packet_type) = self.packet_type {
            write!(f, "{packet_type}: ")?;
        }
        write!(f, "{}, at byte {}", self.kind, self.at)
    }
}

impl std::error::Error for Fault {}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match *self {
            Self::VersionUnsupported(version) => return write!(f, "{version} is not spoken"),
            Self::TypeReserved(bits) => return write!(f, "packet type {bits} is reserved"),
            Self::PacketTooLarge { size, limit } => {
                return write!(
                    f,
                    "the packet has {size} bytes, and at most {limit} are accepted"
                );
            }
            Self::Filter(fault) => return fault.fmt(f),
            Self::ConnackCode(code) => return write!(f, "connect return code {code} is reserved"),
            Self::SubackCode(code) => return write!(f, "return code 0x{code:02X} is reserved"),
            Self::RequestedQos(byte) => return write!(f, "0x{byte:02X} is no requested QoS"),
            Self::ProtocolLevel(level) => {
                return write!(f, "protocol level {level} is not the connection's");
            }
            Self::Incomplete => "there are fewer bytes than the remaining length announces",
            Self::TrailingBytes => "there are more bytes than the remaining length announces",
            Self::TypeNotAllowed => "only the other side may send a packet of this type",
            Self::ReservedFlags => "the reserved flags of the fixed header are not as prescribed",
            Self::QosThree => "both QoS bits are set",
            Self::DupWithQosZero => "DUP is set with QoS 0",
            Self::LengthUnended => "the remaining length does not end with its fourth byte",
            Self::LengthNotMinimal => "the remaining length takes more bytes than it needs",
            Self::BodyTooShort => "the packet ends before its fields do",
            Self::BodyTooLong => "bytes are left after the last field",
            Self::LengthOverEnd => "a length reaches past the end of the packet",
            Self::NotUtf8 => "the text is not UTF-8",
            Self::NulInText => "the text holds the character U+0000",
            Self::TopicEmpty => "the topic name is empty",
            Self::TopicWildcard => "the topic name holds a wildcard (+ or #)",
            Self::PacketIdZero => "the packet identifier is 0",
            Self::ConnackFlags => "a reserved bit of the connect acknowledge flags is set",
            Self::SessionPresentRefused => {
                "session present is set although the connection is refused"
            }
            Self::SubackEmpty => "there is no return code",
            Self::NoFilters => "there is no topic filter",
            Self::ProtocolName => "the protocol name is not the connection's",
            Self::ConnectFlagReserved => "the reserved bit of the connect flags is set",
            Self::WillQosThree => "both will QoS bits are set",
            Self::WillFlagsWithoutWill => "will QoS or will retain is set without the will flag",
            Self::PasswordWithoutUserName => "there is a password without a user name",
            Self::ClientIdEmpty => "the client identifier is empty without a clean session",
            Self::Codec => "the packet cannot be decoded",
        })
    }
}
