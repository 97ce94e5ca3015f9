//! Small pieces of the worker's path, each as a workload that can be repeated at will: under criterion for its time, and
//! under valgrind for its instructions, which are the same on a noisy machine as on a quiet one. Knows Midge by its
//! public words alone.

mod capturing;
mod looking;
mod packets;
mod sessions;
mod turning;
mod wiring;

use midge::protocol::Qos;

/// One piece of work.
pub struct Workload {
    /// Its name, on the command line and in the table.
    pub name: &'static str,
    /// Messages in one step: what is measured is divided by it.
    pub messages: u64,
    /// Steps that are enough for an even count of instructions.
    pub steps: u64,
    prepare: fn() -> Box<dyn FnMut()>,
}

impl Workload {
    /// Makes everything ready. Each call of what it returns is one step; steps cost the same however many there were.
    pub fn prepare(&self) -> Box<dyn FnMut()> {
        (self.prepare)()
    }
}

/// Steps of so many messages: twice as many as the longest course that something in the capture takes.
const MESSAGES: u64 = 2 * capturing::FULL as u64;

const fn each(name: &'static str, messages: u64, prepare: fn() -> Box<dyn FnMut()>) -> Workload {
    Workload {
        name,
        messages,
        steps: MESSAGES.div_ceil(messages),
        prepare,
    }
}

/// A step that is large: an even count of them needs no more than some.
const fn some(name: &'static str, messages: u64, prepare: fn() -> Box<dyn FnMut()>) -> Workload {
    Workload {
        name,
        messages,
        steps: 500u64.div_ceil(messages),
        prepare,
    }
}

/// All of them.
pub const WORKLOADS: [Workload; 22] = [
    each("framing, 1 packet per frame", 1, || wiring::framing(1)),
    each("framing, 50 packets per frame", 50, || wiring::framing(50)),
    each("outline, MQTT 3.1.1", 1, wiring::outline_311),
    each("outline, MQTT 5", 1, wiring::outline_5),
    each("append, 1 topic", 1, || capturing::append(1)),
    each("append, 1,000 topics", 1, || capturing::append(1000)),
    each("append, 10,000 topics", 1, || capturing::append(10_000)),
    each("append, MQTT 5", 1, capturing::append_5),
    each("append and evict", 1, capturing::evict),
    some("list filtered by text", capturing::QUERIED, || {
        capturing::query("9f")
    }),
    some("list filtered by topic", capturing::QUERIED, || {
        capturing::query("site/7/#")
    }),
    some("list scrolled, 40 rows", 1, capturing::scroll),
    each("session receives 1 packet", 1, || {
        sessions::receive(1, Qos::AtMostOnce)
    }),
    each("session receives 50 packets", 50, || {
        sessions::receive(50, Qos::AtMostOnce)
    }),
    each("session receives 50 packets, QoS 1", 50, || {
        sessions::receive(50, Qos::AtLeastOnce)
    }),
    each("session publishes, QoS 0", 1, sessions::publish),
    each(
        "session publishes, QoS 1",
        1,
        sessions::publish_acknowledged,
    ),
    each("turn of the engine, 1 packet", 1, || turning::turn(1)),
    each("turn of the engine, 50 packets", 50, || turning::turn(50)),
    each("turn, 50 packets, MQTT 5", 50, || turning::turn_5(50)),
    each("turn, 50 packets, QoS 1", 50, || {
        turning::turn_acknowledged(50)
    }),
    some("50 messages and a frame of 40 rows", 1, looking::frame),
];
