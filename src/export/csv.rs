//! CSV (RFC 4180): a line of names, then a line per packet. The last column but one says how the payload stands in the last:
//! as `text`, or as `base64` where it is no text, or where a spreadsheet would take it for a formula. Of control packets the
//! whole packet stands there.

use std::borrow::Cow;

use super::fields;
use crate::{capture::Packet, reading};

const NAMES: &str =
    "time,seq,direction,packet,topic,qos,retain,dup,packet_id,size,encoding,payload\r\n";

pub(super) fn head(out: &mut Vec<u8>) {
    out.extend_from_slice(NAMES.as_bytes());
}

pub(super) fn add(packet: &Packet<'_>, secrets: bool, out: &mut Vec<u8>) {
    let message = packet.is_message();
    let flag = |is: bool| if message && is { "1" } else { "" };
    let bytes = if message {
        Cow::Borrowed(packet.payload())
    } else {
        fields::bytes(packet, secrets)
    };
    let text = std::str::from_utf8(&bytes)
        .ok()
        .filter(|text| message && !is_formula(text));
    let (encoding, payload) = match text {
        Some(text) => ("text", Cow::Borrowed(text)),
        None => ("base64", Cow::Owned(fields::base64(&bytes))),
    };
    let qos = if message {
        packet.qos.bits().to_string()
    } else {
        String::new()
    };
    let id = match packet.packet_id {
        0 => String::new(),
        id => id.to_string(),
    };
    let cells = [
        &fields::time(packet.time_us),
        &packet.seq.to_string(),
        fields::direction(packet),
        packet.packet_type.name(),
        &topic(packet),
        &qos,
        flag(packet.retain),
        flag(packet.dup),
        &id,
        &bytes.len().to_string(),
        encoding,
        &payload,
    ];
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        quote(cell, out);
    }
    out.extend_from_slice(b"\r\n");
}

/// A topic that a spreadsheet would take for a formula gets an apostrophe in front, as spreadsheets write text.
fn topic(packet: &Packet<'_>) -> String {
    let topic = String::from_utf8_lossy(packet.topic_bytes());
    if is_formula(&topic) {
        format!("'{topic}")
    } else {
        topic.into_owned()
    }
}

/// Spreadsheets begin to calculate, and may be made to start programs, at these characters. Numbers are harmless.
fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !reading::is_number(text.trim())
}

fn quote(cell: &str, out: &mut Vec<u8>) {
    if !cell.contains(['"', ',', '\r', '\n']) {
        out.extend_from_slice(cell.as_bytes());
        return;
    }
    out.push(b'"');
    out.extend_from_slice(cell.replace('"', "\"\"").as_bytes());
    out.push(b'"');
}
