//! Acknowledgements, SUBSCRIBE and UNSUBSCRIBE with their answers, reason codes, and what ends a connection.

use midge::protocol::Version;

use super::super::menu::texts;
use super::super::packet::{Acknowledgement, Codes, Filters, Packet};
use super::super::wire::Form;
use super::{Incoming, List, Outgoing};

impl List {
    pub(super) fn acknowledgements(&mut self, version: Version) {
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

    pub(super) fn filters(&mut self, version: Version) {
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

    pub(super) fn codes(&mut self, version: Version) {
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

    pub(super) fn closings(&mut self, version: Version) {
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
}

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
