//! Thousands of schedules of two to five clients, against a plain model of what may be delivered: a list of messages for
//! each session, appended to as they are published. At the end everyone comes back and takes what is left.

use std::collections::{BTreeMap, BTreeSet};

use midge::protocol::{FromBroker, PacketType, Qos, Version, matches};

use midge_broker_core::Settings;

use crate::desk::*;
use crate::hostile::Chance;

const TOPICS: [&str; 4] = ["a", "a/b", "c", "c/d"];
const FILTERS: [&str; 6] = ["a", "a/#", "+/b", "c/+", "#", "c"];

/// One client, which behaves, and what the model says of its session.
#[derive(Debug, Default)]
struct Player {
    on: Option<(u64, Version)>,
    /// Its session stays.
    stays: bool,
    /// Its session is there.
    there: bool,
    filters: BTreeMap<&'static str, Qos>,
    /// What it should be given: number and quality. QoS 0 only what came while it was connected.
    wanted: Vec<(u32, Qos)>,
    /// What it was given, repeats of QoS 2 left out.
    given: Vec<(u32, Qos)>,
    /// QoS 2 messages that it has and that were not released.
    has: BTreeSet<u16>,
    /// Answers that it has not sent.
    owes: Vec<(PacketType, u16)>,
    /// Retained messages that a new filter may bring, by topic.
    may_come: Vec<u32>,
    next_id: u16,
}

struct Game {
    desk: Desk,
    players: Vec<Player>,
    lines: Vec<Option<C>>,
    retained: BTreeMap<&'static str, (u32, Qos)>,
    /// Where each message went, and from whom.
    published: Vec<(&'static str, usize)>,
    /// The broker may go, and come back with what it stored.
    settings: Option<Settings>,
    chance: Chance,
}

impl Game {
    fn new(seed: u64) -> Self {
        let mut chance = Chance(seed);
        let count = 2 + chance.below(4);
        let mut settings = Settings::default();
        settings.limits.in_flight = [1, 2, 5, 100][chance.below(4)];
        settings.stores = chance.one_in(2);
        Self {
            settings: settings.stores.then(|| settings.clone()),
            desk: Desk::with(settings),
            players: (0..count).map(|_| Player::default()).collect(),
            lines: vec![None; count],
            retained: BTreeMap::new(),
            published: Vec::new(),
            chance,
        }
    }

    fn step(&mut self) {
        if self.settings.is_some() && self.chance.one_in(15) {
            self.restart();
        }
        let who = self.chance.below(self.players.len());
        if self.lines[who].is_none() {
            let stays = !self.chance.one_in(4);
            self.connect(who, stays);
            return;
        }
        match self.chance.below(12) {
            0 => self.leave(who, false),
            1 => self.leave(who, true),
            2 | 3 => self.subscribe(who),
            4 => self.unsubscribe(who),
            5..=8 => self.publish(who),
            _ => self.answer(who),
        }
    }

    fn connect(&mut self, who: usize, stays: bool) {
        let version = VERSIONS[self.chance.below(3)];
        let name = format!("p{who}");
        let mut said = if stays {
            staying(version, &name)
        } else {
            hello(version, &name)
        };
        if self.chance.one_in(3) {
            said.properties.receive_maximum = Some(1 + self.chance.below(3) as u16);
        }
        if self.chance.one_in(2) {
            said.properties.topic_alias_maximum = Some(2);
        }
        let client = self.desk.open(version);
        self.desk.send(client, &connect(&said));
        let player = &mut self.players[who];
        let there = player.there && stays;
        if !there {
            let next_id = player.next_id;
            *player = Player {
                next_id,
                ..Player::default()
            };
        }
        player.there = true;
        player.stays = stays;
        player.on = Some((client.line, version));
        player.owes.clear();
        self.lines[who] = Some(client);
        let Some(Got::Other(FromBroker::Connack(connack))) = self.desk.got_first(client) else {
            panic!("no CONNACK")
        };
        assert_eq!(connack.session_present, there && version != V31);
        self.look();
    }

    fn leave(&mut self, who: usize, politely: bool) {
        if let Some(client) = self.lines[who].take() {
            if politely {
                self.desk.send(client, DISCONNECT);
            } else {
                self.desk.cut(client);
            }
            let player = &mut self.players[who];
            player.on = None;
            player.may_come.clear();
            player.there = player.stays;
        }
        self.look();
    }

    fn restart(&mut self) {
        let Some(settings) = self.settings.clone() else {
            return;
        };
        self.desk.restart(settings);
        for (line, player) in self.lines.iter_mut().zip(&mut self.players) {
            if line.take().is_some() {
                player.on = None;
                player.may_come.clear();
                player.there = player.stays;
            }
        }
    }

    fn subscribe(&mut self, who: usize) {
        let filter = FILTERS[self.chance.below(FILTERS.len())];
        let qos = QOS[self.chance.below(3)];
        let Some(client) = self.lines[who] else {
            return;
        };
        let player = &mut self.players[who];
        player.filters.insert(filter, qos);
        let found = self
            .retained
            .iter()
            .filter(|(topic, _)| matches(filter, topic));
        player
            .may_come
            .extend(found.map(|(_, (number, _))| *number));
        self.desk
            .send(client, &subscribe(client.v(), 5000, &[(filter, qos)]));
        self.look();
    }

    fn unsubscribe(&mut self, who: usize) {
        let filter = FILTERS[self.chance.below(FILTERS.len())];
        let Some(client) = self.lines[who] else {
            return;
        };
        self.players[who].filters.remove(filter);
        self.desk
            .send(client, &unsubscribe(client.v(), 5001, &[filter]));
        self.look();
    }

    fn publish(&mut self, who: usize) {
        let Some(client) = self.lines[who] else {
            return;
        };
        let topic = TOPICS[self.chance.below(TOPICS.len())];
        let qos = QOS[self.chance.below(3)];
        let retain = self.chance.one_in(4);
        let number = self.published.len() as u32;
        self.published.push((topic, who));
        for player in &mut self.players {
            let granted = player
                .filters
                .iter()
                .filter(|(filter, _)| matches(filter, topic));
            let granted = granted.map(|(_, granted)| *granted).max();
            if let (Some(granted), true) = (granted, player.there) {
                let qos = qos.min(granted);
                if qos != QOS[0] || player.on.is_some() {
                    player.wanted.push((number, qos));
                }
            }
        }
        if retain {
            self.retained.insert(topic, (number, qos));
        }
        let player = &mut self.players[who];
        player.next_id = player.next_id % 1000 + 1;
        let id = if qos == QOS[0] { 0 } else { player.next_id };
        let mut packet = publish(client.v(), topic, &number.to_string(), qos, id);
        packet[0] |= u8::from(retain);
        self.desk.send(client, &packet);
        if qos == QOS[2] {
            // Now and then as if the PUBREC had been lost, on another connection or on this one.
            if self.chance.one_in(3) {
                packet[0] |= 8;
                self.desk.send(client, &packet);
            }
            if self.chance.one_in(3) && self.players[who].stays {
                self.leave(who, false);
                self.connect(who, true);
                if let Some(client) = self.lines[who] {
                    let mut packet = publish(client.v(), topic, &number.to_string(), qos, id);
                    packet[0] |= 8 | u8::from(retain);
                    self.desk.send(client, &packet);
                }
            }
            if let Some(client) = self.lines[who] {
                self.desk.send(client, &ack(PacketType::Pubrel, id));
            }
        }
        self.look();
    }

    /// Sends some of the answers that are owed, the first ones first.
    fn answer(&mut self, who: usize) {
        let Some(client) = self.lines[who] else {
            return;
        };
        let owes = self.players[who].owes.len();
        for _ in 0..self.chance.below(owes + 1) {
            let (packet_type, id) = self.players[who].owes.remove(0);
            self.desk.send(client, &ack(packet_type, id));
            self.look();
        }
    }

    /// Takes what came.
    fn look(&mut self) {
        for (who, line) in self.lines.iter().enumerate() {
            let Some(client) = *line else { continue };
            assert_eq!(self.desk.ended(client), None);
            let player = &mut self.players[who];
            for got in self.desk.got(client) {
                match got {
                    Got::Publish(message) => take(player, &self.published, &message),
                    Got::Other(FromBroker::Pubrel(of)) => {
                        player.has.remove(&of.packet_id);
                        player.owes.push((PacketType::Pubcomp, of.packet_id));
                    }
                    Got::Other(_) => {}
                }
            }
        }
    }

    /// Everyone comes back and takes everything; then what was given is held against what was wanted.
    fn finish(mut self) {
        for who in 0..self.players.len() {
            if self.lines[who].is_none() {
                if !self.players[who].there {
                    continue;
                }
                self.connect(who, true);
            }
            while !self.players[who].owes.is_empty() {
                self.answer(who);
            }
        }
        for player in &self.players {
            if player.on.is_none() {
                continue;
            }
            for qos in QOS {
                let of = |all: &[(u32, Qos)]| -> Vec<u32> {
                    all.iter()
                        .filter(|(_, found)| *found == qos)
                        .map(|(number, _)| *number)
                        .collect()
                };
                let (wanted, given) = (of(&player.wanted), of(&player.given));
                let set = |all: &[u32]| all.iter().copied().collect::<BTreeSet<u32>>();
                if qos == QOS[0] {
                    // Behind retained messages it may have waited for a connection that then was gone.
                    assert!(set(&wanted).is_superset(&set(&given)), "{qos:?}");
                } else {
                    assert_eq!(set(&wanted), set(&given), "{qos:?}");
                }
                if qos != QOS[1] {
                    assert_eq!(set(&given).len(), given.len(), "{qos:?}: once");
                }
                // Order: of the first time that each came, by publisher and topic.
                let mut last: BTreeMap<(&str, usize), u32> = BTreeMap::new();
                let mut seen = BTreeSet::new();
                for number in given.into_iter().filter(|number| seen.insert(*number)) {
                    let before = last.insert(self.published[number as usize], number);
                    assert!(
                        before.is_none_or(|before| before < number),
                        "{qos:?}: in order"
                    );
                }
            }
        }
        let leave: Vec<_> = (0..self.players.len()).collect();
        for who in leave {
            self.leave(who, false);
            self.connect(who, false);
            self.leave(who, true);
        }
        let held = self.desk.broker.held();
        assert_eq!(
            (held.sessions, held.subscriptions, held.messages),
            (0, 0, (0, 0))
        );
        // Of what was stored, only what is retained is left.
        let retained = if self.settings.is_some() {
            self.retained.len()
        } else {
            0
        };
        let left: Vec<_> = self.desk.stored.keys().collect();
        assert_eq!(left.len(), retained, "{left:?}");
    }
}

/// A message came to a client.
fn take(player: &mut Player, published: &[(&'static str, usize)], message: &Published) {
    let number: u32 = message.text().parse().expect("a number");
    if !message.topic.is_empty() {
        assert_eq!(message.topic, published[number as usize].0);
    }
    let is_new = message.qos != QOS[2] || player.has.insert(message.id);
    match message.qos {
        Qos::AtMostOnce => {}
        Qos::AtLeastOnce => player.owes.push((PacketType::Puback, message.id)),
        Qos::ExactlyOnce => player.owes.push((PacketType::Pubrec, message.id)),
    }
    if !is_new {
        return;
    }
    if message.retain {
        // Of a filter that was new: it was retained then, or is a later one in its place.
        if !message.dup {
            let known = player
                .may_come
                .iter()
                .any(|may| published[*may as usize].0 == published[number as usize].0);
            assert!(known, "{number} is retained, and nothing asked for it");
        }
        return;
    }
    player.given.push((number, message.qos));
}

#[test]
fn what_is_delivered_is_what_may_be() {
    for seed in 0..2000 {
        let mut game = Game::new(seed);
        for _ in 0..60 {
            game.step();
        }
        game.finish();
    }
}
