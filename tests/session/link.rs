//! The other end of the session: what the shell and a broker would do, with a clock that only moves when told.

use midge::protocol::{
    Connect, Direction, Fault, Framer, Outline, PacketType, Qos, Version, outline,
};
use midge::session::{Delivery, Event, Input, Message, Output, Session, Settings, SocketEvent};

pub const SECOND: u64 = 1_000_000;

/// An output, with its bytes copied.
#[derive(Clone, Debug, PartialEq)]
pub enum Seen {
    Open(u32),
    Close { socket: u32, code: u16 },
    Probe(u32),
    Sent(Vec<u8>, Delivery),
    Came(Vec<u8>, Delivery),
    Malformed(Vec<u8>, Fault),
    Event(Event),
}

/// A session, its clock, and the number of its latest socket.
pub struct Link {
    pub session: Session,
    pub now: u64,
    pub socket: u32,
}

impl Link {
    pub fn new(seed: u64) -> Self {
        Self {
            session: Session::new(seed),
            now: 1000 * SECOND,
            socket: 0,
        }
    }

    /// Connected with these settings to a broker that answers at once.
    pub fn connected(settings: Settings) -> Self {
        let mut link = Self::new(1);
        link.tell(Input::Connect(Box::new(settings)));
        link.accept(false);
        link
    }

    /// One input, and everything that comes of it.
    pub fn tell(&mut self, input: Input<'_>) -> Vec<Seen> {
        self.session.handle(self.now, input);
        self.drain()
    }

    pub fn drain(&mut self) -> Vec<Seen> {
        let mut seen = Vec::new();
        while let Some(output) = self.session.poll() {
            seen.push(match output {
                Output::Open { socket, .. } => {
                    self.socket = socket;
                    Seen::Open(socket)
                }
                Output::Close { socket, code, .. } => Seen::Close { socket, code },
                Output::Probe { socket, .. } => Seen::Probe(socket),
                Output::Packet {
                    direction,
                    bytes,
                    outline: said,
                    kind,
                } => {
                    let read: Result<Outline, Fault> = outline(bytes, Version::V311, direction);
                    assert_eq!(read, Ok(said), "the outline is that of the bytes");
                    match direction {
                        Direction::Outgoing => Seen::Sent(bytes.to_vec(), kind),
                        Direction::Incoming => Seen::Came(bytes.to_vec(), kind),
                    }
                }
                Output::Malformed { bytes, fault } => Seen::Malformed(bytes.to_vec(), fault),
                Output::Event(event) => Seen::Event(event),
            });
        }
        seen
    }

    pub fn socket(&mut self, event: SocketEvent<'_>) -> Vec<Seen> {
        self.tell(Input::Socket {
            socket: self.socket,
            event,
        })
    }

    pub fn opened(&mut self) -> Vec<Seen> {
        self.socket(SocketEvent::Opened {
            subprotocol: "mqtt",
        })
    }

    pub fn bytes(&mut self, bytes: &[u8]) -> Vec<Seen> {
        self.socket(SocketEvent::Bytes(bytes))
    }

    pub fn closed(&mut self, code: u16) -> Vec<Seen> {
        self.socket(SocketEvent::Closed {
            code,
            reason: "",
            clean: false,
        })
    }

    /// The socket opens and the broker accepts.
    pub fn accept(&mut self, session_present: bool) -> Vec<Seen> {
        let mut seen = self.opened();
        seen.extend(self.bytes(&connack(session_present, 0)));
        seen
    }

    /// The connection is lost, the broker is not there for a probe, and the next try opens a socket.
    pub fn lose(&mut self) -> Vec<Seen> {
        let mut seen = self.closed(1006);
        if let Some(&Seen::Probe(socket)) = seen.iter().find(|seen| matches!(seen, Seen::Probe(_)))
        {
            seen.extend(self.tell(Input::Probed {
                socket,
                alive: false,
            }));
        }
        self.now = self.session.next_try().expect("waits for the next try");
        seen.extend(self.tell(Input::Time));
        seen
    }

    pub fn pass(&mut self, micros: u64) -> Vec<Seen> {
        self.now += micros;
        self.tell(Input::Time)
    }

    /// Goes to the session's own next deadline.
    pub fn wake(&mut self) -> Vec<Seen> {
        self.now = self
            .session
            .wake_at()
            .expect("has a deadline")
            .max(self.now);
        self.tell(Input::Time)
    }

    pub fn publish(&mut self, number: u32, qos: Qos) -> Vec<Seen> {
        self.tell(Input::Publish(message(number, "t", b"x", qos)))
    }

    pub fn subscribe(&mut self, filters: &[(&str, Qos)]) -> Vec<Seen> {
        let filters = filters
            .iter()
            .map(|&(filter, qos)| (filter.to_owned(), qos))
            .collect();
        self.tell(Input::Subscribe(filters))
    }
}

pub fn settings() -> Settings {
    Settings::new(
        "ws://broker/mqtt",
        Connect {
            version: Version::V311,
            client_id: "mine".to_owned(),
            keep_alive: 60,
            clean_session: true,
            user_name: None,
            password: None,
            will: None,
        },
    )
}

/// Settings that keep the session.
pub fn keeping() -> Settings {
    let mut settings = settings();
    settings.connect.clean_session = false;
    settings
}

pub fn message(number: u32, topic: &str, payload: &[u8], qos: Qos) -> Message {
    Message {
        number,
        topic: topic.to_owned(),
        payload: payload.to_vec(),
        qos,
        retain: false,
    }
}

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

/// The packets that were sent, in order.
pub fn sent(seen: &[Seen]) -> Vec<Vec<u8>> {
    let packets = seen.iter().filter_map(|seen| match seen {
        Seen::Sent(bytes, _) => Some(bytes.clone()),
        _ => None,
    });
    packets.collect()
}

/// Type, first byte and packet identifier of what was sent.
pub fn sent_ids(seen: &[Seen]) -> Vec<(PacketType, u8, u16)> {
    let outlines = sent(seen).into_iter().map(|bytes| {
        let outline = outline(&bytes, Version::V311, Direction::Outgoing).expect("well-formed");
        (outline.packet_type, bytes[0], outline.packet_id)
    });
    outlines.collect()
}

pub fn events(seen: &[Seen]) -> Vec<Event> {
    let events = seen.iter().filter_map(|seen| match seen {
        Seen::Event(event) => Some(event.clone()),
        _ => None,
    });
    events.collect()
}

/// What the packets that came mean to the application, control packets left out.
pub fn deliveries(seen: &[Seen]) -> Vec<Delivery> {
    let kinds = seen.iter().filter_map(|seen| match seen {
        Seen::Came(_, kind) if *kind != Delivery::Control => Some(*kind),
        _ => None,
    });
    kinds.collect()
}

/// What a broker would read, packet by packet, from everything that was sent.
pub fn as_broker(seen: &[Seen]) -> Vec<PacketType> {
    let mut framer = Framer::facing(1 << 20, Direction::Outgoing);
    for packet in sent(seen) {
        framer.push(&packet);
    }
    let mut types = Vec::new();
    while let Some(packet) = framer.next() {
        let packet = packet.expect("well-formed");
        types.push(
            outline(packet, Version::V311, Direction::Outgoing)
                .expect("valid")
                .packet_type,
        );
    }
    assert_eq!(framer.pending(), 0);
    types
}
