//! How text, topics and times are written so that people can tell them apart, and how what people write is read: the query
//! of the list, what cannot be seen in a text, dates; and what in an address is a secret. No words of any
//! language, no browser. Of `protocol` it knows the plain words.

mod hidden;
mod json_path;
mod number;
mod query;
mod search;
pub mod secrets;
mod span;
mod time;

pub use hidden::{Hidden, Kind, Name, Part, all_parts, first_hidden, is_plain, parts, spelled};
pub use json_path::{JsonPath, Value};
pub use number::is_number;
pub use query::{
    Compare, Query, QueryFault, Term, Wanted, WhyNot, exact_topic, is_typed, read_query, with_span,
};
pub use search::contains;
pub use span::{LocalTime, Span, span_term};
pub use time::{Date, Moment, Offsets, SayDate, next_day};
