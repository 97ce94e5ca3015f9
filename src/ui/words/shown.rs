//! The words of how things are shown and kept: the query of the list, dates.

use crate::reading::Date;

/// See the file of each language.
pub struct ShownWords {
    /// What may stand in the filter of the list.
    pub filter_hint: &'static str,
    /// The filter that was typed before.
    pub back_to_filter: fn(&str) -> String,
    /// A day; with its year or without.
    pub date: fn(Date, bool) -> String,
}
