//! JSON for reading: checked, laid out on lines, and held against an earlier one. Every token stays exactly as it came;
//! nothing is parsed into numbers, so 64 digits stay 64 digits. The work is done in turns of a bounded length, and each
//! part of it once.

mod check;
mod difference;
mod fault;
mod layout;
mod token;

pub use check::{Check, Checked};
pub use difference::{Change, Difference};
pub use fault::{JsonFault, NotJson, NumberFault, Open, Place, place};
pub use layout::{JsonKind, JsonLine, Layout, MOST_INDENTED};

/// Checks that a whole text is JSON.
pub fn check_json(text: &str) -> Result<(), NotJson> {
    match Check::default().go_on(text.as_bytes(), usize::MAX) {
        Checked::Not(not) => Err(not),
        Checked::Json | Checked::Unknown => Ok(()),
    }
}
