//! The page's decisions: where a list holds still, what may go out, what to advise when a connection fails. State in, state
//! out; no signals, no elements, no browser, and no words of a language but the names of packet fields, which are a table.
//! What the browser knows (the time, the page's own address) is handed in.
//!
//! Knows `link` and `inside`, because what is said there is decided on; `payload`, `profile`, `protocol` and `reading`, whose plain
//! functions it joins. `ui` shows what is decided here, and `ui/words` says it.

pub mod climbing;
pub mod columns;
pub mod connect;
pub mod doctor;
pub mod field_names;
pub mod format;
pub mod going_on;
pub mod holding;
pub mod inside;
pub mod inspected;
pub mod limits;
pub mod mosquitto;
pub mod offered;
pub mod palette;
pub mod projected;
pub mod publishing;
pub mod repeated;
pub mod section;
pub mod shape;
pub mod shortcut;
pub mod silence;
pub mod splitting;
pub mod steps;
pub mod telling;
pub mod text;
pub mod timeline;
pub mod typed;
pub mod walking;
pub mod window;
