//! What was typed before, to be offered again: a bounded list, the latest first. As JSON, for the browser's storage; what is
//! damaged, too long or too much is left out.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// The version that is written.
const VERSION: u32 = 1;
/// Texts of a list.
pub const MOST: usize = 40;
/// Bytes of a text; a longer one is not kept.
pub const LONGEST: usize = 4_096;

/// What was typed into one kind of field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypedBefore {
    /// The latest first.
    pub texts: Vec<String>,
}

#[derive(Serialize)]
struct Written<'a> {
    version: u32,
    texts: &'a [String],
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Stored<'a> {
    #[serde(borrow)]
    texts: Option<&'a RawValue>,
}

impl TypedBefore {
    /// Reads what [`Self::write`] wrote.
    pub fn read(stored: &str) -> Self {
        // Serde takes a list for an object, too.
        if !stored.trim_start().starts_with('{') {
            return Self::default();
        }
        let stored: Stored = serde_json::from_str(stored).unwrap_or_default();
        let texts = stored
            .texts
            .and_then(|texts| serde_json::from_str::<Vec<&RawValue>>(texts.get()).ok());
        let mut read = Self::default();
        for text in texts.into_iter().flatten().rev() {
            if let Ok(text) = serde_json::from_str::<String>(text.get()) {
                read.note(&text);
            }
        }
        read
    }

    /// This was typed now. True if that changes anything.
    pub fn note(&mut self, text: &str) -> bool {
        if text.trim().is_empty()
            || text.len() > LONGEST
            || self.texts.first().is_some_and(|first| first == text)
        {
            return false;
        }
        self.texts.retain(|one| one != text);
        self.texts.insert(0, text.to_owned());
        self.texts.truncate(MOST);
        true
    }

    /// As it is stored.
    pub fn write(&self) -> String {
        let written = Written {
            version: VERSION,
            texts: &self.texts,
        };
        // Numbers and text: there is nothing in it that JSON has not.
        serde_json::to_string(&written).unwrap_or_default()
    }
}
