//! Interpreting payload bytes, and producing them. Uses no other module.

mod cbor;
mod change;
mod changed;
mod decimal;
mod diagnostic;
mod hex;
mod json;
mod kind;
mod mark;
mod msgpack;
mod preview;
mod protobuf;
mod sparkplug;
mod template;
mod wrapped;

pub use cbor::{
    CborFault, CborLayout, CborProblem, cbor_in_whole, cbor_on_a_line, looks_like_cbor,
};
pub use change::{ChangeInShort, ChangedPart, change_in_short};
pub use changed::{ChangedPlace, MOST_TEXT, changed_bytes, changed_lines};
pub use decimal::{number, rounded};
pub use diagnostic::{Line, LineEnd, LineKind};
pub use hex::{NotHex, ROW_BYTES, character, hex_row, hex_rows, parse_hex};
pub use json::{
    Change, Check, Checked, Difference, Folds, JsonFault, JsonKind, JsonLine, Layout,
    MOST_INDENTED, NotJson, NumberFault, Open, Place, check_json, place,
};
pub use kind::picture_type;
pub use mark::{Mark, latin1, unmarked};
pub use msgpack::{
    MsgpackFault, MsgpackLayout, MsgpackProblem, looks_like_msgpack, msgpack_in_whole,
};
pub use preview::{Preview, preview};
pub use protobuf::{
    ProtobufFault, ProtobufLayout, ProtobufProblem, looks_like_protobuf, protobuf_in_whole,
};
pub use sparkplug::{Metric, Sparkplug, SparkplugTopic, Value, sparkplug_gap};
pub use template::{AsItIs, Context, Sample, Template, TemplateError};

pub use wrapped::{MOST_INSIDE, Opened, Opening, WhyNot, Wrapping};

/// The random number generator for templates.
pub use fastrand::Rng;
