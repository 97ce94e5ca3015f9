//! Where somebody is in the lessons: which steps are done, and what comes next. Kept on the device as one short text.

use std::fmt::Write as _;

use super::Lesson;

/// Lessons that are remembered; the one that was touched longest ago goes first.
const MOST_LESSONS: usize = 200;
/// Steps of a lesson that are remembered.
const MOST_STEPS: u32 = 64;

/// How a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    /// It comes later.
    Later,
    /// It is to be done now.
    Now,
    /// It was done.
    Done,
}

impl StepState {
    /// As the page's `data-state` has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Later => "later",
            Self::Now => "now",
            Self::Done => "done",
        }
    }
}

/// What is remembered of one lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    lesson: String,
    /// A bit for each step, the first the lowest.
    done: u64,
}

/// What is remembered of all lessons.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    marks: Vec<Mark>,
}

impl Progress {
    /// Reads what [`Self::write`] wrote. What cannot be read is left out.
    pub fn read(text: &str) -> Self {
        let marks = text.split_whitespace().filter_map(|word| {
            let (lesson, done) = word.split_once('=')?;
            let done = u64::from_str_radix(done, 16).ok()?;
            let lesson = lesson.to_owned();
            (!lesson.is_empty()).then_some(Mark { lesson, done })
        });
        Self {
            marks: marks.take(MOST_LESSONS).collect(),
        }
    }

    /// As a text.
    pub fn write(&self) -> String {
        let mut text = String::new();
        for mark in &self.marks {
            // Writing into a string has no way to fail.
            let _ = write!(text, "{}={:x} ", mark.lesson, mark.done);
        }
        text.trim_end().to_owned()
    }

    /// The step with this index, from 0, is done.
    pub fn do_step(&mut self, lesson: &str, step: usize) {
        let Some(bit) = bit(step) else {
            return;
        };
        let at = self.marks.iter().position(|mark| mark.lesson == lesson);
        let mut mark = at.map_or_else(
            || Mark {
                lesson: lesson.to_owned(),
                done: 0,
            },
            |at| self.marks.remove(at),
        );
        mark.done |= bit;
        self.marks.push(mark);
        let surplus = self.marks.len().saturating_sub(MOST_LESSONS);
        self.marks.drain(..surplus);
    }

    /// The lesson begins anew.
    pub fn forget(&mut self, lesson: &str) {
        self.marks.retain(|mark| mark.lesson != lesson);
    }

    /// The step with this index is done.
    pub fn is_done(&self, lesson: &str, step: usize) -> bool {
        let mark = self.marks.iter().find(|mark| mark.lesson == lesson);
        mark.zip(bit(step))
            .is_some_and(|(mark, bit)| mark.done & bit != 0)
    }

    /// How many steps of it are done.
    pub fn done(&self, lesson: &Lesson) -> usize {
        let steps = 0..lesson.steps.len();
        steps
            .filter(|step| self.is_done(&lesson.name, *step))
            .count()
    }

    /// The first step that is not done; `None`: all are.
    pub fn next(&self, lesson: &Lesson) -> Option<usize> {
        (0..lesson.steps.len()).find(|step| !self.is_done(&lesson.name, *step))
    }
}

fn bit(step: usize) -> Option<u64> {
    let step = u32::try_from(step).ok().filter(|step| *step < MOST_STEPS)?;
    1_u64.checked_shl(step)
}
