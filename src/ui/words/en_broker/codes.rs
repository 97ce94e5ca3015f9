//! English: the reason codes of MQTT 5.

use crate::ui::words::broker::{CodeWords, Meaning};

pub const CODES: CodeWords = CodeWords {
    refused: |meaning, code| {
        format!("The broker refused the connection: {meaning} (reason code 0x{code:02X})")
    },
    ended: |meaning, code| {
        format!("The broker ended the connection: {meaning} (reason code 0x{code:02X})")
    },
    unknown: (
        "MQTT 5 gives this code no meaning here",
        "The broker's log may say more.",
    ),
    connack,
    disconnect,
    no_version: "The broker takes none of the MQTT versions that were tried",
    no_version_check: "Something speaks MQTT there, but neither 5 nor 3.1.1 nor 3.1, or only the version that was chosen \
        was tried. Choose “Newest the broker takes”, and check the path: /mqtt is usual.",
    authentication: "The broker could not prove that it knows the password, so Midge ended the connection",
    authentication_check: "This may be another server than you think, or it stores another password. Nothing secret was \
        sent. In detail:",
    broker_says: "The broker says:",
    server_reference: "It names another server. Midge does not go there by itself, because it could be anybody's:",
};

fn connack(code: u8) -> Option<Meaning> {
    Some(match code {
        0x80 => ("no reason given", "The broker's log should say more."),
        0x81 => (
            "it could not read CONNECT (malformed packet)",
            "Try another MQTT version. A proxy in between may damage packets, too.",
        ),
        0x82 => (
            "CONNECT breaks a rule (protocol error)",
            "Leave the MQTT 5 settings empty, or try MQTT 3.1.1.",
        ),
        0x83 => (
            "it cannot do what CONNECT asks for (implementation specific error)",
            "Leave the MQTT 5 settings empty. The broker's log should say more.",
        ),
        0x84 => (
            "it does not take this MQTT version",
            "Choose “Newest the broker takes”.",
        ),
        0x85 => (
            "client id not valid",
            "It may be too long for this broker, have characters that it does not like, or be reserved. Try a new one.",
        ),
        0x86 => (
            "bad user name or password",
            "Check user name and password; capitals count.",
        ),
        0x87 => (
            "not authorized",
            "Check user name and password. If they are right, the broker's rules do not let this user or client id in.",
        ),
        0x88 => (
            "server unavailable",
            "The broker is there but takes no connections right now. Try again in a while.",
        ),
        0x89 => ("server busy", "Try again in a while."),
        0x8A => (
            "banned",
            "This client was shut out. Only whoever runs the broker can let it in again.",
        ),
        0x8C => (
            "bad authentication method",
            "Choose the other authentication in the MQTT 5 settings: the broker does not know this one.",
        ),
        0x90 => (
            "topic name invalid",
            "It does not accept the will's topic. Choose another, or leave the will out.",
        ),
        0x95 => (
            "packet too large",
            "CONNECT is larger than the broker takes. Shorten the will or the user properties.",
        ),
        0x97 => (
            "quota exceeded",
            "A limit of the broker is reached, such as its number of connections. Ask whoever runs it.",
        ),
        0x99 => (
            "payload format invalid",
            "The will is marked as text, and the broker does not think that it is. Untick “The payload is text”.",
        ),
        0x9A => (
            "retained messages not supported",
            "Untick “Retain the will”: this broker stores no messages.",
        ),
        0x9B => ("QoS not supported", "Choose a lower QoS for the will."),
        0x9C => (
            "use another server for now",
            "Ask whoever runs the broker for the address to use.",
        ),
        0x9D => (
            "the server has moved",
            "Ask whoever runs the broker for the new address.",
        ),
        0x9F => (
            "too many connections in a short time",
            "Wait a moment, then connect again.",
        ),
        _ => return None,
    })
}

fn disconnect(code: u8) -> Option<Meaning> {
    Some(match code {
        0x00 => ("in good order", "It may be restarting. Connect again."),
        0x04 => (
            "with a code that only clients send",
            "The broker's log may say more.",
        ),
        0x80 => ("no reason given", "The broker's log should say more."),
        0x81 => (
            "it could not read a packet (malformed packet)",
            "The last packet sent is in the list of messages. A proxy in between may damage packets.",
        ),
        0x82 => (
            "a packet broke a rule (protocol error)",
            "The last packet sent is in the list of messages. If it is right, the broker or Midge has a mistake.",
        ),
        0x83 => (
            "it cannot do what was asked for (implementation specific error)",
            "The last packet sent is in the list of messages. The broker's log should say more.",
        ),
        0x87 => (
            "not authorized",
            "The broker's rules do not allow what was sent last, such as a topic or a filter.",
        ),
        0x89 => ("server busy", "Try again in a while."),
        0x8B => ("it is shutting down", "Connect again when it is back."),
        0x8C => (
            "bad authentication method",
            "Choose the other authentication in the MQTT 5 settings.",
        ),
        0x8D => (
            "it heard nothing for too long (keep alive timeout)",
            "The network may have been gone, or the browser put this page to sleep. A longer keep alive may help.",
        ),
        0x8E => (
            "another client took the client id over (session taken over)",
            "A broker keeps one connection per client id. Is Midge open in another tab, or does a program use the same \
             id?",
        ),
        0x8F => (
            "topic filter invalid",
            "It does not accept a filter that was subscribed or unsubscribed last.",
        ),
        0x90 => (
            "topic name invalid",
            "It does not accept the topic that was published to last.",
        ),
        0x93 => (
            "too many unacknowledged messages (receive maximum exceeded)",
            "This should not happen. Please tell Midge's makers, with the packets from the list.",
        ),
        0x94 => (
            "topic alias invalid",
            "This should not happen. Please tell Midge's makers, with the packets from the list.",
        ),
        0x95 => (
            "packet too large",
            "Publish smaller payloads, or raise the broker's limit.",
        ),
        0x96 => (
            "messages came too fast",
            "Publish more slowly, or raise the broker's limit.",
        ),
        0x97 => (
            "quota exceeded",
            "A limit of the broker is reached. Ask whoever runs it.",
        ),
        0x98 => (
            "administrative action",
            "Somebody, or a rule at the broker, ended this connection.",
        ),
        0x99 => (
            "payload format invalid",
            "A message was marked as text, and the broker does not think that it is.",
        ),
        0x9A => (
            "retained messages not supported",
            "Publish without Retain: this broker stores no messages.",
        ),
        0x9B => ("QoS not supported", "Publish with a lower QoS."),
        0x9C => (
            "use another server for now",
            "Ask whoever runs the broker for the address to use.",
        ),
        0x9D => (
            "the server has moved",
            "Ask whoever runs the broker for the new address.",
        ),
        0x9E => (
            "shared subscriptions not supported",
            "Subscribe without $share.",
        ),
        0x9F => (
            "too many connections in a short time",
            "Wait a moment, then connect again.",
        ),
        0xA0 => (
            "the time for one connection is over",
            "This broker ends long connections. Connect again.",
        ),
        0xA1 => (
            "subscription identifiers not supported",
            "Subscribe without an identifier.",
        ),
        0xA2 => (
            "wildcards not supported",
            "Subscribe to whole topics, without + and #.",
        ),
        _ => return None,
    })
}
