//! What the bytes of MessagePack say, one after the other.

use super::layout::MsgpackProblem;

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Token<'a> {
    Nil,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Single(f32),
    Double(f64),
    /// What is called a string: UTF-8, or what an old program made of bytes.
    Text(&'a [u8]),
    Bytes(&'a [u8]),
    /// Its type and its bytes.
    Extension(i8, &'a [u8]),
    Array(u32),
    Map(u32),
}

struct Bytes<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Bytes<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], MsgpackProblem> {
        let end = self.at.checked_add(length).ok_or(MsgpackProblem::Cut)?;
        let taken = self.bytes.get(self.at..end).ok_or(MsgpackProblem::Cut)?;
        self.at = end;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], MsgpackProblem> {
        let taken = self.take(N)?;
        taken.try_into().map_err(|_| MsgpackProblem::Cut)
    }

    /// A number of 1, 2, 4 or 8 bytes, by its power of two.
    fn number(&mut self, power: u8) -> Result<u64, MsgpackProblem> {
        Ok(match power {
            0 => u64::from(u8::from_be_bytes(self.array()?)),
            1 => u64::from(u16::from_be_bytes(self.array()?)),
            2 => u64::from(u32::from_be_bytes(self.array()?)),
            _ => u64::from_be_bytes(self.array()?),
        })
    }

    fn length(&mut self, power: u8) -> Result<usize, MsgpackProblem> {
        usize::try_from(self.number(power)?).map_err(|_| MsgpackProblem::Cut)
    }

    fn extension(&mut self, length: usize) -> Result<Token<'a>, MsgpackProblem> {
        let kind = i8::from_be_bytes(self.array()?);
        Ok(Token::Extension(kind, self.take(length)?))
    }
}

/// The token that begins at `at`, and where it ends.
pub fn token(bytes: &[u8], at: usize) -> Result<(Token<'_>, usize), MsgpackProblem> {
    let mut bytes = Bytes { bytes, at };
    let [first] = bytes.array()?;
    let token = match first {
        0x00..=0x7f => Token::Unsigned(first.into()),
        0x80..=0x8f => Token::Map(u32::from(first & 0x0f)),
        0x90..=0x9f => Token::Array(u32::from(first & 0x0f)),
        0xa0..=0xbf => Token::Text(bytes.take(usize::from(first & 0x1f))?),
        0xc0 => Token::Nil,
        0xc1 => return Err(MsgpackProblem::NoItem),
        0xc2 => Token::Bool(false),
        0xc3 => Token::Bool(true),
        0xc4..=0xc6 => {
            let length = bytes.length(first - 0xc4)?;
            Token::Bytes(bytes.take(length)?)
        }
        0xc7..=0xc9 => {
            let length = bytes.length(first - 0xc7)?;
            bytes.extension(length)?
        }
        0xca => Token::Single(f32::from_be_bytes(bytes.array()?)),
        0xcb => Token::Double(f64::from_be_bytes(bytes.array()?)),
        0xcc..=0xcf => Token::Unsigned(bytes.number(first - 0xcc)?),
        0xd0 => Token::Signed(i8::from_be_bytes(bytes.array()?).into()),
        0xd1 => Token::Signed(i16::from_be_bytes(bytes.array()?).into()),
        0xd2 => Token::Signed(i32::from_be_bytes(bytes.array()?).into()),
        0xd3 => Token::Signed(i64::from_be_bytes(bytes.array()?)),
        0xd4..=0xd8 => bytes.extension(1 << (first - 0xd4))?,
        0xd9..=0xdb => {
            let length = bytes.length(first - 0xd9)?;
            Token::Text(bytes.take(length)?)
        }
        0xdc => Token::Array(u16::from_be_bytes(bytes.array()?).into()),
        0xdd => Token::Array(u32::from_be_bytes(bytes.array()?)),
        0xde => Token::Map(u16::from_be_bytes(bytes.array()?).into()),
        0xdf => Token::Map(u32::from_be_bytes(bytes.array()?)),
        0xe0..=0xff => Token::Signed(i8::from_be_bytes([first]).into()),
    };
    Ok((token, bytes.at))
}
