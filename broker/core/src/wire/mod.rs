//! The wire from the broker's end: what clients' packets say, and packets to clients. On Midge's own `protocol`, which
//! has validated every packet before it is read here.

mod property;
mod read;
mod write;

pub use property::{Properties, Value, id};
pub use read::{Connect, Entry, acknowledgement, auth, connect, disconnect, entries, packet_id};
pub use write::{
    Connack, Shape, acknowledge, codes, publish_head, publish_size, text, with_properties,
    write_connack,
};
