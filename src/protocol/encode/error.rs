//! Why a packet cannot be made.

use std::fmt;

use super::super::topic::{FilterFault, TopicFault};

/// Why a packet cannot be encoded. Sections are those of MQTT 3.1.1, or of MQTT 5 for what is new in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EncodeError {
    /// The topic name (or the will's) is not valid.
    Topic(TopicFault),
    /// The response topic is not valid (MQTT 5 section 3.3.2.3.5).
    ResponseTopic(TopicFault),
    /// A topic filter is not valid.
    Filter {
        /// Which one, counted from 0.
        index: usize,
        /// Why.
        fault: FilterFault,
    },
    /// No local with a shared subscription (MQTT 5 section 3.8.3.1).
    NoLocalShared {
        /// Which filter, counted from 0.
        index: usize,
    },
    /// SUBSCRIBE or UNSUBSCRIBE without a filter (sections 3.8.3 and 3.10.3).
    NoFilters,
    /// The packet identifier is 0 (section 2.3.1).
    PacketIdZero,
    /// DUP with QoS 0 (section 3.3.1.1).
    DupWithQosZero,
    /// An empty client identifier without a clean session (section 3.1.3.1), or with MQTT 3.1. MQTT 5 allows it.
    ClientIdEmpty,
    /// A password without a user name (section 3.1.2.9). MQTT 5 allows it.
    PasswordWithoutUserName,
    /// A text or byte string has more than 65,535 bytes (section 1.5.3).
    TooLong(Part),
    /// A text holds U+0000 (section 1.5.3).
    Nul(Part),
    /// A number is 0, which is not allowed, or larger than its property can hold (MQTT 5 section 2.2.2.2).
    OutOfRange(Part),
    /// A required part is missing: the authentication method of AUTH, or of authentication data (MQTT 5 sections
    /// 3.15.2.2.2 and 3.1.2.11.10).
    Missing(Part),
    /// More user properties than [`crate::protocol::MOST_USER_PROPERTIES`], which this client would not read either.
    TooManyUserProperties,
    /// A client may not send this reason code in this packet (MQTT 5 section 2.4).
    ReasonCode(u8),
    /// The remaining length would be more than [`crate::protocol::LARGEST_LENGTH`] (section 2.2.3).
    PacketTooLarge,
    /// mqttbytes refused what the checks accepted. Not known to happen.
    Codec,
}

/// A part of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names are the specification's own
pub enum Part {
    ClientId,
    UserName,
    Password,
    /// Before MQTT 5 will message, in MQTT 5 will payload.
    WillMessage,
    ReceiveMaximum,
    MaximumPacketSize,
    TopicAlias,
    SubscriptionIdentifier,
    ContentType,
    CorrelationData,
    ResponseTopic,
    AuthenticationMethod,
    AuthenticationData,
    ReasonString,
    UserPropertyName,
    UserPropertyValue,
}

impl EncodeError {
    /// Section and statement of the specification.
    pub fn clause(&self) -> &'static str {
        match self {
            Self::Topic(fault) => fault.clause(),
            Self::ResponseTopic(TopicFault::Wildcard { .. }) => "MQTT 5 3.3.2.3.5 [MQTT-3.3.2-14]",
            Self::ResponseTopic(fault) => fault.clause(),
            Self::Filter { fault, .. } => fault.clause(),
            Self::NoLocalShared { .. } => "MQTT 5 3.8.3.1 [MQTT-3.8.3-4]",
            Self::NoFilters => "3.8.3 [MQTT-3.8.3-3], 3.10.3 [MQTT-3.10.3-2]",
            Self::PacketIdZero => "2.3.1 [MQTT-2.3.1-1]",
            Self::DupWithQosZero => "3.3.1.1 [MQTT-3.3.1-2]",
            Self::ClientIdEmpty => "3.1.3.1 [MQTT-3.1.3-7]",
            Self::PasswordWithoutUserName => "3.1.2.9 [MQTT-3.1.2-22]",
            Self::TooLong(_) => "1.5.3",
            Self::Nul(_) => "1.5.3 [MQTT-1.5.3-2]",
            Self::OutOfRange(Part::ReceiveMaximum) => "MQTT 5 3.1.2.11.3",
            Self::OutOfRange(Part::MaximumPacketSize) => "MQTT 5 3.1.2.11.4",
            Self::OutOfRange(Part::TopicAlias) => "MQTT 5 3.3.2.3.4 [MQTT-3.3.2-8]",
            Self::OutOfRange(Part::SubscriptionIdentifier) => "MQTT 5 3.8.2.1.2",
            Self::OutOfRange(_) => "MQTT 5 2.2.2.2",
            Self::Missing(_) => "MQTT 5 3.15.2.2.2, 3.1.2.11.10",
            Self::TooManyUserProperties => "MQTT 5 3.1.2.11.8",
            Self::ReasonCode(_) => "MQTT 5 2.4",
            Self::PacketTooLarge => "2.2.3",
            Self::Codec => "4.8",
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ClientId => "client identifier",
            Self::UserName => "user name",
            Self::Password => "password",
            Self::WillMessage => "will message",
            Self::ReceiveMaximum => "receive maximum",
            Self::MaximumPacketSize => "maximum packet size",
            Self::TopicAlias => "topic alias",
            Self::SubscriptionIdentifier => "subscription identifier",
            Self::ContentType => "content type",
            Self::CorrelationData => "correlation data",
            Self::ResponseTopic => "response topic",
            Self::AuthenticationMethod => "authentication method",
            Self::AuthenticationData => "authentication data",
            Self::ReasonString => "reason string",
            Self::UserPropertyName => "name of a user property",
            Self::UserPropertyValue => "value of a user property",
        })
    }
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Topic(fault) => fault.fmt(f),
            Self::ResponseTopic(fault) => write!(f, "response topic: {fault}"),
            Self::Filter { index, fault } => write!(f, "filter {index} (counted from 0): {fault}"),
            Self::NoLocalShared { index } => {
                write!(
                    f,
                    "filter {index} (counted from 0): no local is set for a shared subscription"
                )
            }
            Self::NoFilters => f.write_str("there is no topic filter"),
            Self::PacketIdZero => f.write_str("the packet identifier is 0"),
            Self::DupWithQosZero => f.write_str("DUP is set with QoS 0"),
            Self::ClientIdEmpty => {
                f.write_str("the client identifier is empty without a clean session")
            }
            Self::PasswordWithoutUserName => f.write_str("there is a password without a user name"),
            Self::TooLong(part) => write!(f, "the {part} is longer than 65,535 bytes"),
            Self::Nul(part) => write!(f, "the {part} holds the character U+0000"),
            Self::OutOfRange(part) => write!(f, "the {part} is 0 or too large"),
            Self::Missing(part) => write!(f, "there is no {part}"),
            Self::TooManyUserProperties => f.write_str("there are too many user properties"),
            Self::ReasonCode(code) => {
                write!(f, "a client may not send reason code 0x{code:02X} here")
            }
            Self::PacketTooLarge => f.write_str("the packet is larger than the protocol allows"),
            Self::Codec => f.write_str("the packet cannot be encoded"),
        }
    }
}

impl std::error::Error for EncodeError {}
