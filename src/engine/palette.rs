//! Order, colour and muting of the subscriptions. What the broker granted is the session's.

/// How many colours there are.
const COLOURS: u8 = 8;
/// Chosen colours that are kept, also those of filters that may come.
const MOST_CHOSEN: usize = 200;

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
    /// The colours that the user chose, by filter.
    chosen: Vec<(String, u8)>,
}

impl Palette {
    /// The user chose this colour for a filter, which need not be there yet.
    pub fn paint(&mut self, filter: &str, colour: u8) {
        let colour = colour % COLOURS;
        self.chosen.retain(|(other, _)| other != filter);
        if self.chosen.len() == MOST_CHOSEN {
            self.chosen.remove(0);
        }
        self.chosen.push((filter.to_owned(), colour));
        let found = self.swatches.iter_mut().find(|one| one.filter == filter);
        if let Some(swatch) = found {
            swatch.colour = colour;
        }
    }

    /// A filter is there. True if it is new; it gets the colour that was chosen for it, else the one that is used least, the
    /// first of those.
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
        let chosen = self.chosen.iter().find(|(other, _)| other == filter);
        let colour = match chosen {
            Some((_, colour)) => *colour,
            None => (0..COLOURS).min_by_key(uses).unwrap_or(0),
        };
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
