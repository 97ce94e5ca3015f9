//! Valid packets by the thousand, the same ones in every run: every property alone, in pairs, all together and in chosen
//! crowds; every reason code, flag and form; lengths around which the encoding changes.

mod answers;
mod properties;

use std::sync::OnceLock;

use midge::protocol::{Direction, Version};

use super::menu::{binaries, texts};
use super::packet::{Bytes, Case, Connect, Packet, Publish, Value, Will};
use super::wire::{Form, write};

const VERSIONS: [Version; 3] = [Version::V31, Version::V311, Version::V5];

/// All cases. Made once for all tests of the program.
pub fn cases() -> &'static [Case] {
    static CASES: OnceLock<Vec<Case>> = OnceLock::new();
    CASES.get_or_init(generate)
}

fn generate() -> Vec<Case> {
    let mut list = List { cases: Vec::new() };
    for version in VERSIONS {
        list.connects(version);
        list.connacks(version);
        list.publishes(version);
        list.acknowledgements(version);
        list.filters(version);
        list.codes(version);
        list.closings(version);
    }
    list.properties();
    list.cases
}

struct List {
    cases: Vec<Case>,
}

use Direction::{Incoming, Outgoing};

impl List {
    fn add(&mut self, name: &str, version: Version, direction: Direction, packet: Packet) {
        self.add_as(name, version, direction, packet, Form::Full);
    }

    fn add_as(
        &mut self,
        name: &str,
        version: Version,
        direction: Direction,
        packet: Packet,
        form: Form,
    ) {
        let bytes = write(&packet, version, form);
        self.cases.push(Case {
            name: name.to_owned(),
            version,
            direction,
            packet: packet.settled(),
            bytes,
        });
    }

    fn connects(&mut self, version: Version) {
        let mut add = |name: &str, connect: Connect| {
            self.add(name, version, Outgoing, Packet::Connect(connect));
        };
        let plain = Connect {
            client_id: "client".to_owned(),
            keep_alive: 60,
            clean: true,
            ..Connect::default()
        };
        // All flags that may stand together: clean, user name, password, will with its QoS and retain.
        for bits in 0..16_u8 {
            let on = |bit: u8| bits >> bit & 1 == 1;
            let user = on(1).then(|| "user".to_owned());
            // Before MQTT 5 there is no password without a user name (MQTT 3.1.1 section 3.1.2.9).
            let password = on(2).then(|| Bytes(vec![0, 0xFF, 0x80, b'p']));
            if user.is_none() && password.is_some() && version != Version::V5 {
                continue;
            }
            let wills: Vec<Option<Will>> = if on(3) {
                (0..6)
                    .map(|n| {
                        Some(Will {
                            topic: "last/will".to_owned(),
                            payload: Bytes(b"gone".to_vec()),
                            qos: n % 3,
                            retain: n >= 3,
                            ..Will::default()
                        })
                    })
                    .collect()
            } else {
                vec![None]
            };
            for will in wills {
                add(
                    &format!("CONNECT flags {bits:04b}"),
                    Connect {
                        clean: on(0),
                        user_name: user.clone(),
                        password: password.clone(),
                        will,
                        ..plain.clone()
                    },
                );
            }
        }
        for keep_alive in [0, 1, 255, 256, 65_535] {
            add(
                "CONNECT keep alive",
                Connect {
                    keep_alive,
                    ..plain.clone()
                },
            );
        }
        for text in texts() {
            if version != Version::V31 || !text.is_empty() {
                add(
                    "CONNECT client identifier",
                    Connect {
                        client_id: text.clone(),
                        ..plain.clone()
                    },
                );
            }
            add(
                "CONNECT user name",
                Connect {
                    user_name: Some(text.clone()),
                    password: Some(Bytes(Vec::new())),
                    ..plain.clone()
                },
            );
            add(
                "CONNECT will topic",
                Connect {
                    will: Some(Will {
                        topic: if text.is_empty() {
                            "/".to_owned()
                        } else {
                            text
                        },
                        ..Will::default()
                    }),
                    ..plain.clone()
                },
            );
        }
        for bytes in binaries() {
            add(
                "CONNECT password",
                Connect {
                    user_name: Some(String::new()),
                    password: Some(Bytes(bytes.clone())),
                    ..plain.clone()
                },
            );
            add(
                "CONNECT will payload",
                Connect {
                    will: Some(Will {
                        topic: "w".to_owned(),
                        payload: Bytes(bytes),
                        ..Will::default()
                    }),
                    ..plain.clone()
                },
            );
        }
    }

    fn connacks(&mut self, version: Version) {
        let codes: Vec<u8> = if version == Version::V5 {
            CONNACK_CODES.to_vec()
        } else {
            (0..=5).collect()
        };
        for code in codes {
            for session_present in [false, true] {
                // Refused: no session (MQTT 5 [MQTT-3.2.2-6]). MQTT 3.1 has no such flag.
                if session_present && (code != 0 || version == Version::V31) {
                    continue;
                }
                self.add(
                    &format!("CONNACK code 0x{code:02X}"),
                    version,
                    Incoming,
                    Packet::Connack {
                        session_present,
                        code,
                        properties: Vec::new(),
                    },
                );
            }
        }
    }

    fn publishes(&mut self, version: Version) {
        for direction in [Incoming, Outgoing] {
            let mut add = |name: &str, publish: Publish| {
                self.add(name, version, direction, Packet::Publish(publish));
            };
            let plain = Publish {
                topic: "a/b".to_owned(),
                payload: Bytes(b"hello".to_vec()),
                ..Publish::default()
            };
            for bits in 0..12_u8 {
                let (dup, qos, retain) = (bits >= 6, bits % 3, bits / 3 % 2 == 1);
                if dup && qos == 0 {
                    continue;
                }
                for packet_id in [1, 255, 256, 65_535] {
                    add(
                        "PUBLISH flags",
                        Publish {
                            dup,
                            qos,
                            retain,
                            packet_id: if qos == 0 { 0 } else { packet_id },
                            ..plain.clone()
                        },
                    );
                }
            }
            for topic in texts().into_iter().chain(
                [
                    "/",
                    "//",
                    "$SYS/broker/uptime",
                    "a//b",
                    " ",
                    "\u{1}\u{9F}",
                    "\u{FFFF}",
                    "\u{10FFFF}",
                ]
                .map(str::to_owned),
            ) {
                if !topic.is_empty() {
                    add(
                        "PUBLISH topic name",
                        Publish {
                            topic,
                            ..plain.clone()
                        },
                    );
                }
            }
            // The remaining length around the sizes where it takes another byte, to the byte.
            let head = 5 + usize::from(version == Version::V5);
            for remaining in [
                0, 1, 126, 127, 128, 129, 16_382, 16_383, 16_384, 16_385, 65_535, 65_536,
                2_097_151, 2_097_152,
            ] {
                let size = head.max(remaining) - head;
                add(
                    "PUBLISH remaining length",
                    Publish {
                        payload: Bytes((0..size).map(|index| (index / 3) as u8).collect()),
                        ..plain.clone()
                    },
                );
            }
            for payload in binaries() {
                for qos in [1, 2] {
                    add(
                        "PUBLISH payload",
                        Publish {
                            payload: Bytes(payload.clone()),
                            qos,
                            packet_id: 0x1234,
                            ..plain.clone()
                        },
                    );
                }
            }
            if version == Version::V5 {
                for qos in 0..3 {
                    add(
                        "PUBLISH by its alias",
                        Publish {
                            topic: String::new(),
                            qos,
                            packet_id: u16::from(qos > 0) * 9,
                            properties: vec![(35, Value::Two(1))],
                            ..plain.clone()
                        },
                    );
                }
            }
        }
    }
}

/// Section 3.2.2.2, table 3-1.
const CONNACK_CODES: [u8; 22] = [
    0x00, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8C, 0x90, 0x95, 0x97,
    0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9F,
];
