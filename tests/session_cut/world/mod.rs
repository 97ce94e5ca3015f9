//! Time, the link between page and broker, and what goes wrong on it. One agenda, one thing after the other: the same
//! plan gives the same run.

mod link;
mod people;
mod plan;
mod run;

use std::collections::{BTreeMap, VecDeque};

pub use plan::{Deed, Mishap, Outcome, Plan};
pub use run::run;

use midge::session::{Event, Grant, Input, Phase, SocketEvent};

use super::broker::{Broker, Reply, SOMETIMES, TOPIC};
use super::ledger::Ledger;
use super::page::{Act, Page};

const MILLI: u64 = 1_000;
const SECOND: u64 = 1_000_000;

/// What the user asks for once more.
#[derive(Debug)]
enum Again {
    Filter(String),
    Message(u32),
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
    Again { life: u32, again: Again },
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
    storage_works: bool,
    /// The user wants the other filter, too.
    wants: bool,
    /// The page crashed before it had kept what the user wants: the next one shows what it knows.
    unsure: bool,
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
            storage_works: true,
            wants: false,
            unsure: false,
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
                    self.send_to_client(connection, reply.bytes);
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
            Happening::Again { life, again } => match again {
                Again::Message(number) => self.tell(life, Input::SendHeld(number)),
                Again::Filter(filter) => {
                    if let Some(page) = self.page.as_mut().filter(|page| page.life == life) {
                        let mut shown = page.session.subscriptions().iter();
                        if shown.any(|one| one.filter == filter && one.grant == Grant::Withheld) {
                            page.subscribe(self.now, &filter);
                            self.after_page();
                        }
                    }
                }
            },
            Happening::Reopen => {
                self.lives += 1;
                let settings = self.settings();
                let seed = u64::from(self.lives) ^ self.plan.seed.unwrap_or(1);
                let mut page = Page::open(self.lives, self.now, seed, settings, &self.storage);
                page.subscribe(self.now, TOPIC);
                if std::mem::take(&mut self.unsure) {
                    let mut shown = page.session.subscriptions().iter();
                    self.wants = shown.any(|shown| shown.filter == SOMETIMES);
                } else if self.wants {
                    page.subscribe(self.now, SOMETIMES);
                }
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

    fn commit(&mut self, life: u32) {
        let Some(page) = self.page.as_mut().filter(|page| page.life == life) else {
            return;
        };
        if !self.storage_works {
            return self.fail_storage();
        }
        let mut acts = Vec::new();
        page.commit(&mut self.storage, &mut acts);
        self.ledger.committed(page.committed);
        self.act(acts);
        self.after_page();
        self.steps += 1;
        self.suffer_if_due();
    }

    fn tell(&mut self, life: u32, input: Input<'_>) {
        if let Some(page) = self.page.as_mut().filter(|page| page.life == life) {
            page.session.handle(self.now, input);
            self.after_page();
        }
    }

    fn after_page(&mut self) {
        let mut acts = Vec::new();
        let Some(page) = &mut self.page else {
            return;
        };
        page.drain(self.now, &mut acts);
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

    fn hear(&mut self, event: Event) {
        let connected = matches!(event, Event::Connected { .. });
        // What looked like the reason for the cuts is asked for, and sent, once more.
        let again = match &event {
            Event::Withheld { filter } => Some(Again::Filter(filter.clone())),
            Event::HeldBack { number } => Some(Again::Message(*number)),
            _ => None,
        };
        if let Some(again) = again {
            let life = self.lives;
            self.add(self.now + MILLI, Happening::Again { life, again });
        }
        // Cut so often, and so soon, that it looked like a fight.
        if event == Event::PhaseChanged(Phase::Failed) {
            self.add(self.now + 2 * SECOND, Happening::Deed(Deed::Persist));
        }
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
