//! One device: its power, its plug, its rhythm and its place in the topic tree, around its thing and its client.

use fastrand::Rng;

use super::{
    Kind, Last, Place, Refused, State, Told,
    client::{Client, Heard, How, Identity, Received},
    outbox::Outbox,
    template::AVAILABILITY,
    thing::{self, Saying, Sayings, Thing},
    told::SHOWN,
};
use crate::{
    protocol::{PublishProperties, Qos, Will},
    session::{Phase, SocketEvent},
};

const SECOND: u64 = 1_000_000;
/// How long a device that is removed may take to say goodbye.
const FAREWELL: u64 = 10 * SECOND;
/// Topics at which a device left something that it has still to clear.
const MOST_TO_CLEAR: usize = 64;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Power {
    /// It is to be on. The client is, too, as soon as there is a time.
    On,
    Off,
    Unplugged,
}

#[derive(Debug)]
pub(super) struct Device {
    number: u32,
    kind: Kind,
    base: String,
    forgetful: bool,
    rhythm: Option<u32>,
    power: Power,
    thing: Box<dyn Thing>,
    rng: Rng,
    client: Client,
    /// When it speaks next, in microseconds.
    next: Option<u64>,
    /// Topics at which it left retained messages under an earlier name.
    to_clear: Vec<String>,
    /// It is removed, and gone by then.
    leaves: Option<u64>,
    last: Option<Last>,
    complaint: Option<String>,
    sent: u64,
    taken: u64,
    /// What was told last, of what changes by itself.
    told: (State, u64, u64),
    news: bool,
}

impl Device {
    pub(super) fn new(number: u32, kind: Kind, base: String, seed: u64) -> Self {
        // Each has its own chance, whatever the others do.
        let mut rng = Rng::with_seed(seed ^ u64::from(number).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        Self {
            number,
            kind,
            base,
            forgetful: false,
            rhythm: kind.rhythm(),
            power: Power::On,
            thing: thing::of(kind, &mut rng),
            rng,
            client: Client::default(),
            next: None,
            to_clear: Vec::new(),
            leaves: None,
            last: None,
            complaint: None,
            sent: 0,
            taken: 0,
            told: (State::Off, 0, 0),
            news: true,
        }
    }

    pub(super) fn number(&self) -> u32 {
        self.number
    }

    pub(super) fn base(&self) -> &str {
        &self.base
    }

    pub(super) fn switch_on(&mut self, outbox: &mut Outbox) {
        // One that gave up tries anew.
        if !self.state().is_busy() {
            self.client.unplug(outbox);
        }
        self.power = Power::On;
    }

    pub(super) fn switch_off(&mut self, now: u64, outbox: &mut Outbox) {
        if self.power != Power::On {
            return;
        }
        if self.client.phase() == Phase::Connected {
            let mut say = Sayings::new();
            self.thing.farewell(&mut say);
            for said in say {
                // Nobody waits for its acknowledgement, and it must not be repeated later.
                self.publish(now, said, Some(Qos::AtMostOnce));
            }
        }
        self.power = Power::Off;
        self.client.switch_off(now, outbox);
        self.next = None;
    }

    pub(super) fn unplug(&mut self, now: u64, outbox: &mut Outbox) {
        // Switched off, it has no connection that could break.
        if self.power == Power::On {
            self.client.drain(now, outbox);
            self.client.unplug(outbox);
            self.next = None;
        }
        self.power = Power::Unplugged;
    }

    pub(super) fn set_forgetful(&mut self, now: u64, forgetful: bool, outbox: &mut Outbox) {
        if self.forgetful != forgetful {
            self.forgetful = forgetful;
            self.news = true;
            self.connect_anew(now, outbox);
        }
    }

    pub(super) fn set_rhythm(&mut self, now: u64, seconds: u32) -> Result<(), Refused> {
        if self.rhythm.is_none() {
            return Err(Refused::Rhythm);
        }
        self.rhythm = Some(seconds);
        self.news = true;
        self.next = self.next.map(|_| after(now, seconds));
        Ok(())
    }

    pub(super) fn rename(&mut self, now: u64, base: String, outbox: &mut Outbox) {
        if self.base == base {
            return;
        }
        let left = self.retained();
        self.to_clear.extend(left);
        self.base = base;
        self.last = None;
        self.news = true;
        // What it comes back to is its own again.
        let own = self.retained();
        self.to_clear.retain(|topic| !own.contains(topic));
        let beyond = self.to_clear.len().saturating_sub(MOST_TO_CLEAR);
        self.to_clear.drain(..beyond);
        self.connect_anew(now, outbox);
    }

    /// It is removed: it ends its session, clears what it left, and [`Self::is_leaving`] until then.
    pub(super) fn leave(&mut self, now: u64, outbox: &mut Outbox) {
        let left = self.retained();
        self.to_clear.extend(left);
        self.forgetful = true;
        self.leaves = Some(now.saturating_add(FAREWELL));
        self.client.switch_off(now, outbox);
        self.power = Power::On;
        self.time(now, outbox);
    }

    pub(super) fn is_leaving(&self) -> bool {
        self.leaves.is_some() && self.power == Power::On
    }

    pub(super) fn by_hand(&mut self, now: u64, outbox: &mut Outbox) -> Result<(), Refused> {
        if !self.kind.by_hand() || self.power != Power::On {
            return Err(Refused::Hand);
        }
        let mut say = Sayings::new();
        self.thing.by_hand(&mut say);
        self.say(now, say);
        self.listen(now, outbox);
        Ok(())
    }

    pub(super) fn opened(&mut self, now: u64, connection: u64, outbox: &mut Outbox) {
        let event = SocketEvent::Opened {
            subprotocol: "mqtt",
        };
        self.client.socket(now, connection, event);
        self.listen(now, outbox);
    }

    pub(super) fn bytes(&mut self, now: u64, connection: u64, bytes: &[u8], outbox: &mut Outbox) {
        let event = SocketEvent::Bytes(bytes);
        self.client.socket(now, connection, event);
        self.listen(now, outbox);
    }

    pub(super) fn closed(&mut self, now: u64, connection: u64, outbox: &mut Outbox) {
        let event = SocketEvent::Closed {
            code: 1006,
            reason: "",
            clean: false,
        };
        self.client.socket(now, connection, event);
        self.listen(now, outbox);
    }

    /// What is due by now.
    pub(super) fn time(&mut self, now: u64, outbox: &mut Outbox) {
        if self.leaves.is_some_and(|until| until <= now) {
            return self.gone(now, outbox);
        }
        if self.power == Power::On && !self.client.is_on() {
            let identity = self.identity();
            self.client.switch_on(now, identity);
            self.listen(now, outbox);
        }
        if self.client.time(now) {
            self.listen(now, outbox);
        }
        if let (Some(next), Some(rhythm)) = (self.next, self.rhythm)
            && next <= now
        {
            let mut say = Sayings::new();
            self.thing.tick(rhythm, &mut self.rng, &mut say);
            self.say(now, say);
            // A machine that slept does not say all at once what it did not say meanwhile.
            let then = after(next, rhythm);
            self.next = Some(if then > now { then } else { after(now, rhythm) });
            self.listen(now, outbox);
        }
    }

    pub(super) fn wake_at(&self) -> Option<u64> {
        if self.power == Power::On && !self.client.is_on() {
            return Some(0);
        }
        let due = [self.client.wake_at(), self.next, self.leaves];
        due.into_iter().flatten().min()
    }

    /// Whether [`Self::told`] may say something else than when this was last asked.
    pub(super) fn has_news(&mut self) -> bool {
        let told = (self.state(), self.sent, self.taken);
        let news = std::mem::take(&mut self.news) | (told != self.told);
        self.told = told;
        news
    }

    pub(super) fn told(&self) -> Told {
        let spots = self.kind.spots().iter();
        Told {
            number: self.number,
            kind: self.kind,
            base: self.base.clone(),
            client_id: self.client_id(),
            version: self.kind.version(),
            state: self.state(),
            forgetful: self.forgetful,
            rhythm: self.rhythm,
            by_hand: self.kind.by_hand(),
            places: spots
                .map(|spot| Place {
                    topic: self.topic(spot.suffix),
                    command: spot.command.map(str::to_owned),
                    qos: spot.qos,
                    retain: spot.retain,
                    will: spot.suffix == AVAILABILITY,
                })
                .collect(),
            last: self.last.clone(),
            complaint: self.complaint.clone(),
            sent: self.sent,
            taken: self.taken,
        }
    }

    fn state(&self) -> State {
        match (self.power, self.client.phase()) {
            (Power::Off, _) => State::Off,
            (Power::Unplugged, _) => State::Unplugged,
            (Power::On, Phase::Connected) => State::Connected,
            (Power::On, Phase::Failed) if self.client.was_replaced() => State::TakenOver,
            (Power::On, Phase::Failed) => State::Refused,
            (Power::On, Phase::Disconnected | Phase::Connecting | Phase::Waiting) => {
                State::Connecting
            }
        }
    }

    fn client_id(&self) -> String {
        format!("{}-{}", self.kind.name(), self.number)
    }

    fn topic(&self, suffix: &str) -> String {
        format!("{}{suffix}", self.base)
    }

    /// The topics at which it leaves retained messages.
    fn retained(&self) -> Vec<String> {
        let spots = self.kind.spots().iter().filter(|spot| spot.retain);
        spots.map(|spot| self.topic(spot.suffix)).collect()
    }

    fn identity(&mut self) -> Identity {
        let is_here = self.leaves.is_none();
        let will = (is_here && self.kind.has_will()).then(|| Will {
            topic: self.topic(AVAILABILITY),
            payload: b"offline".to_vec(),
            qos: Qos::AtLeastOnce,
            retain: true,
            delay: None,
            properties: PublishProperties::default(),
        });
        let spots = self.kind.spots().iter();
        Identity {
            client_id: self.client_id(),
            version: self.kind.version(),
            forgetful: self.forgetful,
            will,
            filters: spots
                .filter(|spot| is_here && spot.command.is_some())
                .map(|spot| (self.topic(spot.suffix), spot.qos))
                .collect(),
            seed: self.rng.u64(..),
        }
    }

    /// With what has changed about it; if it is connected or tries to be.
    fn connect_anew(&mut self, now: u64, outbox: &mut Outbox) {
        if self.power == Power::On {
            self.client.switch_off(now, outbox);
            self.next = None;
        }
    }

    fn gone(&mut self, now: u64, outbox: &mut Outbox) {
        self.client.switch_off(now, outbox);
        self.power = Power::Off;
        self.next = None;
    }

    /// Takes what came for it.
    fn listen(&mut self, now: u64, outbox: &mut Outbox) {
        // What is answered brings nothing back before the next input, so this ends.
        loop {
            let heard = self.client.drain(now, outbox);
            if heard.is_empty() {
                return;
            }
            for heard in heard {
                match heard {
                    Heard::Connected if self.leaves.is_some() => {
                        self.clear(now);
                        self.client.drain(now, outbox);
                        return self.gone(now, outbox);
                    }
                    Heard::Connected => self.connected(now),
                    Heard::Message(received) => self.take(now, received),
                }
            }
        }
    }

    fn connected(&mut self, now: u64) {
        self.clear(now);
        let mut say = Sayings::new();
        self.thing.greet(&mut self.rng, &mut say);
        self.say(now, say);
        if let (None, Some(rhythm)) = (self.next, self.rhythm) {
            self.next = Some(after(now, rhythm));
        }
    }

    fn clear(&mut self, now: u64) {
        for topic in std::mem::take(&mut self.to_clear) {
            let nothing = Saying {
                suffix: "",
                payload: String::new(),
                json: false,
            };
            let how = How {
                retain: true,
                ..How::default()
            };
            self.client.publish(now, topic, nothing, how);
        }
    }

    fn take(&mut self, now: u64, received: Received) {
        self.taken += 1;
        let Received { start, len, answer } = received;
        let mut say = Sayings::new();
        let done = self.thing.command(&start, len, &mut say);
        self.complaint = done.as_ref().err().map(|why| shown(why));
        let answered = match done {
            Ok(said) => said,
            Err(payload) => Saying {
                suffix: "",
                payload,
                json: false,
            },
        };
        self.say(now, say);
        if let Some((topic, correlation_data)) = answer {
            let how = How {
                qos: Qos::AtLeastOnce,
                retain: false,
                correlation_data,
            };
            self.sent += 1;
            self.client.publish(now, topic, answered, how);
        }
    }

    /// Publishes, if it is connected: what was measured while it was not is not said later.
    fn say(&mut self, now: u64, say: Sayings) {
        if self.client.phase() == Phase::Connected {
            for said in say {
                self.publish(now, said, None);
            }
        }
    }

    fn publish(&mut self, now: u64, said: Saying, qos: Option<Qos>) {
        let spots = self.kind.spots().iter();
        let Some(spot) = spots.clone().find(|spot| spot.suffix == said.suffix) else {
            return;
        };
        let topic = self.topic(spot.suffix);
        self.sent += 1;
        self.last = Some(Last {
            topic: topic.clone(),
            payload: shown(&said.payload),
        });
        let how = How {
            qos: qos.unwrap_or(spot.qos),
            retain: spot.retain,
            correlation_data: None,
        };
        self.client.publish(now, topic, said, how);
    }
}

fn after(time: u64, seconds: u32) -> u64 {
    time.saturating_add(u64::from(seconds) * SECOND)
}

/// As much of a text as is told.
fn shown(text: &str) -> String {
    if text.len() <= SHOWN {
        return text.to_owned();
    }
    let mut end = SHOWN;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}…", &text[..end])
}
