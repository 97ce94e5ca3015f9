//! A span that is being marked with a pointer.

/// A pointer that moves less far has clicked.
const CLICK_PX: f64 = 4.0;

/// What somebody does to it with a pointer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drag {
    /// Which pointer.
    pub pointer: i32,
    /// Pixels from its left end.
    pub began: f64,
    /// The same, by now.
    pub now: f64,
}

impl Drag {
    /// It was pressed and let go at one place.
    pub fn is_click(self) -> bool {
        (self.now - self.began).abs() < CLICK_PX
    }
}
