//! What a paint of the page costs the worker.

use midge::link::Command;
use midge::protocol::{Qos, Version};

use crate::{packets, turning::Turning};

/// 50 messages, and the frame that shows them: 40 rows, made and encoded.
pub fn frame() -> Box<dyn FnMut()> {
    let mut turning = Turning::connected(Version::V311, 40);
    let messages = packets::batch(50, 10, Qos::AtMostOnce, Version::V311);
    Box::new(move || {
        turning.now += 16_000;
        turning.receive(&messages);
        let bytes = turning.say(Command::Ask);
        assert!(bytes > 1000, "the frame is of {bytes} bytes");
    })
}
