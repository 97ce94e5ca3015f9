//! Packet identifiers: a set of them, and those that this client uses.

/// A set of packet identifiers, as one bit each.
#[derive(Clone, Debug)]
pub(super) struct IdSet {
    bits: Box<[u64]>,
    len: u32,
}

impl IdSet {
    pub(super) fn new() -> Self {
        Self {
            bits: vec![0; 1024].into_boxed_slice(),
            len: 0,
        }
    }

    /// Adds one; false when it was there.
    pub(super) fn insert(&mut self, id: u16) -> bool {
        let (word, bit) = Self::place(id);
        let Some(word) = self.bits.get_mut(word) else {
            return false;
        };
        let new = *word & bit == 0;
        *word |= bit;
        self.len += u32::from(new);
        new
    }

    /// Takes one out; false when it was not there.
    pub(super) fn remove(&mut self, id: u16) -> bool {
        let (word, bit) = Self::place(id);
        let Some(word) = self.bits.get_mut(word) else {
            return false;
        };
        let there = *word & bit != 0;
        *word &= !bit;
        self.len -= u32::from(there);
        there
    }

    pub(super) fn contains(&self, id: u16) -> bool {
        let (word, bit) = Self::place(id);
        self.bits.get(word).is_some_and(|word| word & bit != 0)
    }

    pub(super) fn clear(&mut self) {
        if self.len > 0 {
            self.bits.fill(0);
            self.len = 0;
        }
    }

    pub(super) fn len(&self) -> u32 {
        self.len
    }

    /// What is in it, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = u16> {
        let words = if self.len == 0 { &[] } else { &*self.bits };
        words.iter().zip(0_u16..).flat_map(|(&word, at)| {
            (0..64_u16)
                .filter(move |bit| word >> bit & 1 == 1)
                .map(move |bit| at << 6 | bit)
        })
    }

    fn place(id: u16) -> (usize, u64) {
        (usize::from(id >> 6), 1 << (id & 63))
    }
}

/// Packet identifiers for what this client sends: never 0, and unique over publish, subscribe and unsubscribe in flight
/// (MQTT 3.1.1 section 2.3.1).
#[derive(Clone, Debug)]
pub(super) struct Identifiers {
    used: IdSet,
    last: u16,
}

impl Default for Identifiers {
    fn default() -> Self {
        Self {
            used: IdSet::new(),
            last: 0,
        }
    }
}

impl Identifiers {
    /// An identifier that is not in use; `None` when all 65,535 are.
    ///
    /// They are used in turn, so that an identifier is not reused soon after it was freed. This makes a capture easier
    /// to read.
    pub(super) fn take(&mut self) -> Option<u16> {
        if self.used.len() >= u32::from(u16::MAX) {
            return None;
        }
        loop {
            self.last = self.last.checked_add(1).unwrap_or(1);
            if self.used.insert(self.last) {
                return Some(self.last);
            }
        }
    }

    pub(super) fn free(&mut self, id: u16) {
        self.used.remove(id);
    }

    /// The identifier is valid (not 0) and not in use.
    pub(super) fn is_free(&self, id: u16) -> bool {
        id != 0 && !self.used.contains(id)
    }

    /// Marks this one as in use; false if it is 0 or already in use.
    pub(super) fn reserve(&mut self, id: u16) -> bool {
        id != 0 && self.used.insert(id)
    }

    /// How many are in use.
    pub(super) fn in_use(&self) -> usize {
        self.used.len() as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// [MQTT-2.3.1-1], [MQTT-2.3.1-2]
    #[test]
    fn identifiers_are_never_0_and_never_twice_in_use() {
        let mut identifiers = Identifiers::default();
        let mut seen = IdSet::new();
        for _ in 0..65_535 {
            let id = identifiers.take().unwrap();
            assert_ne!(id, 0);
            assert!(seen.insert(id));
        }
        assert_eq!(identifiers.take(), None);
        identifiers.free(4711);
        assert_eq!(identifiers.take(), Some(4711));
        assert_eq!(identifiers.take(), None);
    }

    #[test]
    fn a_set_counts_what_it_holds() {
        let mut set = IdSet::new();
        assert!(set.insert(65_535) && !set.insert(65_535) && set.insert(64));
        assert_eq!(set.len(), 2);
        assert!(set.iter().eq([64, 65_535]));
        assert!(set.remove(64) && !set.remove(64));
        set.clear();
        assert_eq!((set.len(), set.iter().count()), (0, 0));
        assert!(set.insert(65_535));
    }
}
