//! English: the history of a topic.

use super::history::HistoryWords;

pub const HISTORY: HistoryWords = HistoryWords {
    values: "Values of this topic, newest first",
    newer: "Newer values",
    newest: "Newest",
    older: "Older values",
    evicted: "Older values have made room for newer messages.",
    nothing: "No values of this topic are kept.",
    same: "same",
    other: "changed",
    more: |count| format!("{count} more"),
};
