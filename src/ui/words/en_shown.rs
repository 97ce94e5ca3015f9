//! English: how things are shown and kept.

use super::shown::ShownWords;

pub const SHOWN: ShownWords = ShownWords {
    filter_hint: "Text in topic or payload, a topic filter like a/+/b, or topic:a/b for exactly this topic",
    back_to_filter: |filter| format!("Back to {filter}"),
};
