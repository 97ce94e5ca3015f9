//! Counts, and how many were counted in the last second. Knows nothing else.

/// A count and its rate.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rate {
    count: u64,
    at_window: u64,
    rate: f32,
}

impl Rate {
    /// Counts one.
    pub fn add(&mut self) {
        self.count += 1;
    }

    pub fn count(&self) -> u64 {
        self.count
    }

    /// The same after so many that were counted before.
    pub fn after(self, before: u64) -> Self {
        Self {
            count: self.count + before,
            at_window: self.at_window + before,
            ..self
        }
    }

    /// Per second, over the last whole window.
    pub fn rate(&self) -> f32 {
        self.rate
    }

    /// Ends a window of `elapsed_us` microseconds. True if that changes the rate.
    pub fn close_window(&mut self, elapsed_us: u64) -> bool {
        let counted = self.count - self.at_window;
        self.at_window = self.count;
        let rate = (counted as f64 * 1e6 / elapsed_us.max(1) as f64) as f32;
        let changed = rate != self.rate;
        self.rate = rate;
        changed
    }

    /// Something was counted since the window opened, or the rate has yet to fall to zero.
    pub fn is_moving(&self) -> bool {
        self.count != self.at_window || self.rate != 0.0
    }
}
