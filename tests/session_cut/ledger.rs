//! What was published either way, what became of it, and whether that is right. Knows no link.

use std::collections::{BTreeMap, BTreeSet};

use midge::session::Event;

use super::broker::Broker;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Fate {
    Published,
    NotPublished(String),
    Unknown,
}

#[derive(Debug)]
struct Publication {
    number: u16,
    qos: u8,
    /// The change of storage that makes it survive a crash.
    change: u64,
    safe: bool,
    /// The page crashed, or the user left, before it had said what became of it.
    orphan: bool,
    /// The page that it was published on crashed.
    dead: bool,
    /// It was written, so that the broker may have it.
    written: bool,
    /// After it was written the user ended the session.
    given_up: bool,
    /// The page heard after it was written that the broker has lost the session.
    forgot: bool,
    /// With the change of storage that makes it known after a crash.
    fate: Option<(Fate, u64)>,
}

#[derive(Debug)]
struct Sent {
    number: u16,
    qos: u8,
    forgot: bool,
}

/// What the client can know of the broker's loss of the session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Amnesia {
    #[default]
    None,
    /// The client has not heard of it.
    Unheard,
    /// It has, and remembers it over a crash once this change is committed.
    Heard(u64),
}

/// The book of one run.
#[derive(Debug, Default)]
pub struct Ledger {
    publications: Vec<Publication>,
    restored: BTreeMap<u32, Option<(Fate, u64)>>,
    /// Those of them that the user left to a later connection: there they have other numbers, unless storage fails.
    left: BTreeSet<u32>,
    sent: Vec<Sent>,
    /// Messages the application has, crashes of the page taken into account.
    pub arrived: Vec<(u16, u8)>,
    /// As often the broker closed because it heard nothing.
    pub fed_up: u32,
    /// Longest time in which a half-open link was not noticed.
    pub unnoticed: u64,
    vanished: Option<u64>,
    amnesia: Amnesia,
    /// The broker lost the session and said so in a CONNACK that never came; the next one says "session present" of a
    /// session that is not the client's. Nobody can tell, so nothing is promised.
    pub deceived: bool,
    /// The page crashed, or the user left, between the broker's loss and the client's hearing of it.
    crashed_in_doubt: bool,
    committed: u64,
    pub storage_may_fail: bool,
    faults: Vec<String>,
}

impl Ledger {
    pub fn published(&mut self, number: u16, qos: u8) {
        self.publications.push(Publication {
            number,
            qos,
            change: u64::MAX,
            safe: false,
            orphan: false,
            dead: false,
            written: false,
            given_up: false,
            forgot: false,
            fate: None,
        });
    }

    /// The publication survives a crash once this change is committed.
    pub fn stored_by(&mut self, number: u16, change: u64, committed: u64) {
        for publication in &mut self.publications {
            if publication.number == number {
                publication.change = change;
            }
        }
        self.committed(committed);
    }

    pub fn committed(&mut self, committed: u64) {
        self.committed = committed;
        for publication in &mut self.publications {
            publication.safe |= !publication.dead && publication.change <= committed;
        }
        if matches!(self.amnesia, Amnesia::Heard(change) if change <= committed) {
            self.amnesia = Amnesia::None;
        }
    }

    pub fn sent_to_client(&mut self, number: u16, qos: u8) {
        self.sent.push(Sent {
            number,
            qos,
            forgot: false,
        });
    }

    pub fn crashed(&mut self) {
        let committed = self.committed;
        for publication in self.publications.iter_mut().filter(|one| !one.dead) {
            // What was taken back was taken back only once that is committed; before, it is sent after all.
            if let Some((Fate::NotPublished(_) | Fate::Unknown, change)) = publication.fate
                && change > committed
            {
                publication.fate = None;
                publication.safe = false;
            }
            publication.orphan |= publication.fate.is_none();
            publication.dead = true;
        }
        self.restored.clear();
        self.left.clear();
        self.committed = 0;
        self.crashed_in_doubt |= self.amnesia != Amnesia::None;
        if let Amnesia::Heard(_) = self.amnesia {
            self.amnesia = Amnesia::Unheard;
        }
        self.vanished = None;
    }

    /// The user ends the session: what is not finished is given up.
    pub fn given_up(&mut self) {
        for publication in &mut self.publications {
            publication.given_up |= publication.written && publication.fate.is_none();
        }
    }

    /// The user has disconnected: what is not finished is left to the session of the next connection.
    pub fn parted(&mut self) {
        self.crashed_in_doubt |= self.amnesia != Amnesia::None;
        for publication in &mut self.publications {
            if publication.fate.is_none() && !publication.orphan {
                publication.orphan = true;
            }
        }
        self.left.extend(self.restored.keys());
    }

    pub fn forgotten(&mut self) {
        self.amnesia = Amnesia::Unheard;
        for sent in &mut self.sent {
            sent.forgot = true;
        }
    }

    /// The session has written a PUBLISH of this message.
    pub fn wrote(&mut self, number: u16) {
        for publication in &mut self.publications {
            publication.written |= publication.number == number;
        }
    }

    pub fn vanished(&mut self, now: u64) {
        self.vanished = Some(now);
    }

    pub fn noticed(&mut self, now: u64) {
        if let Some(since) = self.vanished.take() {
            self.unnoticed = self.unnoticed.max(now - since);
        }
    }

    /// `told`: session present, as the broker said it last. `issued`: changes of storage up to here.
    pub fn heard(&mut self, event: &Event, told: bool, issued: u64) {
        match event {
            Event::Connected {
                session_present, ..
            } => {
                if *session_present != told {
                    self.fault(format!("told {event:?}, and the broker said {told}"));
                }
                if !*session_present {
                    for publication in &mut self.publications {
                        publication.forgot |= publication.written && publication.fate.is_none();
                    }
                }
                match self.amnesia {
                    Amnesia::None => {}
                    _ if *session_present => self.deceived = true,
                    _ if issued <= self.committed => self.amnesia = Amnesia::None,
                    _ => self.amnesia = Amnesia::Heard(issued),
                }
            }
            Event::Published { number } => self.settle(*number, Fate::Published, issued),
            Event::PublishRefused { number, .. }
            | Event::PublishFailed { number, .. }
            | Event::Cancelled { number } => {
                self.settle(*number, Fate::NotPublished(format!("{event:?}")), issued);
            }
            Event::Unfinished { unknown, .. } => {
                for number in unknown {
                    self.settle(*number, Fate::Unknown, issued);
                }
            }
            Event::Restored {
                publications,
                damaged,
            } => {
                if *damaged > 0 {
                    self.fault(format!("{damaged} records are damaged"));
                }
                self.restored
                    .extend(publications.iter().map(|number| (*number, None)));
            }
            Event::StorageFailed { .. } if !self.storage_may_fail => {
                self.fault(format!("{event:?}"))
            }
            _ => {}
        }
    }

    fn settle(&mut self, number: u32, fate: Fate, change: u64) {
        let known = match u16::try_from(number) {
            Ok(number) => self
                .publications
                .iter_mut()
                .rev()
                .find(|publication| publication.number == number)
                .map(|publication| &mut publication.fate),
            Err(_) => self.restored.get_mut(&number),
        };
        match known {
            Some(slot @ None) => *slot = Some((fate, change)),
            Some(Some(earlier)) => {
                let earlier = earlier.clone();
                self.fault(format!("{number} is {fate:?} after {earlier:?}"));
            }
            None => self.fault(format!("{number} is {fate:?} and unknown")),
        }
    }

    fn fault(&mut self, what: String) {
        self.faults.push(what);
    }

    /// Whether all is as it should be.
    pub fn judge(&self, broker: &Broker) -> Result<(), String> {
        let complaints = self.faults.iter().chain(&broker.wrongs);
        let mut complaints: Vec<String> = complaints.cloned().collect();
        let lingering = self
            .restored
            .iter()
            .filter(|(number, fate)| fate.is_none() && !self.left.contains(number));
        complaints.extend(lingering.map(|(number, _)| format!("{number:#x} has no outcome")));
        complaints.extend(if self.deceived {
            self.lost(broker)
        } else {
            self.misdelivered(broker)
        });
        if complaints.is_empty() {
            Ok(())
        } else {
            Err(complaints.join("\n"))
        }
    }

    /// What is promised in any case.
    fn lost(&self, broker: &Broker) -> Vec<String> {
        let mut complaints = Vec::new();
        for publication in &self.publications {
            let published = matches!(publication.fate, Some((Fate::Published, _)));
            if publication.qos == 1
                && published
                && count(&broker.handed_on, publication.number) == 0
            {
                complaints.push(format!("never handed on: {publication:?}"));
            }
        }
        // A CONNECT without an answer makes the client doubt, as long as it remembers it.
        if !self.crashed_in_doubt && count(&self.arrived, 60_001) == 0 {
            complaints.push("no subscription in the end".to_owned());
        }
        complaints
    }

    fn misdelivered(&self, broker: &Broker) -> Vec<String> {
        let mut complaints = Vec::new();
        for publication in &self.publications {
            let count = count(&broker.handed_on, publication.number);
            if let Err(expected) = publication.judge(count, broker) {
                complaints.push(format!(
                    "the broker handed on {count} times, expected {expected}: {publication:?}"
                ));
            }
        }
        for sent in &self.sent {
            let count = count(&self.arrived, sent.number);
            let right = match (sent.qos, sent.forgot) {
                (0, _) | (2, true) => count <= 1,
                (1, true) => true,
                (1, false) => count >= 1,
                _ => count == 1,
            };
            if !right {
                complaints.push(format!("arrived {count} times: {sent:?}"));
            }
        }
        for number in [60_001, 60_002] {
            if !self.sent.iter().any(|sent| sent.number == number) {
                complaints.push(format!("{number}: no subscription in the end"));
            }
        }
        let out: Vec<u16> = self.publications.iter().map(|one| one.number).collect();
        complaints.extend(disorder("to the broker", &broker.handed_on, &out));
        let into: Vec<u16> = self.sent.iter().map(|one| one.number).collect();
        complaints.extend(disorder("to the page", &self.arrived, &into));
        complaints
    }
}

impl Publication {
    fn judge(&self, count: usize, broker: &Broker) -> Result<(), &'static str> {
        let expect = |right: bool, words: &'static str| if right { Ok(()) } else { Err(words) };
        let refused = broker.habits.refuses && self.number % 7 == 3 && self.qos > 0;
        match (self.fate.as_ref().map(|(fate, _)| fate), self.qos) {
            _ if refused => expect(
                count == 0 && !matches!(self.fate, Some((Fate::Published, _))),
                "none, as it is refused",
            ),
            (Some(Fate::NotPublished(_)), _) => expect(count == 0, "none, as it failed"),
            (None, _) if !self.orphan => Err("an outcome to be told"),
            (Some(Fate::Unknown), 1) if self.given_up => Ok(()),
            (Some(Fate::Unknown), 2) if self.given_up => expect(count <= 1, "never twice"),
            (Some(Fate::Unknown), 2) => expect(self.forgot && count <= 1, "never twice"),
            (Some(Fate::Unknown), _) => Err("a known outcome"),
            (_, 0) => expect(count <= 1, "at most once"),
            (Some(Fate::Published), 1) => expect(count >= 1, "at least once"),
            (Some(Fate::Published), _) => expect(count == 1, "exactly once"),
            (None, 1) => expect(count >= 1 || !self.safe, "at least once"),
            (None, _) if self.forgot || !self.safe => expect(count <= 1, "never twice"),
            (None, _) => expect(count == 1, "exactly once"),
        }
    }
}

fn count(numbers: &[(u16, u8)], number: u16) -> usize {
    numbers.iter().filter(|(other, _)| *other == number).count()
}

/// Messages of a quality of service whose first arrivals are not in the order of publishing [MQTT-4.6.0-5].
fn disorder(way: &str, arrived: &[(u16, u8)], published: &[u16]) -> Vec<String> {
    let mut wrong = Vec::new();
    for qos in 0..=2 {
        let mut last = 0;
        let mut seen = Vec::new();
        for (number, _) in arrived.iter().filter(|(_, other)| *other == qos) {
            if seen.contains(number) {
                continue;
            }
            seen.push(*number);
            let place = published.iter().position(|other| other == number);
            let place = place.map_or(0, |place| place + 1);
            if place < last {
                wrong.push(format!("QoS {qos} {way}: {number} came out of order"));
            }
            last = place;
        }
    }
    wrong
}
