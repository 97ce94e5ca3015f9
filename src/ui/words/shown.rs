//! The words of how things are shown and kept: the query of the list, what cannot be seen, dates, drafts.

use crate::reading::{Date, Name, WhyNot};

/// See the file of each language.
pub struct ShownWords {
    /// What may stand in the filter of the list.
    pub filter_hint: &'static str,
    /// Makes a file of what was captured.
    pub export: &'static str,
    /// How many messages match.
    pub matches: fn(&str) -> String,
    /// The place in a query, from 1, and what is wrong there.
    pub query_fault: fn(usize, &str) -> String,
    pub query_why: fn(WhyNot) -> &'static str,
    /// The filter that was typed before.
    pub back_to_filter: fn(&str) -> String,
    /// The name of a character that cannot be seen, its code, its place from 1, and how many more there are.
    pub hidden: fn(&str, &str, usize, usize) -> String,
    /// What such a character is called.
    pub hidden_name: fn(Name) -> &'static str,
    /// A day; with its year or without.
    pub date: fn(Date, bool) -> String,
    /// What the draft is about, and how many there are.
    pub back_to_draft: fn(&str, usize) -> String,
    pub draft_kept: &'static str,
    /// The name of a file.
    pub file_again: fn(&str) -> String,
    pub not_kept: &'static str,
}
