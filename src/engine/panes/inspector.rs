//! The packet that the inspector shows.
//!
//! This is the only pane whose answers are not compared with the last one: each contains a whole packet, so making one for
//! the comparison would copy up to 64 MiB at each frame. It compares the inputs of the answer instead.

use crate::{
    capture::{Capture, Packet, Trace},
    engine::{
        fields,
        palette::Palette,
        pane::{Teller, World},
        shown,
    },
    link::{Answer, Inspected, Pair, Sibling, SparkplugContext, Step, Target},
    payload::SparkplugTopic,
    protocol::Direction,
};

/// The largest payload of the previous message that is included.
const MOST_BEFORE: usize = 256 * 1024;
/// Births on one topic that are looked at for the one before a message.
const MOST_BIRTHS: usize = 100;
/// Packets before a message among which the one before it in its sequence is looked for.
const MOST_BACK: u64 = 5_000;

/// The inputs of the last answer.
#[derive(Debug, PartialEq)]
struct Ingredients {
    seq: u64,
    matched: Vec<(String, u8)>,
    delivery: Vec<u64>,
    before: Option<u64>,
    pair: Option<Pair>,
}

/// The inspector.
#[derive(Debug, Default)]
pub struct Inspector(Option<Inspection>);

impl Inspector {
    /// Sets the target; `None`: nothing is inspected.
    pub fn inspect(&mut self, target: Option<Target>) {
        self.0 = target.map(Inspection::new);
    }
}

impl Teller for Inspector {
    fn news(&mut self, world: &World<'_>) -> Option<Answer> {
        let inspection = self.0.as_mut()?;
        let news = inspection.news(world.capture, world.palette);
        news.map(Answer::Inspector)
    }

    /// Forgets the last answer, and keeps the target.
    fn forget(&mut self) {
        self.inspect(self.0.as_ref().map(|inspection| inspection.target));
    }
}

/// The inspector's target, and the last answer about it.
#[derive(Debug)]
struct Inspection {
    target: Target,
    ingredients: Option<Ingredients>,
    /// The search for the packets of the same delivery, which continues with each answer.
    trace: Option<Trace>,
    /// The last answer, which is shown as gone once the packet was evicted.
    last: Option<Inspected>,
    told_gone: bool,
}

impl Inspection {
    fn new(target: Target) -> Self {
        Self {
            target,
            ingredients: None,
            trace: None,
            last: None,
            told_gone: false,
        }
    }

    /// The answer, unless it is the same as the last one.
    fn news(&mut self, capture: &Capture, palette: &Palette) -> Option<Inspected> {
        let packet = match self.target {
            Target::Packet(seq) => capture.packet(seq),
            Target::Topic(node) => capture.latest(node),
        };
        let Some(packet) = packet else {
            return self.gone();
        };
        let ingredients = Ingredients {
            seq: packet.seq,
            matched: matched(&packet, capture, palette),
            delivery: self.delivery(&packet, capture),
            pair: capture.pair(&packet).map(shown::pair),
            before: packet
                .before
                .filter(|before| earlier(*before, capture).is_some()),
        };
        if self.ingredients.as_ref() == Some(&ingredients) {
            return None;
        }
        let inspected = inspected(self.target, &packet, &ingredients, capture);
        self.ingredients = Some(ingredients);
        self.told_gone = false;
        self.last = Some(inspected.clone());
        Some(inspected)
    }

    fn gone(&mut self) -> Option<Inspected> {
        if self.told_gone {
            return None;
        }
        self.told_gone = true;
        self.ingredients = None;
        let node = match self.target {
            Target::Packet(_) => None,
            Target::Topic(node) => Some(node),
        };
        let last = self.last.take().unwrap_or(Inspected {
            target: Some(self.target),
            node,
            ..Inspected::default()
        });
        Some(Inspected { seq: None, ..last })
    }

    fn delivery(&mut self, packet: &Packet<'_>, capture: &Capture) -> Vec<u64> {
        let known = self.trace.take().filter(|trace| trace.is_of(packet.seq));
        let trace = self
            .trace
            .insert(known.unwrap_or_else(|| capture.trace(packet)));
        capture.follow(trace)
    }
}

fn matched(packet: &Packet<'_>, capture: &Capture, palette: &Palette) -> Vec<(String, u8)> {
    if !packet.is_message() {
        return Vec::new();
    }
    let swatches = capture
        .matching(packet)
        .filter_map(|index| palette.at(index));
    swatches
        .map(|swatch| (swatch.filter.clone(), swatch.colour))
        .collect()
}

fn earlier(seq: u64, capture: &Capture) -> Option<Packet<'_>> {
    capture
        .packet(seq)
        .filter(|packet| packet.payload().len() <= MOST_BEFORE)
}

fn sibling(packet: &Packet<'_>, before: &Packet<'_>) -> Sibling {
    let after = packet.time_us.saturating_sub(before.time_us);
    Sibling {
        after: shown::milliseconds(after),
        retain: before.retain,
    }
}

fn inspected(
    target: Target,
    packet: &Packet<'_>,
    ingredients: &Ingredients,
    capture: &Capture,
) -> Inspected {
    let step = |seq: &u64| {
        let packet = capture.packet(*seq)?;
        Some(Step {
            seq: *seq,
            packet: packet.packet_type.name().to_owned(),
            outgoing: packet.direction == Direction::Outgoing,
            time: shown::milliseconds(packet.time_us),
        })
    };
    Inspected {
        target: Some(target),
        seq: Some(packet.seq),
        node: capture.node(packet),
        time: shown::milliseconds(packet.time_us),
        outgoing: packet.direction == Direction::Outgoing,
        qos: packet.qos,
        retain: packet.retain,
        dup: packet.dup,
        packet_id: packet.packet_id,
        topic: packet.topic().to_owned(),
        payload: if packet.is_message() {
            packet.payload_start
        } else {
            0
        },
        // The page never had the packet, so there is nothing to show as gone.
        bytes: packet.masked().into_owned(),
        matched: ingredients.matched.clone(),
        fields: fields::fields(packet),
        delivery: ingredients.delivery.iter().filter_map(step).collect(),
        before: ingredients
            .before
            .and_then(|seq| Some(earlier(seq, capture)?.payload().to_vec())),
        sibling: ingredients
            .before
            .and_then(|seq| Some(sibling(packet, &earlier(seq, capture)?))),
        version: packet.version,
        properties: packet.properties(),
        further_properties: shown::count(packet.further_properties()),
        flawed: packet.flawed,
        pair: ingredients.pair,
        sparkplug: sparkplug(packet, capture),
    }
}

/// What a payload of Sparkplug is read with, where it is one by its topic.
fn sparkplug(packet: &Packet<'_>, capture: &Capture) -> Option<SparkplugContext> {
    let topic = SparkplugTopic::of(packet.topic()).filter(|_| packet.is_message())?;
    let bytes = |packet: Packet<'_>| {
        let payload = packet.payload();
        (payload.len() <= MOST_BEFORE).then(|| payload.to_vec())
    };
    let birth = || {
        let mut birth = capture.latest_named(&topic.birth())?;
        // A later one may have other names.
        for _ in 0..MOST_BIRTHS {
            if birth.seq < packet.seq {
                return bytes(birth);
            }
            birth = capture.packet(birth.before?)?;
        }
        None
    };
    let previous = || {
        let first = packet.seq.saturating_sub(MOST_BACK);
        let mut earlier = (first..packet.seq)
            .rev()
            .map_while(|seq| capture.packet(seq));
        let beside = |one: &Packet<'_>| {
            one.is_message()
                && one.direction == packet.direction
                && SparkplugTopic::of(one.topic()).is_some_and(|other| other.is_beside(&topic))
        };
        bytes(earlier.find(beside)?)
    };
    Some(SparkplugContext {
        birth: if topic.is_birth() { None } else { birth() },
        previous: previous(),
    })
}
