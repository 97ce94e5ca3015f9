//! Checks whether a text is JSON (RFC 8259), in any number of steps. Each level takes one bit, so deep nesting cannot
//! fill the memory. There is no recursion, so it cannot fill the stack.

use super::{
    fault::{JsonFault, NotJson, NumberFault, Open, character, shown, word},
    token::{self, after_comment, after_space, single_end, string_end},
};

/// What may come next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    Value,
    /// After `[`.
    ValueOrEnd,
    /// After `{`.
    KeyOrEnd,
    /// After a comma in an object.
    Key,
    Colon,
    CommaOrEnd,
    /// The document is complete.
    Nothing,
}

/// A check in progress.
#[derive(Clone, Debug)]
pub struct Check {
    at: usize,
    next: Next,
    levels: Levels,
    lone_surrogate: Option<usize>,
    /// Faults are passed over where it is plain what is meant.
    forgiving: bool,
    /// The first of them, and how many there were.
    passed: Option<(NotJson, usize)>,
}

/// The result of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Checked {
    /// Not complete yet.
    Unknown,
    /// It is JSON.
    Json,
    /// It is not.
    Not(NotJson),
}

impl Default for Check {
    fn default() -> Self {
        Self {
            at: 0,
            next: Next::Value,
            levels: Levels::default(),
            lone_surrogate: None,
            forgiving: false,
            passed: None,
        }
    }
}

impl Check {
    /// A check that goes on where it is plain what is meant: [`Checked::Json`] is then also what is nearly JSON, see
    /// [`Self::passed`].
    pub fn forgiving() -> Self {
        Self {
            forgiving: true,
            ..Self::default()
        }
    }

    /// The first fault that was passed over, and how many were.
    pub fn passed(&self) -> Option<&(NotJson, usize)> {
        self.passed.as_ref()
    }

    /// Continues for about this many bytes. The text must be the same in all steps. A token is never split between
    /// steps.
    pub fn go_on(&mut self, text: &[u8], bytes: usize) -> Checked {
        let until = self.at.saturating_add(bytes);
        loop {
            self.at = after_space(text, self.at);
            let Some(&byte) = text.get(self.at) else {
                return self.end(text);
            };
            let start = self.at;
            if let Err(fault) = self.token(text, byte) {
                let not = NotJson { fault, at: self.at };
                if !self.forgiving || !self.pass(&not.fault, text, start) {
                    self.at = not.at;
                    return Checked::Not(not);
                }
                match &mut self.passed {
                    Some((_, count)) => *count += 1,
                    None => self.passed = Some((not, 1)),
                }
            }
            if self.at >= until && self.at < text.len() {
                return Checked::Unknown;
            }
        }
    }

    /// The position of the first escape of half a surrogate pair, such as `\ud800` alone: valid by the grammar of JSON,
    /// but not text.
    pub fn lone_surrogate(&self) -> Option<usize> {
        self.lone_surrogate
    }

    /// Goes on behind a fault in the token that starts here, if it is plain what is meant.
    fn pass(&mut self, fault: &JsonFault, text: &[u8], start: usize) -> bool {
        let key = matches!(self.next, Next::KeyOrEnd | Next::Key);
        let value = matches!(self.next, Next::Value | Next::ValueOrEnd);
        let end = match fault {
            JsonFault::TrailingComma => {
                self.at = start;
                self.next = Next::CommaOrEnd;
                return true;
            }
            JsonFault::Second => {
                self.next = Next::Value;
                return true;
            }
            // What stands without a space behind a number is part of it for whoever reads.
            JsonFault::MissingComma if stands_apart(text, start) => {
                self.next = if self.levels.in_object() {
                    Next::Key
                } else {
                    Next::Value
                };
                return true;
            }
            JsonFault::Comment => {
                return match after_comment(text, start) {
                    Some(end) => {
                        self.at = end;
                        true
                    }
                    None => false,
                };
            }
            JsonFault::NoNumber(_) | JsonFault::Word(..) | JsonFault::Number(_) if value => {
                Some(single_end(text, start))
            }
            JsonFault::PlainKey(_) => Some(word(text, start).end),
            JsonFault::SingleQuote if key || value => quoted_end(text, start, b'\''),
            JsonFault::Control(_) | JsonFault::Escape(_) | JsonFault::Unicode => {
                quoted_end(text, start, b'"')
            }
            _ => None,
        };
        match end {
            Some(end) if end > start => {
                self.at = end;
                self.next = if key { Next::Colon } else { self.after_value() };
                true
            }
            _ => false,
        }
    }

    fn end(&self, text: &[u8]) -> Checked {
        let fault = match self.next {
            Next::Nothing => return Checked::Json,
            Next::Value if self.levels.depth == 0 => JsonFault::Nothing,
            _ => JsonFault::Unfinished(self.levels.innermost()),
        };
        Checked::Not(NotJson {
            fault,
            at: text.len(),
        })
    }

    /// Checks one token. On a fault, `at` is its position.
    fn token(&mut self, text: &[u8], byte: u8) -> Result<(), JsonFault> {
        match (self.next, byte) {
            (Next::Nothing, _) => Err(self.after(text, byte)),
            (Next::Value | Next::ValueOrEnd, b'{') => {
                self.open(true);
                Ok(())
            }
            (Next::Value | Next::ValueOrEnd, b'[') => {
                self.open(false);
                Ok(())
            }
            (Next::ValueOrEnd, b']') | (Next::KeyOrEnd, b'}') => {
                self.close();
                Ok(())
            }
            (Next::Value | Next::ValueOrEnd, _) => {
                self.single(text, byte)?;
                self.next = self.after_value();
                Ok(())
            }
            (Next::KeyOrEnd | Next::Key, b'"') => {
                self.string(text)?;
                self.next = Next::Colon;
                Ok(())
            }
            (Next::KeyOrEnd | Next::Key, _) => Err(self.no_key(text, byte)),
            (Next::Colon, b':') => {
                self.at += 1;
                self.next = Next::Value;
                Ok(())
            }
            (Next::Colon, _) => Err(common(text, self.at, byte).unwrap_or(JsonFault::MissingColon)),
            (Next::CommaOrEnd, b',') => {
                self.at += 1;
                self.next = if self.levels.in_object() {
                    Next::Key
                } else {
                    Next::Value
                };
                Ok(())
            }
            (Next::CommaOrEnd, b'}' | b']') => {
                if (byte == b'}') != self.levels.in_object() {
                    return Err(JsonFault::WrongBracket(self.levels.innermost()));
                }
                self.close();
                Ok(())
            }
            (Next::CommaOrEnd, _) => Err(self.no_comma(text, byte)),
        }
    }

    fn open(&mut self, object: bool) {
        self.at += 1;
        self.levels.push(object);
        self.next = if object {
            Next::KeyOrEnd
        } else {
            Next::ValueOrEnd
        };
    }

    fn close(&mut self) {
        self.at += 1;
        self.levels.pop();
        self.next = self.after_value();
    }

    fn after_value(&self) -> Next {
        if self.levels.depth == 0 {
            Next::Nothing
        } else {
            Next::CommaOrEnd
        }
    }

    fn single(&mut self, text: &[u8], byte: u8) -> Result<(), JsonFault> {
        match byte {
            b'"' => self.string(text),
            b'-' | b'0'..=b'9' => self.to(token::number(text, self.at)),
            b'}' | b']' => Err(self.no_value(byte)),
            b',' | b':' => Err(JsonFault::MissingValue),
            b'+' => Err(JsonFault::Number(NumberFault::Plus)),
            b'.' if text.get(self.at + 1).is_some_and(u8::is_ascii_digit) => {
                Err(JsonFault::Number(NumberFault::PointFirst))
            }
            _ => match common(text, self.at, byte) {
                Some(fault) => Err(fault),
                None => self.to(token::value_word(text, self.at)),
            },
        }
    }

    fn string(&mut self, text: &[u8]) -> Result<(), JsonFault> {
        let lone = &mut self.lone_surrogate;
        let end = token::string(text, self.at, |at| *lone = lone.or(Some(at)));
        self.to(end)
    }

    /// Moves to the end of a token, or to its fault.
    fn to(&mut self, end: Result<usize, NotJson>) -> Result<(), JsonFault> {
        let (at, end) = match end {
            Ok(at) => (at, Ok(())),
            Err(NotJson { fault, at }) => (at, Err(fault)),
        };
        self.at = at;
        end
    }

    /// A closing bracket where a value is required.
    fn no_value(&self, byte: u8) -> JsonFault {
        let object = self.levels.in_object();
        if self.levels.depth == 0 {
            JsonFault::Character(char::from(byte))
        } else if self.next == Next::ValueOrEnd || (byte == b'}') != object {
            JsonFault::WrongBracket(self.levels.innermost())
        } else if object {
            JsonFault::MissingValue
        } else {
            JsonFault::TrailingComma
        }
    }

    fn no_key(&self, text: &[u8], byte: u8) -> JsonFault {
        let trailing = self.next == Next::Key;
        match byte {
            b'}' if trailing => JsonFault::TrailingComma,
            b']' => JsonFault::WrongBracket(Open::Object),
            _ => common(text, self.at, byte).unwrap_or_else(|| {
                let word = word(text, self.at);
                let letter = character(text, self.at);
                if letter.is_alphabetic() || matches!(letter, '_' | '$') {
                    JsonFault::PlainKey(shown(text, word))
                } else {
                    JsonFault::Key(letter)
                }
            }),
        }
    }

    fn no_comma(&self, text: &[u8], byte: u8) -> JsonFault {
        let value = matches!(byte, b'"' | b'{' | b'[' | b'-' | b'0'..=b'9');
        common(text, self.at, byte).unwrap_or_else(|| {
            let letter = character(text, self.at);
            if value || letter.is_alphabetic() {
                JsonFault::MissingComma
            } else {
                JsonFault::Character(letter)
            }
        })
    }

    fn after(&self, text: &[u8], byte: u8) -> JsonFault {
        match byte {
            b'"' | b'{' | b'[' | b'-' | b'0'..=b'9' => JsonFault::Second,
            _ => common(text, self.at, byte)
                .filter(|fault| *fault == JsonFault::Comment)
                .unwrap_or_else(|| JsonFault::After(character(text, self.at))),
        }
    }
}

/// Before this byte no word and no number ends.
fn stands_apart(text: &[u8], start: usize) -> bool {
    let before = start.checked_sub(1).and_then(|before| text.get(before));
    before.is_some_and(|byte| b" \n\r\t]}\"'/".contains(byte))
}

/// The end of a string in these quotes, if it has one.
fn quoted_end(text: &[u8], start: usize, quote: u8) -> Option<usize> {
    let end = string_end(text, start);
    let whole =
        text.get(start) == Some(&quote) && end > start + 1 && text.get(end - 1) == Some(&quote);
    whole.then_some(end)
}

/// Common mistakes that are wrong anywhere.
fn common(text: &[u8], at: usize, byte: u8) -> Option<JsonFault> {
    match byte {
        b'\'' | b'`' => Some(JsonFault::SingleQuote),
        b'#' => Some(JsonFault::Comment),
        b'/' if matches!(text.get(at + 1), Some(b'/' | b'*')) => Some(JsonFault::Comment),
        0xe2 => match character(text, at) {
            quote @ '\u{2018}'..='\u{201f}' => Some(JsonFault::CurlyQuote(quote)),
            _ => None,
        },
        _ => None,
    }
}

/// Whether each open level is an object.
#[derive(Clone, Debug, Default)]
struct Levels {
    depth: usize,
    objects: Vec<u64>,
}

impl Levels {
    fn push(&mut self, object: bool) {
        let (word, bit) = (self.depth / 64, self.depth % 64);
        if word == self.objects.len() {
            self.objects.push(0);
        }
        if let Some(word) = self.objects.get_mut(word) {
            *word = *word & !(1 << bit) | u64::from(object) << bit;
        }
        self.depth += 1;
    }

    fn pop(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    fn in_object(&self) -> bool {
        let Some(last) = self.depth.checked_sub(1) else {
            return false;
        };
        self.objects
            .get(last / 64)
            .is_some_and(|word| word >> (last % 64) & 1 == 1)
    }

    fn innermost(&self) -> Open {
        if self.depth == 0 {
            Open::Value
        } else if self.in_object() {
            Open::Object
        } else {
            Open::Array
        }
    }
}
