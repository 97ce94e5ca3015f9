//! Remarks: faults that do not end the connection. One that is repeated is one line with a count. A line counts as new
//! again only if the topic or the rule is another.

use std::mem;

use crate::link::{Remark, RemarkOn};

/// The most different faults of a broker that have a line each.
const MOST: usize = 16;
/// The most topics and rules of a line that make it new again. Further ones only count.
const MOST_KEYS: usize = 64;

#[derive(Debug)]
struct Line {
    remark: Remark,
    /// Topics and clauses that were seen already.
    keys: Vec<(String, String)>,
}

/// All remarks.
#[derive(Debug, Default)]
pub(super) struct Remarks {
    lines: Vec<Line>,
    last_number: u32,
}

impl Remarks {
    /// Adds a remark on this packet.
    pub fn add(&mut self, on: RemarkOn, seq: Option<u64>) {
        let key = key(&on);
        let line = self
            .lines
            .iter_mut()
            .find(|line| is_alike(&line.remark.on, &on));
        if let Some(Line { remark, keys }) = line {
            remark.count = remark.count.saturating_add(1);
            if keys.len() < MOST_KEYS && !keys.contains(&key) {
                keys.push(key);
                self.last_number = self.last_number.wrapping_add(1);
                (remark.number, remark.on, remark.seq) = (self.last_number, on, seq);
            }
        } else if !is_breach(&on) || self.breaches() < MOST {
            self.last_number = self.last_number.wrapping_add(1);
            self.lines.push(Line {
                remark: Remark {
                    number: self.last_number,
                    on,
                    seq,
                    count: 1,
                },
                keys: vec![key],
            });
        }
    }

    fn breaches(&self) -> usize {
        let lines = self.lines.iter();
        lines.filter(|line| is_breach(&line.remark.on)).count()
    }

    /// The remarks for a frame.
    pub fn all(&self) -> Vec<Remark> {
        self.lines.iter().map(|line| line.remark.clone()).collect()
    }

    /// Another connection begins, or the packets that they point at are gone.
    pub fn clear(&mut self) {
        self.lines.clear();
    }
}

/// There may be several lines of this kind. Every other kind has one line.
fn is_breach(on: &RemarkOn) -> bool {
    matches!(on, RemarkOn::Broker { .. })
}

/// Both belong to the same line.
fn is_alike(one: &RemarkOn, other: &RemarkOn) -> bool {
    if let (RemarkOn::Broker { detail: one, .. }, RemarkOn::Broker { detail: other, .. }) =
        (one, other)
    {
        return one == other;
    }
    mem::discriminant(one) == mem::discriminant(other)
}

fn key(on: &RemarkOn) -> (String, String) {
    match on {
        RemarkOn::Message { topic, clause, .. } => (topic.clone(), clause.clone()),
        RemarkOn::TooLarge { topic, .. } => (topic.clone().unwrap_or_default(), String::new()),
        RemarkOn::Broker { .. } | RemarkOn::AliasNames { .. } => <_>::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(topic: &str) -> RemarkOn {
        RemarkOn::Message {
            topic: topic.to_owned(),
            detail: "x".to_owned(),
            clause: "1".to_owned(),
        }
    }

    #[test]
    fn the_same_a_thousand_times_is_one_line_with_a_count() {
        let mut remarks = Remarks::default();
        for seq in 0..1000 {
            remarks.add(message("t"), Some(seq));
        }
        let all = remarks.all();
        assert_eq!(all.len(), 1);
        assert_eq!(
            (all[0].number, all[0].seq, all[0].count),
            (1, Some(0), 1000)
        );
    }

    #[test]
    fn another_topic_makes_the_line_new_and_a_flood_of_topics_does_not_for_ever() {
        let mut remarks = Remarks::default();
        for seq in 0..1000 {
            remarks.add(message(&format!("t/{seq}")), Some(seq));
        }
        let all = remarks.all();
        assert_eq!(all.len(), 1);
        assert_eq!((all[0].number, all[0].count), (MOST_KEYS as u32, 1000));
        assert_eq!(all[0].seq, Some(MOST_KEYS as u64 - 1));
    }

    #[test]
    fn breaches_of_the_broker_have_a_line_each_and_not_without_end() {
        let mut remarks = Remarks::default();
        for number in 0..100 {
            let detail = format!("{number}");
            let clause = String::new();
            remarks.add(RemarkOn::Broker { detail, clause }, None);
        }
        assert_eq!(remarks.all().len(), MOST);
        // A message has its line, even if all lines for faults of the broker are taken.
        remarks.add(message("t"), Some(7));
        assert_eq!(remarks.all().len(), MOST + 1);
    }
}
