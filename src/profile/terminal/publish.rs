//! The `mosquitto_pub` command for a message.

use std::{borrow::Cow, fmt::Write};

use super::{
    broker::{Broker, user_properties},
    line::{Line, MOST, NoLine, Note, Part, bounded},
    shell::{bytes, is_seen, printf, quote, text},
};
use crate::protocol::Version;

/// A payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payload<'a> {
    /// These bytes.
    Bytes(&'a [u8]),
    /// The contents of the file with this name, which may be empty.
    File(&'a str, bool),
    /// Text with placeholders.
    Template,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message<'a> {
    /// Topic name.
    pub topic: &'a str,
    /// The payload.
    pub payload: Payload<'a>,
    /// 0, 1 or 2.
    pub qos: u8,
    /// Retain flag.
    pub retain: bool,
    /// Payload format indicator. MQTT 5 only, like all below.
    pub payload_is_text: Option<bool>,
    /// Seconds.
    pub message_expiry: Option<u32>,
    /// Content type.
    pub content_type: Option<&'a str>,
    /// Response topic.
    pub response_topic: Option<&'a str>,
    /// Correlation data: any bytes.
    pub correlation_data: Option<&'a [u8]>,
    /// User properties, in order.
    pub user_properties: &'a [(String, String)],
}

/// The command that publishes the message once.
pub fn publish(broker: &Broker<'_>, message: &Message<'_>) -> Result<Line, NoLine> {
    let mut notes = Vec::new();
    let mut before = String::new();
    let payload = match message.payload {
        Payload::Template => return Err(NoLine::Placeholders),
        Payload::Bytes([]) | Payload::File(_, true) => Cow::Borrowed("-n"),
        Payload::Bytes(bytes) if bytes.len() > MOST => return Err(NoLine::TooLong),
        Payload::Bytes(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) if is_seen(text) => Cow::Owned(format!("-m {}", quote(text))),
            _ => {
                before = format!("{} | ", printf(bytes));
                Cow::Borrowed("-s")
            }
        },
        Payload::File(name, false) => {
            notes.push(Note::File(name.to_owned()));
            let path = format!("./{name}");
            let path = bytes(path.as_bytes()).ok_or(NoLine::TooLong)?.into_owned();
            Cow::Owned(format!("-f {path}"))
        }
    };
    let options = broker.options(&mut notes)?;
    let topic = text(message.topic, Part::Topic)?;
    let mut out = format!("{before}mosquitto_pub {options} -t {topic}");
    if message.qos > 0 {
        let _ = write!(out, " -q {}", message.qos);
    }
    if message.retain {
        out.push_str(" -r");
    }
    let _ = write!(out, " {payload}");
    if broker.version == Some(Version::V5) {
        properties(message, &mut out)?;
    }
    bounded(out, notes)
}

fn properties(message: &Message<'_>, out: &mut String) -> Result<(), NoLine> {
    let mut put = |name: &str, value: &str| {
        let _ = write!(out, " -D publish {name} {value}");
    };
    if let Some(is_text) = message.payload_is_text {
        put("payload-format-indicator", if is_text { "1" } else { "0" });
    }
    if let Some(seconds) = message.message_expiry {
        put("message-expiry-interval", &seconds.to_string());
    }
    if let Some(kind) = message.content_type {
        put("content-type", &text(kind, Part::ContentType)?);
    }
    if let Some(topic) = message.response_topic {
        put("response-topic", &text(topic, Part::ResponseTopic)?);
    }
    if let Some(data) = message.correlation_data {
        put("correlation-data", &bytes(data).ok_or(NoLine::Correlation)?);
    }
    user_properties("publish", message.user_properties, out)
}
