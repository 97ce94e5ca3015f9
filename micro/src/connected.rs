//! An engine that is connected and shows everything, fed as the worker feeds it.

use midge::engine::{Action, Engine, Platform, SocketEvent};
use midge::link::{
    Command, ConnectProperties, ConnectRequest, Frame, ListView, TreeView, Version, View, Wanted,
};

const START_US: u64 = 1_795_379_100_000_000;

const PLATFORM: Platform = Platform {
    entropy: || [7; 32],
    normalize: str::to_owned,
};

/// An engine with its clock.
pub struct Connected {
    engine: Engine,
    now: u64,
    socket: u32,
}

impl Connected {
    /// Connected with MQTT 3.1.1 or 5, subscribed to `#`, with 40 rows of the list and 25 of the tree in sight.
    pub fn with(version: Version) -> Self {
        let mut connected = Self {
            engine: Engine::new(7, PLATFORM),
            now: START_US,
            socket: 0,
        };
        let view = View {
            list: Some(ListView {
                rows: 40,
                ..ListView::default()
            }),
            tree: Some(TreeView {
                rows: 25,
                ..TreeView::default()
            }),
        };
        let request = ConnectRequest {
            addresses: vec!["ws://127.0.0.1:9001/mqtt".into()],
            version,
            newest: false,
            old_subprotocol: false,
            client_id: "micro".into(),
            client_id_made_up: true,
            user_name: None,
            password: None,
            keep_alive: 60,
            clean_session: true,
            will: None,
            scram: false,
            properties: ConnectProperties::default(),
        };
        let everything = Wanted {
            filter: "#".into(),
            ..Wanted::default()
        };
        for command in [
            Command::Hello,
            Command::Show(Box::new(view)),
            Command::Connect(Box::new(request)),
            Command::Subscribe(vec![everything]),
        ] {
            connected.say(command);
        }
        let opened = SocketEvent::Opened {
            subprotocol: "mqtt",
        };
        connected
            .engine
            .socket(connected.now, connected.socket, opened);
        connected.follow();
        let (connack, suback): (&[u8], &[u8]) = match version {
            Version::V5 => (&[0x20, 3, 0, 0, 0], &[0x90, 4, 0, 1, 0, 0]),
            _ => (&[0x20, 2, 0, 0], &[0x90, 3, 0, 1, 0]),
        };
        connected.receive(connack);
        connected.receive(suback);
        connected
    }

    fn say(&mut self, command: Command) {
        self.engine.command(self.now, command);
        self.follow();
    }

    /// The page asks for a frame and gets it.
    pub fn ask(&mut self) -> Option<Frame> {
        self.engine.command(self.now, Command::Ask);
        self.engine.frame(self.now)
    }

    /// One WebSocket frame comes, and everything that the worker does with it.
    pub fn receive(&mut self, frame: &[u8]) {
        self.now += 10;
        let Some(space) = self.engine.space(self.socket, frame.len()) else {
            return;
        };
        space.copy_from_slice(frame);
        self.engine
            .socket(self.now, self.socket, SocketEvent::Filled);
        self.follow();
    }

    fn follow(&mut self) {
        while let Some(action) = self.engine.action() {
            if let Action::Open { socket, .. } = action {
                self.socket = socket;
            }
        }
        std::hint::black_box(self.engine.frame(self.now));
        std::hint::black_box(self.engine.wake_at());
    }

    /// Messages received so far.
    pub fn received(&mut self) -> u64 {
        self.engine.command(self.now, Command::Hello);
        let counters = self.engine.frame(self.now).and_then(|frame| frame.counters);
        counters.map_or(0, |counters| counters.received)
    }
}
