//! The payload that was typed, as it would go out, or what is wrong with it; and what is worth a word before it does.

use crate::{
    link::Body,
    payload::{AsItIs, JsonFault, NotHex, Place, Template, check_json, parse_hex, place},
    profile::drafts::Format,
};

/// What is wrong with a payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PayloadFault {
    /// No file was chosen.
    NoFile,
    /// It is not hexadecimal.
    Hex(NotHex),
    /// A placeholder is not understood.
    Template {
        /// As it was typed.
        what: String,
    },
    /// It is not JSON.
    Json {
        /// What is wrong.
        fault: JsonFault,
        /// Where, in what was typed.
        place: Place,
    },
}

/// What was typed.
#[derive(Clone, Copy, Debug)]
pub struct TypedPayload<'a> {
    /// How it is given.
    pub format: Format,
    /// Text, unless it is a file.
    pub text: &'a str,
    /// The file's bytes.
    pub file: Option<&'a [u8]>,
    /// Placeholders are filled in.
    pub placeholders: bool,
}

impl TypedPayload<'_> {
    /// As it would go out, or what is wrong.
    pub fn body(&self) -> Result<Body, PayloadFault> {
        match self.format {
            Format::File => self
                .file
                .map(|bytes| Body::Bytes(bytes.to_vec()))
                .ok_or(PayloadFault::NoFile),
            Format::Hex => parse_hex(self.text)
                .map(Body::Bytes)
                .map_err(PayloadFault::Hex),
            Format::Text | Format::Json => self.text_body(),
        }
    }

    fn text_body(&self) -> Result<Body, PayloadFault> {
        // No bytes at all are no JSON, and a message all the same: it takes a retained one away.
        let json = self.format == Format::Json && !self.text.is_empty();
        if !self.placeholders {
            if json {
                check(self.text, self.text, |at| at)?;
            }
            return Ok(Body::Bytes(self.text.as_bytes().to_vec()));
        }
        let template = Template::parse(self.text)
            .map_err(|error| PayloadFault::Template { what: error.what })?;
        if json {
            for sample in template.samples() {
                check(&sample.text, self.text, |at| sample.typed_at(at))?;
            }
        }
        Ok(match template.plain() {
            Some(text) => Body::Bytes(text.into_bytes()),
            None => Body::Template(self.text.to_owned()),
        })
    }

    /// What looks like a placeholder and goes out as it is.
    pub fn as_it_is(&self) -> Option<AsItIs> {
        let text = matches!(self.format, Format::Text | Format::Json);
        if !text || !self.placeholders {
            return None;
        }
        let template = Template::parse(self.text).ok()?;
        let as_it_is = template.as_it_is();
        (as_it_is.count > 0).then(|| as_it_is.clone())
    }

    /// Filling in placeholders, or not, would make a difference to it.
    pub fn has_choice(&self) -> bool {
        let text = matches!(self.format, Format::Text | Format::Json);
        text && (!self.placeholders || self.text.contains("{{"))
    }

    /// No bytes would go out, and that is worth a word: an empty text field says it by itself, unless it does more than that.
    pub fn is_notably_empty(&self, retain: bool) -> bool {
        (retain || self.format != Format::Text) && self.is_empty()
    }

    /// No bytes would go out.
    pub fn is_empty(&self) -> bool {
        match self.format {
            Format::File => self.file.is_some_and(<[u8]>::is_empty),
            // White space and signs between bytes are few, when there is nothing else.
            Format::Hex => {
                self.text.len() <= 1024 && parse_hex(self.text).is_ok_and(|bytes| bytes.is_empty())
            }
            Format::Text | Format::Json => self.text.is_empty(),
        }
    }
}

/// Checks that a text is JSON, and says where it was typed what is not.
fn check(text: &str, typed: &str, typed_at: impl Fn(usize) -> usize) -> Result<(), PayloadFault> {
    check_json(text).map_err(|not| PayloadFault::Json {
        place: place(typed.as_bytes(), typed_at(not.at)),
        fault: not.fault,
    })
}
