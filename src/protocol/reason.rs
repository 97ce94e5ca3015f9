//! The numbers that a broker answers with, in the specification's words (MQTT 3.1.1 sections 3.2.2.3 and 3.9.3).
//!
//! English only and on purpose: the page makes words of them for people.

/// What a CONNACK return code means (section 3.2.2.3, table 3.1).
pub fn connack_name(code: u8) -> &'static str {
    match code {
        0 => "Connection Accepted",
        1 => "Connection Refused, unacceptable protocol version",
        2 => "Connection Refused, identifier rejected",
        3 => "Connection Refused, Server unavailable",
        4 => "Connection Refused, bad user name or password",
        5 => "Connection Refused, not authorized",
        _ => "Reserved for future use",
    }
}

/// What a SUBACK return code means (section 3.9.3).
pub fn suback_name(code: u8) -> &'static str {
    match code {
        0 => "Success - Maximum QoS 0",
        1 => "Success - Maximum QoS 1",
        2 => "Success - Maximum QoS 2",
        0x80 => "Failure",
        _ => "Reserved",
    }
}
