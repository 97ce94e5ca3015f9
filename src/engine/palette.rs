//! Order, colour and muting of the subscriptions. What the broker granted is the session's.

/// How many colours there are.
const COLOURS: u8 = 8;

/// One subscription.
#[derive(Debug)]
pub(super) struct Swatch {
    pub filter: String,
    pub colour: u8,
    pub muted: bool,
}

/// All subscriptions, in the order in which they were added.
#[derive(Debug, Default)]
pub(super) struct Palette {
    swatches: Vec<Swatch>,
}

impl Palette {
    /// Adds a filter, with the first of the colours that are used least. Returns false if it was there already.
    pub fn add(&mut self, filter: &str) -> bool {
        if self.find(filter).is_some() {
            return false;
        }
        let uses = |colour: &u8| {
            self.swatches
                .iter()
                .filter(|swatch| swatch.colour == *colour)
                .count()
        };
        let colour = (0..COLOURS).min_by_key(uses).unwrap_or(0);
        self.swatches.push(Swatch {
            filter: filter.to_owned(),
            colour,
            muted: false,
        });
        true
    }

    /// Keeps only those filters; returns the others.
    pub fn keep(&mut self, wanted: impl Fn(&str) -> bool) -> Vec<String> {
        self.swatches
            .extract_if(.., |swatch| !wanted(&swatch.filter))
            .map(|swatch| swatch.filter)
            .collect()
    }

    /// Mutes a filter, or ends that. Returns true if that changes anything.
    pub fn mute(&mut self, filter: &str, muted: bool) -> bool {
        let found = self
            .swatches
            .iter_mut()
            .find(|swatch| swatch.filter == filter && swatch.muted != muted);
        found.is_some_and(|swatch| {
            swatch.muted = muted;
            true
        })
    }

    pub fn find(&self, filter: &str) -> Option<&Swatch> {
        self.swatches.iter().find(|swatch| swatch.filter == filter)
    }

    /// The subscription at this position.
    pub fn at(&self, index: usize) -> Option<&Swatch> {
        self.swatches.get(index)
    }

    pub fn all(&self) -> &[Swatch] {
        &self.swatches
    }
}
