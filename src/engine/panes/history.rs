//! A page of the history of a topic. Its cost depends on the rows of a page; only to find those after one, records are
//! looked at, once.

use crate::{
    capture::{Capture, Packet},
    engine::{
        pane::{Pane, World},
        shown,
    },
    link::{self, Answer, HistoryAt, HistoryChange, HistoryPart, HistoryRow, HistoryView},
    payload::{ChangeInShort, change_in_short},
    protocol::Direction,
};

/// Rows of a page at the most.
const MOST_ROWS: usize = 200;

/// The history.
#[derive(Debug, Default)]
pub struct History {
    /// What is visible of it; `None` while it is not on screen.
    view: Option<HistoryView>,
    /// The messages of a page that does not follow the newest, newest first, once they were looked for.
    found: Option<Vec<u64>>,
    /// The rows of the last answer: a value is compared with the one before it once.
    rows: Vec<HistoryRow>,
}

impl History {
    /// Shows this from now on. False: nothing.
    pub fn look_at(&mut self, view: Option<HistoryView>) -> bool {
        if self.view != view {
            self.view = view;
            self.found = None;
        }
        self.view.is_some()
    }

    /// Everything was thrown away, or other things are there.
    pub fn forget(&mut self) {
        self.found = None;
        self.rows.clear();
    }
}

impl Pane for History {
    type Answer = link::History;
    const INTO_ANSWER: fn(link::History) -> Answer = Answer::History;

    fn answer(&mut self, world: &World<'_>) -> Option<link::History> {
        let view = self.view.clone()?;
        let capture = world.capture;
        let most = usize::from(view.rows).clamp(1, MOST_ROWS);
        let direction = if view.outgoing {
            Direction::Outgoing
        } else {
            Direction::Incoming
        };
        let latest = capture.latest_on(&view.topic, direction);
        let seqs = match view.at {
            HistoryAt::Newest => back(capture, latest, most),
            at => self
                .found
                .get_or_insert_with(|| page(capture, at, most))
                .clone(),
        };
        let mut rows = Vec::with_capacity(seqs.len());
        let mut last = None;
        for seq in seqs {
            // It may be evicted by now.
            let Some(packet) = capture.packet(seq) else {
                continue;
            };
            last = Some(packet.before);
            let known = self.rows.iter().position(|row| row.seq == seq);
            let known = known.map(|at| self.rows.swap_remove(at));
            rows.push(known.unwrap_or_else(|| row(&packet, capture)));
        }
        self.rows.clone_from(&rows);
        let before = last.flatten();
        let older = before.is_some_and(|seq| capture.packet(seq).is_some());
        Some(link::History {
            newer: rows.first().map(|row| row.seq) != latest && latest.is_some(),
            evicted: before.is_some() && !older,
            older,
            rows,
            view,
        })
    }
}

fn back(capture: &Capture, from: Option<u64>, most: usize) -> Vec<u64> {
    let packets = from.into_iter().flat_map(|from| capture.back_from(from));
    packets.take(most).map(|packet| packet.seq).collect()
}

fn page(capture: &Capture, at: HistoryAt, most: usize) -> Vec<u64> {
    match at {
        HistoryAt::Newest => Vec::new(),
        HistoryAt::Before(seq) => {
            let before = capture.packet(seq).and_then(|packet| packet.before);
            back(capture, before, most)
        }
        HistoryAt::After(seq) => {
            let mut after = capture.after(seq, most);
            after.reverse();
            after
        }
        HistoryAt::Around(seq) => {
            let mut around = capture.after(seq, most / 2);
            around.reverse();
            let left = most - around.len();
            around.extend(back(capture, Some(seq), left));
            around
        }
    }
}

fn row(packet: &Packet<'_>, capture: &Capture) -> HistoryRow {
    let payload = packet.payload();
    let before = packet.before.and_then(|before| capture.packet(before));
    let change = before.map(|before| change_in_short(before.payload(), payload));
    HistoryRow {
        seq: packet.seq,
        time: shown::milliseconds(packet.time_us),
        retain: packet.retain,
        preview: shown::preview(payload),
        size: shown::count(payload.len()),
        change: match change {
            None => HistoryChange::First,
            Some(ChangeInShort::Same) => HistoryChange::Same,
            Some(ChangeInShort::Number(by)) => HistoryChange::Number(by),
            Some(ChangeInShort::Other) => HistoryChange::Other,
            Some(ChangeInShort::Json(parts, more)) => {
                let part = |part: crate::payload::ChangedPart| HistoryPart {
                    key: part.key,
                    before: part.before,
                    now: part.now,
                };
                HistoryChange::Json(parts.into_iter().map(part).collect(), shown::count(more))
            }
        },
    }
}
