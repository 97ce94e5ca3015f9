//! English: how things are shown and kept.

use super::shown::ShownWords;
use crate::reading::Name;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

pub const SHOWN: ShownWords = ShownWords {
    filter_hint: "Text in topic or payload, a topic filter like a/+/b, or topic:a/b for exactly this topic",
    back_to_filter: |filter| format!("Back to {filter}"),
    hidden: |name, code, place, more| {
        let mut words = format!("Character {place} is {name} ({code}).");
        if more == 1 {
            words.push_str(" One more cannot be seen.");
        } else if more > 1 {
            words.push_str(&format!(" {more} more cannot be seen."));
        }
        words
    },
    hidden_name: |name| match name {
        Name::Space => "a space that is easily missed",
        Name::OtherSpace => "another kind of space",
        Name::Tab => "a tab",
        Name::LineBreak => "a line break",
        Name::Nul => "the null character",
        Name::Control => "a control character",
        Name::ZeroWidthSpace => "a space without width",
        Name::ByteOrderMark => "a byte order mark, which cannot be seen",
        Name::SoftHyphen => "a hyphen that cannot be seen",
        Name::Direction => "a mark that turns the direction of writing",
        Name::Invisible => "one that cannot be seen",
    },
    date: |date, year| {
        let month = MONTHS.get(usize::from(date.month) - 1).unwrap_or(&"");
        let day = format!("{} {month}", date.day);
        if year {
            format!("{day} {}", date.year)
        } else {
            day
        }
    },
    back_to_draft: |about, count| {
        let more = if count > 1 {
            format!(" (1 of {count})")
        } else {
            String::new()
        };
        format!("Back to your draft: {about}{more}")
    },
    draft_kept: "Your draft is kept.",
    file_again: |name| format!("Choose {name} again: a reload keeps no files."),
    not_kept: "The browser has no room to keep all that is typed here over a reload.",
};
