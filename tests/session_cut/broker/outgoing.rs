//! What the broker sends to the client: in order, as far as the client takes it, and again after a reconnect.

use std::collections::BTreeSet;

use super::super::wire;
use super::{Broker, Outgoing, Stage, TOPIC};

impl Broker {
    /// A message for the client. Lost if there is no subscription.
    pub fn publish(&mut self, number: u16, qos: u8) {
        if let Some(kept) = &mut self.kept
            && let Some(granted) = kept.filters.get(TOPIC)
        {
            kept.outgoing.push_back(Outgoing {
                number,
                qos: qos.min(*granted),
                stage: Stage::Waiting,
            });
            self.flush();
        }
    }

    /// PUBACK, PUBREC or PUBCOMP: in the order of what they answer [MQTT-4.6.0-2], [MQTT-4.6.0-3].
    pub(super) fn acknowledged(&mut self, which: usize, id: u16) {
        let Some((online, kept)) = self.online.as_mut().zip(self.kept.as_mut()) else {
            return;
        };
        let expected = online.expected[which].pop_front();
        if expected != Some(id) {
            let name = ["PUBACK", "PUBREC", "PUBCOMP"][which];
            return self.wrong(format!("{name} {id} instead of {expected:?}"));
        }
        let stage = if which == 2 {
            Stage::Released(id)
        } else {
            Stage::Sent(id)
        };
        let at = kept.outgoing.iter().position(|one| one.stage == stage);
        if let Some(at) = at {
            if which == 1 {
                kept.outgoing[at].stage = Stage::Released(id);
            } else {
                kept.outgoing.remove(at);
            }
        }
        if which == 1 {
            self.release(id);
        }
        self.flush();
    }

    /// Sends what waits, as far as the client takes it, under the lowest free identifiers: they come again soon.
    pub(super) fn flush(&mut self) {
        loop {
            let Some((online, kept)) = self.online.as_ref().zip(self.kept.as_mut()) else {
                return;
            };
            if online.level == 0 {
                return;
            }
            let taken: BTreeSet<u16> = kept.outgoing.iter().filter_map(Outgoing::id).collect();
            let Some(at) = kept
                .outgoing
                .iter()
                .position(|one| one.stage == Stage::Waiting)
            else {
                return;
            };
            let Outgoing { number, qos, .. } = kept.outgoing[at];
            if qos == 0 {
                kept.outgoing.remove(at);
                self.send(number, 0, false, 0);
                continue;
            }
            let free = (1..).find(|id| !taken.contains(id)).unwrap_or(1);
            if taken.len() >= online.window {
                return;
            }
            kept.outgoing[at].stage = Stage::Sent(free);
            self.send(number, qos, false, free);
        }
    }

    pub(super) fn send(&mut self, number: u16, qos: u8, dup: bool, id: u16) {
        let Some(online) = &mut self.online else {
            return;
        };
        if qos > 0 {
            online.expected[usize::from(qos) - 1].push_back(id);
        }
        let alias = u16::from(online.client_aliases > 0);
        let topic = if alias > 0 && online.alias_told {
            ""
        } else {
            TOPIC
        };
        online.alias_told = true;
        let level = online.level;
        let bytes = wire::publish(level, topic, alias, qos, dup, id, &number.to_be_bytes());
        self.reply(bytes, None);
    }

    pub(super) fn release(&mut self, id: u16) {
        if let Some(online) = &mut self.online {
            online.expected[2].push_back(id);
        }
        self.reply(wire::answer(0x62, id, 0), None);
    }
}

impl Outgoing {
    fn id(&self) -> Option<u16> {
        match self.stage {
            Stage::Waiting => None,
            Stage::Sent(id) | Stage::Released(id) => Some(id),
        }
    }
}
