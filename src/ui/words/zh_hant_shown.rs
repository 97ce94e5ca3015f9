//! Traditional Chinese: how things are shown and kept.

use super::shown::ShownWords;

pub const SHOWN: ShownWords = ShownWords {
    filter_hint: "主題或內容中的文字、像 a/+/b 的主題篩選器，或用 topic:a/b 只看這個主題",
    back_to_filter: |filter| format!("回到 {filter}"),
    date: |date, year| {
        let day = format!("{}月{}日", date.month, date.day);
        if year {
            format!("{}年{day}", date.year)
        } else {
            day
        }
    },
};
