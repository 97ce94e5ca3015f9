//! Joins the session and the capture behind the words of the link. Still no browser: it is fed (commands, what happens
//! to sockets, time) and drained (actions for sockets, frames for the page). Times are microseconds since the Unix
//! epoch.
//!
//! After every word to it, take every [`Engine::action`], then a [`Engine::frame`] if one is due, then wait until
//! [`Engine::wake_at`].

mod inspection;
mod page;
mod palette;
mod rows;
mod series;
mod wire;
mod words;

use std::collections::HashMap;

pub use crate::session::SocketEvent;
pub use wire::Action;

use crate::{
    capture::Capture,
    link::{self, Command, Frame, Notice, PublishTrouble},
    protocol::{self, Direction},
    session::{Delivery, Event, Input, Message, Output, Phase, Session},
};
use page::Page;
use palette::Palette;
use series::{Running, Source};
use wire::Wire;

/// Bytes that a changed filter reads at a time: a few milliseconds at the most.
const WORK: usize = 512 * 1024;

/// A publication that is on its way.
#[derive(Debug)]
struct Pending {
    /// The page's number of it, or of its series.
    number: u32,
    series: bool,
    seq: Option<u64>,
}

/// The worker's inside.
#[derive(Debug)]
pub struct Engine {
    session: Session,
    capture: Capture,
    palette: Palette,
    series: Vec<Running>,
    /// By the session's number, as the page may use one of its own for a whole series.
    pending: HashMap<u32, Pending>,
    next_number: u32,
    rng: fastrand::Rng,
    wire: Wire,
    page: Page,
    /// The list's filter or the tree's search has not looked at everything yet.
    searching: bool,
}

impl Engine {
    /// An engine without a connection. All its chance comes from the seed.
    pub fn new(seed: u64) -> Self {
        let mut rng = fastrand::Rng::with_seed(seed);
        Self {
            session: Session::new(rng.u64(..)),
            capture: Capture::new(rng.u64(..)),
            palette: Palette::default(),
            series: Vec::new(),
            pending: HashMap::new(),
            next_number: 0,
            rng,
            wire: Wire::default(),
            page: Page::default(),
            searching: false,
        }
    }

    /// The page says something.
    pub fn command(&mut self, now: u64, command: Command) {
        self.page.dirty = true;
        match command {
            Command::Hello => self.page.greet(),
            Command::Ask => self.page.asked = true,
            Command::Connect(request) => {
                let input = Input::Connect {
                    settings: Box::new(words::settings(*request)),
                    stored: Vec::new(),
                };
                self.tell(now, input);
            }
            Command::Disconnect => self.tell(now, Input::Disconnect),
            Command::TryNow => self.tell(now, Input::TryNow),
            Command::Subscribe(wanted) => {
                let filters = wanted.into_iter().map(words::wish);
                self.tell(now, Input::Subscribe(filters.collect()));
                self.follow_subscriptions();
            }
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
            Command::Reauthenticate => self.tell(now, Input::Reauthenticate),
            Command::Stop { number } => self.series.retain(|series| series.number != number),
            Command::Show(view) => self.show(*view),
            Command::Inspect(target) => self.page.inspect(target),
            Command::Fold { node, open } => self.capture.fold(node, open),
            Command::Clear => {
                self.capture.clear();
                self.page.forget_inspected();
            }
            Command::Budget(bytes) => {
                self.capture
                    .set_budget(usize::try_from(bytes).unwrap_or(usize::MAX));
            }
            Command::Hidden(hidden) => {
                self.page.hidden = hidden;
                // What was due while the machine slept is noticed now.
                self.time(now);
            }
        }
    }

    /// Something happened to the socket of this number.
    pub fn socket(&mut self, now: u64, socket: u32, event: SocketEvent<'_>) {
        self.tell(now, Input::Socket { socket, event });
    }

    /// Room for a binary frame of this socket, to be filled at once and followed by [`SocketEvent::Filled`]. `None`
    /// when nothing of it is wanted any more.
    pub fn space(&mut self, socket: u32, len: usize) -> Option<&mut [u8]> {
        self.session.space(socket, len)
    }

    /// A probe came to its end: a WebSocket opened there, or did not.
    pub fn probed(&mut self, now: u64, socket: u32, alive: bool) {
        self.tell(now, Input::Probed { socket, alive });
    }

    /// The network went, came back, or is another one.
    pub fn network_changed(&mut self, now: u64) {
        self.tell(now, Input::NetworkChanged);
    }

    /// Time passed.
    pub fn time(&mut self, now: u64) {
        if self.session.wake_at().is_some_and(|due| due <= now) {
            self.tell(now, Input::Time);
        }
        self.run_series(now);
        self.capture.measure(now);
        self.search();
    }

    /// When [`Engine::time`] is due next, 0 for at once.
    pub fn wake_at(&self) -> Option<u64> {
        let connected = self.session.phase() == Phase::Connected;
        let series = self
            .series
            .iter()
            .filter(|_| connected)
            .map(Running::due_at)
            .min();
        let search = (self.searching && self.somebody_looks()).then_some(0);
        [
            self.session.wake_at(),
            series,
            self.capture.measure_at(),
            search,
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// The next thing to do to a socket.
    pub fn action(&mut self) -> Option<Action<'_>> {
        self.wire.next()
    }

    /// The page waits for a frame, and something may have changed.
    pub fn frame_due(&self) -> bool {
        self.page.frame_due(&self.capture)
    }

    /// The answer to the page, if it asked and something that it shows has changed.
    pub fn frame(&mut self, now: u64) -> Option<Frame> {
        if !self.frame_due() {
            return None;
        }
        self.capture.measure(now);
        self.search();
        self.page
            .frame(&self.session, &self.capture, &self.palette, &self.series)
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

    /// One change of the session, and then everything that follows from it.
    fn tell(&mut self, now: u64, input: Input<'_>) {
        self.wire.begin();
        self.session.handle(now, input);
        while let Some(output) = self.session.poll() {
            self.page.dirty = true;
            match output {
                Output::Packet {
                    direction,
                    bytes,
                    outline,
                    topic: _,
                    kind,
                } => {
                    let seq = self.capture.append(
                        now,
                        direction,
                        bytes,
                        &outline,
                        kind == Delivery::Repeat,
                    );
                    if direction == Direction::Outgoing {
                        self.wire.send(bytes);
                        if let Delivery::Publication(number) = kind
                            && let Some(pending) = self.pending.get_mut(&number)
                        {
                            pending.seq = Some(seq);
                        }
                    }
                }
                Output::Malformed { bytes, .. } => {
                    self.capture
                        .append_malformed(now, Direction::Incoming, bytes);
                }
                Output::Open {
                    address,
                    subprotocol,
                    socket,
                } => self.wire.open(address, subprotocol, socket),
                Output::Close {
                    socket,
                    code,
                    reason,
                } => self.wire.close(socket, code, reason),
                Output::Probe {
                    address,
                    subprotocol,
                    socket,
                } => self.wire.probe(address, subprotocol, socket),
                Output::Store(_) => {}
                Output::Event(event) => self.event(now, event),
            }
        }
        self.wire.end();
    }

    fn event(&mut self, now: u64, event: Event) {
        match event {
            Event::Connected { .. } => self.series.iter_mut().for_each(|series| series.resume(now)),
            Event::Published { number } => {
                let Some(pending) = self.finish(number) else {
                    return;
                };
                let seq = pending.seq.unwrap_or_default();
                if !pending.series {
                    self.page.notices.push(Notice::Published {
                        number: pending.number,
                        seq,
                    });
                }
            }
            Event::PublishFailed { number, why } => {
                let Some(pending) = self.finish(number) else {
                    return;
                };
                let why = words::publish_fault(why);
                if pending.series {
                    // Without a connection a series waits; anything else would only happen again.
                    if why == PublishTrouble::NotConnected {
                        return;
                    }
                    self.series.retain(|series| series.number != pending.number);
                }
                self.page.notices.push(Notice::PublishFailed {
                    number: pending.number,
                    why,
                });
            }
            Event::FilterInvalid { filter } => {
                self.page.notices.push(Notice::FilterRefused { filter })
            }
            Event::Unfinished { sent_anew, unknown } => {
                let count = u32::try_from(unknown.len()).unwrap_or(u32::MAX);
                for number in unknown {
                    self.finish(number);
                }
                self.page.notices.push(Notice::Unfinished {
                    sent_anew,
                    unknown: count,
                });
            }
            // Read from the session when the next frame is made.
            Event::PhaseChanged(_)
            | Event::Granted { .. }
            | Event::Refused { .. }
            | Event::Unsubscribed { .. } => {}
            Event::Returned { .. }
            | Event::SessionUnknown
            | Event::Forbidden { .. }
            | Event::Queued { .. }
            | Event::Cancelled { .. }
            | Event::PublishRefused { .. }
            | Event::Restored { .. }
            | Event::StorageFailed { .. }
            | Event::Reauthenticated => {}
        }
    }

    fn finish(&mut self, number: u32) -> Option<Pending> {
        let pending = self.pending.remove(&number)?;
        if pending.series
            && let Some(series) = self
                .series
                .iter_mut()
                .find(|series| series.number == pending.number)
        {
            series.unfinished = series.unfinished.saturating_sub(1);
        }
        Some(pending)
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
        }
        if let Some(tree) = &view.tree {
            self.capture.set_tree_search(&tree.search);
        }
        self.searching = true;
        self.page.show(view);
    }

    fn refuse(&mut self, number: u32, why: PublishTrouble) {
        self.page
            .notices
            .push(Notice::PublishFailed { number, why });
    }

    fn publish_once(&mut self, now: u64, publication: link::Publication) {
        let number = publication.number;
        match Source::new(publication.payload) {
            Err(error) => self.refuse(number, words::template_error(error)),
            Ok(source) => {
                let payload = source.payload(1, now, &mut self.rng);
                let (topic, qos, retain) = (
                    publication.topic,
                    words::qos(publication.qos),
                    publication.retain,
                );
                let message = Message {
                    number: 0,
                    topic,
                    payload,
                    qos,
                    retain,
                    properties: words::properties(publication.properties),
                };
                self.publish(now, number, false, message);
            }
        }
    }

    fn publish(&mut self, now: u64, number: u32, series: bool, message: Message) {
        self.next_number = self.next_number.wrapping_add(1);
        self.pending.insert(
            self.next_number,
            Pending {
                number,
                series,
                seq: None,
            },
        );
        self.tell(
            now,
            Input::Publish(Message {
                number: self.next_number,
                ..message
            }),
        );
    }

    fn start(&mut self, now: u64, publication: link::Publication, every_ms: u32) {
        let number = publication.number;
        let body = publication.payload.clone();
        match Source::new(body) {
            Err(error) => self.refuse(number, words::template_error(error)),
            Ok(_) if protocol::check_topic_name(&publication.topic).is_err() => {
                self.refuse(number, PublishTrouble::Topic);
            }
            Ok(source) => {
                self.series.retain(|series| series.number != number);
                self.series
                    .push(Running::new(publication, source, every_ms, now));
                self.run_series(now);
            }
        }
    }

    fn run_series(&mut self, now: u64) {
        let mut index = 0;
        while self.session.phase() == Phase::Connected
            && let Some(series) = self.series.get_mut(index)
        {
            let number = series.number;
            if series.take_due(now) {
                series.sent += 1;
                series.unfinished += 1;
                let message = Message {
                    number: 0,
                    topic: series.topic.clone(),
                    payload: series.source.payload(series.sent, now, &mut self.rng),
                    qos: words::qos(series.qos),
                    retain: series.retain,
                    ..Message::default()
                };
                self.publish(now, number, true, message);
            }
            // A series that failed has left its place to the next.
            if self
                .series
                .get(index)
                .is_some_and(|series| series.number == number)
            {
                index += 1;
            }
        }
    }
}
