//! English: why a subscription brought nothing.

use super::silence::SilenceWords;

fn counted(levels: usize) -> String {
    match levels {
        1 => "1 level".to_owned(),
        more => format!("{more} levels"),
    }
}

pub const SILENCE: SilenceWords = SilenceWords {
    comma: "Nothing came. To MQTT a comma is part of the topic: this is one filter, not several.",
    space: "Nothing came. A space counts like a letter, and one stands at the end of a level.",
    slash: |topic| {
        format!(
            "Nothing came. A slash at the front makes one level more; the topic that was seen is {topic}."
        )
    },
    capitals: |topic| {
        format!("Nothing came. Capital letters count; the topic that was seen is {topic}.")
    },
    levels: |own, levels, topic| {
        format!(
            "Nothing came. This has {}; the topics that were seen here have {levels}, like {topic}. + stands for one level.",
            counted(own)
        )
    },
    levels_differ: |own, least, most, topic| {
        format!(
            "Nothing came. This has {}; the topics that were seen here have {least} to {most}, like {topic}. + stands for one \
             level.",
            counted(own)
        )
    },
    quiet: "The broker granted it, and nothing has come for 2 minutes. Nobody published to it since.",
    quiet_retained: "The broker granted it, and nothing has come for 2 minutes. Nobody published to it since, and no message is \
        retained there: that would have come at once.",
    subscribe_instead: |filters| format!("Subscribe to {filters} instead"),
};
