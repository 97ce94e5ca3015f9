//! One field: its number, and its bytes by their wire type.

/// Why the bytes are no protobuf from here on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProtobufProblem {
    /// They end inside a field.
    Cut,
    /// A field has no number, or one that is too great.
    NoField,
    /// There is no such wire type.
    NoType,
    /// A number takes more than ten bytes, or more than 64 bits.
    TooLong,
    /// A group ends that is not open.
    StrayEnd,
}

/// What a field holds, by its wire type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire<'a> {
    /// 0: a number of any length, or a truth value.
    Varint(u64),
    /// 1
    Fixed64(u64),
    /// 2: a text, bytes, a message, or several numbers.
    Bytes(&'a [u8]),
    /// 3: a group begins, an old kind of message inside.
    Open,
    /// 4: it ends.
    Close,
    /// 5
    Fixed32(u32),
}

/// A field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field<'a> {
    /// From 1.
    pub number: u32,
    /// What it holds.
    pub wire: Wire<'a>,
}

/// The greatest field number.
const MOST: u64 = (1 << 29) - 1;

fn varint(bytes: &[u8], at: usize) -> Result<(u64, usize), ProtobufProblem> {
    let mut value = 0u64;
    for index in 0..10 {
        let byte = *bytes.get(at + index).ok_or(ProtobufProblem::Cut)?;
        let part = u64::from(byte & 0x7f);
        if index == 9 && part > 1 {
            return Err(ProtobufProblem::TooLong);
        }
        value |= part << (7 * index);
        if byte & 0x80 == 0 {
            return Ok((value, at + index + 1));
        }
    }
    Err(ProtobufProblem::TooLong)
}

fn fixed<const N: usize>(bytes: &[u8], at: usize) -> Result<[u8; N], ProtobufProblem> {
    let taken = bytes.get(at..).and_then(|rest| rest.first_chunk());
    taken.copied().ok_or(ProtobufProblem::Cut)
}

/// The field that begins at `at`, and where it ends.
pub fn field(bytes: &[u8], at: usize) -> Result<(Field<'_>, usize), ProtobufProblem> {
    let (tag, at) = varint(bytes, at)?;
    let number = tag >> 3;
    if number == 0 || number > MOST {
        return Err(ProtobufProblem::NoField);
    }
    let number = u32::try_from(number).map_err(|_| ProtobufProblem::NoField)?;
    let (wire, end) = match tag & 7 {
        0 => {
            let (value, end) = varint(bytes, at)?;
            (Wire::Varint(value), end)
        }
        1 => (Wire::Fixed64(u64::from_le_bytes(fixed(bytes, at)?)), at + 8),
        2 => {
            let (length, at) = varint(bytes, at)?;
            let length = usize::try_from(length).map_err(|_| ProtobufProblem::Cut)?;
            let end = at.checked_add(length).ok_or(ProtobufProblem::Cut)?;
            let value = bytes.get(at..end).ok_or(ProtobufProblem::Cut)?;
            (Wire::Bytes(value), end)
        }
        3 => (Wire::Open, at),
        4 => (Wire::Close, at),
        5 => (Wire::Fixed32(u32::from_le_bytes(fixed(bytes, at)?)), at + 4),
        _ => return Err(ProtobufProblem::NoType),
    };
    Ok((Field { number, wire }, end))
}

/// These bytes are fields, one after the other, to their end.
pub fn is_message(bytes: &[u8]) -> bool {
    fields_are(bytes, |_| true)
}

pub(super) fn fields_are(bytes: &[u8], mut fits: impl FnMut(&Field<'_>) -> bool) -> bool {
    let mut at = 0;
    while at < bytes.len() {
        match field(bytes, at) {
            Ok((field, end)) if !matches!(field.wire, Wire::Open | Wire::Close) && fits(&field) => {
                at = end;
            }
            _ => return false,
        }
    }
    true
}
