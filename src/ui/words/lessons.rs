//! The words around lessons, which are loaded with them; what a lesson says is in its own text.

use crate::lessons::Fault;

/// See the file of each language.
pub struct LessonWords {
    pub learn: &'static str,
    pub about: &'static str,
    pub not_loaded: &'static str,
    /// One of them did not load.
    pub missing: fn(&str) -> String,
    /// The name of the text, and what is wrong with it.
    pub fault: fn(&str, &Fault) -> String,
    pub unknown: fn(&str) -> String,
    pub all_lessons: &'static str,
    /// Steps that are done, and all steps.
    pub done_of: fn(usize, usize) -> String,
    pub needs: &'static str,
    pub show_where: &'static str,
    pub again: &'static str,
    pub anew: &'static str,
    pub look: &'static str,
    pub send: fn(usize) -> String,
    pub sent: &'static str,
    pub connect_first: &'static str,
    pub predict: &'static str,
    /// Right, and all.
    pub predicted: fn(usize, usize) -> String,
    pub finished: &'static str,
    pub next_lesson: fn(&str) -> String,
    pub fold: &'static str,
    pub unfold: &'static str,
    pub copy: &'static str,
    pub terminal: &'static str,
}
