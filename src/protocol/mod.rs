//! Bytes and packets: framing, the outline of a packet, typed packets, topic names and filters, reason codes.
//!
//! Uses no other module, no clock and no socket. All input is untrusted: none of it panics, and no length is used for
//! an allocation before it was checked against a limit.
//!
//! Incoming: [`Framer`] cuts the byte stream into whole packets, [`outline()`] validates one and finds its parts,
//! [`decode()`] makes a typed packet of one that is not a PUBLISH. Outgoing: [`encode`]. To show a packet, valid or
//! not: [`fields()`]; for the parts of it that must not be shown: [`secrets()`]. Both are the same walk over the packet as
//! `outline`, with an observer. For packets whose outline was not kept: [`places()`]. For packets that break a rule but
//! can be accepted: [`flawed_publish`] and [`flawed_answer`]. For the server's side: [`serving`].
//!
//! The versions are MQTT 3.1, 3.1.1 and 5, with the same walk and the same encoder for all of them.

mod clause;
mod cursor;
pub mod decode;
pub mod encode;
pub mod fault;
pub mod fields;
mod flawed;
pub mod framing;
mod granted;
mod header;
mod label;
pub mod nearness;
pub mod outline;
mod packet;
pub mod places;
mod properties;
mod property;
mod read_properties;
pub mod reason;
mod said;
mod secrets;
pub mod serving;
pub mod topic;
mod typed;
mod unreached;
mod walk;

pub use decode::decode;
pub use encode::EncodeError;
pub use fault::{Fault, FaultKind};
pub use fields::{Field, fields};
pub use flawed::{claimed_topic, flawed_answer, flawed_publish, start_of_publish};
pub use framing::{Framer, packet_size};
pub use granted::{Granted, Limit, forbids};
pub use header::{LARGEST_LENGTH, LARGEST_NUMBER, LARGEST_PACKET};
pub use nearness::{Nearness, nearness};
pub use outline::outline;
pub use packet::*;
pub use places::{Places, places};
pub use properties::*;
pub use read_properties::{further_user_properties, publish_properties};
pub use said::{carries_code, names_filter, refuses};
pub use secrets::secrets;
pub use topic::{FilterFault, TopicFault, check_topic_filter, check_topic_name, matches};
pub use typed::*;
pub use unreached::{UNREACHED, WAY_IN};
pub use walk::MOST_USER_PROPERTIES;
