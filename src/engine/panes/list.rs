//! The visible rows of the list. The cost depends on how many are visible, not on how many were captured.

use crate::{
    capture::{Capture, Packet},
    engine::{
        palette::Palette,
        pane::{Pane, World},
        shown, summary,
    },
    link::{self, Answer, ListView, Row},
    protocol::Direction,
};

/// The list.
#[derive(Debug, Default)]
pub struct List {
    /// Which part is visible; `None` while it is not on screen.
    pub view: Option<ListView>,
}

impl Pane for List {
    type Answer = link::List;
    const INTO_ANSWER: fn(link::List) -> Answer = Answer::List;

    fn answer(&mut self, world: &World<'_>) -> Option<link::List> {
        let view = self.view.as_ref()?;
        Some(list(view, world.capture, world.palette))
    }
}

/// The visible rows. If they would end beyond the oldest message, they start earlier, so that the screen is full.
fn list(view: &ListView, capture: &Capture, palette: &Palette) -> link::List {
    let span = capture.span();
    let rows = u64::from(view.rows);
    let newest = span
        .end
        .checked_sub(1)
        .map(|last| view.newest.map_or(last, |held| held.min(last)));
    let shown = newest
        .filter(|newest| *newest >= span.oldest)
        .map_or(0..0, |newest| {
            let top = newest
                .saturating_sub(view.skip)
                .max(span.oldest + rows.saturating_sub(1))
                .min(newest)
                + 1;
            top.saturating_sub(rows).max(span.oldest)..top
        });
    link::List {
        filter: capture.list_filter().to_owned(),
        packets: capture.shows_packets(),
        oldest: span.oldest,
        end: span.end,
        numbering: span.numbering,
        complete: span.complete,
        rows: shown
            .rev()
            .filter_map(|position| {
                Some(row(position, &capture.listed(position)?, capture, palette))
            })
            .collect(),
    }
}

fn row(position: u64, packet: &Packet<'_>, capture: &Capture, palette: &Palette) -> Row {
    if !packet.is_message() {
        return control(position, packet);
    }
    let first = capture.matching(packet).next();
    let payload = packet.payload();
    Row {
        position,
        seq: packet.seq,
        time: shown::milliseconds(packet.time_us),
        outgoing: packet.direction == Direction::Outgoing,
        qos: packet.qos,
        retain: packet.retain,
        dup: packet.dup,
        flawed: packet.flawed,
        topic: packet.topic().to_owned(),
        preview: shown::preview(payload),
        size: u32::try_from(payload.len()).unwrap_or(u32::MAX),
        colour: first
            .and_then(|index| palette.at(index))
            .map(|swatch| swatch.colour),
        pair: capture.pair(packet).map(shown::pair),
        ..Row::default()
    }
}

/// The row of a packet that is not a message.
fn control(position: u64, packet: &Packet<'_>) -> Row {
    Row {
        position,
        seq: packet.seq,
        time: shown::milliseconds(packet.time_us),
        outgoing: packet.direction == Direction::Outgoing,
        packet: packet.packet_type.name().to_owned(),
        malformed: packet.malformed,
        preview: summary::in_short(packet),
        size: u32::try_from(packet.size()).unwrap_or(u32::MAX),
        ..Row::default()
    }
}
