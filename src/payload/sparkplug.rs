//! Sparkplug B (version 3.0 of its specification): what its topics say, and the metrics of its payloads, which are protobuf. A
//! metric may come with an alias in place of its name and its type; the birth of its node or device has told them.

mod metric;

use std::collections::HashMap;

use foldhash::fast::FixedState;

pub use metric::{Metric, Value};

use super::protobuf::{Wire, field};
use metric::metric;

/// Metrics of a payload that are read. More are counted.
const MOST: usize = 10_000;

/// A topic of a node or a device: `spBv1.0/group/KIND/node[/device]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SparkplugTopic<'a> {
    /// The group.
    pub group: &'a str,
    /// `NBIRTH`, `DDATA` and so on.
    pub kind: &'a str,
    /// The edge node.
    pub node: &'a str,
    /// The device behind it.
    pub device: Option<&'a str>,
}

impl<'a> SparkplugTopic<'a> {
    /// What this topic says, if it is one.
    pub fn of(topic: &'a str) -> Option<Self> {
        let mut levels = topic.strip_prefix("spBv1.0/")?.split('/');
        let (group, kind, node) = (levels.next()?, levels.next()?, levels.next()?);
        let device = levels.next();
        let fits = match kind {
            "NBIRTH" | "NDATA" | "NDEATH" | "NCMD" => device.is_none(),
            "DBIRTH" | "DDATA" | "DDEATH" | "DCMD" => device.is_some(),
            _ => false,
        };
        (fits && levels.next().is_none()).then_some(Self {
            group,
            kind,
            node,
            device,
        })
    }

    /// The topic of the birth that tells names and types.
    pub fn birth(&self) -> String {
        let Self { group, node, .. } = self;
        match self.device {
            None => format!("spBv1.0/{group}/NBIRTH/{node}"),
            Some(device) => format!("spBv1.0/{group}/DBIRTH/{node}/{device}"),
        }
    }

    /// It is itself a birth.
    pub fn is_birth(&self) -> bool {
        matches!(self.kind, "NBIRTH" | "DBIRTH")
    }

    /// Its payload counts in the sequence of its node.
    pub fn is_counted(&self) -> bool {
        !matches!(self.kind, "NDEATH" | "NCMD" | "DCMD")
    }

    /// Both count in the same sequence.
    pub fn is_beside(&self, other: &SparkplugTopic<'_>) -> bool {
        self.is_counted()
            && other.is_counted()
            && (self.group, self.node) == (other.group, other.node)
    }
}

/// A payload.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sparkplug {
    /// Milliseconds since the Unix epoch.
    pub timestamp: Option<u64>,
    /// Its number in the sequence of its node, from 0 to 255.
    pub seq: Option<u64>,
    /// The metrics.
    pub metrics: Vec<Metric>,
    /// So many more are not read.
    pub more: usize,
    /// It is none from this byte on.
    pub fault: Option<usize>,
}

impl Sparkplug {
    /// Reads a payload, as far as it is one.
    pub fn read(bytes: &[u8]) -> Self {
        let mut read = Self::default();
        let mut at = 0;
        while at < bytes.len() {
            let Ok((field, end)) = field(bytes, at) else {
                read.fault = Some(at);
                break;
            };
            match (field.number, field.wire) {
                (1, Wire::Varint(time)) => read.timestamp = Some(time),
                (3, Wire::Varint(seq)) => read.seq = Some(seq),
                (2, Wire::Bytes(_)) if read.metrics.len() >= MOST => read.more += 1,
                (2, Wire::Bytes(bytes)) => match metric(bytes) {
                    Some(metric) => read.metrics.push(metric),
                    None => {
                        read.fault = Some(at);
                        break;
                    }
                },
                // Identifier, body, and what a later version may add.
                (_, Wire::Varint(_) | Wire::Bytes(_) | Wire::Fixed32(_) | Wire::Fixed64(_)) => {}
                (_, Wire::Open | Wire::Close) => {
                    read.fault = Some(at);
                    break;
                }
            }
            at = end;
        }
        read
    }

    /// Gives metrics that come with an alias alone the name and the type that the birth has told.
    pub fn resolve(&mut self, birth: &Self) {
        let named: HashMap<u64, &Metric, FixedState> = birth
            .metrics
            .iter()
            .filter_map(|metric| Some((metric.alias?, metric)))
            .collect();
        let types: HashMap<&str, u64, FixedState> = birth
            .metrics
            .iter()
            .filter_map(|metric| Some((metric.name.as_deref()?, metric.datatype?)))
            .collect();
        for metric in &mut self.metrics {
            let known = metric.alias.and_then(|alias| named.get(&alias));
            if metric.name.is_none()
                && let Some(known) = known
            {
                metric.name.clone_from(&known.name);
                metric.is_resolved = metric.name.is_some();
            }
            let by_name = || types.get(metric.name.as_deref()?).copied();
            metric.datatype = metric
                .datatype
                .or_else(|| known.and_then(|known| known.datatype))
                .or_else(by_name);
        }
    }
}

/// How many messages are missing between two that follow each other, if any: the sequence goes from 0 to 255 and around.
pub fn sparkplug_gap(before: u64, now: u64) -> Option<u64> {
    let missing = now.wrapping_sub(before).wrapping_sub(1) & 0xff;
    (missing > 0).then_some(missing)
}
