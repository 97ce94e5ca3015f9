//! How the payloads of a topic are shown, where the user chose it: a bounded list, the latest choice first. As JSON, for the
//! browser's storage; what is damaged, too long or too much is left out.

use serde::{Deserialize, Serialize};

/// The version that is written.
const VERSION: u32 = 1;
/// Topics of which a choice is kept.
pub const MOST: usize = 64;
/// Bytes of a topic; of a longer one nothing is kept.
pub const LONGEST: usize = 1_024;

/// What was chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShownAs {
    /// Topic and shape, the latest first.
    chosen: Vec<(String, String)>,
}

#[derive(Serialize)]
struct Written<'a> {
    version: u32,
    chosen: &'a [(String, String)],
}

#[derive(Default, Deserialize)]
struct Stored {
    chosen: Vec<(String, String)>,
}

impl ShownAs {
    /// Reads what [`Self::write`] wrote.
    pub fn read(stored: &str) -> Self {
        // Serde takes a list for an object, too.
        if !stored.trim_start().starts_with('{') {
            return Self::default();
        }
        let stored: Stored = serde_json::from_str(stored).unwrap_or_default();
        let mut read = Self::default();
        for (topic, shape) in stored.chosen.iter().rev() {
            read.choose(topic, Some(shape));
        }
        read
    }

    /// The choice for this topic.
    pub fn of(&self, topic: &str) -> Option<&str> {
        let mut chosen = self.chosen.iter();
        let (_, shape) = chosen.find(|(one, _)| one == topic)?;
        Some(shape)
    }

    /// This is chosen for this topic, or nothing any more.
    pub fn choose(&mut self, topic: &str, shape: Option<&str>) {
        self.chosen.retain(|(one, _)| one != topic);
        if let Some(shape) = shape
            && topic.len() <= LONGEST
            && shape.len() <= LONGEST
        {
            self.chosen.insert(0, (topic.to_owned(), shape.to_owned()));
            self.chosen.truncate(MOST);
        }
    }

    /// As it is stored.
    pub fn write(&self) -> String {
        let written = Written {
            version: VERSION,
            chosen: &self.chosen,
        };
        // Texts: there is nothing in it that JSON has not.
        serde_json::to_string(&written).unwrap_or_default()
    }
}
