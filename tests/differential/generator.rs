//! Valid packets by the thousand, the same ones in every run: every property alone, in pairs, all together and in chosen
//! crowds; every reason code, flag and form; lengths around which the encoding changes.

use std::sync::OnceLock;

use midge::protocol::{Direction, Version};

use super::menu::{Order, Place, binaries, menu, texts, together};
use super::packet::{
    Acknowledgement, Bytes, Case, Codes, Connect, Filters, Packet, Property, Publish, Value, Will,
};
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

    fn acknowledgements(&mut self, version: Version) {
        for kind in 4..=7_u8 {
            let codes: &[u8] = match (version, kind) {
                (Version::V5, 4 | 5) => &[0, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99],
                (Version::V5, _) => &[0, 0x92],
                _ => &[0],
            };
            for direction in [Incoming, Outgoing] {
                for &code in codes {
                    // "This is sent only by the Server."
                    if code == 0x10 && direction == Outgoing {
                        continue;
                    }
                    for packet_id in [1, 255, 256, 65_535] {
                        for form in [Form::Shortest, Form::WithCode, Form::Full] {
                            self.add_as(
                                &format!("acknowledgement {kind} code 0x{code:02X} {form:?}"),
                                version,
                                direction,
                                Packet::Acknowledgement(Acknowledgement {
                                    kind,
                                    packet_id,
                                    code,
                                    properties: Vec::new(),
                                }),
                                form,
                            );
                        }
                    }
                }
            }
        }
    }

    fn filters(&mut self, version: Version) {
        let mut filters: Vec<String> = texts()
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect();
        filters.extend(
            [
                "#",
                "+",
                "/",
                "+/+",
                "/+",
                "a/#",
                "a/+/b",
                "a/+/#",
                "$SYS/#",
                "//#",
                "$share/group/a/#",
            ]
            .map(str::to_owned),
        );
        for kind in [8, 10_u8] {
            let every_option: Vec<u8> = match (kind, version) {
                (10, _) => vec![0],
                // QoS, no local, retain as published, retain handling.
                (_, Version::V5) => (0..0x30).filter(|bits| bits & 3 != 3).collect(),
                _ => vec![0, 1, 2],
            };
            let mut add = |name: &str, packet_id: u16, filters: Vec<(String, u8)>| {
                let packet = Packet::Filters(Filters {
                    kind,
                    packet_id,
                    filters,
                    properties: Vec::new(),
                });
                self.add(name, version, Outgoing, packet);
            };
            for &options in &every_option {
                add(
                    &format!("filters of {kind}, options 0x{options:02X}"),
                    256 + u16::from(options),
                    vec![("a/b".to_owned(), options)],
                );
            }
            for filter in &filters {
                add("one filter", 1, vec![(filter.clone(), 0)]);
            }
            for count in [2, 3, 17, 1_000] {
                let many = (0..count)
                    .map(|n| (format!("filter/{n}"), every_option[n % every_option.len()]))
                    .collect();
                add("many filters", 65_535, many);
            }
            add("the same filter twice", 2, vec![("s".to_owned(), 0); 2]);
        }
    }

    fn codes(&mut self, version: Version) {
        for kind in [9, 11_u8] {
            let codes: &[u8] = match (kind, version) {
                (9, Version::V5) => &SUBACK_CODES,
                (_, Version::V5) => &[0, 0x11, 0x80, 0x83, 0x87, 0x8F, 0x91],
                // MQTT 3.1 has no failure.
                (9, Version::V31) => &[0, 1, 2],
                (9, _) => &[0, 1, 2, 0x80],
                _ => &[],
            };
            let mut add = |packet_id: u16, codes: Vec<u8>| {
                let packet = Packet::Codes(Codes {
                    kind,
                    packet_id,
                    codes,
                    properties: Vec::new(),
                });
                self.add(&format!("codes of {kind}"), version, Incoming, packet);
            };
            if codes.is_empty() {
                for packet_id in [1, 255, 256, 65_535] {
                    add(packet_id, Vec::new());
                }
                continue;
            }
            for &code in codes {
                add(1, vec![code]);
                for &other in codes {
                    add(0x0A0B, vec![code, other]);
                }
            }
            for count in [3, 124, 125, 1_000] {
                add(65_535, codes.iter().copied().cycle().take(count).collect());
            }
        }
    }

    fn closings(&mut self, version: Version) {
        self.add("PINGREQ", version, Outgoing, Packet::Pingreq);
        self.add("PINGRESP", version, Incoming, Packet::Pingresp);
        let closing = |code| Packet::Disconnect {
            code,
            properties: Vec::new(),
        };
        if version != Version::V5 {
            self.add("DISCONNECT", version, Outgoing, closing(0));
            return;
        }
        for form in [Form::Shortest, Form::WithCode, Form::Full] {
            for (direction, codes) in [(Incoming, &FROM_SERVER[..]), (Outgoing, &FROM_CLIENT[..])] {
                for &code in codes {
                    let name = format!("DISCONNECT code 0x{code:02X} {form:?}");
                    self.add_as(&name, version, direction, closing(code), form);
                }
            }
        }
        // Only a server says that authentication has succeeded.
        let nothing = Packet::Auth {
            code: 0,
            properties: Vec::new(),
        };
        let name = "AUTH without anything";
        self.add_as(name, version, Incoming, nothing, Form::Shortest);
    }

    /// MQTT 5: what properties a place may have, alone, in pairs, all together, and in crowds.
    fn properties(&mut self) {
        for place in [
            Place::Connect,
            Place::Will,
            Place::Connack,
            Place::PublishToClient,
            Place::PublishToServer,
            Place::Acknowledgement,
            Place::Subscribe,
            Place::Unsubscribe,
            Place::Codes,
            Place::DisconnectFromServer,
            Place::DisconnectFromClient,
            Place::Auth,
        ] {
            let menu = menu(place);
            for order in menu.iter().flatten() {
                let name = format!("{place:?}: property {} alone", order[0].0);
                self.with_properties(place, &name, &together(place, [order]));
            }
            for (index, first) in menu.iter().enumerate() {
                for second in &menu[index + 1..] {
                    let name = format!(
                        "{place:?}: properties {} and {}",
                        first[0][0].0, second[0][0].0
                    );
                    for (left, right) in [(0, 0), (1, 2), (2, 1)] {
                        let pick = |orders: &Vec<Order>, n: usize| orders[n % orders.len()].clone();
                        let (a, b) = (pick(first, left), pick(second, right));
                        self.with_properties(place, &name, &together(place, [&a, &b]));
                        self.with_properties(place, &name, &together(place, [&b, &a]));
                    }
                }
            }
            for n in 0..8 {
                let all: Vec<&Order> = menu
                    .iter()
                    .map(|orders| &orders[n % orders.len()])
                    .collect();
                let name = format!("{place:?}: all properties");
                self.with_properties(place, &name, &together(place, all.iter().copied()));
                self.with_properties(place, &name, &together(place, all.into_iter().rev()));
            }
            let mut chance = fastrand::Rng::with_seed(5 + place as u64);
            for _ in 0..24 * menu.len() {
                let mut crowd: Vec<&Order> = Vec::new();
                for orders in &menu {
                    if chance.bool() {
                        crowd.push(&orders[chance.usize(..orders.len().min(8))]);
                    }
                }
                chance.shuffle(&mut crowd);
                let name = format!("{place:?}: a crowd of {} properties", crowd.len());
                self.with_properties(place, &name, &together(place, crowd));
            }
        }
    }

    fn with_properties(&mut self, place: Place, name: &str, properties: &[Property]) {
        let properties = properties.to_vec();
        let version = Version::V5;
        let (direction, packet) = match place {
            Place::Connect => {
                let connect = Connect {
                    client_id: "c".to_owned(),
                    clean: true,
                    properties,
                    ..Connect::default()
                };
                (Outgoing, Packet::Connect(connect))
            }
            Place::Will => {
                let will = Will {
                    topic: "w".to_owned(),
                    qos: 1,
                    properties,
                    ..Will::default()
                };
                let connect = Connect {
                    clean: true,
                    will: Some(will),
                    user_name: Some("u".to_owned()),
                    password: Some(Bytes(vec![0xFF])),
                    properties: vec![(17, Value::Four(30))],
                    ..Connect::default()
                };
                (Outgoing, Packet::Connect(connect))
            }
            Place::Connack => {
                let packet = Packet::Connack {
                    session_present: properties.len() % 2 == 1,
                    code: 0,
                    properties,
                };
                (Incoming, packet)
            }
            Place::PublishToClient | Place::PublishToServer => {
                let qos = (properties.len() % 3) as u8;
                let publish = Publish {
                    qos,
                    packet_id: u16::from(qos > 0) * 300,
                    topic: "t".to_owned(),
                    // Text, because the payload format indicator may say so.
                    payload: Bytes(b"payload".to_vec()),
                    properties,
                    ..Publish::default()
                };
                let direction = if place == Place::PublishToClient {
                    Incoming
                } else {
                    Outgoing
                };
                (direction, Packet::Publish(publish))
            }
            Place::Acknowledgement => {
                for kind in 4..=7 {
                    for direction in [Incoming, Outgoing] {
                        let packet = Packet::Acknowledgement(Acknowledgement {
                            kind,
                            packet_id: 77,
                            code: if properties.len().is_multiple_of(2) {
                                0
                            } else if kind < 6 {
                                0x87
                            } else {
                                0x92
                            },
                            properties: properties.clone(),
                        });
                        self.add(name, version, direction, packet);
                    }
                }
                return;
            }
            Place::Subscribe | Place::Unsubscribe => {
                let packet = Packet::Filters(Filters {
                    kind: if place == Place::Subscribe { 8 } else { 10 },
                    packet_id: 9,
                    filters: vec![("a/+".to_owned(), 0), ("b/#".to_owned(), 0)],
                    properties,
                });
                (Outgoing, packet)
            }
            Place::Codes => {
                for kind in [9, 11] {
                    let packet = Packet::Codes(Codes {
                        kind,
                        packet_id: 9,
                        codes: vec![0, 0x87, 0],
                        properties: properties.clone(),
                    });
                    self.add(name, version, Incoming, packet);
                }
                return;
            }
            Place::DisconnectFromServer => (
                Incoming,
                Packet::Disconnect {
                    code: 0x9C,
                    properties,
                },
            ),
            Place::DisconnectFromClient => (
                Outgoing,
                Packet::Disconnect {
                    code: 0x04,
                    properties,
                },
            ),
            Place::Auth => {
                for (direction, code) in [
                    (Incoming, 0),
                    (Incoming, 0x18),
                    (Outgoing, 0x18),
                    (Outgoing, 0x19),
                ] {
                    if properties.is_empty() {
                        continue;
                    }
                    let packet = Packet::Auth {
                        code,
                        properties: properties.clone(),
                    };
                    self.add(name, version, direction, packet);
                }
                return;
            }
        };
        self.add(name, version, direction, packet);
    }
}

/// Section 3.2.2.2, table 3-1.
const CONNACK_CODES: [u8; 22] = [
    0x00, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8C, 0x90, 0x95, 0x97,
    0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9F,
];

/// Section 3.9.3, table 3-8.
const SUBACK_CODES: [u8; 12] = [
    0x00, 0x01, 0x02, 0x80, 0x83, 0x87, 0x8F, 0x91, 0x97, 0x9E, 0xA1, 0xA2,
];

/// Section 3.14.2.1, table 3-10: those that a server may send. 0x8C is missing there and named in table 2-6.
const FROM_SERVER: [u8; 28] = [
    0x00, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8B, 0x8D, 0x8E, 0x8F, 0x90, 0x93, 0x94, 0x95, 0x96,
    0x97, 0x98, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E, 0x9F, 0xA0, 0xA1, 0xA2,
];

/// Section 3.14.2.1, table 3-10: those that a client may send.
const FROM_CLIENT: [u8; 14] = [
    0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99,
];
