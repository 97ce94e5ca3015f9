//! The terms of a query, held against packets: the cheap ones first, and what a topic alone decides once for each topic.
//! Knows no positions.

use super::{log::Logged, packet::Packet, topics::Topics};
use crate::{
    protocol::{self, Direction},
    reading::{LocalTime, Query, Term, Wanted, contains},
};

/// The terms, in the order in which they are asked.
#[derive(Debug, Default)]
pub(super) struct Terms {
    asked: Vec<Asked>,
    /// Nothing fits at all.
    nothing: bool,
}

#[derive(Debug)]
struct Asked {
    term: Term,
    /// Of terms that a topic decides, or helps to decide: by topic number.
    answers: Vec<TopicAnswer>,
    /// The number of the one topic that is wanted, once it has one.
    exact: Option<u32>,
    /// The moments that a span of time means: from the first to before the second.
    span: (u64, u64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TopicAnswer {
    Unknown,
    Yes,
    No,
}

impl Terms {
    /// `local`: what time it is, for the times in it.
    pub fn new(query: Query, local: LocalTime) -> Self {
        let mut terms = query.in_lower_case().terms;
        terms.sort_by_key(|term| cost(&term.wanted));
        Self {
            asked: terms
                .into_iter()
                .map(|term| Asked {
                    span: match &term.wanted {
                        Wanted::At(span) => span.resolve(local),
                        _ => (0, u64::MAX),
                    },
                    term,
                    answers: Vec::new(),
                    exact: None,
                })
                .collect(),
            nothing: false,
        }
    }

    /// What nothing fits.
    pub fn nothing() -> Self {
        Self {
            nothing: true,
            ..Self::default()
        }
    }

    /// Everything fits.
    pub fn is_empty(&self) -> bool {
        self.asked.is_empty() && !self.nothing
    }

    /// Control packets are asked for, by their type or by what only they have.
    pub fn want_packets(&self) -> bool {
        let asks = |asked: &Asked| {
            matches!(
                asked.term.wanted,
                Wanted::Type(_) | Wanted::Code(_) | Wanted::Refused | Wanted::Names(_)
            )
        };
        self.asked.iter().any(asks)
    }

    /// The time from which on packets are wanted, in microseconds; `None` where all are.
    pub fn since(&self, now_us: u64) -> Option<u64> {
        let since = self
            .asked
            .iter()
            .filter_map(|asked| match asked.term.wanted {
                Wanted::Since(span) => Some(now_us.saturating_sub(span)),
                _ => None,
            });
        since.max()
    }

    /// Topics have other numbers from now on.
    pub fn forget_topics(&mut self) {
        for asked in &mut self.asked {
            asked.answers.clear();
            asked.exact = None;
        }
    }

    /// Topics that have got a number meanwhile. A topic gets its number before its first message is in the log, so another
    /// number is another topic.
    pub fn find_topics(&mut self, topics: &mut Topics) {
        for asked in &mut self.asked {
            if let Wanted::Topic(name) = &asked.term.wanted
                && asked.exact.is_none()
            {
                asked.exact = topics.find(name.as_bytes());
            }
        }
    }

    /// Whether a message fits. `spent` grows by the bytes that had to be read.
    pub fn fit(&mut self, logged: &Logged<'_>, spent: &mut usize) -> bool {
        !self.nothing
            && self
                .asked
                .iter_mut()
                .all(|asked| asked.fits(logged, spent) != asked.term.negated)
    }

    /// Whether a control packet other than PUBLISH fits, or something malformed.
    pub fn fit_control(&self, logged: &Logged<'_>) -> bool {
        let Some(packet) = logged.packet() else {
            return false;
        };
        !self.nothing
            && self
                .asked
                .iter()
                .all(|asked| asked.fits_control(&packet) != asked.term.negated)
    }
}

/// A packet is looked at, a topic is asked once, a payload is read.
fn cost(wanted: &Wanted) -> u8 {
    match wanted {
        Wanted::Topic(_) | Wanted::Filter(_) | Wanted::At(_) => 0,
        Wanted::Text(_) | Wanted::Property { .. } => 2,
        Wanted::Json { .. } => 3,
        _ => 1,
    }
}

impl Asked {
    fn spans(&self, time_us: u64) -> bool {
        let (from, to) = self.span;
        (from..to).contains(&time_us)
    }

    fn fits_control(&self, packet: &Packet<'_>) -> bool {
        match &self.term.wanted {
            Wanted::At(_) => self.spans(packet.time_us),
            wanted => control_fits(wanted, packet),
        }
    }

    fn fits(&mut self, logged: &Logged<'_>, spent: &mut usize) -> bool {
        let topic = |name: &str, exact: Option<u32>| match logged.record.topic_id() {
            Some(id) => exact == Some(id),
            None => logged
                .packet()
                .is_some_and(|packet| packet.topic_bytes() == name.as_bytes()),
        };
        match &self.term.wanted {
            Wanted::Topic(name) => topic(name, self.exact),
            Wanted::At(_) => self.spans(logged.time_us()),
            Wanted::Filter(filter) => topic_answer(&mut self.answers, logged, |packet| {
                protocol::matches(filter, packet.topic())
            }),
            Wanted::Through(filter) => {
                logged.record.is_received_message()
                    && topic_answer(&mut self.answers, logged, |packet| {
                        protocol::matches(filter, packet.topic())
                    })
            }
            Wanted::Text(text) => {
                let names = |packet: &Packet<'_>| contains(packet.topic_bytes(), text);
                topic_answer(&mut self.answers, logged, names) || {
                    let payload = logged.payload();
                    *spent += payload.len();
                    contains(payload, text)
                }
            }
            Wanted::Json { path, test } => {
                let payload = logged.payload();
                *spent += payload.len();
                path.finds(payload, test.as_ref())
            }
            wanted => logged
                .packet()
                .is_some_and(|packet| message_fits(wanted, &packet)),
        }
    }
}

/// What the packet itself says.
fn message_fits(wanted: &Wanted, packet: &Packet<'_>) -> bool {
    match wanted {
        Wanted::Qos(qos) => packet.qos == *qos,
        Wanted::Retained => packet.retain,
        Wanted::Dup => packet.dup,
        Wanted::Size(compare, bytes) => {
            let size = packet.payload().len() as u64;
            compare.holds(Some(size.cmp(bytes)))
        }
        Wanted::Property { name, value } => packet.properties().is_some_and(|properties| {
            properties
                .user_properties
                .iter()
                .any(|(key, held)| key == name && value.as_ref().is_none_or(|value| value == held))
        }),
        wanted => either_fits(wanted, packet),
    }
}

/// A control packet is found by its name; what is malformed, by what its first byte claims.
fn control_fits(wanted: &Wanted, packet: &Packet<'_>) -> bool {
    match wanted {
        Wanted::Text(text) => contains(packet.packet_type.name().as_bytes(), text),
        Wanted::Size(compare, bytes) => compare.holds(Some((packet.size() as u64).cmp(bytes))),
        Wanted::Code(code) => protocol::carries_code(packet.bytes, packet.version, *code),
        Wanted::Refused => protocol::refuses(packet.bytes, packet.version),
        Wanted::Names(filter) => protocol::names_filter(packet.bytes, packet.version, filter),
        wanted => either_fits(wanted, packet),
    }
}

/// What every packet has.
fn either_fits(wanted: &Wanted, packet: &Packet<'_>) -> bool {
    match wanted {
        Wanted::Sent => packet.direction == Direction::Outgoing,
        Wanted::Received => packet.direction == Direction::Incoming,
        Wanted::Type(packet_type) => packet.packet_type == *packet_type,
        Wanted::Id(id) => packet.packet_id == *id,
        // Its owner takes out what has become too old.
        Wanted::Since(_) => true,
        _ => false,
    }
}

/// Asks once for each topic; for each message where its topic has no number.
fn topic_answer(
    answers: &mut Vec<TopicAnswer>,
    logged: &Logged<'_>,
    ask: impl FnOnce(&Packet<'_>) -> bool,
) -> bool {
    let ask = || logged.packet().is_some_and(|packet| ask(&packet));
    let Some(id) = logged.record.topic_id().map(|id| id as usize) else {
        return ask();
    };
    if id >= answers.len() {
        answers.resize(id + 1, TopicAnswer::Unknown);
    }
    let Some(answer) = answers.get_mut(id) else {
        return ask();
    };
    if *answer == TopicAnswer::Unknown {
        *answer = if ask() {
            TopicAnswer::Yes
        } else {
            TopicAnswer::No
        };
    }
    *answer == TopicAnswer::Yes
}
