//! How texts and topics are written so that people can tell them apart, and how what people write is read: the query of the
//! list, what cannot be seen in a text. Knows nobody: no words of any language, no browser.

mod hidden;
mod query;

pub use hidden::{Hidden, Kind, Name, Part, first_hidden, is_plain, parts, spelled};
pub use query::{Query, exact_topic, is_typed, read_query};
