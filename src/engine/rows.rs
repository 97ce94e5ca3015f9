//! The visible parts of list and tree, made for the page. Cost depends on what is visible, never on what was captured.

use super::{palette::Palette, shown, summary};
use crate::{
    capture::{Capture, Packet},
    link::{self, List, ListView, Row, Subscription, Tree, TreeRow, TreeView},
    protocol::Direction,
    session,
};

/// The visible rows of the list. A part that would reach past the oldest message is moved up, so that it is full.
pub(super) fn list(view: &ListView, capture: &Capture, palette: &Palette) -> List {
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
    List {
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

/// Any packet that is no message.
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

/// The visible rows of the tree. A part that would reach past the last row is moved up.
pub(super) fn tree(view: &TreeView, capture: &Capture) -> Tree {
    let (topics, total) = capture.tree_size();
    let skip = view.skip.min(total.saturating_sub(u32::from(view.rows)));
    let rows = capture.tree_rows(skip, usize::from(view.rows));
    let row = |branch: &crate::capture::Branch<'_>| TreeRow {
        node: branch.node,
        depth: branch.depth,
        name: branch.name.to_owned(),
        branch: branch.branch,
        open: branch.open,
        count: branch.count,
        preview: capture
            .latest(branch.node)
            .map(|packet| shown::preview(packet.payload())),
        retained: capture.knows_retained(branch),
    };
    Tree {
        topics,
        beyond: capture.counts().beyond_tree,
        total,
        skip,
        rows: rows.iter().map(row).collect(),
    }
}

/// All subscriptions.
pub(super) fn subscriptions(
    wanted: &[session::Subscription],
    capture: &Capture,
    palette: &Palette,
) -> Vec<Subscription> {
    let described = |swatch: &super::palette::Swatch| {
        let wanted = wanted
            .iter()
            .find(|wanted| wanted.filter == swatch.filter)?;
        let (count, rate) = capture.filter_count(&swatch.filter);
        Some(Subscription {
            filter: swatch.filter.clone(),
            options: wanted.options,
            identifier: wanted.identifier,
            reason: wanted.reason.clone(),
            grant: grant(wanted.grant),
            colour: swatch.colour,
            muted: swatch.muted,
            count,
            rate,
        })
    };
    palette.all().iter().filter_map(described).collect()
}

fn grant(grant: session::Grant) -> link::Grant {
    match grant {
        session::Grant::Asleep => link::Grant::Asleep,
        session::Grant::Asked => link::Grant::Asked,
        session::Grant::Granted(qos) => link::Grant::Granted(qos),
        session::Grant::Refused(code) => link::Grant::Refused(code),
        session::Grant::Forbidden(why) => link::Grant::Forbidden(why),
        session::Grant::Withheld => link::Grant::Withheld,
    }
}
