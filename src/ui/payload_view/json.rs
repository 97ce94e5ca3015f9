//! A payload laid out as JSON, a value a line, with what each value was before.

use std::{collections::HashMap, sync::Arc};

use gloo_timers::callback::Timeout;
use leptos::prelude::*;

use super::{Steps, more};
use crate::{
    link::Inspected,
    payload::{JsonKind, JsonLine, lay_out, values},
    ui::{
        inspector::payload,
        piece::{Piece, view},
        store::Store,
        words::Words,
    },
};

/// Shown at first; more on request.
const LINES_STEP: usize = 1_000;
/// Lines that are made in one turn of the browser, so that none is long.
const LINES_A_TURN: usize = 200;

/// How many lines are made so far for the messages of a topic. Those of another topic start anew.
#[derive(Clone, Copy)]
pub struct Made {
    lines: RwSignal<(String, usize)>,
    /// More are due: a message that comes meanwhile does not ask again.
    due: StoredValue<bool>,
}

impl Made {
    /// None so far.
    pub fn none() -> Self {
        Self {
            lines: RwSignal::new((String::new(), 0)),
            due: StoredValue::new(false),
        }
    }

    fn of(self, topic: &str) -> usize {
        self.lines.with(
            |(of, lines)| {
                if of == topic { *lines } else { LINES_A_TURN }
            },
        )
    }

    /// Lets more be made after the browser has had its turn.
    fn grow(self, topic: &str, lines: usize) {
        if self.due.get_value() {
            return;
        }
        self.due.set_value(true);
        let topic = topic.to_owned();
        let grow = move || {
            // Both are gone when the inspector has been closed meanwhile.
            let _ = self.due.try_set_value(false);
            let _ = self.lines.try_set((topic, lines + LINES_A_TURN));
        };
        Timeout::new(0, grow).forget();
    }
}

/// The lines. `None`: it is no JSON.
pub fn json(
    store: Store,
    one: &Arc<Inspected>,
    steps: Steps,
    made: Made,
    changes: bool,
) -> Option<Piece> {
    let document = std::str::from_utf8(payload(one)).ok()?;
    let wanted = LINES_STEP.saturating_mul(steps.of(one));
    let lines = lay_out(document, wanted + 1).ok()?;
    let before: HashMap<u64, String> = match &one.before {
        Some(bytes) if changes => std::str::from_utf8(bytes)
            .ok()
            .and_then(|text| values(text, wanted))
            .unwrap_or_default(),
        _ => HashMap::new(),
    };
    let shown = lines.len().min(wanted);
    let end = lines
        .get(shown.saturating_sub(1))
        .map_or(0, |line| line.value.end);
    let now = made.of(&one.topic).min(shown);
    if now < shown {
        made.grow(&one.topic, now);
    }
    let rows: Vec<_> = lines
        .iter()
        .take(now)
        .map(|line| json_line(store.words(), document, line, &before))
        .collect();
    let all = document.len();
    Some(view! {
        <pre class="json" id="payload" tabindex="0">{rows}</pre>
        {(shown < lines.len()).then(|| more(store, one, end, all, steps))}
    })
}

fn json_line(
    words: &Words,
    document: &str,
    line: &JsonLine,
    before: &HashMap<u64, String>,
) -> Piece {
    let text = document
        .get(line.value.clone())
        .unwrap_or_default()
        .to_owned();
    let old = (line.kind != JsonKind::Bracket)
        .then(|| before.get(&line.path))
        .flatten()
        .filter(|old| **old != text);
    let was = old.map(|old| {
        let short: String = old.chars().take(40).collect();
        view! { <span class="was">{(words.rest().was)(&short)}</span> }
    });
    let kind = match line.kind {
        JsonKind::String => "s",
        JsonKind::Number => "n",
        JsonKind::Word => "w",
        JsonKind::Bracket => "",
    };
    let class = if was.is_some() {
        format!("{kind} changed")
    } else {
        kind.to_owned()
    };
    let key = line
        .key
        .clone()
        .and_then(|key| document.get(key))
        .map(|key| {
            view! { <span class="k">{key.to_owned()}</span> ": " }
        });
    let comma = if line.comma { "," } else { "" };
    let indent = "  ".repeat(line.depth);
    view! { <span class="jl">{indent}{key}<span class=class>{text}</span>{comma}{was}{"\n"}</span> }
}
