//! The session alone, connected and drained as the engine drains it: what comes, and what is published.

use std::hint::black_box;

use midge::protocol::{Connect, ConnectProperties, Qos, Version};
use midge::session::{Input, Message, Output, Session, Settings, SocketEvent};

use crate::packets;

/// A session that is connected, and its socket.
struct Tab {
    session: Session,
    now: u64,
    socket: u32,
}

impl Tab {
    fn connected() -> Self {
        let mut tab = Self {
            session: Session::new(7),
            now: 1_000_000,
            socket: 0,
        };
        // No keep alive: the simulated clock passes minutes, and nobody answers PINGREQ.
        let connect = Connect {
            version: Version::V311,
            client_id: "micro".to_owned(),
            keep_alive: 0,
            clean_session: true,
            user_name: None,
            password: None,
            will: None,
            properties: ConnectProperties::default(),
        };
        let settings = Box::new(Settings::new("ws://127.0.0.1:9001/mqtt", connect));
        tab.tell(Input::Connect {
            settings,
            stored: Vec::new(),
        });
        tab.happen(SocketEvent::Opened {
            subprotocol: "mqtt",
        });
        tab.happen(SocketEvent::Bytes(&[0x20, 2, 0, 0]));
        assert!(tab.session.since().is_some(), "connected");
        tab
    }

    fn happen(&mut self, event: SocketEvent<'_>) {
        let socket = self.socket;
        self.tell(Input::Socket { socket, event });
    }

    fn tell(&mut self, input: Input<'_>) {
        self.session.handle(self.now, input);
        while let Some(output) = self.session.poll() {
            if let Output::Open { socket, .. } = output {
                self.socket = socket;
            }
            black_box(&output);
        }
        black_box((self.session.wake_at(), self.session.look_at()));
    }
}

/// A WebSocket frame of so many messages.
pub fn receive(count: usize, qos: Qos) -> Box<dyn FnMut()> {
    let mut tab = Tab::connected();
    let frame: Vec<u8> = (0..count)
        .flat_map(|number| packets::publish(number, 100, qos, Version::V311))
        .collect();
    Box::new(move || {
        tab.now += 20;
        tab.happen(SocketEvent::Bytes(&frame));
    })
}

/// A message of QoS 0 that is published and leaves.
pub fn publish() -> Box<dyn FnMut()> {
    let mut tab = Tab::connected();
    Box::new(move || {
        tab.now += 20;
        tab.tell(Input::Publish(message(Qos::AtMostOnce)));
        let socket = tab.socket;
        tab.tell(Input::Buffered { socket, bytes: 0 });
    })
}

/// A message of QoS 1 that is published and acknowledged.
pub fn publish_acknowledged() -> Box<dyn FnMut()> {
    let mut tab = Tab::connected();
    let mut id = 0_u16;
    Box::new(move || {
        tab.now += 20;
        tab.tell(Input::Publish(message(Qos::AtLeastOnce)));
        id = id.checked_add(1).unwrap_or(1);
        let [high, low] = id.to_be_bytes();
        tab.happen(SocketEvent::Bytes(&[0x40, 2, high, low]));
        assert_eq!(tab.session.in_flight(), 0);
    })
}

fn message(qos: Qos) -> Message {
    Message {
        number: 1,
        topic: "site/7/line/3/temperature".to_owned(),
        payload: vec![b'x'; 100],
        qos,
        ..Message::default()
    }
}
