//! What cannot be seen in a text, or would turn the text around it about: found, named, and set apart from the rest. Two
//! names that differ must not look the same.
//!
//! Letters that merely resemble others are left alone: no list of those ends.

use std::{borrow::Cow, iter};

/// Parts that a name is taken apart into at the most. Nobody reads one with more; the rest of it is one part.
const MOST_PARTS: usize = 64;
/// The same for words that are shown whole.
const MOST_LINES: usize = 4096;
/// A run of the same character is spelled out up to this length.
const SPELLED: usize = 3;

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A topic name or a topic filter: the ends of its levels count.
    Topic,
    /// Any other name, or a sentence.
    Text,
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// What shows as it is.
    Plain(&'a str),
    /// What does not, and a sign to show for it.
    Hidden {
        /// The characters themselves.
        text: &'a str,
        /// The sign.
        sign: String,
    },
}

/// What a character that cannot be seen is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    /// The plain one, where it is easily missed.
    Space,
    /// Any other white space on a line.
    OtherSpace,
    /// U+0009.
    Tab,
    /// A line or a paragraph ends.
    LineBreak,
    /// U+0000.
    Nul,
    /// Any other control character.
    Control,
    /// U+200B.
    ZeroWidthSpace,
    /// U+FEFF.
    ByteOrderMark,
    /// U+00AD.
    SoftHyphen,
    /// Turns the direction of what follows.
    Direction,
    /// Anything else without a shape of its own.
    Invisible,
}

impl Name {
    /// What this character is called.
    pub fn of(letter: char) -> Self {
        match letter {
            ' ' => Self::Space,
            '\t' => Self::Tab,
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Self::LineBreak,
            '\0' => Self::Nul,
            _ if letter.is_control() => Self::Control,
            '\u{200b}' => Self::ZeroWidthSpace,
            '\u{feff}' => Self::ByteOrderMark,
            '\u{ad}' => Self::SoftHyphen,
            '\u{61c}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}' => Self::Direction,
            _ if letter.is_whitespace() || letter == '\u{2800}' => Self::OtherSpace,
            _ => Self::Invisible,
        }
    }
}

/// The first character of a text that cannot be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hidden {
    /// It.
    pub letter: char,
    /// Which character of the text it is, counted from 1.
    pub place: usize,
    /// How many more there are.
    pub more: usize,
}

/// A character that has no shape of its own wherever it stands. The plain space is not one: most are seen by what stands
/// around them.
pub(super) fn is_hidden(letter: char) -> bool {
    match letter {
        ' '..='~' => false,
        '\0'..='\u{a0}' | '\u{ad}' | '\u{34f}' | '\u{61c}' => true,
        '\u{115f}' | '\u{1160}' | '\u{1680}' | '\u{17b4}' | '\u{17b5}' => true,
        '\u{180b}'..='\u{180f}' | '\u{2000}'..='\u{200f}' | '\u{2028}'..='\u{202f}' => true,
        '\u{205f}'..='\u{206f}' | '\u{2800}' | '\u{3000}' | '\u{3164}' => true,
        '\u{fdd0}'..='\u{fdef}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' => true,
        '\u{fff0}'..='\u{fffb}' => true,
        '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}' => true,
        // The last two of each plane are no characters.
        _ => u32::from(letter) & 0xfffe == 0xfffe,
    }
}

/// A character of pictures, as far as joiners and selectors after it go.
fn is_picture(letter: char) -> bool {
    matches!(letter,
        '\u{a9}' | '\u{ae}' | '\u{203c}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{24c2}'
        | '\u{2194}'..='\u{21aa}' | '\u{231a}'..='\u{23ff}' | '\u{25aa}'..='\u{25fe}'
        | '\u{2600}'..='\u{27bf}' | '\u{2934}' | '\u{2935}' | '\u{2b05}'..='\u{2b55}'
        | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}' | '\u{1f000}'..='\u{1faff}')
}

/// Whether this character cannot be seen between these two.
fn hides(before: Option<char>, letter: char, after: Option<char>, kind: Kind) -> bool {
    if letter == ' ' {
        // At an end, beside another, and at the end of a level.
        let edge = |other: Option<char>| match other {
            None | Some(' ') => true,
            Some(other) => kind == Kind::Topic && other == '/',
        };
        return edge(before) || edge(after);
    }
    if !is_hidden(letter) {
        return false;
    }
    let of_picture = match (before, letter) {
        (Some(before), '\u{fe0e}' | '\u{fe0f}') => {
            let key = matches!(before, '0'..='9' | '#' | '*') && after == Some('\u{20e3}');
            is_picture(before) || key
        }
        (Some(before), '\u{200d}') => {
            (is_picture(before) || before == '\u{fe0f}') && after.is_some_and(is_picture)
        }
        _ => false,
    };
    !of_picture
}

/// The characters of a text, each with where it starts and whether it cannot be seen.
fn looked_at(text: &str, kind: Kind) -> impl Iterator<Item = (usize, char, bool)> + '_ {
    let mut letters = text.char_indices().peekable();
    let mut before = None;
    iter::from_fn(move || {
        let (at, letter) = letters.next()?;
        let after = letters.peek().map(|(_, letter)| *letter);
        let hidden = hides(before, letter, after, kind);
        before = Some(letter);
        Some((at, letter, hidden))
    })
}

/// All of a text can be seen. Quick for what nearly every name is made of.
pub fn is_plain(text: &str, kind: Kind) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic())
        || !looked_at(text, kind).any(|(_, _, hidden)| hidden)
}

/// A name taken apart; one part where all of it can be seen. Together the parts are the text, to the byte.
pub fn parts(text: &str, kind: Kind) -> Vec<Part<'_>> {
    taken_apart(text, kind, MOST_PARTS)
}

/// The same for words that may be long and have many lines.
pub fn all_parts(text: &str, kind: Kind) -> Vec<Part<'_>> {
    taken_apart(text, kind, MOST_LINES)
}

fn taken_apart(text: &str, kind: Kind, most: usize) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    if is_plain(text, kind) {
        if !text.is_empty() {
            parts.push(Part::Plain(text));
        }
        return parts;
    }
    let mut start = 0;
    // The run that is being read: a character that cannot be seen, or `None`.
    let mut run = None;
    let end = iter::once((text.len(), None));
    let letters = looked_at(text, kind).map(|(at, letter, hidden)| (at, Some((letter, hidden))));
    for (at, letter) in letters.chain(end) {
        let next = letter.map(|(letter, hidden)| hidden.then_some(letter));
        if at > start && next != Some(run) {
            if parts.len() + 1 == most && letter.is_some() {
                let rest = text.get(start..).unwrap_or_default();
                parts.push(Part::Hidden {
                    text: rest,
                    sign: format!("… ({})", rest.chars().count()),
                });
                return parts;
            }
            let text = text.get(start..at).unwrap_or_default();
            parts.push(match run {
                None => Part::Plain(text),
                Some(letter) => Part::Hidden {
                    text,
                    sign: sign(letter, text.len() / letter.len_utf8()),
                },
            });
            start = at;
        }
        run = next.flatten();
    }
    parts
}

/// The sign of a run of the same character.
fn sign(letter: char, count: usize) -> String {
    let one = match letter {
        ' ' => "␣".to_owned(),
        '\n' => "⏎".to_owned(),
        '\t' => "⇥".to_owned(),
        '\u{7f}' => "␡".to_owned(),
        '\0'..='\u{1f}' => {
            char::from_u32(0x2400 + u32::from(letter)).map_or_else(String::new, String::from)
        }
        _ => format!("U+{:04X}", u32::from(letter)),
    };
    if count <= SPELLED {
        one.repeat(count)
    } else {
        format!("{one}×{count}")
    }
}

/// A text for places that hold no marked parts, such as names for screen readers and the inside of a sentence.
pub fn spelled(text: &str, kind: Kind) -> Cow<'_, str> {
    if is_plain(text, kind) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for part in parts(text, kind) {
        match part {
            Part::Plain(text) => out.push_str(text),
            Part::Hidden { sign, .. } if sign.starts_with("U+") => {
                out.push('⟨');
                out.push_str(&sign);
                out.push('⟩');
            }
            Part::Hidden { sign, .. } => out.push_str(&sign),
        }
    }
    Cow::Owned(out)
}

/// The first character that cannot be seen.
pub fn first_hidden(text: &str, kind: Kind) -> Option<Hidden> {
    let mut all = looked_at(text, kind).enumerate();
    let (index, (_, letter, _)) = all.find(|(_, (_, _, hidden))| *hidden)?;
    Some(Hidden {
        letter,
        place: index + 1,
        more: all.filter(|(_, (_, _, hidden))| *hidden).count(),
    })
}
