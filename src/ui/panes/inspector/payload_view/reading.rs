//! The inspected payload, read as JSON in turns, so that none keeps the browser waiting. Each part of a document is checked
//! once and laid out once.

use std::sync::Arc;

use gloo_timers::callback::Timeout;
use leptos::prelude::*;

use crate::{
    desk::inspected::payload,
    link::Inspected,
    payload::{
        Change, Check, Checked, Difference, Folds, JsonLine, Layout, MOST_INDENTED, NotJson, Place,
        place, unmarked,
    },
};

/// Lines that are made in one turn of the browser.
pub const LINES_A_TURN: usize = 200;
/// Bytes that are checked in one turn.
const BYTES_A_TURN: usize = 1024 * 1024;

/// What is known of a payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nobody wants to know.
    NotAsked,
    /// Not yet.
    Unknown,
    /// It is JSON.
    Json,
    /// It is nearly JSON: the first fault, where, and how many more there are.
    Nearly(NotJson, Place, usize),
    /// It is text, and no JSON from here on: why, and where.
    Not(NotJson, Place),
    /// It is no text.
    NoText,
}

/// How far a payload is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Which payload: another one has another number.
    pub number: u32,
    /// What is known of it.
    pub verdict: Verdict,
    /// Lines that are laid out.
    pub lines: usize,
    /// There are no more.
    pub all: bool,
    /// Bytes that they take.
    pub bytes: usize,
    /// Some of them are deeper than is indented.
    pub deep: bool,
    /// Where the first escape stands that names half a character.
    pub lone_surrogate: Option<Place>,
}

/// What is wanted of a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Read it as JSON.
    pub json: bool,
    /// This many lines of it.
    pub lines: usize,
}

/// The payload that is read, and how far. A handle: cheap to copy.
#[derive(Clone, Copy)]
pub struct Readings {
    now: StoredValue<Option<Reading>, LocalStorage>,
    turn: RwSignal<u32>,
    /// How far; a new number is a new payload.
    pub progress: Memo<Progress>,
}

struct Reading {
    number: u32,
    one: Arc<Inspected>,
    /// What it is compared with in place of the message before.
    base: Option<Arc<Inspected>>,
    compare: bool,
    text: bool,
    check: Check,
    checked: Checked,
    layout: Layout,
    difference: Option<Difference>,
    changes: Vec<Change>,
    deep: bool,
    /// Lines of the first turn: as many as there were for the message before on this topic, which are changed and not
    /// made.
    first: usize,
}

impl Readings {
    /// Follows what is inspected.
    pub fn follow(
        inspected: Signal<Option<Arc<Inspected>>>,
        base: Signal<Option<Arc<Inspected>>>,
        compare: RwSignal<bool>,
        asked: impl Fn(&Inspected) -> Asked + Send + Sync + 'static,
    ) -> Self {
        let now = StoredValue::new_local(None::<Reading>);
        let turn = RwSignal::new(0u32);
        // A turn is due: what comes meanwhile does not ask for another.
        let due = StoredValue::new(false);
        let progress = Memo::new(move |_| {
            turn.track();
            let compare = compare.get();
            let base = base.get();
            let one = inspected.get();
            let asked = one.as_deref().map(&asked);
            let (progress, more) = now
                .try_update_value(|reading| {
                    let (one, asked) = one.zip(asked)?;
                    Reading::take(reading, one, base, compare).map(|reading| reading.turn(asked))
                })
                .flatten()
                .unwrap_or((Progress::nothing(), false));
            if more && !due.get_value() {
                due.set_value(true);
                let next = move || {
                    // Both are gone when the inspector has been closed meanwhile.
                    let _ = due.try_set_value(false);
                    let _ = turn.try_update(|turn| *turn = turn.wrapping_add(1));
                };
                Timeout::new(0, next).forget();
            }
            progress
        });
        Self {
            now,
            turn,
            progress,
        }
    }

    /// Calls this with the payload's text, and each of these lines with what became of it.
    pub fn with_lines<T>(
        self,
        lines: std::ops::Range<usize>,
        mut call: impl FnMut(&[u8], &JsonLine, &Change) -> T,
    ) -> Vec<T> {
        let with = |reading: &Option<Reading>| {
            let Some(reading) = reading else {
                return Vec::new();
            };
            let (text, all) = (reading.document(), reading.layout.lines());
            let lines = lines.start.min(all.len())..lines.end.min(all.len());
            let changes = reading.changes.iter().skip(lines.start);
            let lines = all.get(lines).unwrap_or_default().iter();
            lines
                .zip(changes)
                .map(|(line, change)| call(text, line, change))
                .collect()
        };
        // It is gone when the inspector has been closed meanwhile.
        self.now.try_with_value(with).unwrap_or_default()
    }
}

/// Lines that are made in one turn when something was folded.
const MOST_FIRST: usize = 2_000;
/// Bytes that are shown of what is not laid out.
const MOST_UNREAD: usize = 4096;

impl Readings {
    /// Changes what is folded, and lays out anew as many lines as there were.
    pub fn fold(self, change: impl FnOnce(&Folds) -> Folds) {
        self.now.update_value(|reading| {
            if let Some(reading) = reading {
                let folds = change(reading.layout.folds());
                reading.lay_out_anew(folds);
            }
        });
        self.turn.update(|turn| *turn = turn.wrapping_add(1));
    }

    /// The start of what is not laid out, from here on.
    pub fn unread(self, at: usize) -> String {
        let with = |reading: &Option<Reading>| {
            let document = reading.as_ref().map_or(&[][..], Reading::document);
            let rest = document.get(at..).unwrap_or_default();
            let start = rest.get(..MOST_UNREAD).unwrap_or(rest);
            let mut text = String::from_utf8_lossy(start).into_owned();
            if start.len() < rest.len() {
                text.push('…');
            }
            text
        };
        self.now.try_with_value(with).unwrap_or_default()
    }
}

impl Progress {
    fn nothing() -> Self {
        Self {
            number: 0,
            verdict: Verdict::NotAsked,
            lines: 0,
            all: true,
            bytes: 0,
            deep: false,
            lone_surrogate: None,
        }
    }
}

impl Reading {
    /// Takes up this payload; goes on when it is the same as before.
    fn take(
        place: &mut Option<Self>,
        one: Arc<Inspected>,
        base: Option<Arc<Inspected>>,
        compare: bool,
    ) -> Option<&mut Self> {
        let same = |reading: &Self| {
            let same = Arc::ptr_eq(&reading.one, &one)
                || (reading.one.topic == one.topic
                    && payload(&reading.one) == payload(&one)
                    && (!compare || reading.one.before == one.before));
            let same_base = match (&reading.base, &base) {
                (Some(one), Some(other)) => Arc::ptr_eq(one, other),
                (None, None) => true,
                _ => false,
            };
            reading.compare == compare && same_base && same
        };
        match place {
            Some(reading) if same(reading) => reading.one = one,
            _ => {
                let before = place.take();
                let number = before.as_ref().map_or(1, |before| before.number + 1);
                let first = before
                    .filter(|before| before.one.topic == one.topic)
                    .map_or(1, |before| before.layout.lines().len());
                *place = Some(Self {
                    number,
                    text: std::str::from_utf8(payload(&one)).is_ok(),
                    one,
                    base,
                    compare,
                    check: Check::forgiving(),
                    checked: Checked::Unknown,
                    layout: Layout::default(),
                    difference: None,
                    changes: Vec::new(),
                    deep: false,
                    // Whole parts of the list of lines: a part is made once.
                    first: first.max(1).next_multiple_of(LINES_A_TURN),
                });
            }
        }
        place.as_mut()
    }

    /// What is read: a byte order mark stands before it.
    fn document(&self) -> &[u8] {
        unmarked(payload(&self.one))
    }

    /// Goes on a little. Also whether there is more to do.
    fn turn(&mut self, asked: Asked) -> (Progress, bool) {
        let mut more = false;
        let verdict = if !asked.json {
            Verdict::NotAsked
        } else if !self.text {
            Verdict::NoText
        } else {
            let one = Arc::clone(&self.one);
            let document = unmarked(payload(&one));
            if self.checked == Checked::Unknown {
                self.checked = self.check.go_on(document, BYTES_A_TURN);
                if self.checked == Checked::Json && self.compare && self.check.passed().is_none() {
                    self.difference = self.compared();
                }
            }
            match &self.checked {
                Checked::Unknown => {
                    more = true;
                    Verdict::Unknown
                }
                Checked::Not(not) => {
                    let not = not.clone();
                    // Up to there it is JSON, or nearly.
                    self.lay_out(document.get(..not.at).unwrap_or(document), asked.lines);
                    more = self.goes_on(asked.lines);
                    let place = place(document, not.at);
                    Verdict::Not(not, place)
                }
                Checked::Json => {
                    self.lay_out(document, asked.lines);
                    more = self.goes_on(asked.lines);
                    match self.check.passed() {
                        None => Verdict::Json,
                        Some((first, count)) => {
                            let place = place(document, first.at);
                            Verdict::Nearly(first.clone(), place, count - 1)
                        }
                    }
                }
            }
        };
        let lone = self.check.lone_surrogate();
        let progress = Progress {
            number: self.number,
            lines: self.lines(),
            all: self.layout.is_done(),
            bytes: self.layout.at(),
            deep: self.deep,
            lone_surrogate: lone
                .filter(|_| matches!(verdict, Verdict::Json | Verdict::Nearly(..)))
                .map(|at| place(self.document(), at)),
            verdict,
        };
        (progress, more)
    }

    /// There is more to lay out of what is wanted.
    fn goes_on(&self, wanted: usize) -> bool {
        let layout = &self.layout;
        !layout.is_done() && (layout.lines().len() < wanted || layout.is_passing())
    }

    /// Lines that stay as they are. A part of the list is made once, so one that is not whole yet is not shown.
    fn lines(&self) -> usize {
        let made = self.layout.lines().len();
        if self.layout.is_passing() {
            (made - 1) / LINES_A_TURN * LINES_A_TURN
        } else {
            made
        }
    }

    fn lay_out_anew(&mut self, folds: Folds) {
        self.number += 1;
        self.first = self
            .layout
            .lines()
            .len()
            .clamp(1, MOST_FIRST)
            .next_multiple_of(LINES_A_TURN);
        self.layout = Layout::folded(folds);
        self.changes.clear();
        self.deep = false;
        if self.difference.is_some() {
            self.difference = self.compared();
        }
    }

    /// What the lines are compared with.
    fn compared(&self) -> Option<Difference> {
        let base = self.base.as_deref().map(payload);
        let before = base.or(self.one.before.as_deref());
        before.map(unmarked).and_then(Difference::from)
    }

    fn lay_out(&mut self, document: &[u8], wanted: usize) {
        let made = self.layout.lines().len();
        let target = if made == 0 {
            self.first
        } else {
            (made + 1).next_multiple_of(LINES_A_TURN)
        };
        self.layout.go_on(document, target.min(wanted));
        let new = self.layout.lines().get(made..).unwrap_or_default();
        self.deep |= new.iter().any(|line| line.depth > MOST_INDENTED);
        let difference = &mut self.difference;
        self.changes.extend(new.iter().map(|line| {
            difference
                .as_mut()
                .map_or(Change::None, |difference| difference.of(line, document))
        }));
    }
}
