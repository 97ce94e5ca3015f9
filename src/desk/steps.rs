//! Steps of the browser's history: each thing that lies over the page is one, so that going back closes the latest; and an
//! open connection is one below them, so that going back from it asks before it leaves.

/// Something that lies over the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// Another section than the usual one.
    Section,
    /// A message in the inspector.
    Inspector,
    /// A dialog.
    Dialog,
}

/// What lies over the page now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// Another section than the usual one.
    pub section: bool,
    /// A message in the inspector.
    pub inspector: bool,
    /// A dialog.
    pub dialog: bool,
    /// There is a connection, or it will come back by itself.
    pub connected: bool,
}

/// What to do with the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// Nothing.
    Stay,
    /// Add a step with this number, and each before it from the first.
    Push {
        /// The first.
        from: u32,
        /// The last.
        to: u32,
    },
    /// Go so many steps back.
    Back(u32),
}

/// What the user's step means.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meant {
    /// These are to be closed.
    pub close: Vec<Layer>,
    /// The next step would leave the page with its connection: ask.
    pub ask: bool,
}

/// The steps that were taken.
#[derive(Clone, Debug, Default)]
pub struct Steps {
    /// The latest last.
    layers: Vec<Layer>,
    connected: bool,
    /// The number of the present step; 0 is the page itself.
    at: u32,
    /// The page itself has gone back and has not arrived.
    going: bool,
}

impl Steps {
    /// A page that begins at this step: it was loaded anew there.
    pub fn begin(at: u32) -> Self {
        Self {
            at,
            ..Self::default()
        }
    }

    /// The number of the present step.
    pub fn at(&self) -> u32 {
        self.at
    }

    /// This lies over the page from now on.
    pub fn show(&mut self, shown: Shown) {
        let all = [
            (Layer::Section, shown.section),
            (Layer::Inspector, shown.inspector),
            (Layer::Dialog, shown.dialog),
        ];
        for (layer, is_there) in all {
            let was_there = self.layers.contains(&layer);
            if is_there && !was_there {
                self.layers.push(layer);
            } else if !is_there && was_there {
                self.layers.retain(|each| *each != layer);
            }
        }
        self.connected = shown.connected;
    }

    fn wanted(&self) -> u32 {
        // There are three kinds.
        self.layers.len() as u32 + u32::from(self.connected)
    }

    /// What to do so that the history has a step for each.
    pub fn settle(&mut self) -> Move {
        let wanted = self.wanted();
        if self.going || wanted == self.at {
            Move::Stay
        } else if wanted > self.at {
            let from = self.at + 1;
            self.at = wanted;
            Move::Push { from, to: wanted }
        } else {
            self.going = true;
            Move::Back(self.at - wanted)
        }
    }

    /// The history is at this step now. Call [`Self::settle`] when what is meant was done.
    pub fn arrive(&mut self, at: u32) -> Meant {
        self.at = at;
        if std::mem::take(&mut self.going) {
            return Meant::default();
        }
        let mut close = Vec::new();
        while self.wanted() > at
            && let Some(layer) = self.layers.pop()
        {
            close.push(layer);
        }
        Meant {
            close,
            ask: self.wanted() > at,
        }
    }

    /// The address changed: that is a new beginning, on top of all steps.
    pub fn begin_anew(&mut self) {
        self.at = 0;
        self.going = false;
    }
}
