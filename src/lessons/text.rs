//! Sentences of a lesson in the languages that it is written in.

/// A sentence, in English and in as many other languages as there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    english: String,
    /// By language tag (BCP 47).
    others: Vec<(String, String)>,
}

impl Text {
    /// In this language, or else in English.
    pub fn in_language(&self, tag: &str) -> &str {
        let other = self.others.iter().find(|(language, _)| language == tag);
        other.map_or(&*self.english, |(_, text)| text)
    }

    /// In English.
    pub fn english(&self) -> &str {
        &self.english
    }

    /// It is there in English.
    pub fn is_empty(&self) -> bool {
        self.english.is_empty()
    }

    /// It is there in this language, and not by way of English.
    pub fn has(&self, tag: &str) -> bool {
        self.others.iter().any(|(language, _)| language == tag)
    }

    /// Sets what it says in a language; `None` is English. False: it says something there already.
    pub(super) fn set(&mut self, tag: Option<&str>, text: &str) -> bool {
        match tag {
            None if self.english.is_empty() => text.clone_into(&mut self.english),
            Some(tag) if !self.has(tag) => self.others.push((tag.to_owned(), text.to_owned())),
            _ => return false,
        }
        true
    }
}

/// A piece of a sentence: as it is, or what stood between backquotes, which is code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span<'a> {
    /// Words.
    Plain(&'a str),
    /// A topic, a command, a value.
    Code(&'a str),
}

/// A sentence in its pieces. A backquote without another one stands for itself.
pub fn spans(mut text: &str) -> Vec<Span<'_>> {
    let mut spans = Vec::new();
    while let Some((before, rest)) = text.split_once('`') {
        let Some((code, after)) = rest.split_once('`') else {
            break;
        };
        if !before.is_empty() {
            spans.push(Span::Plain(before));
        }
        spans.push(Span::Code(code));
        text = after;
    }
    if !text.is_empty() {
        spans.push(Span::Plain(text));
    }
    spans
}
