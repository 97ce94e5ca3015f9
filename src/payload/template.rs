//! Payloads with placeholders that are filled in for each message. Knows no clock and no random number generator: both
//! are in the [`Context`].
//!
//! - `{{random 0..99}}`: a random number in this range, both ends included, with as many decimals as are typed:
//!   `{{random -1.50..1.50}}`.
//! - `{{seq}}`: 1 for the first message of a series, then 2, and so on.
//! - `{{time}}`: the time as `2026-11-22T20:25:00.000Z`. `{{unix}}`: seconds since 1970. `{{unix_ms}}`: milliseconds.
//! - `{{uuid}}`: a random UUID (version 4).
//! - `{{sine -10..10 60}}`: a sine wave in this range with a period of 60 seconds, with at least two decimals.
//! - `{{pick red|green|blue}}`: one of these at random; spaces around each are removed.
//! - `{{{{` writes `{{`. A single `{`, and every `}` outside of a placeholder, is written as it is, so JSON needs no
//!   escaping: `{"value":{{random 0..99}}}`.
//!
//! Any other `{{` is written as it is, because other programs use braces, too, such as Home Assistant's `{{
//! value_json.t }}`. These are recorded, so that a mistyped name can be reported. One of the names above with invalid
//! arguments is an error.

mod placeholder;

use std::{borrow::Cow, ops::Range};

use fastrand::Rng;

pub use placeholder::Context;
use placeholder::{Kind, has_name, placeholder};

/// A template that can be filled in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Template {
    typed: String,
    parts: Vec<Part>,
    as_it_is: AsItIs,
}

/// What looks like a placeholder but is none, and is written as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AsItIs {
    /// The first few, each once, at most 60 characters of each.
    pub first: Vec<String>,
    /// How many there are.
    pub count: usize,
}

/// A placeholder with a known name that cannot be filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateError {
    /// The position of its `{{`, as a byte offset in the text.
    pub at: usize,
    /// The placeholder as it was typed, at most 60 characters of it.
    pub what: String,
}

/// A template that was filled in for a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// The text.
    pub text: String,
    /// Where each part starts, in the filled-in and in the typed text, and whether both are the same.
    parts: Vec<(usize, usize, bool)>,
}

impl Sample {
    /// The position in the typed text for this byte of the filled-in text; within a placeholder, its start.
    pub fn typed_at(&self, at: usize) -> usize {
        let after = self.parts.partition_point(|(start, ..)| *start <= at);
        let part = after.checked_sub(1).and_then(|part| self.parts.get(part));
        part.map_or(at, |&(start, typed, same)| {
            typed + if same { at - start } else { 0 }
        })
    }
}

#[derive(Clone, Debug, PartialEq)]
struct Part {
    /// Its start in the typed text.
    at: usize,
    kind: Kind,
}

/// The most characters of a placeholder that are shown.
const MOST_SHOWN: usize = 60;
/// The most unknown placeholders that are named.
const MOST_NAMED: usize = 3;
/// The most choices of a placeholder that are tried in a check.
const MOST_SAMPLES: usize = 32;

impl Template {
    /// Reads a template.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let mut read = Self {
            typed: text.to_owned(),
            ..Self::default()
        };
        // The start of the text that has not been added yet.
        let mut start = 0;
        let mut at = 0;
        let mut end = Next::default();
        while let Some(rest) = text.get(at..)
            && let Some(found) = rest.find("{{")
        {
            let braces = at + found;
            let after = text.get(braces + 2..).unwrap_or_default();
            if after.starts_with("{{") {
                // Two of the four are text.
                read.keep(start..braces);
                start = braces + 2;
                at = braces + 4;
                continue;
            }
            let end = end.of("}}", text, braces + 2);
            let shown = || start_of(text.get(braces..end.map_or(text.len(), |end| end + 2)));
            if !has_name(after) {
                read.as_it_is.add(shown);
                at = braces + 2;
                continue;
            }
            let inside = end.and_then(|end| text.get(braces + 2..end));
            let part = inside.and_then(|inside| placeholder(inside.trim()));
            let (Some(part), Some(end)) = (part, end) else {
                return Err(TemplateError {
                    at: braces,
                    what: shown(),
                });
            };
            read.keep(start..braces);
            read.parts.push(Part {
                at: braces,
                kind: part,
            });
            start = end + 2;
            at = start;
        }
        read.keep(start..text.len());
        Ok(read)
    }

    fn keep(&mut self, text: Range<usize>) {
        if !text.is_empty() {
            self.parts.push(Part {
                at: text.start,
                kind: Kind::Text(text),
            });
        }
    }

    /// The text, if there is nothing to fill in.
    pub fn plain(&self) -> Option<String> {
        let text = |part: &Part| match &part.kind {
            Kind::Text(range) => self.typed.get(range.clone()),
            _ => None,
        };
        self.parts.iter().map(text).collect()
    }

    /// A number that counts on is among what is filled in.
    pub fn counts(&self) -> bool {
        self.parts.iter().any(|part| part.kind == Kind::Seq)
    }

    /// What looks like a placeholder and is written as it is.
    pub fn as_it_is(&self) -> &AsItIs {
        &self.as_it_is
    }

    /// Fills it in.
    pub fn fill(&self, context: &mut Context<'_>) -> String {
        let parts = self.parts.iter();
        parts
            .map(|part| part.kind.fill(&self.typed, context))
            .collect()
    }

    /// Fills it in for a check, with each choice of its placeholders at least once, up to a limit.
    pub fn samples(&self) -> impl Iterator<Item = Sample> {
        let choices = |part: &Part| match &part.kind {
            Kind::Pick(choices) => choices.len(),
            _ => 1,
        };
        let most = self.parts.iter().map(choices).max().unwrap_or(1);
        (0..most.min(MOST_SAMPLES)).map(|nth| self.sample(nth))
    }

    fn sample(&self, nth: usize) -> Sample {
        let context = &mut Context {
            seq: 1,
            now_ms: 0,
            rng: &mut Rng::with_seed(1),
        };
        let mut sample = Sample {
            text: String::new(),
            parts: Vec::with_capacity(self.parts.len()),
        };
        for part in &self.parts {
            let same = matches!(part.kind, Kind::Text(_));
            sample.parts.push((sample.text.len(), part.at, same));
            let filled = match &part.kind {
                Kind::Pick(choices) => choices
                    .get(nth % choices.len().max(1))
                    .map(|choice| Cow::Borrowed(choice.as_str()))
                    .unwrap_or_default(),
                kind => kind.fill(&self.typed, context),
            };
            sample.text.push_str(&filled);
        }
        sample
    }
}

impl AsItIs {
    fn add(&mut self, what: impl FnOnce() -> String) {
        self.count += 1;
        if self.first.len() < MOST_NAMED {
            let what = what();
            if !self.first.contains(&what) {
                self.first.push(what);
            }
        }
    }
}

/// A search for the next occurrence. It continues only when the last one found is passed, so that a text of nothing but
/// braces is read once.
#[derive(Default)]
struct Next {
    known: bool,
    found: Option<usize>,
}

impl Next {
    fn of(&mut self, what: &str, text: &str, from: usize) -> Option<usize> {
        let passed = self.found.is_some_and(|found| found < from);
        if !self.known || passed {
            let rest = text.get(from..).unwrap_or_default();
            self.found = rest.find(what).map(|found| from + found);
            self.known = true;
        }
        self.found
    }
}

/// The start of a placeholder, to be shown.
fn start_of(placeholder: Option<&str>) -> String {
    let placeholder = placeholder.unwrap_or_default();
    placeholder.chars().take(MOST_SHOWN).collect()
}
