//! Every property alone, in pairs, all together and in chosen crowds.

use midge::protocol::Version;

use super::super::menu::{Order, Place, menu, together};
use super::super::packet::{
    Acknowledgement, Bytes, Codes, Connect, Filters, Packet, Property, Publish, Value, Will,
};
use super::{Incoming, List, Outgoing};

impl List {
    /// MQTT 5: what properties a place may have, alone, in pairs, all together, and in crowds.
    pub(super) fn properties(&mut self) {
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
