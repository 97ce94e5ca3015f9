//! pcapng (draft-ietf-opsawg-pcapng): each connection is a TCP connection of its own, with a port of its own, and each packet
//! is at its exact time. What is masked says so in a comment of its packet.

use super::{
    fields,
    ip::{ACK, FIN, MOST, PSH, SYN, Segment},
};
use crate::{
    capture::{Connection, Packet},
    protocol::Direction,
};

const SECTION: u32 = 0x0a0d_0d0a;
const INTERFACE: u32 = 1;
const ENHANCED_PACKET: u32 = 6;
/// IPv4 without anything in front.
const RAW_IP: u16 = 228;
const COMMENT: u16 = 1;
const NAME: u16 = 2;
const APPLICATION: u16 = 4;
/// Dynamic ports begin here (RFC 6335 section 6).
const FIRST_PORT: u16 = 49_152;

const ABOUT: &str = "Captured by Midge in a browser. Addresses, ports and TCP are made up, as MQTT crossed a WebSocket; \
times and MQTT packets are as they were.";
const MASKED: &str = "A secret in this packet is masked with asterisks.";

/// A file.
#[derive(Debug)]
pub(super) struct Pcapng {
    /// The connection of the last packet, its version and socket.
    now: Option<Flow>,
    opened: u16,
    segment: Vec<u8>,
}

/// A TCP connection.
#[derive(Clone, Copy, Debug)]
struct Flow {
    socket: Option<u32>,
    port: u16,
    /// The next number of each direction.
    outgoing: u32,
    incoming: u32,
    /// When and by whom it was closed.
    closed: Option<(u64, bool)>,
    last_us: u64,
}

impl Pcapng {
    pub fn begin(out: &mut Vec<u8>) -> Self {
        block(SECTION, out, |out| {
            out.extend_from_slice(&0x1a2b_3c4d_u32.to_le_bytes());
            out.extend_from_slice(&1_u16.to_le_bytes());
            out.extend_from_slice(&0_u16.to_le_bytes());
            // The length of the section is not known yet.
            out.extend_from_slice(&u64::MAX.to_le_bytes());
            option(COMMENT, ABOUT, out);
            option(APPLICATION, "Midge", out);
            end_of_options(out);
        });
        block(INTERFACE, out, |out| {
            out.extend_from_slice(&RAW_IP.to_le_bytes());
            out.extend_from_slice(&0_u16.to_le_bytes());
            // No limit to the length of a packet. Times are in microseconds unless said otherwise.
            out.extend_from_slice(&0_u32.to_le_bytes());
            option(NAME, "websocket", out);
            end_of_options(out);
        });
        Self {
            now: None,
            opened: 0,
            segment: Vec::new(),
        }
    }

    pub fn add(
        &mut self,
        packet: &Packet<'_>,
        connection: Option<&Connection>,
        secrets: bool,
        out: &mut Vec<u8>,
    ) {
        let socket = connection.map(|connection| connection.socket);
        if self.now.is_none_or(|flow| flow.socket != socket) {
            self.end(out);
            self.open(connection, packet.time_us, out);
        }
        let Some(mut flow) = self.now else { return };
        // How it was closed may have become known only now.
        flow.closed = connection.and_then(closing);
        flow.last_us = packet.time_us;
        let bytes = fields::bytes(packet, secrets);
        let masked = matches!(bytes, std::borrow::Cow::Owned(_));
        let outgoing = packet.direction == Direction::Outgoing;
        for part in bytes.chunks(MOST) {
            let comment = masked.then_some(MASKED);
            self.write(
                &mut flow,
                packet.time_us,
                (outgoing, ACK | PSH),
                part,
                comment,
                out,
            );
        }
        self.now = Some(flow);
    }

    /// The last connection ends, if it has ended.
    pub fn end(&mut self, out: &mut Vec<u8>) {
        let Some(mut flow) = self.now.take() else {
            return;
        };
        if let Some((time_us, by_client)) = flow.closed {
            let time_us = time_us.max(flow.last_us);
            for outgoing in [by_client, !by_client] {
                self.write(&mut flow, time_us, (outgoing, FIN | ACK), &[], None, out);
            }
        }
    }

    fn open(&mut self, connection: Option<&Connection>, time_us: u64, out: &mut Vec<u8>) {
        let mut flow = Flow {
            socket: connection.map(|connection| connection.socket),
            port: FIRST_PORT + self.opened % (u16::MAX - FIRST_PORT),
            outgoing: 0,
            incoming: 0,
            closed: connection.and_then(closing),
            last_us: time_us,
        };
        self.opened = self.opened.wrapping_add(1);
        // Without its beginning it is a connection that Wireshark joins in the middle.
        let opened = connection
            .filter(|connection| connection.opened_us.is_some_and(|opened| opened <= time_us));
        if let Some(connection) = opened {
            let opened_us = connection.opened_us.unwrap_or(time_us);
            let began_us = connection.began_us.min(opened_us);
            self.write(&mut flow, began_us, (true, SYN), &[], None, out);
            self.write(&mut flow, opened_us, (false, SYN | ACK), &[], None, out);
            self.write(&mut flow, opened_us, (true, ACK), &[], None, out);
        } else {
            (flow.outgoing, flow.incoming) = (1, 1);
        }
        self.now = Some(flow);
    }

    fn write(
        &mut self,
        flow: &mut Flow,
        time_us: u64,
        (outgoing, flags): (bool, u8),
        payload: &[u8],
        comment: Option<&str>,
        out: &mut Vec<u8>,
    ) {
        let (seq, ack) = if outgoing {
            (flow.outgoing, flow.incoming)
        } else {
            (flow.incoming, flow.outgoing)
        };
        self.segment.clear();
        Segment {
            outgoing,
            port: flow.port,
            seq,
            ack: if flags & ACK == 0 { 0 } else { ack },
            flags,
            payload,
        }
        .write(&mut self.segment);
        // SYN and FIN count like a byte (RFC 9293 section 3.4).
        let counted = payload.len() as u32 + u32::from(flags & (SYN | FIN) != 0);
        let own = if outgoing {
            &mut flow.outgoing
        } else {
            &mut flow.incoming
        };
        *own = own.wrapping_add(counted);
        let segment = &self.segment;
        block(ENHANCED_PACKET, out, |out| {
            out.extend_from_slice(&0_u32.to_le_bytes());
            out.extend_from_slice(&((time_us >> 32) as u32).to_le_bytes());
            out.extend_from_slice(&(time_us as u32).to_le_bytes());
            for _captured_and_original in 0..2 {
                out.extend_from_slice(&(segment.len() as u32).to_le_bytes());
            }
            out.extend_from_slice(segment);
            pad(out, segment.len());
            if let Some(comment) = comment {
                option(COMMENT, comment, out);
                end_of_options(out);
            }
        });
    }
}

fn closing(connection: &Connection) -> Option<(u64, bool)> {
    let closed = connection.closed.as_ref()?;
    Some((closed.time_us, closed.by_client))
}

/// A block with its length before and after.
fn block(kind: u32, out: &mut Vec<u8>, body: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.extend_from_slice(&kind.to_le_bytes());
    out.extend_from_slice(&[0; 4]);
    body(out);
    let length = (out.len() - start + 4) as u32;
    out.extend_from_slice(&length.to_le_bytes());
    if let Some(place) = out.get_mut(start + 4..start + 8) {
        place.copy_from_slice(&length.to_le_bytes());
    }
}

fn option(code: u16, text: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(&code.to_le_bytes());
    out.extend_from_slice(&(text.len() as u16).to_le_bytes());
    out.extend_from_slice(text.as_bytes());
    pad(out, text.len());
}

fn end_of_options(out: &mut Vec<u8>) {
    out.extend_from_slice(&[0; 4]);
}

/// Everything begins at a multiple of four bytes.
fn pad(out: &mut Vec<u8>, length: usize) {
    out.resize(out.len() + length.next_multiple_of(4) - length, 0);
}
