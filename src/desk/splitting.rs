//! How wide the columns at the sides are: what was dragged or typed, within what the page has room for. Widths are in
//! sixteenths of the letter size that the reader of the page has set: in px, where that is the usual one.

/// What a column at the side may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Side {
    /// Where nobody has chosen.
    pub usual: f64,
    /// The least with which it is of use.
    pub least: f64,
    /// The part of the page that it may take, so that the messages keep most of it.
    share: f64,
    /// The same on a page so narrow that the inspector lies over the messages.
    narrow_share: f64,
}

/// Subscriptions and topics.
pub const LEFT: Side = Side {
    usual: 280.0,
    least: 180.0,
    share: 0.24,
    narrow_share: 0.36,
};

/// The inspector.
pub const RIGHT: Side = Side {
    usual: 380.0,
    least: 260.0,
    share: 0.34,
    narrow_share: 0.34,
};

/// Up to here a page shows one section at a time: the style sheets' own limits. A phone that lies on its side is low.
const PHONE: f64 = 640.0;
const LOW: f64 = 480.0;

/// The page is as small as a phone.
pub fn is_phone(width: f64, height: f64) -> bool {
    width <= PHONE || height <= LOW
}

/// Up to here the inspector lies over the messages: the style sheets' own limit.
const NARROW: f64 = 1000.0;
/// One press of an arrow key.
const STEP: f64 = 16.0;

impl Side {
    /// The most that it may have on a page of this width.
    pub fn most(&self, page: f64) -> f64 {
        let share = if page <= NARROW {
            self.narrow_share
        } else {
            self.share
        };
        (page * share).floor().max(self.least)
    }

    /// What is wanted, as far as it fits.
    pub fn fitting(&self, wanted: f64, page: f64) -> f64 {
        let wanted = if wanted.is_nan() { self.usual } else { wanted };
        // Not `clamp`: its message for bounds in the wrong order would bring the code that writes any number, 20 KB.
        wanted.min(self.most(page)).max(self.least).round()
    }

    /// What a key makes of it; `None`: this key moves nothing. `widens`: the arrow that leads away from the column.
    pub fn by_key(
        &self,
        key: &str,
        now: f64,
        most: f64,
        widens: &str,
        narrows: &str,
    ) -> Option<f64> {
        match key {
            "Home" => Some(self.least),
            "End" => Some(most),
            key if key == widens => Some(now + STEP),
            key if key == narrows => Some(now - STEP),
            _ => None,
        }
    }
}

/// A width that was kept; `None`: it is none.
pub fn kept(text: &str) -> Option<f64> {
    let width: u16 = text.parse().ok()?;
    Some(f64::from(width))
}
