//! Time, the link between page and broker, and what goes wrong on it. One agenda, one thing after the other: the same
//! plan gives the same run.

use std::collections::{BTreeMap, VecDeque};

use midge::protocol::{Qos, Version};
use midge::session::{Event, Input, Message, Phase, Settings, SocketEvent};

use super::broker::{Broker, Habits, Reply};
use super::ledger::Ledger;
use super::page::{Act, Page, settings};

const MILLI: u64 = 1_000;
const SECOND: u64 = 1_000_000;

/// What goes wrong once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mishap {
    /// The connection breaks.
    Cut {
        /// The broker loses the session with it.
        forget: bool,
        /// The page crashes with it, and is opened again from storage.
        crash: bool,
    },
    /// From here on the bytes of this connection vanish both ways, and nobody is told.
    Vanish,
}

/// What the user, the other clients of the broker, and the machine do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// The user publishes.
    Publish { number: u16, qos: Qos },
    /// Somebody publishes to the client.
    Receive { number: u16, qos: u8 },
    /// It goes wrong at this time.
    Suffer(Mishap),
    /// The machine sleeps for so long.
    Sleep(u64),
    /// The user takes back the message of this number, if it still waits.
    Cancel(u16),
    /// The user disconnects, and connects again after so long.
    Leave(u64),
    /// The user connects again.
    Return,
    /// The user presses "try now", if there is nothing else that would try.
    Persist,
}

/// A whole run.
#[derive(Clone, Debug)]
pub struct Plan {
    pub version: Version,
    pub habits: Habits,
    /// Seconds.
    pub keep_alive: u16,
    /// What the client says that it takes at once (MQTT 5).
    pub receive_maximum: u16,
    /// The session is to end with the connection.
    pub clean: bool,
    /// Published by the user at the first connection.
    pub out: Vec<(u16, Qos)>,
    /// Published to the client once it has subscribed for the first time.
    pub into: Vec<(u16, u8)>,
    /// By the count of bytes that arrived at either end, and of commits.
    pub mishaps: Vec<(u64, Mishap)>,
    /// By time in microseconds.
    pub deeds: Vec<(u64, Deed)>,
    /// Leaves delays to chance.
    pub seed: Option<u64>,
}

#[derive(Debug)]
enum Happening {
    Opened { life: u32, socket: u32 },
    ToBroker { connection: u64, bytes: Vec<u8> },
    Reply { connection: u64, reply: Reply },
    ToClient { connection: u64, bytes: Vec<u8> },
    ClosedAtClient { connection: u64 },
    ClosedAtBroker { connection: u64 },
    Commit { life: u32 },
    Probed { life: u32, socket: u32 },
    Reopen,
    Wake,
    Awake,
    Deed(Deed),
}

/// The world.
pub struct World {
    plan: Plan,
    now: u64,
    order: u64,
    agenda: BTreeMap<(u64, u64), Happening>,
    /// Things on the agenda that are not the wake-up call.
    active: usize,
    wake: Option<(u64, u64)>,
    page: Option<Page>,
    lives: u32,
    storage: BTreeMap<u64, Vec<u8>>,
    broker: Broker,
    /// The socket that was asked for and not closed.
    opening: Option<u64>,
    /// The connection that bytes pass, and the time of the last ones on each way.
    link: Option<u64>,
    vanishing: bool,
    last: [u64; 3],
    steps: u64,
    places: Vec<u64>,
    mishaps: VecDeque<(u64, Mishap)>,
    asleep_until: u64,
    slept_through: VecDeque<Happening>,
    chance: Option<fastrand::Rng>,
    begun: [bool; 2],
    pub ledger: Ledger,
    trace: Option<Vec<String>>,
}

/// What a run came to.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// After how many steps something had arrived or was committed.
    pub places: Vec<u64>,
    /// See [`Ledger::deceived`].
    pub deceived: bool,
    /// As often the broker closed because it heard nothing.
    pub fed_up: u32,
    /// As many mishaps were not reached.
    pub left: usize,
    /// Longest time in which the client did not notice a half-open link, in microseconds.
    pub unnoticed: u64,
}

/// Runs a plan to its end and judges it. On a failure the plan is run again, and its course is told.
pub fn run(plan: &Plan) -> Result<Outcome, String> {
    World::new(plan, false).live().or_else(|_| {
        let mut world = World::new(plan, true);
        match world.live() {
            Ok(_) => Err("the second run did not fail: not deterministic".to_owned()),
            Err(why) => Err(format!(
                "{why}\n{plan:?}\n{}",
                world.trace.unwrap_or_default().join("\n")
            )),
        }
    })
}

fn connection(life: u32, socket: u32) -> u64 {
    u64::from(life) << 32 | u64::from(socket)
}

impl World {
    fn new(plan: &Plan, trace: bool) -> Self {
        let mut world = Self {
            plan: plan.clone(),
            now: SECOND,
            order: 0,
            agenda: BTreeMap::new(),
            active: 0,
            wake: None,
            page: None,
            lives: 0,
            storage: BTreeMap::new(),
            broker: Broker::new(plan.habits),
            opening: None,
            link: None,
            vanishing: false,
            last: [0; 3],
            steps: 0,
            places: Vec::new(),
            mishaps: plan.mishaps.iter().copied().collect(),
            asleep_until: 0,
            slept_through: VecDeque::new(),
            chance: plan.seed.map(fastrand::Rng::with_seed),
            begun: [false; 2],
            ledger: Ledger::default(),
            trace: trace.then(Vec::new),
        };
        world.add(SECOND, Happening::Reopen);
        for &(at, deed) in &plan.deeds {
            world.add(SECOND + at, Happening::Deed(deed));
        }
        world
    }

    fn live(&mut self) -> Result<Outcome, String> {
        self.until_quiet()?;
        let left = self.mishaps.len();
        self.mishaps.clear();
        let places = std::mem::take(&mut self.places);
        // Afterwards everything works as on the first day.
        for (number, qos) in [(60_001, 1), (60_002, 2)] {
            self.publish(number, Qos::from_bits(qos).unwrap_or_default());
            self.receive(number, qos);
        }
        self.until_quiet()?;
        self.note_arrivals();
        let page = self.page.as_ref().ok_or("no page")?;
        if page.session.identifiers_in_use() != 0 {
            let used = page.session.identifiers_in_use();
            return Err(format!("{used} identifiers leaked"));
        }
        self.ledger.judge(&self.broker)?;
        Ok(Outcome {
            places,
            deceived: self.ledger.deceived,
            fed_up: self.ledger.fed_up,
            left,
            unnoticed: self.ledger.unnoticed,
        })
    }

    fn until_quiet(&mut self) -> Result<(), String> {
        let planned = self.plan.deeds.iter().map(|(at, _)| SECOND + at).max();
        let mut last_deed = self.now.max(planned.unwrap_or(0));
        for _ in 0..100_000 {
            if self.active == 0 && self.is_quiet() {
                return Ok(());
            }
            let Some(((at, _), happening)) = self.agenda.pop_first() else {
                return Err("nothing will ever happen again".to_owned());
            };
            self.now = self.now.max(at);
            match happening {
                Happening::Wake => self.wake = None,
                Happening::Deed(_) | Happening::Reopen => {
                    self.active -= 1;
                    last_deed = last_deed.max(self.now);
                }
                _ => self.active -= 1,
            }
            if self.now > last_deed + 900 * SECOND {
                return Err(self.describe("hangs"));
            }
            self.happen(happening);
        }
        Err(self.describe("never comes to rest"))
    }

    fn is_quiet(&self) -> bool {
        let kept = self.broker.kept.as_ref();
        self.page.as_ref().is_some_and(|page| {
            page.session.phase() == Phase::Connected
                && page.session.in_flight() == 0
                && page.uncommitted() == 0
                && !page.holds_back()
        }) && kept.is_some_and(|kept| kept.outgoing.is_empty())
            && self.link.is_some()
            && !self.vanishing
    }

    fn describe(&self, what: &str) -> String {
        let page = self.page.as_ref();
        format!(
            "{what}: phase {:?}, trouble {:?}, {:?} in flight, broker {:?}",
            page.map(|page| page.session.phase()),
            page.and_then(|page| page.session.trouble()),
            page.map(|page| page.session.in_flight()),
            self.broker.kept
        )
    }

    fn add(&mut self, at: u64, happening: Happening) -> (u64, u64) {
        self.order += 1;
        // Things of the same time come in any order, by chance. Where order matters times differ.
        let high = self
            .chance
            .as_mut()
            .map_or(0, |chance| chance.u64(..1 << 20));
        let key = (at, high << 40 | self.order);
        if !matches!(happening, Happening::Wake) {
            self.active += 1;
        }
        self.agenda.insert(key, happening);
        key
    }

    /// `usual`, or by chance anything up to fifty times as long.
    fn delay(&mut self, usual: u64) -> u64 {
        match &mut self.chance {
            None => usual,
            Some(chance) => {
                let most = if chance.u8(..8) == 0 { 50 } else { 3 };
                chance.u64(1..usual * most)
            }
        }
    }

    /// On one of the ways that keep their order: 0 to the broker, 1 the broker's replies, 2 to the client.
    fn add_in_order(&mut self, way: usize, usual: u64, happening: Happening) {
        let at = (self.now + self.delay(usual)).max(self.last[way] + 1);
        self.last[way] = at;
        self.add(at, happening);
    }

    fn happen(&mut self, happening: Happening) {
        let elsewhere = matches!(
            happening,
            Happening::ToBroker { .. }
                | Happening::Reply { .. }
                | Happening::ClosedAtBroker { .. }
                | Happening::Deed(_)
                | Happening::Awake
        );
        if !elsewhere && (self.now < self.asleep_until || !self.slept_through.is_empty()) {
            self.slept_through.push_back(happening);
            return;
        }
        self.come(happening);
        if self.broker.is_fed_up(self.now) {
            self.note(|| "the broker is fed up".to_owned());
            self.ledger.fed_up += 1;
            self.hang_up();
        }
    }

    /// The machine wakes up and finds all at once what it slept through; its timer fires before, between or after it.
    fn awake(&mut self) {
        if self.now < self.asleep_until {
            return;
        }
        let mut found = std::mem::take(&mut self.slept_through);
        let timer = found.iter().position(|one| matches!(one, Happening::Wake));
        if let Some(timer) = timer.and_then(|at| found.remove(at)) {
            let most = found.len();
            let at = self
                .chance
                .as_mut()
                .map_or(0, |chance| chance.usize(..=most));
            found.insert(at, timer);
        }
        for happening in found {
            self.come(happening);
        }
    }

    fn come(&mut self, happening: Happening) {
        self.note(|| format!("{happening:?}"));
        match happening {
            Happening::Opened { life, socket } => {
                let connection = connection(life, socket);
                if self.opening != Some(connection) {
                    return;
                }
                self.broker_loses(None);
                self.broker.accept(connection, self.now);
                self.link = Some(connection);
                self.vanishing = false;
                let event = SocketEvent::Opened {
                    subprotocol: "mqtt",
                };
                self.tell(life, Input::Socket { socket, event });
            }
            Happening::ToBroker { connection, bytes } => {
                if self.link == Some(connection) && !self.vanishing {
                    self.arrive(&bytes, |world, bytes| {
                        if !world.broker.receive(connection, world.now, bytes) {
                            world.broker_loses(Some(connection));
                        }
                        world.after_broker();
                    });
                }
            }
            Happening::Reply { connection, reply } => {
                if self.broker.connection() == Some(connection) {
                    self.broker.sent(&reply);
                    self.to_client(connection, reply.bytes);
                }
            }
            Happening::ToClient { connection, bytes } => {
                if self.link == Some(connection) && !self.vanishing {
                    self.arrive(&bytes, |world, bytes| {
                        let socket = connection as u32;
                        let event = SocketEvent::Bytes(bytes);
                        world.tell((connection >> 32) as u32, Input::Socket { socket, event });
                    });
                }
            }
            Happening::ClosedAtClient { connection } => {
                let event = SocketEvent::Closed {
                    code: 1006,
                    reason: "",
                    clean: false,
                };
                let socket = connection as u32;
                self.tell((connection >> 32) as u32, Input::Socket { socket, event });
            }
            Happening::ClosedAtBroker { connection } => {
                self.broker_loses(Some(connection));
                if self.link == Some(connection) {
                    self.link = None;
                }
            }
            Happening::Commit { life } => self.commit(life),
            Happening::Probed { life, socket } => {
                let alive = self
                    .chance
                    .as_mut()
                    .is_some_and(|chance| chance.u8(..10) == 0);
                self.tell(life, Input::Probed { socket, alive });
                if alive {
                    self.add(self.now + 2 * SECOND, Happening::Deed(Deed::Persist));
                }
            }
            Happening::Reopen => {
                self.lives += 1;
                let settings = self.settings();
                let seed = u64::from(self.lives) ^ self.plan.seed.unwrap_or(1);
                let mut page = Page::open(self.lives, self.now, seed, settings, &self.storage);
                page.subscribe(self.now);
                self.page = Some(page);
                self.after_page();
            }
            Happening::Wake => {
                let life = self.lives;
                self.tell(life, Input::Time);
            }
            Happening::Awake => self.awake(),
            Happening::Deed(deed) => self.deed(deed),
        }
    }

    fn settings(&self) -> Settings {
        let plan = &self.plan;
        settings(
            plan.version,
            plan.keep_alive,
            plan.receive_maximum,
            plan.clean,
        )
    }

    fn deed(&mut self, deed: Deed) {
        let elsewhere = matches!(
            deed,
            Deed::Receive { .. } | Deed::Suffer(_) | Deed::Sleep(_)
        );
        let Some(page) = self
            .page
            .as_mut()
            .filter(|_| elsewhere || self.now >= self.asleep_until)
        else {
            if elsewhere {
                self.deed_elsewhere(deed);
            } else {
                // Nobody is there to do it.
                let at = self.now.max(self.asleep_until) + SECOND;
                self.add(at, Happening::Deed(deed));
            }
            return;
        };
        let life = page.life;
        match deed {
            Deed::Publish { number, qos } => self.publish(number, qos),
            Deed::Cancel(number) => self.tell(life, Input::Cancel(u32::from(number))),
            Deed::Leave(time) => {
                if self.plan.clean {
                    self.ledger.given_up();
                }
                self.tell(life, Input::Disconnect);
                self.ledger.parted();
                self.add(self.now + time, Happening::Deed(Deed::Return));
            }
            Deed::Return if page.session.phase() != Phase::Disconnected => {}
            Deed::Return if page.uncommitted() > 0 => {
                self.add(self.now + MILLI, Happening::Deed(deed));
            }
            Deed::Return => {
                let settings = self.settings();
                if let Some(page) = &mut self.page {
                    page.connect(self.now, settings, &self.storage);
                }
                self.after_page();
            }
            Deed::Persist if page.session.phase() == Phase::Failed => {
                self.tell(life, Input::TryNow);
            }
            Deed::Persist => {}
            Deed::Receive { .. } | Deed::Suffer(_) | Deed::Sleep(_) => self.deed_elsewhere(deed),
        }
    }

    fn deed_elsewhere(&mut self, deed: Deed) {
        match deed {
            Deed::Receive { number, qos } => {
                self.receive(number, qos);
            }
            Deed::Suffer(mishap) => self.suffer(mishap),
            Deed::Sleep(time) => {
                self.asleep_until = self.asleep_until.max(self.now + time);
                self.add(self.asleep_until, Happening::Awake);
            }
            _ => {}
        }
    }

    /// Bytes arrive at one end, up to the next mishap.
    fn arrive(&mut self, bytes: &[u8], hand_over: impl FnOnce(&mut Self, &[u8])) {
        let room = self
            .mishaps
            .front()
            .map_or(u64::MAX, |(at, _)| at.saturating_sub(self.steps));
        let taken = bytes.len().min(usize::try_from(room).unwrap_or(usize::MAX));
        self.steps += taken as u64;
        if taken > 0 {
            hand_over(self, &bytes[..taken]);
        }
        self.suffer_if_due();
    }

    fn suffer_if_due(&mut self) {
        self.places.push(self.steps);
        if let Some((at, mishap)) = self.mishaps.front().copied()
            && at <= self.steps
        {
            self.mishaps.pop_front();
            self.suffer(mishap);
        }
    }

    fn suffer(&mut self, mishap: Mishap) {
        let steps = self.steps;
        self.note(|| format!("after {steps} steps: {mishap:?}"));
        match mishap {
            Mishap::Vanish if self.link.is_some() => {
                if !self.vanishing {
                    self.vanishing = true;
                    self.ledger.vanished(self.now);
                }
            }
            Mishap::Vanish => {}
            Mishap::Cut { forget, crash } => {
                if crash && self.page.take().is_some() {
                    self.ledger.crashed();
                    self.remove_wake();
                    self.add(self.now + 50 * MILLI, Happening::Reopen);
                    self.link = None;
                    self.vanishing = false;
                }
                self.hang_up();
                if forget {
                    self.broker.kept = None;
                    self.ledger.forgotten();
                }
            }
        }
    }

    /// Ends the connection at both ends. Of a half-open one the client does not hear.
    fn hang_up(&mut self) {
        self.broker_loses(None);
        if let Some(connection) = self.link
            && !self.vanishing
        {
            self.link = None;
            self.add_in_order(2, MILLI, Happening::ClosedAtClient { connection });
        }
    }

    fn broker_loses(&mut self, connection: Option<u64>) {
        let kept = self.broker.kept.is_some();
        self.broker.gone(connection);
        if kept && self.broker.kept.is_none() {
            self.ledger.forgotten();
        }
    }

    fn commit(&mut self, life: u32) {
        let Some(page) = self.page.as_mut().filter(|page| page.life == life) else {
            return;
        };
        let mut acts = Vec::new();
        page.commit(&mut self.storage, &mut acts);
        self.ledger.committed(page.committed);
        self.act(acts);
        self.after_page();
        self.steps += 1;
        self.suffer_if_due();
    }

    fn publish(&mut self, number: u16, qos: Qos) {
        let Some(page) = &mut self.page else {
            return;
        };
        let message = Message {
            number: u32::from(number),
            topic: super::broker::TOPIC.to_owned(),
            payload: number.to_be_bytes().to_vec(),
            qos,
            ..Message::default()
        };
        self.ledger.published(number, qos.bits());
        page.session.handle(self.now, Input::Publish(message));
        self.after_page();
        if let Some(page) = self.page.as_ref().filter(|_| !self.plan.clean) {
            self.ledger.stored_by(number, page.issued, page.committed);
        }
    }

    fn receive(&mut self, number: u16, qos: u8) {
        if self.broker.subscribed() {
            self.ledger.sent_to_client(number, qos);
            self.broker.publish(number, qos);
            self.after_broker();
        }
    }

    fn tell(&mut self, life: u32, input: Input<'_>) {
        if let Some(page) = self.page.as_mut().filter(|page| page.life == life) {
            page.session.handle(self.now, input);
            self.after_page();
        }
    }

    fn after_broker(&mut self) {
        if !self.begun[1] && self.broker.subscribed() {
            self.begun[1] = true;
            for (number, qos) in self.plan.into.clone() {
                self.receive(number, qos);
            }
        }
        if let Some(connection) = self.broker.connection() {
            while let Some(reply) = self.broker.replies.pop_front() {
                self.add_in_order(1, MILLI / 3, Happening::Reply { connection, reply });
            }
        }
    }

    fn after_page(&mut self) {
        let mut acts = Vec::new();
        let Some(page) = &mut self.page else {
            return;
        };
        page.drain(&mut acts);
        let life = page.life;
        if page.wants_commit() {
            let at = self.now + self.delay(3 * MILLI / 2);
            self.add(at, Happening::Commit { life });
        }
        self.act(acts);
        self.note_arrivals();
        self.remove_wake();
        if let Some(at) = self.page.as_ref().and_then(|page| page.session.wake_at()) {
            let late = if self.chance.is_some() {
                self.delay(MILLI)
            } else {
                0
            };
            self.wake = Some(self.add(at.max(self.now) + late, Happening::Wake));
        }
    }

    fn remove_wake(&mut self) {
        if let Some(key) = self.wake.take() {
            self.agenda.remove(&key);
        }
    }

    fn act(&mut self, acts: Vec<Act>) {
        let life = self.lives;
        for act in acts {
            self.note(|| format!("    {act:?}"));
            match act {
                Act::Open(socket) => {
                    self.ledger.noticed(self.now);
                    self.link = None;
                    self.vanishing = false;
                    self.opening = Some(connection(life, socket));
                    let at = self.now + self.delay(MILLI);
                    self.add(at, Happening::Opened { life, socket });
                }
                Act::Probe(socket) => {
                    let at = self.now + self.delay(MILLI);
                    self.add(at, Happening::Probed { life, socket });
                }
                Act::Send { socket, bytes } => {
                    let connection = connection(life, socket);
                    if self.link == Some(connection) {
                        self.split(0, bytes, |bytes| Happening::ToBroker { connection, bytes });
                    }
                }
                Act::Close(socket) => {
                    let connection = connection(life, socket);
                    self.opening = self.opening.filter(|opening| *opening != connection);
                    if self.link == Some(connection) {
                        if self.vanishing {
                            self.ledger.noticed(self.now);
                            self.link = None;
                            self.vanishing = false;
                        }
                        self.add_in_order(0, MILLI, Happening::ClosedAtBroker { connection });
                    }
                }
                Act::Wrote(number) => self.ledger.wrote(number),
                Act::Say(event) => self.hear(event),
            }
        }
    }

    fn hear(&mut self, event: Event) {
        let connected = matches!(event, Event::Connected { .. });
        let told = self.broker.told_present;
        let issued = self.page.as_ref().map_or(0, |page| page.issued);
        self.ledger.heard(&event, told, issued);
        if connected && !self.begun[0] {
            self.begun[0] = true;
            for (number, qos) in self.plan.out.clone() {
                self.publish(number, qos);
            }
        }
    }

    fn to_client(&mut self, connection: u64, bytes: Vec<u8>) {
        self.split(2, bytes, |bytes| Happening::ToClient { connection, bytes });
    }

    /// Puts bytes on their way, by chance in parts.
    fn split(&mut self, way: usize, bytes: Vec<u8>, happening: impl Fn(Vec<u8>) -> Happening) {
        let mut rest = bytes;
        while let Some(chance) = &mut self.chance
            && rest.len() > 1
            && chance.u8(..6) == 0
        {
            let behind = rest.split_off(chance.usize(1..rest.len()));
            self.add_in_order(way, MILLI, happening(rest));
            rest = behind;
        }
        self.add_in_order(way, MILLI, happening(rest));
    }

    fn note_arrivals(&mut self) {
        if let Some(page) = &mut self.page {
            self.ledger.arrived.extend(page.taken());
        }
    }

    fn note(&mut self, what: impl FnOnce() -> String) {
        if let Some(trace) = &mut self.trace {
            trace.push(format!("{:>12} {}", self.now, what()));
        }
    }
}
