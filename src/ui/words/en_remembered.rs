//! English: what is remembered and can be had again.

use super::remembered::RememberedWords;

pub const REMEMBERED: RememberedWords = RememberedWords {
    undo_clear: "Undo clear",
    undo_clear_hint: |count| format!("Brings {count} messages back. Possible for half a minute."),
};
