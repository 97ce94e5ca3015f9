//! Connections that are refused, in the words of their version (sections 3.1.2.2 and 3.2.2).

use midge::protocol::Version;

use crate::output::{Ending, Why};
use crate::slab::Key;
use crate::state::State;
use crate::wire::{self, Connack};

impl State {
    /// Refuses a connection, with a CONNACK if it has an answer.
    pub fn refuse(&mut self, key: Key, why: Ending, has_answer: bool) {
        let Some(connection) = self.connections.get(key) else {
            return;
        };
        let (version, wants_reasons) = (connection.version, connection.wants_reasons);
        let largest = connection.largest;
        if let (Ending::Broker(code, what), true) = (why, has_answer) {
            let code = match version {
                Version::V5 => code,
                _ => code_before_five(code),
            };
            let said = Connack {
                reason_string: Some(what.words())
                    .filter(|words| wants_reasons && words.len() + 8 <= largest),
                ..Connack::default()
            };
            self.send(key, |out| {
                wire::write_connack(version, false, code, &said, out)
            });
        }
        self.close(key, why, true);
    }

    /// A CONNECT of no version that is spoken here: the answer is in the words of the nearest one that is (section
    /// 3.1.2.2).
    pub fn refuse_version(&mut self, key: Key, packet: &[u8]) {
        let why = Ending::Broker(0x84, Why::Version);
        let Some(level) = level(packet) else {
            self.refuse(key, why, false);
            return;
        };
        if let Some(connection) = self.connections.get_mut(key) {
            connection.version = if level & 0x7F > 5 {
                Version::V5
            } else {
                Version::V311
            };
        }
        self.refuse(key, why, true);
    }
}

/// The protocol level of a CONNECT that names MQTT.
fn level(packet: &[u8]) -> Option<u8> {
    let names: [&[u8]; 2] = [b"\0\x04MQTT", b"\0\x06MQIsdp"];
    (2..=5).find_map(|at| {
        let body = packet.get(at..)?;
        names
            .iter()
            .find_map(|name| body.strip_prefix(*name)?.first().copied())
    })
}

/// The connect return code before MQTT 5 for a reason code (MQTT 3.1.1 section 3.2.2.3).
fn code_before_five(code: u8) -> u8 {
    match code {
        0x84 => 1,
        0x85 => 2,
        0x86 => 4,
        0x87 | 0x8A | 0x8C | 0x90 => 5,
        _ => 3,
    }
}
