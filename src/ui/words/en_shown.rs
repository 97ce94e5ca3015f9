//! English: how things are shown and kept.

use super::shown::ShownWords;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

pub const SHOWN: ShownWords = ShownWords {
    filter_hint: "Text in topic or payload, a topic filter like a/+/b, or topic:a/b for exactly this topic",
    back_to_filter: |filter| format!("Back to {filter}"),
    date: |date, year| {
        let month = MONTHS.get(usize::from(date.month) - 1).unwrap_or(&"");
        let day = format!("{} {month}", date.day);
        if year {
            format!("{day} {}", date.year)
        } else {
            day
        }
    },
};
