//! From bytes to packets: framing, and the walk that validates a packet and makes its outline.

use std::hint::black_box;

use midge::protocol::{Direction, Framer, Qos, Version, outline};

use crate::packets;

/// One WebSocket frame of so many packets, cut.
pub fn framing(count: usize) -> Box<dyn FnMut()> {
    let frame = packets::batch(count, 10, Qos::AtMostOnce, Version::V311);
    let mut framer = Framer::new(1 << 20, Version::V311);
    Box::new(move || {
        framer.space(frame.len()).copy_from_slice(&frame);
        while let Some(packet) = framer.next() {
            black_box(packet.expect("a packet"));
        }
    })
}

fn outlined(version: Version) -> Box<dyn FnMut()> {
    let packet = packets::publish(0, 1, Qos::AtMostOnce, version);
    Box::new(move || {
        black_box(outline(black_box(&packet), version, Direction::Incoming)).expect("a packet");
    })
}

/// One packet of MQTT 3.1.1.
pub fn outline_311() -> Box<dyn FnMut()> {
    outlined(Version::V311)
}

/// One packet of MQTT 5.
pub fn outline_5() -> Box<dyn FnMut()> {
    outlined(Version::V5)
}
