//! The diagnostic notation (RFC 8949 section 8), a value a line: what CBOR, MessagePack and protobuf are laid out in.

pub mod float;
mod line;
mod scalar;

pub use line::{Line, LineEnd, LineKind};
pub use scalar::{Scalar, bytes, text};

/// Bytes of a string that are shown on its line.
pub const MOST_SHOWN: usize = 4096;

/// Lines as one text.
pub fn written(lines: &[Line]) -> String {
    let mut text = String::new();
    for line in lines {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&"  ".repeat(line.indented()));
        line.write(&mut text);
    }
    text
}
