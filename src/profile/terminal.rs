//! The same in a terminal: command lines for Mosquitto's clients, safe to paste into a POSIX shell. A line does exactly what
//! the page does, or there is none, and why.

mod broker;
mod line;
mod publish;
mod shell;
mod subscribe;

pub use broker::{Broker, Port};
pub use line::{Line, NoLine, Note, Part};
pub use publish::{Message, Payload, publish};
pub use shell::quote;
pub use subscribe::{Filter, subscribe};
