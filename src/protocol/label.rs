//! The names of the fields of packets, with the section that describes each, by version.
//!
//! The names are those of the specification and must not change: the page uses them as keys for translations. If
//! versions name the same bytes differently, there is a name for each.

use super::packet::{PacketType, Version};
use super::property;

/// What a field is. What is a secret is said here, and nowhere else.
#[derive(Debug)]
pub(super) struct Label {
    pub(super) name: &'static str,
    /// Its bytes are a password or authentication data.
    pub(super) secret: bool,
    clause: Clause,
}

/// Where a field is described.
#[derive(Debug)]
enum Clause {
    /// In MQTT 3.1, 3.1.1 and 5, whatever the packet.
    Fixed([&'static str; 3]),
    /// The property with this identifier; 0 is the property length. Depends on the packet.
    Property(u8),
    /// The reason code of MQTT 5. Depends on the packet.
    ReasonCode,
    /// The topic filters of SUBSCRIBE and UNSUBSCRIBE.
    TopicFilter,
}

impl Label {
    /// The section that describes it; empty: none does. `in_will`: it is in the will properties.
    pub(super) fn clause(
        &self,
        version: Version,
        packet_type: Option<PacketType>,
        in_will: bool,
    ) -> &'static str {
        match self.clause {
            Clause::Fixed([v31, v311, v5]) => match version {
                Version::V31 => v31,
                Version::V311 => v311,
                Version::V5 => v5,
            },
            Clause::Property(id) => packet_type.map_or("2.2.2", |packet_type| {
                property::clause(id, packet_type, in_will)
            }),
            Clause::ReasonCode => match packet_type {
                Some(PacketType::Connack) => "3.2.2.2",
                Some(PacketType::Puback) => "3.4.2.1",
                Some(PacketType::Pubrec) => "3.5.2.1",
                Some(PacketType::Pubrel) => "3.6.2.1",
                Some(PacketType::Pubcomp) => "3.7.2.1",
                Some(PacketType::Suback) => "3.9.3",
                Some(PacketType::Unsuback) => "3.11.3",
                Some(PacketType::Disconnect) => "3.14.2.1",
                Some(PacketType::Auth) => "3.15.2.1",
                _ => "2.4",
            },
            Clause::TopicFilter => match (version, packet_type) {
                (Version::V31, Some(PacketType::Unsubscribe)) => "3.10",
                (Version::V31, _) => "3.8",
                (_, Some(PacketType::Unsubscribe)) => "3.10.3",
                _ => "3.8.3",
            },
        }
    }
}

macro_rules! labels {
    ($($id:ident = $name:literal, $clause:expr $(, $secret:ident)?;)*) => {
        $(pub(super) const $id: Label = Label {
            name: $name,
            secret: labels!(@secret $($secret)?),
            clause: $clause,
        };)*

        /// All names that [`super::fields::Field::name`] takes.
        pub(super) const ALL: &[&str] = &[$($name),*];
    };
    (@secret) => { false };
    (@secret secret) => { true };
}

use Clause::{Fixed, Property, ReasonCode, TopicFilter};

labels! {
    FIRST_BYTE = "Control Packet type and flags", Fixed(["2.1", "2.2.1", "2.1.2"]);
    REMAINING_LENGTH = "Remaining Length", Fixed(["2.1", "2.2.3", "2.1.4"]);
    PROTOCOL_NAME_LENGTH = "Protocol Name length", Fixed(["3.1", "3.1.2.1", "3.1.2.1"]);
    PROTOCOL_NAME = "Protocol Name", Fixed(["3.1", "3.1.2.1", "3.1.2.1"]);
    PROTOCOL_LEVEL = "Protocol Level", Fixed(["3.1", "3.1.2.2", "3.1.2.2"]);
    PROTOCOL_VERSION = "Protocol Version", Fixed(["3.1", "3.1.2.2", "3.1.2.2"]);
    CONNECT_FLAGS = "Connect Flags", Fixed(["3.1", "3.1.2.3", "3.1.2.3"]);
    KEEP_ALIVE = "Keep Alive", Fixed(["3.1", "3.1.2.10", "3.1.2.10"]);
    CLIENT_ID_LENGTH = "Client Identifier length", Fixed(["3.1", "3.1.3.1", "3.1.3.1"]);
    CLIENT_ID = "Client Identifier", Fixed(["3.1", "3.1.3.1", "3.1.3.1"]);
    WILL_TOPIC_LENGTH = "Will Topic length", Fixed(["3.1", "3.1.3.2", "3.1.3.3"]);
    WILL_TOPIC = "Will Topic", Fixed(["3.1", "3.1.3.2", "3.1.3.3"]);
    WILL_MESSAGE_LENGTH = "Will Message length", Fixed(["3.1", "3.1.3.3", "3.1.3.4"]);
    WILL_MESSAGE = "Will Message", Fixed(["3.1", "3.1.3.3", "3.1.3.4"]);
    WILL_PAYLOAD_LENGTH = "Will Payload length", Fixed(["3.1", "3.1.3.3", "3.1.3.4"]);
    WILL_PAYLOAD = "Will Payload", Fixed(["3.1", "3.1.3.3", "3.1.3.4"]);
    USER_NAME_LENGTH = "User Name length", Fixed(["3.1", "3.1.3.4", "3.1.3.5"]);
    USER_NAME = "User Name", Fixed(["3.1", "3.1.3.4", "3.1.3.5"]);
    PASSWORD_LENGTH = "Password length", Fixed(["3.1", "3.1.3.5", "3.1.3.6"]);
    PASSWORD = "Password", Fixed(["3.1", "3.1.3.5", "3.1.3.6"]), secret;
    CONNACK_FLAGS = "Connect Acknowledge Flags", Fixed(["3.2", "3.2.2.1", "3.2.2.1"]);
    CONNACK_CODE = "Connect Return code", Fixed(["3.2", "3.2.2.3", "3.2.2.2"]);
    CONNACK_REASON = "Connect Reason Code", ReasonCode;
    TOPIC_NAME_LENGTH = "Topic Name length", Fixed(["3.3", "3.3.2.1", "3.3.2.1"]);
    TOPIC_NAME = "Topic Name", Fixed(["3.3", "3.3.2.1", "3.3.2.1"]);
    PACKET_ID = "Packet Identifier", Fixed(["2.4", "2.3.1", "2.2.1"]);
    PAYLOAD = "Payload", Fixed(["3.3", "3.3.3", "3.3.3"]);
    TOPIC_FILTER_LENGTH = "Topic Filter length", TopicFilter;
    TOPIC_FILTER = "Topic Filter", TopicFilter;
    REQUESTED_QOS = "Requested QoS", Fixed(["3.8", "3.8.3", "3.8.3.1"]);
    SUBSCRIPTION_OPTIONS = "Subscription Options", Fixed(["3.8", "3.8.3", "3.8.3.1"]);
    SUBACK_CODE = "Return code", Fixed(["3.9", "3.9.3", "3.9.3"]);
    REASON_CODE = "Reason Code", ReasonCode;
    PROPERTY_LENGTH = "Property Length", Property(0);
    PROPERTY_ID = "Property Identifier", Fixed(["", "", "2.2.2.2"]);
    PAYLOAD_FORMAT = "Payload Format Indicator", Property(0x01);
    MESSAGE_EXPIRY = "Message Expiry Interval", Property(0x02);
    CONTENT_TYPE_LENGTH = "Content Type length", Property(0x03);
    CONTENT_TYPE = "Content Type", Property(0x03);
    RESPONSE_TOPIC_LENGTH = "Response Topic length", Property(0x08);
    RESPONSE_TOPIC = "Response Topic", Property(0x08);
    CORRELATION_DATA_LENGTH = "Correlation Data length", Property(0x09);
    CORRELATION_DATA = "Correlation Data", Property(0x09);
    SUBSCRIPTION_ID = "Subscription Identifier", Property(0x0B);
    SESSION_EXPIRY = "Session Expiry Interval", Property(0x11);
    ASSIGNED_CLIENT_ID_LENGTH = "Assigned Client Identifier length", Property(0x12);
    ASSIGNED_CLIENT_ID = "Assigned Client Identifier", Property(0x12);
    SERVER_KEEP_ALIVE = "Server Keep Alive", Property(0x13);
    AUTHENTICATION_METHOD_LENGTH = "Authentication Method length", Property(0x15);
    AUTHENTICATION_METHOD = "Authentication Method", Property(0x15);
    AUTHENTICATION_DATA_LENGTH = "Authentication Data length", Property(0x16);
    AUTHENTICATION_DATA = "Authentication Data", Property(0x16), secret;
    REQUEST_PROBLEM_INFORMATION = "Request Problem Information", Property(0x17);
    WILL_DELAY = "Will Delay Interval", Property(0x18);
    REQUEST_RESPONSE_INFORMATION = "Request Response Information", Property(0x19);
    RESPONSE_INFORMATION_LENGTH = "Response Information length", Property(0x1A);
    RESPONSE_INFORMATION = "Response Information", Property(0x1A);
    SERVER_REFERENCE_LENGTH = "Server Reference length", Property(0x1C);
    SERVER_REFERENCE = "Server Reference", Property(0x1C);
    REASON_STRING_LENGTH = "Reason String length", Property(0x1F);
    REASON_STRING = "Reason String", Property(0x1F);
    RECEIVE_MAXIMUM = "Receive Maximum", Property(0x21);
    TOPIC_ALIAS_MAXIMUM = "Topic Alias Maximum", Property(0x22);
    TOPIC_ALIAS = "Topic Alias", Property(0x23);
    MAXIMUM_QOS = "Maximum QoS", Property(0x24);
    RETAIN_AVAILABLE = "Retain Available", Property(0x25);
    USER_PROPERTY_NAME_LENGTH = "User Property name length", Property(0x26);
    USER_PROPERTY_NAME = "User Property name", Property(0x26);
    USER_PROPERTY_VALUE_LENGTH = "User Property value length", Property(0x26);
    USER_PROPERTY_VALUE = "User Property value", Property(0x26);
    MAXIMUM_PACKET_SIZE = "Maximum Packet Size", Property(0x27);
    WILDCARD_AVAILABLE = "Wildcard Subscription Available", Property(0x28);
    IDENTIFIERS_AVAILABLE = "Subscription Identifiers Available", Property(0x29);
    SHARED_AVAILABLE = "Shared Subscription Available", Property(0x2A);
    FURTHER = "Further fields", Fixed(["", "", ""]);
    NOT_READ = "Not read", Fixed(["", "", ""]);
    LEFT_OVER = "Bytes left over", Fixed(["2.1", "2.2.3", "2.1.4"]);
}
