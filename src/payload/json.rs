//! Showing JSON: it is checked, laid out on lines, and compared with an earlier document. Every token stays exactly as
//! received; numbers are not parsed, so 64 digits stay 64 digits. The work is done in steps of bounded length, and
//! nothing is done twice.

mod check;
mod difference;
mod fault;
mod layout;
mod line;
mod token;

pub use check::{Check, Checked};
pub use difference::{Change, Difference};
pub use fault::{JsonFault, NotJson, NumberFault, Open, Place, place};
pub use layout::{Folds, JsonKind, JsonLine, Layout, MOST_INDENTED};
pub use line::json_on_a_line;

/// Checks that a whole text is JSON.
pub fn check_json(text: &str) -> Result<(), NotJson> {
    match Check::default().go_on(text.as_bytes(), usize::MAX) {
        Checked::Not(not) => Err(not),
        Checked::Json | Checked::Unknown => Ok(()),
    }
}
