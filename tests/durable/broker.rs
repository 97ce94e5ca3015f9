//! A broker with one client: as much of one as deliveries take. Its session outlives every connection until it is told
//! otherwise.

use std::collections::VecDeque;

use midge::protocol::{Direction, PacketType, Qos, Version, outline};

/// What it knows and has seen.
#[derive(Clone, Debug)]
pub struct Broker {
    pub version: Version,
    /// Properties of CONNACK.
    pub connack: Vec<u8>,
    /// There is a session.
    pub session: bool,
    /// Payloads that it took for delivery, in order.
    pub delivered: Vec<Vec<u8>>,
    /// What it has to say: whole packets.
    pub says: VecDeque<Vec<u8>>,
    /// QoS 1 and 2 messages that came and are not acknowledged to the end: how many there were at the most.
    pub most_open: usize,
    /// It answers no PUBLISH and no PUBREL.
    pub silent: bool,
    /// Answers that are held back while it is silent.
    held_back: Vec<Vec<u8>>,
    open: usize,
    received: Vec<u16>,
    sending: Vec<Sending>,
    next: u16,
}

#[derive(Clone, Debug)]
struct Sending {
    id: u16,
    qos: Qos,
    payload: Vec<u8>,
    released: bool,
}

impl Broker {
    pub fn new(version: Version) -> Self {
        Self {
            version,
            connack: Vec::new(),
            session: false,
            delivered: Vec::new(),
            says: VecDeque::new(),
            most_open: 0,
            silent: false,
            held_back: Vec::new(),
            open: 0,
            received: Vec::new(),
            sending: Vec::new(),
            next: 0,
        }
    }

    /// Forgets the session.
    pub fn forget(&mut self) {
        self.session = false;
        self.received.clear();
        self.sending.clear();
    }

    /// The connection is gone, with what was on its way.
    pub fn cut(&mut self) {
        self.says.clear();
        self.held_back.clear();
        self.open = 0;
    }

    /// Publishes to the client.
    pub fn publish(&mut self, qos: Qos, payload: &[u8]) {
        if qos == Qos::AtMostOnce {
            let packet = self.packet(qos, false, 0, payload);
            return self.says.push_back(packet);
        }
        self.next = self.next % 1000 + 1;
        let sending = Sending {
            id: self.next,
            qos,
            payload: payload.to_vec(),
            released: false,
        };
        self.says
            .push_back(self.packet(qos, false, sending.id, payload));
        self.sending.push(sending);
    }

    /// Nothing is on its way to the client.
    pub fn is_done(&self) -> bool {
        self.sending.is_empty() && self.says.is_empty()
    }

    /// Says what it held back.
    pub fn speak(&mut self) {
        self.silent = false;
        self.says.extend(self.held_back.drain(..));
    }

    /// One packet came.
    pub fn take(&mut self, packet: &[u8]) {
        let said = outline(packet, self.version, Direction::Outgoing).expect("well-formed");
        let id = said.packet_id;
        match said.packet_type {
            PacketType::Connect => {
                self.cut();
                // Clean session is the second bit of the flags, which stand behind name and level.
                if packet[9] & 0x02 != 0 {
                    self.forget();
                }
                let mut connack = vec![0x20, 2, u8::from(self.session), 0];
                if self.version == Version::V5 {
                    connack.push(self.connack.len() as u8);
                    connack.extend(&self.connack);
                    connack[1] = connack.len() as u8 - 2;
                }
                self.says.push_back(connack);
                self.session = true;
                for sending in self.sending.clone() {
                    let packet = if sending.released {
                        ack(0x62, sending.id)
                    } else {
                        self.packet(sending.qos, true, sending.id, &sending.payload)
                    };
                    self.says.push_back(packet);
                }
            }
            PacketType::Publish => {
                let payload = packet[said.payload as usize..].to_vec();
                match said.qos {
                    Qos::AtMostOnce => self.delivered.push(payload),
                    Qos::AtLeastOnce => {
                        self.opens();
                        self.delivered.push(payload);
                        self.answers(ack(0x40, id));
                    }
                    Qos::ExactlyOnce => {
                        self.opens();
                        if !self.received.contains(&id) {
                            self.received.push(id);
                            self.delivered.push(payload);
                        }
                        self.answers(ack(0x50, id));
                    }
                }
            }
            PacketType::Pubrel => {
                self.received.retain(|&received| received != id);
                self.answers(ack(0x70, id));
            }
            PacketType::Puback | PacketType::Pubcomp => {
                self.sending.retain(|sending| sending.id != id);
            }
            PacketType::Pubrec => {
                for sending in &mut self.sending {
                    sending.released |= sending.id == id;
                }
                self.says.push_back(ack(0x62, id));
            }
            PacketType::Subscribe => {
                let codes = vec![2; self.filters(packet, 1)];
                self.says.push_back(self.codes(0x90, id, &codes));
            }
            PacketType::Unsubscribe => {
                let codes = match self.version {
                    Version::V5 => vec![0; self.filters(packet, 0)],
                    _ => Vec::new(),
                };
                self.says.push_back(self.codes(0xB0, id, &codes));
            }
            PacketType::Pingreq => self.says.push_back(vec![0xD0, 0]),
            PacketType::Disconnect => self.cut(),
            other => panic!("{other} from a client"),
        }
    }

    /// The next packet for the client.
    pub fn next(&mut self) -> Option<Vec<u8>> {
        let packet = self.says.pop_front()?;
        if matches!(packet[0], 0x40 | 0x70) {
            self.open = self.open.saturating_sub(1);
        }
        Some(packet)
    }

    /// How many filters there are, each followed by so many bytes.
    fn filters(&self, packet: &[u8], behind: usize) -> usize {
        let mut at = match self.version {
            Version::V5 => 5 + usize::from(packet[4]),
            _ => 4,
        };
        let mut filters = 0;
        while at < packet.len() {
            at += 2 + usize::from(packet[at + 1]) + behind;
            filters += 1;
        }
        filters
    }

    /// SUBACK or UNSUBACK.
    fn codes(&self, first: u8, id: u16, codes: &[u8]) -> Vec<u8> {
        let mut packet = ack(first, id);
        if self.version == Version::V5 {
            packet.push(0);
        }
        packet.extend(codes);
        packet[1] = packet.len() as u8 - 2;
        packet
    }

    fn opens(&mut self) {
        self.open += 1;
        self.most_open = self.most_open.max(self.open);
    }

    fn answers(&mut self, packet: Vec<u8>) {
        if self.silent {
            self.held_back.push(packet);
        } else {
            self.says.push_back(packet);
        }
    }

    fn packet(&self, qos: Qos, dup: bool, id: u16, payload: &[u8]) -> Vec<u8> {
        let mut packet = vec![0x30 | qos.bits() << 1 | u8::from(dup) << 3, 0, 0, 1, b't'];
        if qos != Qos::AtMostOnce {
            packet.extend(id.to_be_bytes());
        }
        if self.version == Version::V5 {
            packet.push(0);
        }
        packet.extend(payload);
        packet[1] = packet.len() as u8 - 2;
        packet
    }
}

/// An acknowledgement: first byte and packet identifier.
pub fn ack(first: u8, id: u16) -> Vec<u8> {
    let [high, low] = id.to_be_bytes();
    vec![first, 2, high, low]
}
