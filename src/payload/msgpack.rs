//! MessagePack for reading: laid out on lines, every value as it came, in the notation of CBOR's view. It goes on where it
//! stopped and nothing calls itself, so what is kept is bounded by what was asked for.

mod layout;
mod token;

pub use layout::{MsgpackFault, MsgpackLayout, MsgpackProblem};

use token::{Token, token};

/// Beyond this, a payload is not tried by itself.
const MOST_TRIED: usize = 1024 * 1024;

/// Whether these bytes are MessagePack that nobody announced: exactly one map whose keys are texts.
pub fn looks_like_msgpack(bytes: &[u8]) -> bool {
    let first = bytes.first().copied().unwrap_or_default();
    let map = matches!(first, 0x81..=0x8f | 0xde | 0xdf);
    if !map || bytes.len() > MOST_TRIED {
        return false;
    }
    // One count of values that are to come for each open level would grow with the depth; one for all does not.
    let mut left = 0u64;
    let mut at = 0;
    loop {
        let Ok((token, end)) = token(bytes, at) else {
            return false;
        };
        if at > 0 && at == key_after(bytes) && !matches!(token, Token::Text(_)) {
            return false;
        }
        at = end;
        match token {
            Token::Array(count) => left = left.saturating_add(count.into()),
            Token::Map(count) => left = left.saturating_add(u64::from(count) * 2),
            _ => {}
        }
        if left == 0 {
            return at == bytes.len();
        }
        left -= 1;
    }
}

/// Where the first key of the outermost map stands.
fn key_after(bytes: &[u8]) -> usize {
    match bytes.first() {
        Some(0xde) => 3,
        Some(0xdf) => 5,
        _ => 1,
    }
}

/// All of it on lines, no string cut. `None` for what is no MessagePack.
pub fn msgpack_in_whole(bytes: &[u8]) -> Option<String> {
    let mut layout = MsgpackLayout::with_whole_strings();
    layout.go_on(bytes, usize::MAX);
    layout
        .fault()
        .is_none()
        .then(|| super::diagnostic::written(layout.lines()))
}
