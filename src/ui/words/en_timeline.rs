//! English: the time strip.

use super::timeline::TimelineWords;

pub const TIMELINE: TimelineWords = TimelineWords {
    hint: "Drag to look at a span, click to jump. By keys: arrows move, with Shift they mark a span, Enter goes there, Delete shows all times.",
    all_times: "All times",
    now: "now",
    away: |time| format!("away {time}"),
    said: |from, to, [received, sent, retained]| {
        let mut said = format!("{from} to {to}: {received} received");
        if retained != "0" {
            said.push_str(&format!(", {retained} of them retained"));
        }
        if sent != "0" {
            said.push_str(&format!(", {sent} sent"));
        }
        said
    },
};
