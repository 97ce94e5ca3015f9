//! Reads lessons as they are written: lines of `key: value`, for another language `key zh-Hant: value`. A line that begins
//! with a space goes on with the one before it; `#` begins a remark. docs/lessons.md has all keys.

use super::{Check, Fault, Hint, Lesson, Place, Prepared, Step, Task, Text, Why};
use crate::{
    link::Goal,
    protocol::{self, Version},
    reading,
};

/// Lessons in one text.
const MOST_LESSONS: usize = 100;
/// Steps of a lesson: as many as are remembered.
const MOST_STEPS: usize = 64;
/// Conditions of a step and its hints; no more are watched for.
const MOST_CHECKS: usize = 32;
/// Messages, predictions, hints and lines of a step.
const MOST_OF_A_KIND: usize = 32;

/// Reads all lessons of a text. The first fault ends it.
pub fn read(text: &str) -> Result<Vec<Lesson>, Fault> {
    let mut reader = Reader::default();
    for line in lines(text) {
        reader.line = line.number;
        reader.take(&line)?;
    }
    reader.end_lesson()?;
    Ok(reader.lessons)
}

/// A line, with those that go on with it.
struct Line {
    number: usize,
    text: String,
}

fn lines(text: &str) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for (index, text) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let trimmed = text.trim();
        if trimmed.is_empty() || text.starts_with('#') {
            continue;
        }
        match lines.last_mut() {
            Some(before) if text.starts_with([' ', '\t']) => {
                before.text.push(' ');
                before.text.push_str(trimmed);
            }
            _ => lines.push(Line {
                number: index + 1,
                text: trimmed.to_owned(),
            }),
        }
    }
    lines
}

#[derive(Default)]
struct Reader {
    lessons: Vec<Lesson>,
    /// The line that is read.
    line: usize,
    /// Where the last lesson, and its last step, began.
    lesson_line: usize,
    step_line: usize,
}

impl Reader {
    fn take(&mut self, line: &Line) -> Result<(), Fault> {
        let (key, value) = line
            .text
            .split_once(':')
            .ok_or_else(|| self.fault(Why::NoKey))?;
        let (key, value) = (key.trim(), value.trim());
        let (key, language) = match key.split_once(' ') {
            Some((key, language)) => (key, Some(language.trim())),
            None => (key, None),
        };
        if value.is_empty() {
            return Err(self.fault(Why::NoValue));
        }
        match key {
            "lesson" => return self.lesson(value),
            "step" if language.is_none() => {
                self.end_step()?;
                self.step_line = self.line;
                let lesson = self.last(key)?;
                lesson.steps.push(Step::default());
                if lesson.steps.len() > MOST_STEPS {
                    return Err(self.fault(Why::TooMany("step")));
                }
            }
            _ => {}
        }
        let why = match key {
            "title" | "goal" | "needs" => {
                let lesson = self.last(key)?;
                if !lesson.steps.is_empty() {
                    return Err(self.fault(Why::Misplaced(key.to_owned())));
                }
                let text = match key {
                    "title" => &mut lesson.title,
                    "goal" => &mut lesson.goal,
                    _ => &mut lesson.needs,
                };
                say(text, language, key, value)
            }
            _ => {
                let last = self
                    .lessons
                    .last_mut()
                    .and_then(|lesson| lesson.steps.last_mut());
                let Some(step) = last else {
                    let why = if KEYS.contains(&key) {
                        Why::Misplaced(key.to_owned())
                    } else {
                        Why::UnknownKey(key.to_owned())
                    };
                    return Err(self.fault(why));
                };
                in_step(step, key, language, value)
            }
        };
        why.map_err(|why| self.fault(why))
    }

    fn lesson(&mut self, name: &str) -> Result<(), Fault> {
        self.end_lesson()?;
        let plain = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-';
        if !name.chars().all(plain) || name.len() > 40 {
            return Err(self.fault(Why::Name));
        }
        if self.lessons.iter().any(|lesson| lesson.name == name) {
            return Err(self.fault(Why::SameName(name.to_owned())));
        }
        if self.lessons.len() == MOST_LESSONS {
            return Err(self.fault(Why::TooMany("lesson")));
        }
        self.lesson_line = self.line;
        self.lessons.push(Lesson {
            name: name.to_owned(),
            ..Lesson::default()
        });
        Ok(())
    }

    fn last(&mut self, key: &str) -> Result<&mut Lesson, Fault> {
        let fault = self.fault(Why::Misplaced(key.to_owned()));
        self.lessons.last_mut().ok_or(fault)
    }

    /// What the last lesson has to have.
    fn end_lesson(&mut self) -> Result<(), Fault> {
        self.end_step()?;
        let Some(lesson) = self.lessons.last() else {
            return Ok(());
        };
        let missing = if lesson.title.is_empty() {
            "title"
        } else if lesson.goal.is_empty() {
            "goal"
        } else if lesson.steps.is_empty() {
            "step"
        } else {
            return Ok(());
        };
        Err(Fault {
            line: self.lesson_line,
            why: Why::Missing(missing),
        })
    }

    /// What the last step has to have.
    fn end_step(&mut self) -> Result<(), Fault> {
        let last = self.lessons.last().and_then(|lesson| lesson.steps.last());
        let Some(step) = last else {
            return Ok(());
        };
        let missing = if step.check.checks.is_empty() {
            "check"
        } else if step.seen.is_empty() {
            "seen"
        } else if step.hints.iter().any(|hint| hint.say.is_empty()) {
            "say"
        } else {
            return Ok(());
        };
        Err(Fault {
            line: self.step_line,
            why: Why::Missing(missing),
        })
    }

    fn fault(&self, why: Why) -> Fault {
        Fault {
            line: self.line,
            why,
        }
    }
}

/// Those that stand in a step.
const KEYS: &[&str] = &[
    "step", "more", "check", "prepare", "retain", "packet", "predict", "terminal", "seen", "hint",
    "and", "say", "show",
];

fn in_step(step: &mut Step, key: &str, language: Option<&str>, value: &str) -> Result<(), Why> {
    match key {
        "step" => say(&mut step.task, language, key, value),
        "more" => say(&mut step.more, language, key, value),
        "seen" => say(&mut step.seen, language, key, value),
        "say" => {
            let hint = step.hints.last_mut();
            let hint = hint.ok_or_else(|| Why::Misplaced(key.to_owned()))?;
            say(&mut hint.say, language, key, value)
        }
        _ if language.is_some() => Err(Why::UnknownKey(key.to_owned())),
        "check" => add(
            &mut step.check.checks,
            condition(value)?,
            "check",
            MOST_CHECKS,
        ),
        "packet" if step.packet.is_some() => Err(Why::Twice(key.to_owned())),
        "packet" => {
            step.packet = Some(goal(&format!("1 {value}"), false)?);
            Ok(())
        }
        "hint" => {
            let when = Task {
                checks: vec![condition(value)?],
            };
            let hint = Hint {
                when,
                say: Text::default(),
            };
            add(&mut step.hints, hint, "hint", MOST_OF_A_KIND)
        }
        "and" => {
            let hint = step.hints.last_mut();
            let hint = hint.ok_or_else(|| Why::Misplaced(key.to_owned()))?;
            add(&mut hint.when.checks, condition(value)?, "and", MOST_CHECKS)
        }
        "prepare" | "retain" => {
            let (name, payload) = value.split_once(' ').unwrap_or((value, ""));
            let prepared = Prepared {
                topic: topic(name)?,
                payload: payload.trim().to_owned(),
                retain: key == "retain",
            };
            add(&mut step.prepare, prepared, "prepare", MOST_OF_A_KIND)
        }
        "predict" => {
            let (name, answer) = value.rsplit_once(' ').ok_or(Why::Prediction)?;
            let comes = match answer {
                "yes" => true,
                "no" => false,
                _ => return Err(Why::Prediction),
            };
            let prediction = (topic(name.trim())?, comes);
            add(&mut step.predict, prediction, "predict", MOST_OF_A_KIND)
        }
        "terminal" => add(
            &mut step.terminal,
            value.to_owned(),
            "terminal",
            MOST_OF_A_KIND,
        ),
        "show" if step.show.is_some() => Err(Why::Twice(key.to_owned())),
        "show" => {
            step.show = Some(Place::named(value).ok_or(Why::Place)?);
            Ok(())
        }
        _ => Err(Why::UnknownKey(key.to_owned())),
    }
}

fn say(text: &mut Text, language: Option<&str>, key: &str, value: &str) -> Result<(), Why> {
    if text.set(language, value) {
        Ok(())
    } else {
        Err(Why::Twice(key.to_owned()))
    }
}

fn add<T>(list: &mut Vec<T>, one: T, key: &'static str, most: usize) -> Result<(), Why> {
    if list.len() >= most {
        return Err(Why::TooMany(key));
    }
    list.push(one);
    Ok(())
}

fn topic(name: &str) -> Result<String, Why> {
    match protocol::check_topic_name(name) {
        Ok(()) => Ok(name.to_owned()),
        Err(_) => Err(Why::Topic(name.to_owned())),
    }
}

fn topics(names: &str) -> Result<Vec<String>, Why> {
    let names: Vec<_> = names
        .split_whitespace()
        .map(topic)
        .collect::<Result<_, _>>()?;
    if names.is_empty() {
        Err(Why::Check)
    } else {
        Ok(names)
    }
}

/// Reads a condition.
fn condition(text: &str) -> Result<Check, Why> {
    let (word, rest) = text
        .split_once(' ')
        .map_or((text, ""), |(word, rest)| (word, rest.trim()));
    let alone = |check| {
        if rest.is_empty() {
            Ok(check)
        } else {
            Err(Why::Check)
        }
    };
    match word {
        "connected" => alone(Check::Connected),
        "away" => alone(Check::Away),
        "trouble" => alone(Check::Trouble),
        "secure" => alone(Check::Secure),
        "elsewhere" => alone(Check::Elsewhere),
        "in" if rest == "tab" => Ok(Check::InTab),
        "user" => Ok(Check::User((!rest.is_empty()).then(|| rest.to_owned()))),
        "version" => match rest {
            "5" => Ok(Check::Version(Version::V5)),
            "3.1.1" => Ok(Check::Version(Version::V311)),
            "3.1" => Ok(Check::Version(Version::V31)),
            _ => Err(Why::Check),
        },
        "session" => match rest {
            "kept" => Ok(Check::SessionKept),
            "stays" => Ok(Check::SessionStays),
            _ => Err(Why::Check),
        },
        "subscribed" => match protocol::check_topic_filter(rest) {
            Ok(()) => Ok(Check::Subscribed(rest.to_owned())),
            Err(_) => Err(Why::Topic(rest.to_owned())),
        },
        "reaches" => Ok(Check::Reaches(topics(rest)?)),
        "one" => match rest.strip_prefix("reaches ") {
            Some(names) => Ok(Check::OneReaches(topics(names)?)),
            None => Err(Why::Check),
        },
        "misses" => Ok(Check::Misses(topics(rest)?)),
        "no" => Ok(Check::Unseen(goal(rest, false)?)),
        "then" => Ok(Check::Seen(goal(rest, true)?)),
        _ => Ok(Check::Seen(goal(text, false)?)),
    }
}

/// `3 QUERY`, `10 apart 500..1500 QUERY`.
fn goal(text: &str, then: bool) -> Result<Goal, Why> {
    let (count, rest) = text.split_once(' ').ok_or(Why::Check)?;
    let count = count
        .parse()
        .ok()
        .filter(|count| *count > 0)
        .ok_or(Why::Check)?;
    let (apart, query) = match rest.trim().strip_prefix("apart ") {
        None => (None, rest.trim()),
        Some(rest) => {
            let (range, query) = rest.split_once(' ').ok_or(Why::Check)?;
            let (least, most) = range.split_once("..").ok_or(Why::Check)?;
            let ms = |text: &str| text.parse::<u32>().map_err(|_| Why::Check);
            (Some((ms(least)?, ms(most)?)), query.trim())
        }
    };
    match reading::read_query(query) {
        Ok(read) if read.terms.is_empty() => Err(Why::Check),
        Ok(_) => Ok(Goal {
            query: query.to_owned(),
            count,
            apart,
            then,
        }),
        Err(fault) => Err(Why::Query(fault.at)),
    }
}
