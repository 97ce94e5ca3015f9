//! JSON Lines: an object per packet. A payload is in `payload` where it is text (UTF-8), else in `payload_base64`: either gives
//! back the exact bytes.

use super::fields;
use crate::{
    capture::{Connection, Packet},
    protocol::PublishProperties,
};

pub(super) fn add(
    packet: &Packet<'_>,
    connection: Option<&Connection>,
    secrets: bool,
    out: &mut Vec<u8>,
) {
    let mut line = Line::begin(out);
    line.text("time", &fields::time(packet.time_us));
    line.number("seq", packet.seq);
    if let Some(connection) = connection {
        line.number("connection", u64::from(connection.socket));
        line.text("version", connection.version.name());
    }
    line.text("direction", fields::direction(packet));
    if !packet.is_message() {
        line.text("packet", packet.packet_type.name());
        line.flag("malformed", packet.malformed);
        let bytes = fields::bytes(packet, secrets);
        line.text("bytes_base64", &fields::base64(&bytes));
        return line.end();
    }
    match std::str::from_utf8(packet.topic_bytes()) {
        Ok(topic) => line.text("topic", topic),
        // A broker that breaks the rules; the bytes are kept.
        Err(_) => line.text("topic_base64", &fields::base64(packet.topic_bytes())),
    }
    line.number("qos", u64::from(packet.qos.bits()));
    line.flag("retain", packet.retain);
    line.flag("dup", packet.dup);
    if packet.packet_id != 0 {
        line.number("packet_id", u64::from(packet.packet_id));
    }
    line.number("size", packet.payload().len() as u64);
    match std::str::from_utf8(packet.payload()) {
        Ok(text) => line.text("payload", text),
        Err(_) => line.text("payload_base64", &fields::base64(packet.payload())),
    }
    if let Some(properties) = packet.properties() {
        add_properties(&properties, &mut line);
    }
    line.end();
}

/// Those of MQTT 5 section 3.3.2.3 that are there.
fn add_properties(properties: &PublishProperties, line: &mut Line<'_>) {
    if *properties == PublishProperties::default() {
        return;
    }
    line.open("properties", b'{');
    if let Some(text) = properties.payload_is_text {
        line.number("payload_format", u64::from(text));
    }
    if let Some(seconds) = properties.message_expiry {
        line.number("message_expiry", u64::from(seconds));
    }
    if let Some(topic) = &properties.response_topic {
        line.text("response_topic", topic);
    }
    if let Some(data) = &properties.correlation_data {
        line.text("correlation_data_base64", &fields::base64(data));
    }
    if let Some(kind) = &properties.content_type {
        line.text("content_type", kind);
    }
    if !properties.subscription_identifiers.is_empty() {
        line.open("subscription_identifiers", b'[');
        for identifier in &properties.subscription_identifiers {
            line.comma();
            line.out
                .extend_from_slice(identifier.to_string().as_bytes());
        }
        line.close(b']');
    }
    if !properties.user_properties.is_empty() {
        line.open("user", b'[');
        for (name, value) in &properties.user_properties {
            line.pair(name, value);
        }
        line.close(b']');
    }
    line.close(b'}');
}

/// One object, as it is written.
struct Line<'a> {
    out: &'a mut Vec<u8>,
    first: bool,
}

impl<'a> Line<'a> {
    fn begin(out: &'a mut Vec<u8>) -> Self {
        out.push(b'{');
        Self { out, first: true }
    }

    fn comma(&mut self) {
        if !self.first {
            self.out.push(b',');
        }
        self.first = false;
    }

    fn name(&mut self, name: &str) {
        self.comma();
        self.quoted(name);
        self.out.push(b':');
    }

    /// Escaped as RFC 8259 section 7 wants it.
    fn quoted(&mut self, text: &str) {
        // Writing text into a vector has no way to fail.
        let _ = serde_json::to_writer(&mut *self.out, text);
    }

    fn text(&mut self, name: &str, value: &str) {
        self.name(name);
        self.quoted(value);
    }

    fn number(&mut self, name: &str, value: u64) {
        self.name(name);
        self.out.extend_from_slice(value.to_string().as_bytes());
    }

    fn flag(&mut self, name: &str, value: bool) {
        self.name(name);
        let word: &[u8] = if value { b"true" } else { b"false" };
        self.out.extend_from_slice(word);
    }

    fn open(&mut self, name: &str, bracket: u8) {
        self.name(name);
        self.out.push(bracket);
        self.first = true;
    }

    fn pair(&mut self, name: &str, value: &str) {
        self.comma();
        self.out.push(b'[');
        self.quoted(name);
        self.out.push(b',');
        self.quoted(value);
        self.out.push(b']');
    }

    fn close(&mut self, bracket: u8) {
        self.out.push(bracket);
        self.first = false;
    }

    fn end(self) {
        self.out.extend_from_slice(b"}\n");
    }
}
