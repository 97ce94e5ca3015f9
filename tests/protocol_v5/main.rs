//! MQTT 5 on the wire: every packet and every property of it, both ways.
//!
//! The tables here are written from the specification, apart from those of the program.

mod arbitrary;
mod bytes;
mod decoded;
mod malformed;
mod mapped;
mod properties;
mod reasons;
mod written;
