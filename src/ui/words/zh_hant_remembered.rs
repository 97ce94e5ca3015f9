//! 正體中文：記住、可以取回的事物。

use super::remembered::RememberedWords;

pub const REMEMBERED: RememberedWords = RememberedWords {
    undo_clear: "復原清除",
    undo_clear_hint: |count| format!("取回 {count} 則訊息。半分鐘內有效。"),
};
