//! How text, topics and times are written so that people can tell them apart, and how what people write is read: the query
//! of the list, what cannot be seen in a text, dates; and what in an address is a secret. Knows nobody: no words of any
//! language, no browser.

mod hidden;
mod query;
pub mod secrets;
mod time;

pub use hidden::{Hidden, Kind, Name, Part, all_parts, first_hidden, is_plain, parts, spelled};
pub use query::{Query, exact_topic, is_typed, read_query};
pub use time::{Date, Moment, Offsets, SayDate, next_day};
