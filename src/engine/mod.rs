//! Joins the session and the capture, and speaks with the page in the types of [`crate::link`]. It knows no browser: its
//! inputs are commands of the page, socket events and the time, its outputs are actions for sockets and storage, and frames
//! for the page. Times are microseconds since the Unix epoch.
//!
//! The contract: after every input, call [`Engine::action`] until it returns `None`, then [`Engine::frame`] until it
//! returns `None`, then wait for the next input or until [`Engine::wake_at`].

mod connecting;
mod events;
mod exporting;
mod fields;
mod loading;
mod looking;
mod notices;
mod numbering;
mod page;
mod palette;
mod pane;
mod panes;
mod pending;
mod publishing;
mod remarks;
mod request;
mod resubscribing;
mod series;
mod shown;
mod storage;
mod summary;
mod wire;

use std::collections::HashMap;

pub use crate::session::{Change, Normalize, SocketEvent};
pub use wire::Action;

use crate::{
    capture::Capture,
    link::{Chunk, Command, FIRST_CONNECTION, Frame, Notice, Turn},
    protocol::Version,
    session::{Input, Phase, Session},
};
use exporting::Exporting;
use loading::Loading;
use numbering::Numbering;
use page::Page;
use palette::Palette;
use pane::World;
use pending::Pending;
use remarks::Remarks;
use series::Running;
use storage::Storage;
use wire::Wire;

/// Functions of the browser that the engine needs. Tests give it others.
#[derive(Clone, Copy, Debug)]
pub struct Platform {
    /// 32 bytes that nobody can guess, new ones at each call.
    pub entropy: fn() -> [u8; 32],
    /// Unicode's normalization form KC.
    pub normalize: Normalize,
    /// Milliseconds by which local time is ahead of UTC at a moment, given in milliseconds since the Unix epoch.
    pub local_offset: fn(f64) -> f64,
}

/// The engine: all of the worker but its sockets, storage and timers.
#[derive(Debug)]
pub struct Engine {
    session: Session,
    capture: Capture,
    palette: Palette,
    series: Vec<Running>,
    numbering: Numbering,
    /// Publications that are not finished, by the session's number. The page uses one number for a whole series.
    pending: HashMap<u32, Pending>,
    next_number: u32,
    rng: fastrand::Rng,
    platform: Platform,
    wire: Wire,
    /// The version in use on the socket that was opened last.
    version: Version,
    storage: Storage,
    loading: Option<Loading>,
    /// The time of the last input.
    now: u64,
    /// The sequence number of the packet that came last.
    came: Option<u64>,
    page: Page,
    /// A turn named this connection, which does not exist. The page has not been told yet.
    no_such_connection: Option<u32>,
    remarks: Remarks,
    /// The file that the page has asked for.
    exporting: Option<Exporting>,
    /// The filter of the list or the search of the tree has not read everything yet.
    searching: bool,
}

/// The earlier of two times that may be missing. `Option::min` would not do: `None` is its smallest value. This is called
/// after every input, so it has no loop.
fn sooner(one: Option<u64>, other: Option<u64>) -> Option<u64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, None) => one,
        (None, other) => other,
    }
}

impl Engine {
    /// An engine without a connection. Random choices come from the seed, but nonces for authentication, which must not be
    /// guessed, from the platform's entropy.
    pub fn new(seed: u64, platform: Platform) -> Self {
        let mut rng = fastrand::Rng::with_seed(seed);
        Self {
            session: Session::new(rng.u64(..)),
            capture: Capture::new(rng.u64(..)),
            palette: Palette::default(),
            series: Vec::new(),
            numbering: Numbering::default(),
            pending: HashMap::new(),
            next_number: 0,
            rng,
            platform,
            wire: Wire::default(),
            version: Version::V311,
            storage: Storage::default(),
            loading: None,
            now: 0,
            came: None,
            page: Page::default(),
            no_such_connection: None,
            remarks: Remarks::default(),
            exporting: None,
            searching: false,
        }
    }

    /// Handles the commands of a turn, for the connection that it names.
    pub fn turn(&mut self, now: u64, turn: Turn) {
        if turn.connection != FIRST_CONNECTION {
            self.no_such_connection = Some(turn.connection);
            return;
        }
        for command in turn.commands {
            self.command(now, command);
        }
    }

    /// Handles one command, for the first connection.
    pub fn command(&mut self, now: u64, command: Command) {
        self.page.dirty = true;
        self.now = now;
        let Some(command) = self.put_off(command) else {
            return;
        };
        match command {
            Command::Hello => self.page.greet(),
            Command::Ask => self.page.asked = true,
            Command::Connect(request) => {
                self.remarks.clear();
                self.connect(now, *request);
            }
            Command::Disconnect => self.disconnect(now),
            Command::TryNow => self.tell(now, Input::TryNow),
            Command::Subscribe(filters) => {
                self.tell(now, Input::Subscribe(filters));
                self.follow_subscriptions();
            }
            Command::Resubscribe { filters, only } => self.resubscribe(now, filters, only),
            Command::Unsubscribe { filter } => {
                self.tell(now, Input::Unsubscribe(filter));
                self.follow_subscriptions();
            }
            Command::Mute { filter, muted } => {
                if self.palette.mute(&filter, muted) {
                    self.capture.mute(&filter, muted);
                    self.searching = true;
                }
            }
            Command::Paint { filter, colour } => self.palette.paint(&filter, colour),
            Command::Publish(publication) => self.publish_once(now, *publication),
            Command::Start {
                publication,
                every_ms,
            } => self.start(now, *publication, every_ms),
            Command::Cancel(number) => self.tell(now, Input::Cancel(number)),
            Command::SendHeld(number) => self.tell(now, Input::SendHeld(number)),
            Command::DropHeld(number) => self.tell(now, Input::DropHeld(number)),
            Command::Reauthenticate => self.tell(now, Input::Reauthenticate),
            Command::Stop { number } => self.series.retain(|series| series.number != number),
            Command::Show(view) => self.show(now, *view),
            Command::Inspect(target) => self.page.inspect(target),
            Command::Fold { node, open } => self.capture.fold(node, open),
            Command::Clear => {
                self.capture.clear_for_now(now);
                self.remarks.clear();
                self.page.forget_inspected();
            }
            Command::BringBack => {
                if self.capture.bring_back() {
                    self.searching = true;
                    self.page.forget_inspected();
                }
            }
            Command::Export(request) => {
                self.capture.set_local_time(self.local_time(now));
                self.exporting = Some(Exporting::begin(&self.capture, now, &request));
            }
            Command::StopExport(number) => {
                self.exporting = self.exporting.take().filter(|one| one.number() != number);
            }
            Command::Budget(bytes) => {
                self.capture
                    .set_budget(usize::try_from(bytes).unwrap_or(usize::MAX));
            }
            Command::Glance => self.page.glance(),
            Command::Hidden(hidden) => {
                self.page.hidden = hidden;
                // The machine may have slept: handle what was due meanwhile.
                self.time(now);
            }
        }
    }

    /// Handles an event of the socket with this number.
    pub fn socket(&mut self, now: u64, socket: u32, event: SocketEvent<'_>) {
        self.note_connection(now, socket, &event);
        self.tell(now, Input::Socket { socket, event });
    }

    /// Space for a binary frame of this socket. Fill it at once and report [`SocketEvent::Filled`]. `None`: bytes of this
    /// socket are no longer accepted.
    pub fn space(&mut self, socket: u32, len: usize) -> Option<&mut [u8]> {
        self.session.space(socket, len)
    }

    /// Reports how many bytes are in the send buffer of the socket with this number.
    pub fn buffered(&mut self, now: u64, socket: u32, bytes: u64) {
        let bytes = bytes + self.wire.waiting();
        self.tell(now, Input::Buffered { socket, bytes });
    }

    /// Reports the same for a socket that has closed, before [`SocketEvent::Closed`]: these bytes were not sent.
    pub fn left_behind(&mut self, now: u64, socket: u32, bytes: u64) {
        let bytes = bytes + self.wire.waiting();
        self.tell(now, Input::LeftBehind { socket, bytes });
    }

    /// It is time to read the size of the send buffer and to report it with [`Engine::buffered`].
    pub fn has_to_look(&self, now: u64) -> bool {
        self.session.look_at().is_some_and(|at| at <= now)
    }

    /// The network was lost, came back, or changed.
    pub fn network_changed(&mut self, now: u64) {
        self.tell(now, Input::NetworkChanged);
    }

    /// Time passed.
    pub fn time(&mut self, now: u64) {
        self.now = now;
        if self.session.wake_at().is_some_and(|due| due <= now) {
            self.tell(now, Input::Time);
        }
        self.lose_patience(now);
        self.run_series(now);
        self.capture.measure(now);
        self.search();
    }

    /// When to call [`Engine::time`] next; 0: at once. Check [`Engine::has_to_look`] then, too.
    pub fn wake_at(&self) -> Option<u64> {
        let connected = self.session.phase() == Phase::Connected;
        let series = self
            .series
            .iter()
            .filter(|_| connected)
            .map(Running::due_at)
            .min();
        let search = (self.searching && self.somebody_looks()).then_some(0);
        let due = sooner(self.session.wake_at(), self.patience_ends_at());
        let due = sooner(due, self.session.look_at());
        sooner(
            sooner(due, self.capture.measure_at()),
            sooner(series, search),
        )
    }

    /// The next action for a socket or for storage. Bytes that depend on a change of storage are held back until
    /// [`Engine::stored`] confirms the change.
    pub fn action(&mut self) -> Option<Action<'_>> {
        if let Some(action) = self.storage.next(self.now) {
            return Some(action);
        }
        self.wire.next(self.storage.written())
    }

    /// There are actions for a socket.
    pub fn has_to_act(&self) -> bool {
        self.wire.is_waiting()
    }

    /// The page waits for a frame, and something may have changed.
    fn frame_due(&self) -> bool {
        self.page.frame_due(&self.capture)
    }

    /// The next frame for the page, if it asked for one and something that it shows has changed. A turn to a connection that
    /// does not exist gets a frame of its own.
    pub fn frame(&mut self, now: u64) -> Option<Frame> {
        if let Some(connection) = self.no_such_connection.take() {
            return Some(Frame {
                connection,
                answers: Vec::new(),
                notices: vec![Notice::NoSuchConnection],
                chunk: None,
            });
        }
        let chunk = self.chunk();
        if chunk.is_none() && !self.frame_due() {
            return None;
        }
        self.capture.measure(now);
        self.search();
        self.page.look(&mut self.capture);
        let loading = self.loading.as_ref();
        let world = World {
            session: &self.session,
            loading: loading.map(|loading| &*loading.settings),
            capture: &self.capture,
            palette: &self.palette,
            series: &self.series,
            remarks: &self.remarks,
        };
        self.page.frame(&world, chunk)
    }

    /// The next chunk of the file that the page has asked for, if the page waits for a frame.
    fn chunk(&mut self) -> Option<Chunk> {
        let exporting = self.exporting.as_mut().filter(|_| self.page.asked)?;
        let chunk = exporting.chunk(&mut self.capture);
        if chunk.last {
            self.exporting = None;
        }
        Some(chunk)
    }

    /// Makes the filters of palette and capture those of the session, in the same order.
    fn follow_subscriptions(&mut self) {
        let wanted = self.session.subscriptions();
        for gone in self
            .palette
            .keep(|filter| wanted.iter().any(|wanted| wanted.filter == filter))
        {
            self.capture.remove_filter(&gone);
            self.searching = true;
        }
        for wanted in wanted {
            if self.palette.add(&wanted.filter) {
                self.capture.add_filter(&wanted.filter);
                if let Some(swatch) = self.palette.find(&wanted.filter) {
                    self.capture.set_lane(&wanted.filter, swatch.colour);
                }
                self.searching = true;
            }
        }
    }
}
