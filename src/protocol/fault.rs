//! What is wrong with a packet: which rule it breaks, and where.
//!
//! Knows the reason codes of MQTT 5. The clauses of the specifications are in `clause.rs`. What follows from a fault is
//! decided in the session.

use std::fmt;

use super::clause;
use super::packet::{PacketType, Version};
use super::property;
use super::topic::FilterFault;

/// A violation of the specification in a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The rule that is broken.
    pub kind: FaultKind,
    /// Where: the offset from the packet's first byte. It is the packet's length if something is missing at the end.
    pub at: usize,
    /// The type of the packet, once it is known.
    pub packet_type: Option<PacketType>,
    /// The version whose rule it is.
    pub version: Version,
}

/// The rule that a packet breaks. Sections are those of MQTT 3.1.1, or of MQTT 5 for what is new in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// There are fewer bytes than the remaining length says (section 2.2.3).
    Incomplete,
    /// There are more bytes than the remaining length says (section 2.2.3).
    TrailingBytes,
    /// Packet type 0, and before MQTT 5 also 15 (section 2.2.1).
    TypeReserved(u8),
    /// Only the other side may send this packet type (section 2.2.1).
    TypeNotAllowed,
    /// The low half of byte 1 is not what its packet type requires (section 2.2.2).
    ReservedFlags,
    /// Both QoS bits of a PUBLISH are set (section 3.3.1.2).
    QosThree,
    /// A QoS 0 PUBLISH has its DUP flag set (section 3.3.1.1).
    DupWithQosZero,
    /// The remaining length does not end with its fourth byte (section 2.2.3).
    LengthUnended,
    /// The remaining length takes more bytes than its number needs. MQTT 3.1.1 says that a single byte is used for
    /// values up to 127, and so on (section 2.2.3); MQTT 5 forbids it explicitly [MQTT-1.5.5-1]. No known broker sends
    /// it.
    LengthNotMinimal,
    /// The whole packet is larger than this client accepts.
    PacketTooLarge {
        /// The packet's size in bytes, header included.
        size: u32,
        /// The largest accepted.
        limit: u32,
    },
    /// The packet ends within a field, or before a required one.
    BodyTooShort,
    /// There are bytes after the last field of the packet.
    BodyTooLong,
    /// A length prefix is larger than the rest of the packet (section 1.5.3).
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
    /// The connect return code is not 0 to 5 (section 3.2.2.3).
    ConnackCode(u8),
    /// The reason code is not allowed in a packet of this type (MQTT 5 section 2.4).
    ReasonCode(u8),
    /// Only the other side may send this reason code (MQTT 5 section 3.14.2.1 and others).
    ReasonCodeWrongWay(u8),
    /// The connection is refused, but the session present flag is set (section 3.2.2.2).
    SessionPresentRefused,
    /// SUBACK, or UNSUBACK of MQTT 5, carries no code (sections 3.9.3 and 3.11.3).
    SubackEmpty,
    /// A return code of SUBACK is not 0, 1, 2 or 0x80 (section 3.9.3).
    SubackCode(u8),
    /// SUBSCRIBE or UNSUBSCRIBE carries no topic filter (sections 3.8.3 and 3.10.3).
    NoFilters,
    /// The requested QoS is not 0, 1 or 2, or a bit beside it is set (section 3.8.3).
    RequestedQos(u8),
    /// A reserved bit of the subscription options is set (MQTT 5 section 3.8.3.1).
    SubscriptionOptionsReserved(u8),
    /// Retain handling is 3 (MQTT 5 section 3.8.3.1).
    RetainHandlingThree,
    /// No local with a shared subscription (MQTT 5 section 3.8.3.1).
    NoLocalShared,
    /// A variable byte integer does not end with its fourth byte (MQTT 5 section 1.5.5).
    VariableUnended,
    /// A variable byte integer takes more bytes than its number needs (MQTT 5 section 1.5.5).
    VariableNotMinimal,
    /// The property length exceeds the packet (MQTT 5 section 2.2.2.1).
    PropertiesOverEnd,
    /// A property exceeds the property length (MQTT 5 section 2.2.2).
    PropertyOverEnd,
    /// No property has this identifier (MQTT 5 section 2.2.2.2).
    PropertyUnknown(u32),
    /// The property with this identifier is not allowed in this packet (MQTT 5 section 2.2.2.2).
    PropertyNotAllowed(u8),
    /// Only the other side may send the property with this identifier in this packet.
    PropertyWrongWay(u8),
    /// The property with this identifier occurs twice.
    PropertyRepeated(u8),
    /// The property with this identifier is neither 0 nor 1.
    PropertyNotFlag(u8),
    /// The property with this identifier is 0, which is not allowed.
    PropertyZero(u8),
    /// A packet of a client has more user properties than [`super::MOST_USER_PROPERTIES`]. They need far more memory
    /// than bytes on the wire, so a small packet could fill the memory. MQTT has no such limit.
    TooManyUserProperties,
    /// The payload is not UTF-8, but the payload format indicator says so (MQTT 5 section 3.3.2.3.2). Checking this is
    /// optional, so only the packet view does.
    PayloadNotText,
    /// The response topic is empty (MQTT 5 section 4.7.3).
    ResponseTopicEmpty,
    /// The response topic holds `+` or `#` (MQTT 5 section 3.3.2.3.5).
    ResponseTopicWildcard,
    /// AUTH without an authentication method (MQTT 5 section 3.15.2.2.2).
    AuthenticationMethodMissing,
    /// Authentication data without an authentication method (MQTT 5 section 3.1.2.11.10).
    AuthenticationDataAlone,
    /// The protocol name is wrong (section 3.1.2.1).
    ProtocolName,
    /// The protocol level is wrong (section 3.1.2.2).
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
    /// mqttbytes refused a packet that the validation accepted. Not known to happen; treated as malformed.
    Codec,
}

impl Fault {
    /// Section and statement of the specification, in the version of the packet.
    pub fn clause(&self) -> &'static str {
        match self.version {
            Version::V31 => clause::v31(self),
            Version::V311 => clause::v311(self),
            Version::V5 => clause::v5(self),
        }
    }

    /// The reason code for it in MQTT 5 (section 2.4): 0x81 if the bytes cannot be parsed, 0x82 if they can but say
    /// something that is not allowed (MQTT 5 section 1.2), and special ones.
    pub fn reason_code(&self) -> u8 {
        match self.kind {
            FaultKind::TypeNotAllowed
            | FaultKind::SessionPresentRefused
            | FaultKind::SubackEmpty
            | FaultKind::NoFilters
            | FaultKind::ReasonCode(_)
            | FaultKind::ReasonCodeWrongWay(_)
            | FaultKind::RetainHandlingThree
            | FaultKind::NoLocalShared
            | FaultKind::PropertyWrongWay(_)
            | FaultKind::PropertyRepeated(_)
            | FaultKind::PropertyNotFlag(_)
            | FaultKind::ResponseTopicEmpty
            | FaultKind::PacketIdZero
            | FaultKind::SubackCode(_)
            | FaultKind::ConnackCode(_)
            | FaultKind::AuthenticationMethodMissing
            | FaultKind::AuthenticationDataAlone => 0x82,
            FaultKind::RequestedQos(_) if self.version == Version::V5 => 0x82,
            FaultKind::TopicEmpty if self.packet_type == Some(PacketType::Publish) => 0x82,
            FaultKind::PropertyZero(property::TOPIC_ALIAS) => 0x94,
            FaultKind::PropertyZero(_) => 0x82,
            FaultKind::ProtocolName | FaultKind::ProtocolLevel(_) => 0x84,
            FaultKind::ClientIdEmpty => 0x85,
            FaultKind::PacketTooLarge { .. } => 0x95,
            FaultKind::TooManyUserProperties => 0x97,
            FaultKind::PayloadNotText => 0x99,
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
            Self::TypeReserved(bits) => return write!(f, "packet type {bits} is reserved"),
            Self::PacketTooLarge { size, limit } => {
                return write!(
                    f,
                    "the packet has {size} bytes, and at most {limit} are accepted"
                );
            }
            Self::Filter(fault) => return fault.fmt(f),
            Self::ReasonCode(code) => {
                return write!(f, "a packet of this type has no reason code 0x{code:02X}");
            }
            Self::ReasonCodeWrongWay(code) => {
                return write!(f, "only the other side may send reason code 0x{code:02X}");
            }
            Self::SubscriptionOptionsReserved(byte) => {
                return write!(
                    f,
                    "a reserved bit of the subscription options 0x{byte:02X} is set"
                );
            }
            Self::PropertyUnknown(id) => return write!(f, "there is no property 0x{id:02X}"),
            Self::PropertyNotAllowed(id) => {
                let name = property::name(id);
                return write!(f, "{name} may not stand here");
            }
            Self::PropertyWrongWay(id) => {
                let name = property::name(id);
                return write!(f, "only the other side may send {name} here");
            }
            Self::PropertyRepeated(id) => {
                let name = property::name(id);
                return write!(f, "{name} is there more than once");
            }
            Self::PropertyNotFlag(id) => {
                let name = property::name(id);
                return write!(f, "{name} is neither 0 nor 1");
            }
            Self::PropertyZero(id) => return write!(f, "{} is 0", property::name(id)),
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
            Self::SubackEmpty => "there is no code",
            Self::RetainHandlingThree => "retain handling is 3",
            Self::NoLocalShared => "no local is set for a shared subscription",
            Self::VariableUnended => "the variable byte integer does not end with its fourth byte",
            Self::VariableNotMinimal => "the variable byte integer takes more bytes than it needs",
            Self::PropertiesOverEnd => "the property length reaches past the end of the packet",
            Self::PropertyOverEnd => "a property reaches past the end of the properties",
            Self::TooManyUserProperties => "there are more user properties than are accepted",
            Self::PayloadNotText => {
                "the payload is not the UTF-8 that its payload format indicator promises"
            }
            Self::ResponseTopicEmpty => "the response topic is empty",
            Self::ResponseTopicWildcard => "the response topic holds a wildcard (+ or #)",
            Self::AuthenticationMethodMissing => "there is no authentication method",
            Self::AuthenticationDataAlone => {
                "there is authentication data without an authentication method"
            }
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
