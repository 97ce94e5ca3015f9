//! Bytes and packets: framing, the outline of a packet, typed packets, topic names and filters, reason codes.
//!
//! Knows no other room, no clock and no socket. Everything that comes in is untrusted: no input panics, and no length
//! allocates before it was checked against a limit.
//!
//! The way in: [`Framer`] cuts the byte stream into whole packets, [`outline()`] validates one and says where its parts
//! are, [`decode()`] makes a typed packet of one that is not a PUBLISH. The way out: [`encode`]. For looking at a packet,
//! valid or not: [`fields()`]; for what of it is not for everybody: [`secrets()`]. `outline` is the same walk over the
//! packet as these two, without an observer. For what was outlined before: [`places()`]. For what breaks a rule and can be
//! taken all the same: [`flawed_publish`] and [`flawed_answer`]. For the other end of the line, who is asked: [`serving`].
//!
//! MQTT 3.1, 3.1.1 and 5 are spoken, all by the same walk and the same encoder: what differs is said where it differs.

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
pub mod outline;
mod packet;
pub mod places;
mod properties;
mod property;
mod read_properties;
pub mod reason;
mod secrets;
pub mod serving;
pub mod topic;
mod typed;
mod walk;

pub use decode::decode;
pub use encode::EncodeError;
pub use fault::{Fault, FaultKind};
pub use fields::{Field, fields};
pub use flawed::{claimed_topic, flawed_answer, flawed_publish, start_of_publish};
pub use framing::{Framer, packet_size};
pub use granted::{Granted, Limit, forbids};
pub use header::{LARGEST_LENGTH, LARGEST_NUMBER, LARGEST_PACKET};
pub use outline::outline;
pub use packet::*;
pub use places::{Places, places};
pub use properties::*;
pub use read_properties::{further_user_properties, publish_properties};
pub use secrets::secrets;
pub use topic::{FilterFault, TopicFault, check_topic_filter, check_topic_name, matches};
pub use typed::*;
pub use walk::MOST_USER_PROPERTIES;
