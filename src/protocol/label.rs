//! The names of the fields of packets, with the section that describes each (MQTT 3.1.1).
//!
//! The names are the specification's words and stay the same: the page finds its own words by them.

/// What a field is.
#[derive(Debug)]
pub(super) struct Label {
    pub(super) name: &'static str,
    pub(super) clause: &'static str,
}

macro_rules! labels {
    ($($id:ident = $name:literal, $clause:literal;)*) => {
        $(pub(super) const $id: Label = Label { name: $name, clause: $clause };)*

        /// All names that [`super::fields::Field::name`] takes.
        pub(super) const ALL: &[&str] = &[$($name),*];
    };
}

labels! {
    FIRST_BYTE = "Control Packet type and flags", "2.2.1";
    REMAINING_LENGTH = "Remaining Length", "2.2.3";
    PROTOCOL_NAME_LENGTH = "Protocol Name length", "3.1.2.1";
    PROTOCOL_NAME = "Protocol Name", "3.1.2.1";
    PROTOCOL_LEVEL = "Protocol Level", "3.1.2.2";
    CONNECT_FLAGS = "Connect Flags", "3.1.2.3";
    KEEP_ALIVE = "Keep Alive", "3.1.2.10";
    CLIENT_ID_LENGTH = "Client Identifier length", "3.1.3.1";
    CLIENT_ID = "Client Identifier", "3.1.3.1";
    WILL_TOPIC_LENGTH = "Will Topic length", "3.1.3.2";
    WILL_TOPIC = "Will Topic", "3.1.3.2";
    WILL_MESSAGE_LENGTH = "Will Message length", "3.1.3.3";
    WILL_MESSAGE = "Will Message", "3.1.3.3";
    USER_NAME_LENGTH = "User Name length", "3.1.3.4";
    USER_NAME = "User Name", "3.1.3.4";
    PASSWORD_LENGTH = "Password length", "3.1.3.5";
    PASSWORD = "Password", "3.1.3.5";
    CONNACK_FLAGS = "Connect Acknowledge Flags", "3.2.2.1";
    CONNACK_CODE = "Connect Return code", "3.2.2.3";
    TOPIC_NAME_LENGTH = "Topic Name length", "3.3.2.1";
    TOPIC_NAME = "Topic Name", "3.3.2.1";
    PACKET_ID = "Packet Identifier", "2.3.1";
    PAYLOAD = "Payload", "3.3.3";
    TOPIC_FILTER_LENGTH = "Topic Filter length", "3.8.3";
    TOPIC_FILTER = "Topic Filter", "3.8.3";
    REQUESTED_QOS = "Requested QoS", "3.8.3";
    SUBACK_CODE = "Return code", "3.9.3";
    FURTHER = "Further fields", "";
    NOT_READ = "Not read", "";
    LEFT_OVER = "Bytes left over", "2.2.3";
}
