//! Texts that were typed before and are offered again: a bounded list, latest first. As JSON, for the browser's storage.
//! Damaged, too long and too many texts are left out.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// The version of the format.
const VERSION: u32 = 1;
/// The most texts of a list.
pub const MOST: usize = 40;
/// The most bytes of a text. A longer one is not kept.
pub const LONGEST: usize = 4_096;

/// The texts of one kind of field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypedBefore {
    /// Latest first.
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
        // Only an object: serde would also read a list as this type.
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

    /// Adds a text. Returns true if that changes anything.
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

    /// Writes it for storage.
    pub fn write(&self) -> String {
        let written = Written {
            version: VERSION,
            texts: &self.texts,
        };
        // Serializing numbers and text as JSON cannot fail.
        serde_json::to_string(&written).unwrap_or_default()
    }
}
