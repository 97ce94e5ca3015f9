//! What several kinds of files say of a packet, in the same words.

use std::{borrow::Cow, fmt::Write};

use base64ct::{Base64, Encoding};

use crate::{capture::Packet, protocol::Direction, reading::Date};

const DAY_US: u64 = 86_400_000_000;

/// The moment in UTC, with microseconds: RFC 3339.
pub fn time(time_us: u64) -> String {
    let date = Date::of_day((time_us / DAY_US) as i64);
    let within = time_us % DAY_US;
    let seconds = within / 1_000_000;
    let mut text = String::with_capacity(27);
    // Writing into a string cannot fail.
    let _ = write!(
        text,
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z",
        date.year,
        date.month,
        date.day,
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60,
        within % 1_000_000
    );
    text
}

/// Which way it went, as the page says it.
pub fn direction(packet: &Packet<'_>) -> &'static str {
    match packet.direction {
        Direction::Incoming => "received",
        Direction::Outgoing => "sent",
    }
}

/// The whole packet.
pub fn bytes<'a>(packet: &Packet<'a>, secrets: bool) -> Cow<'a, [u8]> {
    if secrets {
        Cow::Borrowed(packet.bytes_with_secrets())
    } else {
        packet.masked()
    }
}

/// Bytes as base64 (RFC 4648 section 4).
pub fn base64(bytes: &[u8]) -> String {
    Base64::encode_string(bytes)
}
