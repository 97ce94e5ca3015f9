//! The whole engine, turned as the worker turns it, with a page that shows list and tree.

use std::hint::black_box;

use midge::engine::{Action, Engine, Platform, SocketEvent};
use midge::link::{self, Command, ConnectRequest, ListView, TreeView, View};
use midge::protocol::{Connect, ConnectProperties, Qos, SubscribeRequest, Version};

use crate::packets;

const START_US: u64 = 1_795_379_100_000_000;
const BUDGET: u64 = 4 << 20;
/// The simulated clock passes minutes: who does not answer is no broker for long.
const PINGREQ: [u8; 2] = [0xc0, 0];
const PINGRESP: [u8; 2] = [0xd0, 0];

const PLATFORM: Platform = Platform {
    entropy: || [7; 32],
    normalize: str::to_owned,
    local_offset: |_| 0.0,
};

/// An engine that is connected, and its clock.
pub struct Turning {
    /// The engine.
    pub engine: Engine,
    /// Microseconds.
    pub now: u64,
    socket: u32,
}

impl Turning {
    /// Connected in this version, subscribed to everything, with `rows` rows of the list on screen.
    pub fn connected(version: Version, rows: u16) -> Self {
        let mut turning = Self {
            engine: Engine::new(7, PLATFORM),
            now: START_US,
            socket: 0,
        };
        turning.say(Command::Hello);
        turning.say(Command::Budget(BUDGET));
        let view = View {
            list: Some(ListView {
                rows,
                ..ListView::default()
            }),
            tree: Some(TreeView {
                rows: 20,
                ..TreeView::default()
            }),
            ..View::default()
        };
        turning.say(Command::Show(Box::new(view)));
        let v5 = version == Version::V5;
        turning.say(Command::Connect(Box::new(ConnectRequest {
            connect: Connect {
                version: if v5 { Version::V5 } else { Version::V311 },
                client_id: "micro".into(),
                user_name: None,
                password: None,
                keep_alive: 60,
                clean_session: true,
                will: None,
                properties: ConnectProperties::default(),
            },
            addresses: vec!["ws://127.0.0.1:9001/mqtt".into()],
            newest: false,
            old_subprotocol: false,
            client_id_made_up: false,
            strict: false,
            scram: false,
        })));
        let (now, socket) = (turning.now, turning.socket);
        let opened = SocketEvent::Opened {
            subprotocol: "mqtt",
        };
        turning.engine.socket(now, socket, opened);
        turning.follow();
        turning.receive(if v5 {
            &[0x20, 3, 0, 0, 0]
        } else {
            &[0x20, 2, 0, 0]
        });
        turning.say(Command::Subscribe(vec![SubscribeRequest {
            filter: "#".into(),
            options: Qos::AtLeastOnce.into(),
            identifier: None,
        }]));
        turning
    }

    /// The page says something.
    pub fn say(&mut self, command: Command) -> usize {
        self.engine.command(self.now, command);
        self.follow()
    }

    /// One WebSocket frame came. Without a connection nothing would be measured any more, so there must be one.
    pub fn receive(&mut self, frame: &[u8]) {
        let space = self.engine.space(self.socket, frame.len());
        space
            .expect("the connection is there")
            .copy_from_slice(frame);
        self.engine
            .socket(self.now, self.socket, SocketEvent::Filled);
        self.follow();
    }

    /// Does what the worker does after every word: actions, frame, timer. Returns the bytes of the frame.
    fn follow(&mut self) -> usize {
        let mut asked = false;
        while let Some(action) = self.engine.action() {
            match action {
                Action::Open { socket, .. } => self.socket = socket,
                Action::Send { bytes, .. } => asked |= bytes == PINGREQ,
                _ => {}
            }
        }
        if self.engine.has_to_look(self.now) {
            self.engine.buffered(self.now, self.socket, 0);
        }
        let frame = self
            .engine
            .frame(self.now)
            .map(|frame| link::encode(&frame));
        let due = self.engine.wake_at();
        if due.is_some_and(|due| due <= self.now) {
            self.engine.time(self.now);
        }
        if asked {
            self.receive(&PINGRESP);
        }
        frame.map_or(0, |frame| black_box(frame).len())
    }
}

fn turned(count: usize, qos: Qos, version: Version) -> Box<dyn FnMut()> {
    let mut turning = Turning::connected(version, 40);
    // Three frames, so that no turn is like the one before.
    let frames = [0, 1, 2].map(|first: usize| {
        let numbers = first * count..(first + 1) * count;
        numbers
            .flat_map(|number| packets::publish(number, 100, qos, version))
            .collect::<Vec<u8>>()
    });
    let mut next = 0;
    Box::new(move || {
        turning.now += 20;
        turning.receive(&frames[next % 3]);
        next += 1;
    })
}

/// A WebSocket frame of so many messages.
pub fn turn(count: usize) -> Box<dyn FnMut()> {
    turned(count, Qos::AtMostOnce, Version::V311)
}

/// The same in MQTT 5.
pub fn turn_5(count: usize) -> Box<dyn FnMut()> {
    turned(count, Qos::AtMostOnce, Version::V5)
}

/// The same with messages that are acknowledged.
pub fn turn_acknowledged(count: usize) -> Box<dyn FnMut()> {
    turned(count, Qos::AtLeastOnce, Version::V311)
}

#[cfg(test)]
mod tests {
    use midge::link::Answer;

    use super::*;

    /// Criterion takes millions of steps: each must do what the first did.
    #[test]
    fn the_connection_outlives_many_keep_alives() {
        let mut turning = Turning::connected(Version::V311, 40);
        let message = packets::publish(0, 1, Qos::AtMostOnce, Version::V311);
        for _ in 0..1000 {
            turning.now += 1_000_000;
            turning.receive(&message);
        }
        turning.engine.command(turning.now, Command::Ask);
        let frame = turning.engine.frame(turning.now).expect("news");
        let received = frame.answers.iter().find_map(|answer| match answer {
            Answer::Counters(counters) => Some(counters.received),
            _ => None,
        });
        assert_eq!(received, Some(1000));
    }
}
