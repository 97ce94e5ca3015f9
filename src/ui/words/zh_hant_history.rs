//! Traditional Chinese: the history of a topic. As with the commands, no text is the same as another Chinese one.

use super::history::HistoryWords;

pub const HISTORY: HistoryWords = HistoryWords {
    values: "這個主題的值，最新的在前",
    newer: "較新的值",
    newest: "最新",
    older: "較舊的值",
    evicted: "更舊的值已因空間不足而捨棄。",
    nothing: "沒有保存這個主題的值。",
    same: "不變",
    other: "有變更",
    more: |count| format!("另有 {count} 項"),
};
