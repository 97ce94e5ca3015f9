//! Things by small numbers, which are used again once what they stood for is gone.

/// A number of a thing in a [`Slab`].
pub type Key = u32;

/// Things by number.
#[derive(Debug)]
pub struct Slab<T> {
    places: Vec<Option<T>>,
    free: Vec<Key>,
}

impl<T> Slab<T> {
    pub fn new() -> Self {
        Self {
            places: Vec::new(),
            free: Vec::new(),
        }
    }

    pub fn insert(&mut self, thing: T) -> Key {
        if let Some(key) = self.free.pop()
            && let Some(place) = self.places.get_mut(key as usize)
        {
            *place = Some(thing);
            return key;
        }
        self.places.push(Some(thing));
        // Everything that is kept here is limited far below 2^32.
        (self.places.len() - 1) as Key
    }

    pub fn remove(&mut self, key: Key) -> Option<T> {
        let thing = self.places.get_mut(key as usize)?.take()?;
        self.free.push(key);
        Some(thing)
    }

    pub fn get(&self, key: Key) -> Option<&T> {
        self.places.get(key as usize)?.as_ref()
    }

    pub fn get_mut(&mut self, key: Key) -> Option<&mut T> {
        self.places.get_mut(key as usize)?.as_mut()
    }

    pub fn len(&self) -> usize {
        self.places.len() - self.free.len()
    }

    pub fn iter(&self) -> impl Iterator<Item = (Key, &T)> {
        let numbered = self.places.iter().enumerate();
        numbered.filter_map(|(key, place)| Some((key as Key, place.as_ref()?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_used_again_once_its_thing_is_gone() {
        let mut slab = Slab::new();
        let (a, b) = (slab.insert('a'), slab.insert('b'));
        assert_eq!(slab.remove(a), Some('a'));
        assert_eq!((slab.remove(a), slab.get(a), slab.len()), (None, None, 1));
        assert_eq!(slab.insert('c'), a);
        assert_eq!(slab.iter().collect::<Vec<_>>(), [(a, &'c'), (b, &'b')]);
        assert_eq!(slab.get_mut(99), None);
    }
}
