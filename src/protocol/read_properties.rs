//! Reads properties of a validated packet into plain data, where mqttbytes is wrong or does not know them.
//!
//! It is still defensive: for bytes that were not validated it returns the properties before the first invalid one.

use super::header;
use super::packet::Outline;
use super::properties::PublishProperties;
use super::property::{self, Kind};
use super::typed::Auth;
use super::walk::MOST_USER_PROPERTIES;

/// The properties of an MQTT 5 PUBLISH whose outline is known. Allocates. For other packets all are absent.
pub fn publish_properties(packet: &[u8], outline: &Outline) -> PublishProperties {
    let (start, end) = outline.properties;
    let bytes = packet.get(start as usize..end as usize).unwrap_or_default();
    let mut found = PublishProperties::default();
    for (id, value) in Values(bytes) {
        match (id, value) {
            (property::PAYLOAD_FORMAT, Value::Number(flag)) => {
                // A value other than 0 and 1 is ignored.
                found.payload_is_text = (flag < 2).then_some(flag == 1);
            }
            (property::MESSAGE_EXPIRY, Value::Number(seconds)) => {
                found.message_expiry = Some(seconds);
            }
            (property::TOPIC_ALIAS, Value::Number(alias)) => {
                found.topic_alias = u16::try_from(alias).ok();
            }
            (property::SUBSCRIPTION_ID, Value::Number(id)) => {
                found.subscription_identifiers.push(id);
            }
            (property::RESPONSE_TOPIC, Value::Bytes(topic)) => {
                found.response_topic = Some(text(topic));
            }
            (property::CORRELATION_DATA, Value::Bytes(data)) => {
                found.correlation_data = Some(data.to_vec());
            }
            (property::CONTENT_TYPE, Value::Bytes(content_type)) => {
                found.content_type = Some(text(content_type));
            }
            (_, Value::Pair(name, value)) if found.user_properties.len() < MOST_USER_PROPERTIES => {
                found.user_properties.push((text(name), text(value)));
            }
            _ => {}
        }
    }
    found
}

/// How many user properties an MQTT 5 PUBLISH has beyond those that [`publish_properties`] returns.
pub fn further_user_properties(packet: &[u8], outline: &Outline) -> usize {
    let (start, end) = outline.properties;
    let bytes = packet.get(start as usize..end as usize).unwrap_or_default();
    // Each has at least 5 bytes.
    if bytes.len() <= MOST_USER_PROPERTIES * 5 {
        return 0;
    }
    let pairs = Values(bytes).filter(|(_, value)| matches!(value, Value::Pair(..)));
    pairs.count().saturating_sub(MOST_USER_PROPERTIES)
}

/// A copy of a packet without the user properties beyond the limit; `None`: there are none. `before`: how many bytes of
/// its body come before the property length.
pub(super) fn without_further(packet: &[u8], before: usize) -> Option<Vec<u8>> {
    if packet.len() <= MOST_USER_PROPERTIES * 5 {
        return None;
    }
    let (&first, rest) = packet.split_first()?;
    let (_, count) = header::remaining_length(rest).ok()??;
    let (head, tail) = rest.get(count..)?.split_at_checked(before)?;
    let (length, count) = header::remaining_length(tail).ok()??;
    let (all, behind) = tail.get(count..)?.split_at_checked(length)?;
    let mut values = Values(all);
    let (mut kept, mut pairs, mut at) = (Vec::new(), 0, 0);
    while let Some((_, value)) = values.next() {
        let end = all.len() - values.0.len();
        pairs += usize::from(matches!(value, Value::Pair(..)));
        if pairs <= MOST_USER_PROPERTIES || !matches!(value, Value::Pair(..)) {
            kept.extend_from_slice(all.get(at..end)?);
        }
        at = end;
    }
    if pairs <= MOST_USER_PROPERTIES {
        return None;
    }
    let mut length = Vec::new();
    header::write_remaining_length(kept.len(), &mut length);
    let body = [head, &length, &kept, behind].concat();
    let mut shorter = vec![first];
    header::write_remaining_length(body.len(), &mut shorter);
    shorter.extend_from_slice(&body);
    Some(shorter)
}

/// Reads the properties of an AUTH into it. `bytes`: all of them, without their length.
pub(super) fn auth_properties(bytes: &[u8], auth: &mut Auth) {
    for (id, value) in Values(bytes) {
        match (id, value) {
            (property::AUTHENTICATION_METHOD, Value::Bytes(method)) => {
                auth.method = Some(text(method));
            }
            (property::AUTHENTICATION_DATA, Value::Bytes(data)) => auth.data = Some(data.to_vec()),
            (property::REASON_STRING, Value::Bytes(reason)) => {
                auth.reason_string = Some(text(reason));
            }
            (_, Value::Pair(name, value)) if auth.user_properties.len() < MOST_USER_PROPERTIES => {
                auth.user_properties.push((text(name), text(value)));
            }
            _ => {}
        }
    }
}

/// The bytes of the properties, whose length is at the start of `bytes`; empty: there are none.
pub(super) fn section(bytes: &[u8]) -> &[u8] {
    match header::remaining_length(bytes) {
        Ok(Some((length, count))) => bytes.get(count..count + length).unwrap_or_default(),
        _ => &[],
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

enum Value<'p> {
    Number(u32),
    Bytes(&'p [u8]),
    Pair(&'p [u8], &'p [u8]),
}

/// Identifiers and values, in order. Ends with the bytes, or at the first invalid property.
struct Values<'p>(&'p [u8]);

impl<'p> Iterator for Values<'p> {
    type Item = (u8, Value<'p>);

    fn next(&mut self) -> Option<Self::Item> {
        let (&id, rest) = self.0.split_first()?;
        self.0 = rest;
        let value = match property::kind(id)? {
            Kind::Flag(_) => Value::Number(self.take::<1>()?[0].into()),
            Kind::Two(_) | Kind::TwoNotZero(_) => {
                Value::Number(u16::from_be_bytes(self.take()?).into())
            }
            Kind::Four(_) | Kind::FourNotZero(_) => Value::Number(u32::from_be_bytes(self.take()?)),
            Kind::VariableNotZero(_) => {
                let (number, count) = header::remaining_length(self.0).ok()??;
                self.0 = self.0.get(count..)?;
                Value::Number(number as u32)
            }
            Kind::Text(..) | Kind::TopicName(..) | Kind::Binary(..) => {
                Value::Bytes(self.prefixed()?)
            }
            Kind::Pair => Value::Pair(self.prefixed()?, self.prefixed()?),
        };
        Some((id, value))
    }
}

impl<'p> Values<'p> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (bytes, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*bytes)
    }

    fn prefixed(&mut self) -> Option<&'p [u8]> {
        let length = u16::from_be_bytes(self.take()?).into();
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(bytes)
    }
}
