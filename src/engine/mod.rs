//! Joins the session and the capture behind the words of the link. Still no browser: it is fed (commands, what happens
//! to sockets, time) and drained (actions for sockets, frames for the page). Times are microseconds since the Unix
//! epoch.
//!
//! After every word to it, take every [`Engine::action`], then every [`Engine::frame`], then wait until
//! [`Engine::wake_at`].

mod connecting;
mod events;
mod exporting;
mod fields;
mod loading;
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
    link::{self, Chunk, Command, FIRST_CONNECTION, Frame, Notice, Turn},
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

/// Bytes that a changed filter reads at a time: a few milliseconds at the most.
const WORK: usize = 512 * 1024;

/// What the engine needs of the browser, and what a test gives it instead.
#[derive(Clone, Copy, Debug)]
pub struct Platform {
    /// 32 bytes that nobody can guess, other ones at each call.
    pub entropy: fn() -> [u8; 32],
    /// Unicode's normalization form KC.
    pub normalize: Normalize,
}

/// The worker's inside.
#[derive(Debug)]
pub struct Engine {
    session: Session,
    capture: Capture,
    palette: Palette,
    series: Vec<Running>,
    numbering: Numbering,
    /// By the session's number, as the page may use one of its own for a whole series.
    pending: HashMap<u32, Pending>,
    next_number: u32,
    rng: fastrand::Rng,
    platform: Platform,
    wire: Wire,
    /// What is spoken on the socket that was opened last.
    version: Version,
    storage: Storage,
    loading: Option<Loading>,
    /// When it was told of something last.
    now: u64,
    /// The latest packet that came.
    came: Option<u64>,
    page: Page,
    /// A turn was meant for this connection, which does not exist; that is still to be said.
    no_such_connection: Option<u32>,
    remarks: Remarks,
    /// A file that the page has asked for.
    exporting: Option<Exporting>,
    /// The list's filter or the tree's search has not looked at everything yet.
    searching: bool,
}

/// The earlier of two times, where there are two. Asked for after every word to the engine.
fn sooner(one: Option<u64>, other: Option<u64>) -> Option<u64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, None) => one,
        (None, other) => other,
    }
}

impl Engine {
    /// An engine without a connection. All its chance comes from the seed; only what must not be guessed (the nonces of
    /// authentication) comes from the platform's entropy.
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

    /// The page says something to one connection.
    pub fn turn(&mut self, now: u64, turn: Turn) {
        if turn.connection != FIRST_CONNECTION {
            self.no_such_connection = Some(turn.connection);
            return;
        }
        for command in turn.commands {
            self.command(now, command);
        }
    }

    /// The page says something to the first connection.
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
            Command::Show(view) => self.show(*view),
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
                // What was due while the machine slept is noticed now.
                self.time(now);
            }
        }
    }

    /// Something happened to the socket of this number.
    pub fn socket(&mut self, now: u64, socket: u32, event: SocketEvent<'_>) {
        self.note_connection(now, socket, &event);
        self.tell(now, Input::Socket { socket, event });
    }

    /// Room for a binary frame of this socket, to be filled at once and followed by [`SocketEvent::Filled`]. `None`
    /// when nothing of it is wanted any more.
    pub fn space(&mut self, socket: u32, len: usize) -> Option<&mut [u8]> {
        self.session.space(socket, len)
    }

    /// So many bytes that were handed to the socket of this number have not left yet.
    pub fn buffered(&mut self, now: u64, socket: u32, bytes: u64) {
        let bytes = bytes + self.wire.waiting();
        self.tell(now, Input::Buffered { socket, bytes });
    }

    /// The same when the socket has closed, before [`SocketEvent::Closed`]: they will never leave.
    pub fn left_behind(&mut self, now: u64, socket: u32, bytes: u64) {
        let bytes = bytes + self.wire.waiting();
        self.tell(now, Input::LeftBehind { socket, bytes });
    }

    /// It is time to look how many bytes have not left yet, and to tell of them with [`Engine::buffered`].
    pub fn has_to_look(&self, now: u64) -> bool {
        self.session.look_at().is_some_and(|at| at <= now)
    }

    /// The network went, came back, or is another one.
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

    /// When [`Engine::time`] is due next, 0 for at once. It may also be a look that is due, see [`Engine::has_to_look`].
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

    /// The next thing to do to a socket or to storage. What follows a change of storage on the wire is held back until
    /// [`Engine::stored`] says that storage has it.
    pub fn action(&mut self) -> Option<Action<'_>> {
        if let Some(action) = self.storage.next(self.now) {
            return Some(action);
        }
        self.wire.next(self.storage.written())
    }

    /// Something waits to be done to a socket.
    pub fn has_to_act(&self) -> bool {
        self.wire.is_waiting()
    }

    /// The page waits for a frame, and something may have changed.
    fn frame_due(&self) -> bool {
        self.page.frame_due(&self.capture)
    }

    /// The answer to the page, if it asked and something that it shows has changed. Take them until there is none: a turn to
    /// a connection that does not exist is answered for itself.
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

    /// The next part of the file that the page has asked for, if it waits for a frame.
    fn chunk(&mut self) -> Option<Chunk> {
        let exporting = self.exporting.as_mut().filter(|_| self.page.asked)?;
        let chunk = exporting.chunk(&mut self.capture);
        if chunk.last {
            self.exporting = None;
        }
        Some(chunk)
    }

    /// A list that nobody looks at is brought up to date when somebody does.
    fn somebody_looks(&self) -> bool {
        !self.page.hidden && (self.page.shows_list() || self.capture.is_searching())
    }

    fn search(&mut self) {
        if self.somebody_looks() {
            let more = self.capture.work(WORK);
            self.page.dirty |= self.searching || more;
            // What came in a burst is as much work as a changed filter: without a timer the rest would wait for the next
            // message.
            self.searching = more;
        }
    }

    /// The session decides which filters are there; palette and capture follow, in the same order.
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
                self.searching = true;
            }
        }
    }

    fn show(&mut self, view: link::View) {
        if let Some(list) = &view.list {
            self.capture.set_list_filter(&list.filter);
            self.capture.show_packets(list.packets);
        }
        if let Some(tree) = &view.tree {
            self.capture.set_tree_search(&tree.search);
        }
        self.searching = true;
        self.page.show(view);
    }
}
