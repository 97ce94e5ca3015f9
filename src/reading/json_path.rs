//! Paths into JSON (`$.items[*].id`), and looking for what is there without making a document of it: bytes that are not
//! looked at are skipped, also where they are nearly JSON only. Nothing recurses deeper than the path is long.

use std::{borrow::Cow, cmp::Ordering};

use super::{
    number,
    query::{Compare, WhyNot},
    search::contains,
};

/// Steps that a path may have.
const MOST_STEPS: usize = 32;

/// A path from the whole document inwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonPath {
    steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    /// The members of this name.
    Name(String),
    /// The element with this number, from 0.
    Index(usize),
    /// Every member or element.
    Every,
}

/// What a value in a document is compared with.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A number, as it was written.
    Number(String),
    /// Text; in lower case where it is to be contained.
    Text(String),
    /// `true`, `false` or `null`.
    Word(&'static str),
}

impl Value {
    /// What a word without quotes means.
    pub fn of(word: &str) -> Self {
        match word {
            "true" => Self::Word("true"),
            "false" => Self::Word("false"),
            "null" => Self::Word("null"),
            _ if number::is_number(word) => Self::Number(word.to_owned()),
            _ => Self::Text(word.to_owned()),
        }
    }

    /// Whether a value, as it stands in a document, compares with this one like that. A text with nothing but a number in it
    /// is compared as that number: many devices write theirs so.
    fn fits(&self, compare: Compare, raw: &[u8]) -> bool {
        let Some(text) = text_of(raw) else {
            return false;
        };
        if compare == Compare::Contains {
            return matches!(self, Self::Text(wanted) if contains(text.as_bytes(), wanted));
        }
        let is_text = raw.first() == Some(&b'"');
        let order = match self {
            Self::Number(wanted) => number::compare(&text, wanted),
            Self::Text(wanted) if is_text => Some((*text).cmp(wanted.as_str())),
            Self::Word(wanted) if !is_text && text == *wanted => Some(Ordering::Equal),
            _ => None,
        };
        compare.holds(order)
    }
}

impl JsonPath {
    /// Reads a path, which begins with `$`, from the start of a text, and takes it off. Where it fails the text begins with
    /// what could not be read.
    pub fn read(text: &mut &str) -> Result<Self, WhyNot> {
        let mut steps = Vec::new();
        *text = text.strip_prefix('$').ok_or(WhyNot::Step)?;
        while text.starts_with(['.', '[']) {
            if steps.len() == MOST_STEPS {
                return Err(WhyNot::TooManySteps);
            }
            let point = text.starts_with('.');
            *text = text.get(1..).unwrap_or_default();
            let step = if point {
                after_point(text)
            } else {
                in_brackets(text)
            };
            let (step, rest) = step.ok_or(WhyNot::Step)?;
            *text = rest;
            steps.push(step);
        }
        Ok(Self { steps })
    }

    /// Whether a value is there in this document that fits; without a test, whether one is there.
    pub fn finds(&self, document: &[u8], test: Option<&(Compare, Value)>) -> bool {
        let document = document.strip_prefix(b"\xef\xbb\xbf").unwrap_or(document);
        let mut walk = Walk {
            bytes: document,
            at: 0,
        };
        let mut fits = |raw: &[u8]| test.is_none_or(|(compare, value)| value.fits(*compare, raw));
        walk.visit(&self.steps, &mut fits).unwrap_or(false)
    }
}

fn after_point(text: &str) -> Option<(Step, &str)> {
    if let Some(rest) = text.strip_prefix('*') {
        return Some((Step::Every, rest));
    }
    let ends = |it: char| it.is_whitespace() || ".[=<>!~".contains(it);
    let end = text.find(ends).unwrap_or(text.len());
    let (name, rest) = text.split_at_checked(end)?;
    (!name.is_empty()).then(|| (Step::Name(name.to_owned()), rest))
}

fn in_brackets(text: &str) -> Option<(Step, &str)> {
    for quote in ['"', '\''] {
        if let Some(quoted) = text.strip_prefix(quote) {
            let (name, rest) = quoted.split_once(quote)?;
            return Some((Step::Name(name.to_owned()), rest.strip_prefix(']')?));
        }
    }
    let (inside, rest) = text.split_once(']')?;
    if inside == "*" {
        return Some((Step::Every, rest));
    }
    Some((Step::Index(inside.parse().ok()?), rest))
}

/// A value's text: that of a string without quotes and escapes, that of anything else as it stands.
fn text_of(raw: &[u8]) -> Option<Cow<'_, str>> {
    let text = std::str::from_utf8(raw).ok()?;
    let Some(inner) = text.strip_prefix('"') else {
        return Some(Cow::Borrowed(text));
    };
    let inner = inner.strip_suffix('"').unwrap_or(inner);
    Some(if inner.contains('\\') {
        Cow::Owned(without_escapes(inner))
    } else {
        Cow::Borrowed(inner)
    })
}

/// What a JSON string stands for (RFC 8259 section 7). What is no escape stands for itself.
fn without_escapes(text: &str) -> String {
    let mut units = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((plain, escape)) = rest.split_once('\\') {
        units.extend(plain.encode_utf16());
        let mut letters = escape.chars();
        let unit = match letters.next() {
            Some('b') => 8,
            Some('f') => 12,
            Some('n') => 10,
            Some('r') => 13,
            Some('t') => 9,
            Some('u') => {
                let digits = escape.get(1..5);
                let unit = digits.and_then(|digits| u16::from_str_radix(digits, 16).ok());
                letters = escape.get(5..).unwrap_or_default().chars();
                unit.unwrap_or(0xfffd)
            }
            // `"`, `\` and `/`.
            Some(other) => other
                .encode_utf16(&mut [0; 2])
                .first()
                .copied()
                .unwrap_or(0),
            None => break,
        };
        units.push(unit);
        rest = letters.as_str();
    }
    units.extend(rest.encode_utf16());
    String::from_utf16_lossy(&units)
}

/// The document ends before its time, or is none.
struct Broken;

/// A walk through a document.
struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Walk<'a> {
    /// Goes over the next value, and asks of every one at the end of the path whether it fits. True ends the walk.
    fn visit(
        &mut self,
        steps: &[Step],
        fits: &mut dyn FnMut(&[u8]) -> bool,
    ) -> Result<bool, Broken> {
        let Some((step, further)) = steps.split_first() else {
            let raw = self.value()?;
            return Ok(fits(raw));
        };
        match self.next()? {
            b'{' => {
                self.at += 1;
                self.members(step, further, fits)
            }
            b'[' => {
                self.at += 1;
                self.elements(step, further, fits)
            }
            _ => self.value().map(|_| false),
        }
    }

    fn members(
        &mut self,
        step: &Step,
        further: &[Step],
        fits: &mut dyn FnMut(&[u8]) -> bool,
    ) -> Result<bool, Broken> {
        loop {
            match self.next()? {
                b'}' => {
                    self.at += 1;
                    return Ok(false);
                }
                b'"' => {}
                _ => return Err(Broken),
            }
            let name = self.value()?;
            let meant = match step {
                Step::Name(wanted) => text_of(name).is_some_and(|name| name == *wanted),
                Step::Every => true,
                Step::Index(_) => false,
            };
            if self.next()? != b':' {
                return Err(Broken);
            }
            self.at += 1;
            if self.one(meant, further, fits)? {
                return Ok(true);
            }
        }
    }

    fn elements(
        &mut self,
        step: &Step,
        further: &[Step],
        fits: &mut dyn FnMut(&[u8]) -> bool,
    ) -> Result<bool, Broken> {
        let mut index = 0;
        loop {
            if self.next()? == b']' {
                self.at += 1;
                return Ok(false);
            }
            let meant = match step {
                Step::Name(_) => false,
                Step::Every => true,
                Step::Index(wanted) => *wanted == index,
            };
            if self.one(meant, further, fits)? {
                return Ok(true);
            }
            index += 1;
        }
    }

    /// A member's value or an element, and the comma behind it.
    fn one(
        &mut self,
        meant: bool,
        further: &[Step],
        fits: &mut dyn FnMut(&[u8]) -> bool,
    ) -> Result<bool, Broken> {
        if meant {
            if self.visit(further, fits)? {
                return Ok(true);
            }
        } else {
            self.value()?;
        }
        if self.next()? == b',' {
            self.at += 1;
        }
        Ok(false)
    }

    /// The next byte that is no space.
    fn next(&mut self) -> Result<u8, Broken> {
        while let Some(byte) = self.bytes.get(self.at) {
            if !byte.is_ascii_whitespace() {
                return Ok(*byte);
            }
            self.at += 1;
        }
        Err(Broken)
    }

    /// Goes over the next value, whatever it is.
    fn value(&mut self) -> Result<&'a [u8], Broken> {
        let first = self.next()?;
        let start = self.at;
        match first {
            b'"' => self.string()?,
            b'{' | b'[' => self.container()?,
            b'}' | b']' | b',' | b':' => return Err(Broken),
            _ => {
                let rest = self.bytes.get(start..).unwrap_or_default();
                let ends = |byte: &u8| byte.is_ascii_whitespace() || b",:]}\"{[".contains(byte);
                self.at += rest.iter().position(ends).unwrap_or(rest.len());
            }
        }
        self.bytes.get(start..self.at).ok_or(Broken)
    }

    fn string(&mut self) -> Result<(), Broken> {
        self.at += 1;
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let found = memchr::memchr2(b'"', b'\\', rest).ok_or(Broken)?;
            self.at += found + 1;
            if rest.get(found) == Some(&b'"') {
                return Ok(());
            }
            self.at += 1;
        }
    }

    fn container(&mut self) -> Result<(), Broken> {
        let mut depth = 0_u32;
        loop {
            match self.bytes.get(self.at).ok_or(Broken)? {
                b'"' => {
                    self.string()?;
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return Ok(());
            }
        }
    }
}
