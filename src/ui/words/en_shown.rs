//! English: how things are shown and kept.

use super::shown::ShownWords;
use crate::reading::{Name, WhyNot};

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

pub const SHOWN: ShownWords = ShownWords {
    filter_hint: "Words in topic or payload, \"quoted words\", or a topic filter like a/+/b. Also: topic:a/b, sub:a/#, qos:2, retained, dup, sent, received, size>1k, since:10s, type:puback, id:17, code:0x87, filter:a/#, prop:name=value, $.temp > 23. A minus before a term excludes it.",
    export: "Export",
    matches: |count| format!("{count} match"),
    query_fault: |place, why| format!("Character {place}: {why} The list shows the filter before."),
    query_why: |why| match why {
        WhyNot::Qos => "after qos: comes 0, 1 or 2.",
        WhyNot::Size => "size is compared with a number of bytes, like size>1k.",
        WhyNot::Since => "after since: comes a time like 10s, 5m or 2h.",
        WhyNot::SinceNegated => "since: cannot be excluded.",
        WhyNot::At => "after at: comes a time or a span, like 10:05 or 10:00:00..10:01:00.",
        WhyNot::Type => "after type: comes a packet's name, like puback.",
        WhyNot::Id => "after id: comes a number from 1 to 65,535.",
        WhyNot::Code => {
            "after code: comes a reason code from 0 to 255, or from 0x00 to 0xff, or refused."
        }
        WhyNot::Filter => "after sub: and filter: comes a topic filter, like a/#.",
        WhyNot::Property => "after prop: comes a name, or name=value.",
        WhyNot::Step => {
            "a path goes on with a name or with a number in brackets, like $.items[0].id or $.items[*].id."
        }
        WhyNot::TooManySteps => "the path has more than 32 steps.",
        WhyNot::Value => "a value to compare with is missing.",
        WhyNot::TooManyTerms => "there are more than 32 terms.",
    },
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
