//! The payload that was typed, as it would go out, or what is wrong with it; and what is worth a word before it does.

use crate::{
    desk::{format, text::spoken},
    link::Body,
    payload::{AsItIs, NotHex, Place, Template, check_json, parse_hex, place},
    ui::words::Words,
};

/// How the payload is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// As it is typed; placeholders are filled in.
    Text,
    /// The same, checked to be JSON.
    Json,
    /// Hexadecimal digits.
    Hex,
    /// The bytes of a file.
    File,
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
    /// As it would go out, or what is wrong, in words.
    pub fn body(&self, words: &Words) -> Result<Body, String> {
        match self.format {
            Format::File => self
                .file
                .map(|bytes| Body::Bytes(bytes.to_vec()))
                .ok_or_else(|| words.rest().no_file.to_owned()),
            Format::Hex => parse_hex(self.text)
                .map(Body::Bytes)
                .map_err(|fault| hex_fault(&fault, words)),
            Format::Text | Format::Json => self.text_body(words),
        }
    }

    fn text_body(&self, words: &Words) -> Result<Body, String> {
        // No bytes at all are no JSON, and a message all the same: it takes a retained one away.
        let json = self.format == Format::Json && !self.text.is_empty();
        if !self.placeholders {
            if json {
                check(self.text, self.text, |at| at, words)?;
            }
            return Ok(Body::Bytes(self.text.as_bytes().to_vec()));
        }
        let template =
            Template::parse(self.text).map_err(|error| (words.rest().bad_template)(&error.what))?;
        if json {
            for sample in template.samples() {
                check(&sample.text, self.text, |at| sample.typed_at(at), words)?;
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
fn check(
    text: &str,
    typed: &str,
    typed_at: impl Fn(usize) -> usize,
    words: &Words,
) -> Result<(), String> {
    check_json(text).map_err(|not| {
        let Place { line, column } = place(typed.as_bytes(), typed_at(not.at));
        let (line, column) = (format::whole(line as u64), format::whole(column as u64));
        let what = (words.rest().content.json_fault)(&not.fault);
        (words.rest().bad_json)(&what, &line, &column)
    })
}

/// The words for text that is not hexadecimal.
pub fn hex_fault(fault: &NotHex, words: &Words) -> String {
    match fault {
        NotHex::Odd => words.rest().bad_hex.odd.to_owned(),
        NotHex::Character(letter) => (words.rest().bad_hex.character)(&spoken(&letter.to_string())),
    }
}
