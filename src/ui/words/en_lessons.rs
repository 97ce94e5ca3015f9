//! English: around lessons.

use super::lessons::LessonWords;
use crate::lessons::Why;

pub static LESSONS: LessonWords = LessonWords {
    learn: "Learn",
    about: "Each step is done on real packets, and checked on them. Begin anywhere.",
    not_loaded: "The lessons did not load.",
    missing: |name| format!("The lesson {name} did not load."),
    fault: |name, fault| format!("{name}, line {}: {}", fault.line, why(&fault.why)),
    unknown: |name| format!("There is no lesson named {name} here."),
    all_lessons: "All lessons",
    done_of: |done, all| format!("{done} of {all}"),
    needs: "You need:",
    show_where: "Show me where",
    again: "Start this step again",
    anew: "Begin this lesson anew",
    look: "Look at the packet",
    send: |count| {
        if count == 1 {
            "Send this message".to_owned()
        } else {
            format!("Send these {count} messages")
        }
    },
    sent: "Sent.",
    connect_first: "Connect to a broker first.",
    predict: "Which will come? Tick them before you send.",
    predicted: |right, all| format!("You were right about {right} of {all}."),
    finished: "This lesson is done.",
    next_lesson: |title| format!("Next: {title}"),
    fold: "Fold the lesson",
    unfold: "Unfold the lesson",
    copy: "Copy",
    terminal: "In a terminal",
};

fn why(why: &Why) -> String {
    match why {
        Why::NoKey => "a line is a key, a colon and a value.".to_owned(),
        Why::UnknownKey(key) => format!("there is no key {key}."),
        Why::NoValue => "nothing stands behind the colon.".to_owned(),
        Why::Misplaced(key) => format!("{key} does not belong here."),
        Why::Twice(key) => format!("{key} was said already."),
        Why::Name => "a lesson's name has small letters, digits and hyphens only.".to_owned(),
        Why::SameName(name) => format!("there is a lesson {name} already."),
        Why::Check => "this cannot be checked.".to_owned(),
        Why::Query(at) => format!("the query cannot be read from its character {} on.", at + 1),
        Why::Topic(topic) => format!("this is no valid topic: {topic}"),
        Why::Prediction => "a prediction is a topic, then yes or no.".to_owned(),
        Why::Place => "there is no such place to show.".to_owned(),
        Why::Missing(key) => format!("{key} is missing."),
        Why::TooMany(key) => format!("there are too many lines with {key}."),
    }
}
