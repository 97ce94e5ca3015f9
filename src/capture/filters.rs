//! The topic filters that are subscribed: which messages they match, and how many. Knows no grants and no colours.

use super::{rate::Rate, strip::NO_FILTER, topics::Topic};
use crate::protocol;

/// Filters whose matches are kept as bits with each topic; later ones are matched message by message.
const CACHED: usize = 64;

#[derive(Debug)]
struct Entry {
    filter: String,
    muted: bool,
    lane: u8,
    matched: Rate,
}

/// The filters, in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Filters {
    entries: Vec<Entry>,
    version: u32,
}

impl Filters {
    /// Changes with every filter that is added, removed or muted.
    pub fn version(&self) -> u32 {
        self.version
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn index_of(&self, filter: &str) -> Option<usize> {
        self.entries.iter().position(|entry| entry.filter == filter)
    }

    pub fn add(&mut self, filter: &str) {
        if self.index_of(filter).is_none() {
            self.entries.push(Entry {
                filter: filter.to_owned(),
                muted: false,
                lane: 0,
                matched: Rate::default(),
            });
            self.changed();
        }
    }

    pub fn remove(&mut self, filter: &str) {
        if let Some(index) = self.index_of(filter) {
            self.entries.remove(index);
            self.changed();
        }
    }

    pub fn mute(&mut self, filter: &str, muted: bool) {
        if let Some(entry) = self
            .entries
            .iter_mut()
            .find(|entry| entry.filter == filter && entry.muted != muted)
        {
            entry.muted = muted;
            self.changed();
        }
    }

    pub fn set_lane(&mut self, filter: &str, lane: u8) {
        let found = self.entries.iter_mut().find(|entry| entry.filter == filter);
        if let Some(entry) = found {
            entry.lane = lane;
        }
    }

    /// The lane of the first filter that matches, as far as they are kept with the topic.
    #[inline]
    pub fn lane(&self, mask: u64) -> u8 {
        let first = self.entries.get(mask.trailing_zeros() as usize);
        first
            .filter(|_| mask != 0)
            .map_or(NO_FILTER, |entry| entry.lane)
    }

    pub fn any_muted(&self) -> bool {
        self.entries.iter().any(|entry| entry.muted)
    }

    fn changed(&mut self) {
        // u32::MAX marks a topic that was never matched.
        self.version = if self.version >= u32::MAX - 1 {
            0
        } else {
            self.version + 1
        };
    }

    /// Messages matched, and how many in the last second.
    pub fn count(&self, index: usize) -> (u64, f32) {
        self.entries.get(index).map_or((0, 0.0), |entry| {
            (entry.matched.count(), entry.matched.rate())
        })
    }

    pub fn mask(&self, topic: &str) -> u64 {
        let cached = self.entries.iter().take(CACHED).enumerate();
        cached
            .filter(|(_, entry)| protocol::matches(&entry.filter, topic))
            .fold(0, |mask, (bit, _)| mask | 1 << bit)
    }

    /// Matches a topic anew if the filters have changed since.
    pub fn refresh(&self, topic: &mut Topic) {
        if topic.mask_of != self.version {
            topic.mask = self.mask(&topic.name);
            topic.mask_of = self.version;
        }
    }

    fn mask_of(&self, topic: Option<&Topic>, name: &str) -> u64 {
        match topic {
            Some(topic) if topic.mask_of == self.version => topic.mask,
            _ => self.mask(name),
        }
    }

    /// The filters that match, by index, ascending.
    pub fn matching<'a>(
        &'a self,
        topic: Option<&Topic>,
        name: &'a str,
    ) -> impl Iterator<Item = usize> + 'a {
        let mask = self.mask_of(topic, name);
        let cached = (0..CACHED.min(self.entries.len())).filter(move |bit| mask & (1 << bit) != 0);
        let others = self.entries.iter().enumerate().skip(CACHED);
        cached.chain(
            others
                .filter(|(_, entry)| protocol::matches(&entry.filter, name))
                .map(|(index, _)| index),
        )
    }

    /// Counts one message for every filter that matches its topic, which is refreshed.
    pub fn count_message(&mut self, topic: &Topic) {
        self.count_matches(topic.mask, &topic.name);
    }

    /// Counts one message whose topic has no number.
    pub fn count_unnumbered(&mut self, mask: u64, name: &str) {
        self.count_matches(mask, name);
    }

    #[inline]
    fn count_matches(&mut self, mut mask: u64, name: &str) {
        while mask != 0 {
            if let Some(entry) = self.entries.get_mut(mask.trailing_zeros() as usize) {
                entry.matched.add();
            }
            mask &= mask - 1;
        }
        for entry in self.entries.get_mut(CACHED..).unwrap_or_default() {
            if protocol::matches(&entry.filter, name) {
                entry.matched.add();
            }
        }
    }

    /// Every filter that matches is muted, and there is one.
    pub fn hides(&self, topic: Option<&Topic>, name: &str) -> bool {
        let mut matching = self.matching(topic, name).peekable();
        matching.peek().is_some()
            && matching.all(|index| self.entries.get(index).is_some_and(|entry| entry.muted))
    }

    pub fn close_window(&mut self, elapsed_us: u64) -> bool {
        self.entries.iter_mut().fold(false, |changed, entry| {
            entry.matched.close_window(elapsed_us) | changed
        })
    }

    pub fn is_moving(&self) -> bool {
        self.entries.iter().any(|entry| entry.matched.is_moving())
    }

    /// What each filter matched.
    pub fn matched(&self) -> Vec<(String, u64)> {
        let entries = self.entries.iter();
        entries
            .map(|entry| (entry.filter.clone(), entry.matched.count()))
            .collect()
    }

    /// All counts with their rates, in order.
    pub fn rates(&self) -> Vec<Rate> {
        self.entries.iter().map(|entry| entry.matched).collect()
    }

    /// These are the counts, after what each filter had matched earlier.
    pub fn put_rates(&mut self, rates: Vec<Rate>, earlier: &[(String, u64)]) {
        for (entry, rate) in self.entries.iter_mut().zip(rates) {
            let before = earlier.iter().find(|(filter, _)| *filter == entry.filter);
            entry.matched = rate.after(before.map_or(0, |(_, count)| *count));
        }
    }

    /// Counts from zero again.
    pub fn clear_counts(&mut self) {
        for entry in &mut self.entries {
            entry.matched = Rate::default();
        }
    }
}
