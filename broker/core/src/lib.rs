//! Midge's own broker, without socket, clock, thread, browser or chance of its own: MQTT 3.1, 3.1.1 and 5, the server's
//! side. Same settings, same seed, same inputs: same outputs.
//!
//! The contract is that of the client's `session`: one change with [`Broker::handle`], then drain [`Broker::poll`] until
//! it says `None`. Packets are taken while draining, one at a time, so that nothing grows with the size of a batch. Times
//! are microseconds of a clock that never goes back; where storage is used, one that goes on over restarts.
//!
//! ```
//! use midge_broker_core::{Broker, Everybody, Input, Output, Settings};
//!
//! let mut broker = Broker::new(Settings::default(), Box::new(Everybody), 1);
//! broker.handle(0, Input::Opened { connection: 7 });
//! broker.handle(0, Input::Bytes { connection: 7, bytes: b"\x10\x0d\0\x04MQTT\x04\x02\0\0\0\x01c" });
//! let mut sent = Vec::new();
//! while let Some(output) = broker.poll() {
//!     if let Output::Send { connection: 7, head, payload } = output {
//!         sent.extend_from_slice(head);
//!         sent.extend_from_slice(payload);
//!     }
//! }
//! assert_eq!(sent, b"\x20\x02\0\0");
//! // Nothing to be done before time has passed: no keep alive was asked for.
//! assert_eq!(broker.wake_at(), None);
//! ```
//!
//! What its owner does:
//!
//! - gives each connection a number of its own, and tells of its opening, its bytes and its end;
//! - writes what [`Output::Send`] hands out, and tells with [`Input::Owed`] how much has not left whenever some has: else the
//!   broker takes the connection for one that does not drain;
//! - closes on [`Output::Close`], and says nothing more of that connection;
//! - holds back what comes after an [`Output::Store`] until storage has done so, if it stores at all, and hands all of it
//!   back with [`Input::Restore`] before anything else;
//! - tells of the time, with [`Input::Time`], once [`Broker::wake_at`] has come;
//! - says with [`Access`] who may come in, and who may read and write what.
//!
//! - `settings`, `limits`, `access`, `input`, `output`: the words. `look`: what can be looked at inside.
//! - `wire`: packets as the broker reads and writes them, on Midge's `protocol`.
//! - `levels` is the tree under `interest` (who is subscribed to what) and `retained` (what is kept for whom comes).
//! - `state`: all state; `connection`, `session` and `message` are its parts. What is done to it: `greeting` from CONNECT to
//!   CONNACK, `refusing`, `proving` enhanced authentication, `packets` for each packet, `flawed` for those whose filters break the rules, `publishing` and `spreading` for messages that
//!   come, `delivering`, `queueing`, `looking` and `acknowledging` for those that go, `subscribing`, `ending`, `timing`, `sys`.
//! - `scram`: an enhanced authentication for [`Access`] to offer.
//! - `storing` says what must outlive the broker, `restoring` takes it up again, in the words of `records`.
//! - `report` tells of the inside, in the words of `midge::inside`. `watch` holds the courses of messages while somebody asks
//!   for them, and `tracing` notes them.
//! - `outbox`: what waits to be drained.

mod access;
mod acknowledging;
mod broker;
mod connection;
mod delivering;
mod ending;
mod flawed;
mod greeting;
mod input;
mod interest;
mod levels;
mod limits;
mod look;
mod looking;
mod message;
mod outbox;
mod output;
mod packets;
mod proving;
mod publishing;
mod queueing;
mod records;
mod refusing;
mod report;
#[cfg(feature = "storing")]
mod restoring;
mod retained;
mod scram;
mod session;
mod settings;
mod slab;
mod spreading;
mod state;
mod storing;
mod subscribing;
mod sys;
mod timing;
mod tracing;
mod watch;
mod wire;

pub use access::{Access, Everybody, Exchange, Newcomer, Person, Refusal, Step};
pub use broker::Broker;
pub use input::Input;
pub use limits::Limits;
pub use look::{Client, Held, Recipient, Subscription};
pub use message::{Ids, Message};
pub use output::{Change, Ending, Event, Output, Overflow, SessionEnd, Why};
pub use scram::{ScramSha256, ScramUser, ScramUsers};
pub use settings::Settings;
pub use sys::Counters;
