//! Command lines for Mosquitto's clients that do the same as the page. They are safe to paste into a POSIX shell. If a
//! command cannot do exactly the same, there is a reason instead.

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
