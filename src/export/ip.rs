//! Segments of TCP over IPv4 (RFC 9293, RFC 791) around bytes that never had any: Wireshark looks for MQTT in TCP. The
//! addresses are those that RFC 5737 keeps free for examples.

/// Of the page.
pub(super) const CLIENT: [u8; 4] = [192, 0, 2, 1];
/// Of the broker.
pub(super) const BROKER: [u8; 4] = [198, 51, 100, 1];
/// The port that is MQTT's, whatever the broker listens on.
pub(super) const MQTT: u16 = 1883;
/// Payload of one segment: what a packet of IPv4 has room for, less both headers.
pub(super) const MOST: usize = 65_535 - 40;

pub(super) const FIN: u8 = 0x01;
pub(super) const SYN: u8 = 0x02;
pub(super) const PSH: u8 = 0x08;
pub(super) const ACK: u8 = 0x10;

/// One segment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment<'a> {
    /// From the client to the broker.
    pub outgoing: bool,
    /// The client's port.
    pub port: u16,
    pub seq: u32,
    pub ack: u32,
    pub flags: u8,
    /// At most [`MOST`] bytes.
    pub payload: &'a [u8],
}

impl Segment<'_> {
    /// The whole packet of IPv4.
    pub fn write(&self, out: &mut Vec<u8>) {
        let start = out.len();
        let total = (40 + self.payload.len()).min(65_535) as u16;
        let (source, target) = if self.outgoing {
            (CLIENT, BROKER)
        } else {
            (BROKER, CLIENT)
        };
        let (source_port, target_port) = if self.outgoing {
            (self.port, MQTT)
        } else {
            (MQTT, self.port)
        };
        let mut ip = [
            0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        ];
        put(&mut ip, 2, &total.to_be_bytes());
        put(&mut ip, 12, &source);
        put(&mut ip, 16, &target);
        let header_sum = !folded(sum(&ip, 0));
        put(&mut ip, 10, &header_sum.to_be_bytes());
        let mut tcp = [0; 20];
        put(&mut tcp, 0, &source_port.to_be_bytes());
        put(&mut tcp, 2, &target_port.to_be_bytes());
        put(&mut tcp, 4, &self.seq.to_be_bytes());
        put(&mut tcp, 8, &self.ack.to_be_bytes());
        // The header has five words; the window is as large as it gets.
        put(&mut tcp, 12, &[0x50, self.flags, 0xff, 0xff]);
        let length = u32::from(total) - 20;
        let pseudo = sum_of_pseudo_header(source, target, length);
        let checksum = !folded(sum(self.payload, sum(&tcp, pseudo)));
        put(&mut tcp, 16, &checksum.to_be_bytes());
        out.reserve(usize::from(total));
        out.extend_from_slice(&ip);
        out.extend_from_slice(&tcp);
        out.extend_from_slice(self.payload);
        debug_assert_eq!(out.len() - start, usize::from(total));
    }
}

fn put(header: &mut [u8], at: usize, bytes: &[u8]) {
    if let Some(place) = header.get_mut(at..at + bytes.len()) {
        place.copy_from_slice(bytes);
    }
}

fn sum_of_pseudo_header(source: [u8; 4], target: [u8; 4], length: u32) -> u64 {
    sum(&target, sum(&source, 6 + u64::from(length)))
}

/// The sum of RFC 1071, not folded yet. Only the last slice of a sum may have an odd length.
fn sum(bytes: &[u8], before: u64) -> u64 {
    let words = bytes.chunks(2).map(|pair| match pair {
        [high, low] => u64::from(u16::from_be_bytes([*high, *low])),
        [high] => u64::from(*high) << 8,
        _ => 0,
    });
    before + words.sum::<u64>()
}

fn folded(mut sum: u64) -> u16 {
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    sum as u16
}
