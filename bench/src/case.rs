//! What a case is: how it is run, what its table shows, what its goals are; and what came of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::measure::Bench;
use crate::statistics::{median, spread};

/// One line of the table of cases.
pub struct Case {
    /// What it is called on the command line.
    pub name: &'static str,
    /// What it is called in the document.
    pub title: &'static str,
    /// What is done, in a sentence or two.
    pub how: &'static str,
    /// It takes minutes: it is run only when it is named, or with `--long`.
    pub long: bool,
    /// What the table shows of each candidate.
    pub columns: Vec<Column>,
    /// What is wanted.
    pub goals: Vec<Goal>,
    /// Runs it.
    pub run: Box<Run>,
}

/// How a case is run: all measurements, in their order.
pub type Run = dyn Fn(&Bench) -> Result<Vec<Measurement>, String>;

/// A column of a case's table.
pub struct Column {
    /// The key of the value.
    pub key: &'static str,
    /// The head.
    pub title: &'static str,
    /// Digits after the point.
    pub digits: usize,
}

/// A column.
pub const fn column(key: &'static str, title: &'static str, digits: usize) -> Column {
    Column { key, title, digits }
}

/// What is wanted of a case.
pub struct Goal {
    /// In words.
    pub words: &'static str,
    /// What is looked at.
    pub of: Of,
    /// What it has to be.
    pub bound: Bound,
}

/// What a goal looks at.
#[derive(Clone, Copy, Debug)]
pub enum Of {
    /// The median of a candidate's value.
    Value(&'static str, &'static str),
    /// The largest of a candidate's value in any round.
    Largest(&'static str, &'static str),
    /// The median of the ratios, round by round: key, candidate, candidate it is held against.
    Ratio(&'static str, &'static str, &'static str),
    /// The median of the differences, round by round: key, candidate, candidate whose value is taken off.
    Above(&'static str, &'static str, &'static str),
}

/// What a goal's value has to be.
#[derive(Clone, Copy, Debug)]
pub enum Bound {
    /// At least this.
    AtLeast(f64),
    /// At most this.
    AtMost(f64),
}

impl Bound {
    /// Whether the value is within it.
    pub fn is_met(self, value: f64) -> bool {
        match self {
            Self::AtLeast(least) => value >= least,
            Self::AtMost(most) => value <= most,
        }
    }

    /// The number.
    pub fn number(self) -> f64 {
        match self {
            Self::AtLeast(number) | Self::AtMost(number) => number,
        }
    }
}

/// One measurement of one candidate.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Measurement {
    /// Who was measured.
    pub candidate: String,
    /// In which round, from 1.
    pub round: usize,
    /// What was measured.
    pub values: BTreeMap<String, f64>,
    /// What went wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trouble: Vec<String>,
}

/// What came of a case.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// The name of the case.
    pub case: String,
    /// The day it was measured.
    pub date: String,
    /// The machine it was measured on.
    pub machine: String,
    /// Load average of one minute, before and after.
    pub load: (f64, f64),
    /// All measurements, in their order.
    pub measurements: Vec<Measurement>,
}

impl Outcome {
    /// The candidates, in the order in which they came.
    pub fn candidates(&self) -> Vec<&str> {
        let mut candidates = Vec::new();
        for measurement in &self.measurements {
            if !candidates.contains(&measurement.candidate.as_str()) {
                candidates.push(measurement.candidate.as_str());
            }
        }
        candidates
    }

    /// A candidate's value in each round that has it.
    pub fn values(&self, candidate: &str, key: &str) -> Vec<(usize, f64)> {
        self.measurements
            .iter()
            .filter(|measurement| measurement.candidate == candidate)
            .filter_map(|measurement| Some((measurement.round, *measurement.values.get(key)?)))
            .collect()
    }

    /// What a goal looks at, if it was measured.
    pub fn look(&self, of: Of) -> Option<f64> {
        let all = |candidate, key| -> Vec<f64> {
            self.values(candidate, key)
                .into_iter()
                .map(|(_, value)| value)
                .collect()
        };
        let pairs = |key, candidate, other, join: fn(f64, f64) -> f64| -> Vec<f64> {
            let others = self.values(other, key);
            self.values(candidate, key)
                .into_iter()
                .filter_map(|(round, value)| {
                    let (_, other) = others.iter().find(|(each, _)| *each == round)?;
                    Some(join(value, *other))
                })
                .collect()
        };
        match of {
            Of::Value(candidate, key) => median(&all(candidate, key)),
            Of::Largest(candidate, key) => spread(&all(candidate, key)).map(|(_, largest)| largest),
            Of::Ratio(key, candidate, other) => {
                median(&pairs(key, candidate, other, |value, other| value / other))
            }
            Of::Above(key, candidate, other) => {
                median(&pairs(key, candidate, other, |value, other| value - other))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_taken_round_by_round() {
        let one = |candidate: &str, round, rate| Measurement {
            candidate: candidate.to_owned(),
            round,
            values: BTreeMap::from([("rate".to_owned(), rate)]),
            trouble: Vec::new(),
        };
        let outcome = Outcome {
            case: String::new(),
            date: String::new(),
            machine: String::new(),
            load: (0.0, 0.0),
            // The machine was twice as fast in the second round, and a round has no other half.
            measurements: vec![
                one("a", 1, 10.0),
                one("b", 1, 20.0),
                one("a", 2, 30.0),
                one("b", 2, 40.0),
                one("a", 3, 90.0),
            ],
        };
        assert_eq!(outcome.look(Of::Ratio("rate", "a", "b")), Some(0.625));
        assert_eq!(outcome.look(Of::Above("rate", "b", "a")), Some(10.0));
        assert_eq!(outcome.look(Of::Value("a", "rate")), Some(30.0));
        assert_eq!(outcome.look(Of::Largest("a", "rate")), Some(90.0));
        assert_eq!(outcome.look(Of::Value("c", "rate")), None);
    }
}
