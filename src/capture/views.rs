//! The views of what was captured: what each filter matched, the list with its query, topics, and the tree.

use super::{Branch, Capture, FILTER_LANES, Packet, Slots, Span, filters::Filters};
use crate::reading::LocalTime;

/// While the list reads this many bytes, the search of the tree looks at one topic.
const BYTES_PER_TOPIC: usize = 64;

impl Capture {
    // -- Filters --

    /// Adds a filter: what it matches is counted from now on.
    pub fn add_filter(&mut self, filter: &str) {
        self.change_filters(|filters| filters.add(filter));
    }

    /// Forgets this filter.
    pub fn remove_filter(&mut self, filter: &str) {
        self.change_filters(|filters| filters.remove(filter));
    }

    /// Hides in the list what only muted filters match, or shows it again.
    pub fn mute(&mut self, filter: &str, muted: bool) {
        self.change_filters(|filters| filters.mute(filter, muted));
    }

    fn change_filters(&mut self, change: impl FnOnce(&mut Filters)) {
        let was_muted = self.filters.any_muted();
        change(&mut self.filters);
        self.list
            .filters_changed(was_muted, &self.log, &self.filters);
        self.revision += 1;
    }

    /// Messages that this filter matched, and how many in the last second.
    pub fn filter_count(&self, filter: &str) -> (u64, f32) {
        self.filters
            .index_of(filter)
            .map_or((0, 0.0), |index| self.filters.count(index))
    }

    /// Filters that are there.
    pub fn filter_total(&self) -> usize {
        self.filters.len()
    }

    /// The filters that match this packet's topic, as indexes in the order in which they were added.
    pub fn matching<'a>(&'a self, packet: &Packet<'a>) -> impl Iterator<Item = usize> + 'a {
        let topic = packet.topic_id().and_then(|id| self.topics.get(id));
        self.filters.matching(topic, packet.topic())
    }

    // -- The list --

    /// What time it is and what clocks show, for queries that are set from now on.
    pub fn set_local_time(&mut self, local: LocalTime) {
        self.local = local;
    }

    /// Sets the query of the list, see [`crate::reading`].
    pub fn set_list_filter(&mut self, text: &str) {
        if self.list.set(text, self.local, &self.log, &self.filters) {
            self.revision += 1;
        }
    }

    /// Shows every packet in the list, or messages alone.
    pub fn show_packets(&mut self, packets: bool) {
        if self.list.show_packets(packets, &self.log, &self.filters) {
            self.revision += 1;
        }
    }

    /// The list shows every packet.
    pub fn shows_packets(&self) -> bool {
        self.list.shows_packets()
    }

    /// The filter of the list.
    pub fn list_filter(&self) -> &str {
        self.list.text()
    }

    /// Which positions the list has.
    pub fn span(&self) -> Span {
        self.list.span(&self.log)
    }

    /// The message at a position of the list.
    pub fn listed(&self, position: u64) -> Option<Packet<'_>> {
        self.log.packet(self.list.seq_at(position, &self.log)?)
    }

    /// Brings the list and the search of the tree up to date, reading about `most` bytes. True if there is more to do.
    pub fn work(&mut self, most: usize) -> bool {
        let more = self
            .list
            .work(most, &self.log, &mut self.topics, &self.filters);
        self.list.age(self.measured_us, &self.log);
        let topics = &self.topics;
        let name = |id| topics.get(id).map_or("", |topic| &*topic.name);
        self.tree.work(most / BYTES_PER_TOPIC, name) | more
    }

    /// The position of the latest message in the list that came at this time or before, of the first one if all came later.
    /// `None`: the list is empty, as far as it has looked.
    pub fn position_at(&self, time_us: u64) -> Option<u64> {
        let Span { oldest, end, .. } = self.span();
        let (mut low, mut high) = (oldest, end);
        while low < high {
            let middle = low + (high - low) / 2;
            let came = self.listed(middle).map_or(0, |packet| packet.time_us);
            if came <= time_us {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        (oldest < end).then(|| low.saturating_sub(1).max(oldest))
    }

    // -- Counts over time --

    /// How many messages came when, of all that are kept, in at most so many slots, [`super::SLOTS`] at most.
    pub fn slots(&self, most: usize) -> Slots {
        self.strip.slots(most)
    }

    /// Counts what this filter is the first to match in this lane from now on, one below [`FILTER_LANES`].
    pub fn set_lane(&mut self, filter: &str, lane: u8) {
        self.filters.set_lane(filter, lane % FILTER_LANES);
    }

    // -- Topics --

    /// How often all was cleared, and how many topic names are kept since: numbered from 0 in the order in which they came.
    pub fn topic_count(&self) -> (u32, u32) {
        self.topics.count()
    }

    /// The topic of this number, if each of these words is in it, case-insensitively. They are in lower case.
    pub fn topic_with(&self, number: u32, words: &[String]) -> Option<&str> {
        let name = &*self.topics.get(number)?.name;
        let has = |word: &String| crate::reading::contains(name.as_bytes(), word);
        words.iter().all(has).then_some(name)
    }

    // -- The tree --

    /// Topics that carried a message, and visible rows.
    pub fn tree_size(&self) -> (u32, u32) {
        (self.tree.topics(), self.tree.total())
    }

    /// Visible rows of the tree, from top to bottom.
    pub fn tree_rows(&self, skip: u32, most: usize) -> Vec<Branch<'_>> {
        self.tree.rows(skip, most)
    }

    /// A retained message of this row's topic is known.
    pub fn knows_retained(&self, row: &Branch<'_>) -> bool {
        row.topic.is_some_and(|id| self.topics.knows_retained(id))
    }

    /// Folds a node open or shut.
    pub fn fold(&mut self, node: u32, open: bool) {
        if self.tree.fold(node, open) {
            self.revision += 1;
        }
    }

    /// Shows in the tree only topics that contain this text.
    pub fn set_tree_search(&mut self, text: &str) {
        if self.tree.set_search(text) {
            self.revision += 1;
        }
    }

    /// The search of the tree has not looked at every topic yet.
    pub fn is_searching(&self) -> bool {
        self.tree.is_searching()
    }
}
