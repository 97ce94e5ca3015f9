//! The history of a topic: its values, page by page.

use serde::{Deserialize, Serialize};

use crate::link::Preview;

/// A page of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistoryView {
    /// The topic name.
    pub topic: String,
    /// What this client sent on it; otherwise what came.
    pub outgoing: bool,
    /// Where the page is.
    pub at: HistoryAt,
    /// Rows of a page; 200 at the most are given.
    pub rows: u16,
}

/// Where a page is. Numbers are those of messages in the capture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum HistoryAt {
    /// It follows the newest.
    #[default]
    Newest,
    /// Around this one.
    Around(u64),
    /// What came before this one.
    Before(u64),
    /// What came after this one.
    After(u64),
}

/// The values of a page, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// What is answered here.
    pub view: HistoryView,
    /// The values.
    pub rows: Vec<HistoryRow>,
    /// There are newer ones.
    pub newer: bool,
    /// There are older ones.
    pub older: bool,
    /// Older ones were there, and have made room for newer messages.
    pub evicted: bool,
}

/// One value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistoryRow {
    /// Its number in the capture.
    pub seq: u64,
    /// Milliseconds since the Unix epoch.
    pub time: f64,
    /// The retain flag.
    pub retain: bool,
    /// The start of the payload.
    pub preview: Preview,
    /// Bytes of the payload.
    pub size: u32,
    /// What changed since the value before.
    pub change: HistoryChange,
}

/// What changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum HistoryChange {
    /// There is nothing to compare it with: it is the first, or the one before is not there any more.
    First,
    /// Nothing.
    Same,
    /// A number by so much, with its sign, exactly.
    Number(String),
    /// Values within JSON: the first of them, and how many more.
    Json(Vec<HistoryPart>, u32),
    /// Something else.
    Other,
}

/// A value within JSON that changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistoryPart {
    /// Its key, or its place in brackets.
    pub key: String,
    /// What it was; `None`: it was not there.
    pub before: Option<String>,
    /// What it is; `None`: it is not there.
    pub now: Option<String>,
}
