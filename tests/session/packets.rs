//! What a broker sends, written by hand.

pub fn connack(session_present: bool, code: u8) -> [u8; 4] {
    [0x20, 2, u8::from(session_present), code]
}

/// An acknowledgement: first byte and packet identifier.
pub fn ack(first: u8, id: u16) -> [u8; 4] {
    let [high, low] = id.to_be_bytes();
    [first, 2, high, low]
}

pub const PUBACK: u8 = 0x40;
pub const PUBREC: u8 = 0x50;
pub const PUBREL: u8 = 0x62;
pub const PUBCOMP: u8 = 0x70;
pub const UNSUBACK: u8 = 0xB0;
pub const PINGREQ: [u8; 2] = [0xC0, 0];
pub const PINGRESP: [u8; 2] = [0xD0, 0];
pub const DISCONNECT: [u8; 2] = [0xE0, 0];

/// A packet with this first byte and what follows its remaining length.
pub fn packet(first: u8, parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    let mut bytes = vec![first];
    let mut rest = body.len();
    loop {
        let digit = (rest % 128) as u8;
        rest /= 128;
        bytes.push(if rest > 0 { digit | 0x80 } else { digit });
        if rest == 0 {
            break;
        }
    }
    bytes.extend(body);
    bytes
}

/// Properties behind their length, which has one byte here.
pub fn properties(properties: &[u8]) -> Vec<u8> {
    assert!(properties.len() < 128);
    let mut bytes = vec![properties.len() as u8];
    bytes.extend(properties);
    bytes
}

/// A property of text or bytes.
pub fn text(id: u8, text: &[u8]) -> Vec<u8> {
    let mut bytes = vec![id];
    bytes.extend((text.len() as u16).to_be_bytes());
    bytes.extend(text);
    bytes
}

/// A property of two bytes.
pub fn two(id: u8, number: u16) -> Vec<u8> {
    let [high, low] = number.to_be_bytes();
    vec![id, high, low]
}

/// A property of four bytes.
pub fn four(id: u8, number: u32) -> Vec<u8> {
    let mut bytes = vec![id];
    bytes.extend(number.to_be_bytes());
    bytes
}

/// CONNACK of MQTT 5 with these properties.
pub fn connack5(session_present: bool, code: u8, props: &[u8]) -> Vec<u8> {
    packet(
        0x20,
        &[&[u8::from(session_present), code], &properties(props)],
    )
}

/// SUBACK (0x90) or UNSUBACK (0xB0) of MQTT 5 with these properties.
pub fn suback5(first: u8, id: u16, props: &[u8], codes: &[u8]) -> Vec<u8> {
    packet(first, &[&id.to_be_bytes(), &properties(props), codes])
}

/// PUBLISH of MQTT 5 with the payload `x`; the first byte says QoS, DUP and retain.
pub fn publish5(first: u8, topic: &str, id: u16, props: &[u8]) -> Vec<u8> {
    let id = id.to_be_bytes();
    let id: &[u8] = if first & 0x06 == 0 { &[] } else { &id };
    let length = (topic.len() as u16).to_be_bytes();
    packet(
        first,
        &[&length, topic.as_bytes(), id, &properties(props), b"x"],
    )
}

/// DISCONNECT of MQTT 5 with these properties.
pub fn disconnect5(code: u8, props: &[u8]) -> Vec<u8> {
    packet(0xE0, &[&[code], &properties(props)])
}

/// AUTH with this method and data.
pub fn auth5(code: u8, method: &str, data: &[u8]) -> Vec<u8> {
    let props = [text(0x15, method.as_bytes()), text(0x16, data)].concat();
    packet(0xF0, &[&[code], &properties(&props)])
}

pub fn suback(id: u16, codes: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x90, 2 + codes.len() as u8];
    bytes.extend(id.to_be_bytes());
    bytes.extend(codes);
    bytes
}

/// A PUBLISH on topic `t` with payload `x`; the first byte says QoS, DUP and retain.
pub fn incoming(first: u8, id: u16) -> Vec<u8> {
    let mut bytes = vec![first, 0, 0, 1, b't'];
    if first & 0x06 != 0 {
        bytes.extend(id.to_be_bytes());
    }
    bytes.push(b'x');
    bytes[1] = bytes.len() as u8 - 2;
    bytes
}
