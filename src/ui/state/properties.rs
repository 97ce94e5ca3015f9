//! User properties as they are typed: names and values, in order (MQTT 5 section 3.1.2.11.8).

use leptos::prelude::*;

/// A user property as it is typed.
#[derive(Clone)]
pub struct Property {
    /// A number that is never used twice.
    pub key: u32,
    /// Name.
    pub name: ArcRwSignal<String>,
    /// Value.
    pub value: ArcRwSignal<String>,
}

/// User properties as they are typed. A handle: cheap to copy.
#[derive(Clone, Copy)]
pub struct Properties {
    /// The rows, in order.
    pub rows: RwSignal<Vec<Property>>,
    last_key: StoredValue<u32>,
}

impl Properties {
    /// No rows.
    pub fn new() -> Self {
        Self {
            rows: RwSignal::default(),
            last_key: StoredValue::new(0),
        }
    }

    fn row(&self, name: String, value: String) -> Property {
        let key = self.last_key.get_value().wrapping_add(1);
        self.last_key.set_value(key);
        Property {
            key,
            name: ArcRwSignal::new(name),
            value: ArcRwSignal::new(value),
        }
    }

    /// Adds an empty row.
    pub fn add(&self) {
        let row = self.row(String::new(), String::new());
        self.rows.update(|rows| rows.push(row));
    }

    /// Removes a row.
    pub fn remove(&self, key: u32) {
        self.rows.update(|rows| rows.retain(|row| row.key != key));
    }

    /// What was typed, without empty rows. Tracks every field.
    pub fn pairs(&self) -> Vec<(String, String)> {
        self.rows.with(|rows| {
            rows.iter()
                .map(|row| (row.name.get(), row.value.get()))
                .filter(|(name, value)| !(name.is_empty() && value.is_empty()))
                .collect()
        })
    }

    /// Replaces all rows.
    pub fn fill(&self, pairs: &[(String, String)]) {
        let rows = pairs
            .iter()
            .map(|(name, value)| self.row(name.clone(), value.clone()))
            .collect();
        self.rows.set(rows);
    }
}
