//! What is wrong with a lesson's text, and where.

/// A line that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Counted from 1; that of the lesson or the step where something is missing in it.
    pub line: usize,
    /// Why.
    pub why: Why,
}

/// Why a line cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// A line is `key: value`, or `key LANGUAGE: value`.
    NoKey,
    /// There is no such key.
    UnknownKey(String),
    /// Nothing stands behind the key.
    NoValue,
    /// This belongs into a step, or before the first one, or behind a hint.
    Misplaced(String),
    /// This was said already.
    Twice(String),
    /// A name is of small letters, digits and `-`.
    Name,
    /// Two lessons have this name.
    SameName(String),
    /// What a check or a hint asks for is none of those in docs/lessons.md.
    Check,
    /// The query of a check cannot be read: the character it is about, counted from 0.
    Query(usize),
    /// A topic or a topic filter that is none.
    Topic(String),
    /// A prediction is a topic with `yes` or `no` behind it.
    Prediction,
    /// There is no such control to point at.
    Place,
    /// A lesson has to have this.
    Missing(&'static str),
    /// There are more than are read.
    TooMany(&'static str),
}
