//! The time strip. Its cost depends on its slots, never on what was captured.

use crate::{
    capture::{self, Capture, NO_FILTER, SENT},
    engine::{
        pane::{Pane, World},
        shown,
    },
    link::{self, Answer, Located, TimelineGap, TimelineSlot, TimelineView},
};

/// The time strip.
#[derive(Debug, Default)]
pub struct Timeline {
    /// What is visible of it; `None` while it is not on screen.
    pub view: Option<TimelineView>,
}

impl Pane for Timeline {
    type Answer = link::Timeline;
    const INTO_ANSWER: fn(link::Timeline) -> Answer = Answer::Timeline;

    fn answer(&mut self, world: &World<'_>) -> Option<link::Timeline> {
        let view = self.view.as_ref()?;
        let capture = world.capture;
        let slots = capture.slots(usize::from(view.columns));
        let located = view.locate.map(|time| Located {
            time,
            position: capture.position_at(micros(time)),
            numbering: capture.span().numbering,
        });
        let Some((first, _)) = slots.slots.first().copied() else {
            return Some(link::Timeline {
                located,
                ..link::Timeline::default()
            });
        };
        let from_us = first.saturating_mul(slots.width_us);
        let slot = |(number, tally): &(u64, capture::Tally)| TimelineSlot {
            at: u32::try_from(number - first).unwrap_or(u32::MAX),
            received: received(tally),
            sent: tally.lanes.get(usize::from(SENT)).copied().unwrap_or(0),
            retained: tally.retained,
        };
        Some(link::Timeline {
            from: shown::milliseconds(from_us),
            width: shown::milliseconds(slots.width_us),
            slots: slots.slots.iter().map(slot).collect(),
            gaps: gaps(capture, from_us, slots.width_us),
            located,
        })
    }
}

fn received(tally: &capture::Tally) -> Vec<(Option<u8>, u32)> {
    let lanes = (0..=NO_FILTER).zip(tally.lanes);
    lanes
        .filter(|(_, count)| *count > 0)
        .map(|(lane, count)| ((lane != NO_FILTER).then_some(lane), count))
        .collect()
}

/// When there was no connection, since the strip begins. Gaps that nobody could tell apart are one: there are never more
/// than slots.
fn gaps(capture: &Capture, from_us: u64, width_us: u64) -> Vec<TimelineGap> {
    let mut gaps: Vec<(u64, Option<u64>)> = Vec::new();
    let mut lost: Option<u64> = None;
    for connection in capture.connections() {
        if let (Some(opened), Some(since)) = (connection.opened_us, lost) {
            if opened > from_us {
                let begins = since.max(from_us);
                match gaps.last_mut() {
                    Some((_, end))
                        if end.is_some_and(|end| begins.saturating_sub(end) < width_us) =>
                    {
                        *end = Some(opened);
                    }
                    _ => gaps.push((begins, Some(opened))),
                }
            }
            lost = None;
        }
        if let Some(closed) = &connection.closed {
            // One that was tried in vain goes on with the gap.
            lost.get_or_insert(closed.time_us);
        }
    }
    if let Some(since) = lost {
        gaps.push((since.max(from_us), None));
    }
    gaps.into_iter()
        .map(|(from, to)| TimelineGap {
            from: shown::milliseconds(from),
            to: to.map(shown::milliseconds),
        })
        .collect()
}

/// Microseconds of a time that the page named; it may be any number.
fn micros(time: f64) -> u64 {
    (time * 1000.0) as u64
}
