//! Interpreting payload bytes, and producing them. Uses no other module.

mod cbor;
mod change;
mod decimal;
mod hex;
mod json;
mod kind;
mod mark;
mod preview;
mod template;

pub use cbor::{
    CborEnd, CborFault, CborKind, CborLayout, CborLine, CborProblem, cbor_in_whole, cbor_on_a_line,
    looks_like_cbor,
};
pub use change::{ChangeInShort, ChangedPart, change_in_short};
pub use decimal::{number, rounded};
pub use hex::{NotHex, ROW_BYTES, hex_row, hex_rows, parse_hex};
pub use json::{
    Change, Check, Checked, Difference, JsonFault, JsonKind, JsonLine, Layout, MOST_INDENTED,
    NotJson, NumberFault, Open, Place, check_json, place,
};
pub use kind::picture_type;
pub use mark::{Mark, unmarked};
pub use preview::{Preview, preview};
pub use template::{AsItIs, Context, Sample, Template, TemplateError};

/// The random number generator for templates.
pub use fastrand::Rng;
