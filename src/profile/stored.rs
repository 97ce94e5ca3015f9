//! Changes what is stored and leaves everything else in it unchanged. Another tab or a later Midge may have written it since
//! it was read, so each change is applied to what is there now. Unknown fields, entries that cannot be read, and the number
//! of a later version stay as they are, byte for byte.

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{MapAccess, Visitor},
    ser::SerializeMap,
};
use serde_json::value::RawValue;

use super::{
    kept_filters::KeptFilter,
    names::version_key,
    saved::{MAX_CONNECTIONS, SavedConnection, VERSION, read_one},
    secrets::same_without_secrets,
};
use crate::protocol::Version;

/// A change.
#[derive(Clone, Copy, Debug)]
pub enum Change<'a> {
    /// Adds a connection, or replaces the one of the same name.
    Put(&'a SavedConnection),
    /// Removes a connection by its name.
    Remove(&'a str),
    /// Sets the connection that was used last.
    Last(&'a SavedConnection),
    /// Sets the subscriptions of the connection with this name.
    Subscriptions(&'a str, &'a [KeptFilter]),
    /// The broker at this address accepted this version. The next search for the newest starts with it.
    Found(&'a str, Version),
    /// Removes secrets from the address of the last connection, which an earlier Midge stored without asking.
    Tidy,
}

/// Why nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unchanged {
    /// It would make no difference.
    Already,
    /// There are [`MAX_CONNECTIONS`] already.
    TooMany,
    /// What is stored cannot be read at all.
    Unreadable,
    /// A later version has stored it in a form that this one does not know.
    Later,
}

/// Applies a change to what is stored, and returns what to store instead.
pub fn change(stored: Option<&str>, change: Change) -> Result<String, Unchanged> {
    let mut document = Document::read(stored.unwrap_or_default())?;
    let entries = &mut document.connections;
    let changed = match change {
        Change::Put(new) => {
            let named = |raw: &RawValue| read_named(raw).is_some_and(|one| one.name == new.name);
            let sound = entries.iter().filter_map(|raw| read_named(raw)).count();
            match entries.iter_mut().rev().find(|raw| named(raw)) {
                Some(entry) => *entry = merged(entry, written(new)),
                None if sound < MAX_CONNECTIONS => entries.push(written(new)),
                None => return Err(Unchanged::TooMany),
            }
            true
        }
        Change::Remove(name) => {
            let before = entries.len();
            entries.retain(|raw| read_named(raw).is_none_or(|one| one.name != name));
            entries.len() != before
        }
        Change::Last(new) => {
            let entry = match document.last() {
                // Unknown fields of an earlier connection do not apply to another one.
                Some((raw, old)) if old.address == new.address => merged(raw, written(new)),
                _ => written(new),
            };
            document.fields.set("last", entry);
            true
        }
        Change::Subscriptions(name, subscriptions) => {
            let named = |raw: &RawValue| read_named(raw).filter(|one| one.name == name);
            let entry = entries.iter_mut().rev().find_map(|raw| {
                let one = named(raw)?;
                (one.subscriptions.as_deref() != Some(subscriptions)).then_some(raw)
            });
            let fields = entry.and_then(|raw| {
                let fields = serde_json::from_str::<Fields>(raw.get()).ok()?;
                Some((raw, fields))
            });
            match fields {
                Some((raw, mut fields)) => {
                    fields.set("subscriptions", raw_value(subscriptions));
                    *raw = raw_value(&fields);
                    true
                }
                None => false,
            }
        }
        Change::Found(address, version) => {
            let mut changed = false;
            for entry in entries.iter_mut() {
                if let Some(found) =
                    read_named(entry).and_then(|one| found(entry, &one, address, version))
                {
                    *entry = found;
                    changed = true;
                }
            }
            let last = document
                .last()
                .and_then(|(raw, one)| found(raw, &one, address, version));
            if let Some(last) = last {
                document.fields.set("last", last);
                changed = true;
            }
            changed
        }
        Change::Tidy => {
            let last = document.last().and_then(|(raw, one)| {
                let kept = one.clone().to_keep();
                (kept != one).then(|| merged(raw, written(&kept)))
            });
            let changed = last.is_some();
            if let Some(last) = last {
                document.fields.set("last", last);
            }
            changed
        }
    };
    if changed {
        Ok(document.write())
    } else {
        Err(Unchanged::Already)
    }
}

/// Whether [`change`] can change it.
pub fn readable(stored: &str) -> Result<(), Unchanged> {
    Document::read(stored).map(|_| ())
}

/// The connection with the version that its broker accepted last; `None`: no change.
fn found(
    raw: &RawValue,
    one: &SavedConnection,
    address: &str,
    version: Version,
) -> Option<Box<RawValue>> {
    let mut addresses = std::iter::once(&one.address).chain(&one.more_addresses);
    let same = addresses.any(|mine| same_without_secrets(mine, address));
    if !same || one.version.is_some() || one.found == Some(version) {
        return None;
    }
    let mut fields: Fields = serde_json::from_str(raw.get()).ok()?;
    fields.set("found", raw_value(version_key(version)));
    Some(raw_value(&fields))
}

/// It is a connection of the list, with a name.
fn read_named(raw: &RawValue) -> Option<SavedConnection> {
    read_one(raw).filter(|one| !one.name.is_empty())
}

fn written(connection: &SavedConnection) -> Box<RawValue> {
    raw_value(connection)
}

/// Serializing numbers, text and lists of them as JSON cannot fail.
fn raw_value<T: Serialize + ?Sized>(value: &T) -> Box<RawValue> {
    serde_json::value::to_raw_value(value).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

/// Adds the fields of the old value that the new one does not have.
fn merged(old: &RawValue, new: Box<RawValue>) -> Box<RawValue> {
    let fields = |raw: &RawValue| serde_json::from_str::<Fields>(raw.get()).ok();
    let (Some(mut all), Some(new_fields)) = (fields(old), fields(&new)) else {
        return new;
    };
    for (name, value) in new_fields.0 {
        let value = match all.get(&name) {
            Some(before) => merged(before, value),
            None => value,
        };
        all.set(&name, value);
    }
    raw_value(&all)
}

struct Document {
    fields: Fields,
    connections: Vec<Box<RawValue>>,
}

impl Document {
    fn read(stored: &str) -> Result<Self, Unchanged> {
        if stored.trim().is_empty() {
            return Ok(Self {
                fields: Fields(Vec::new()),
                connections: Vec::new(),
            });
        }
        let fields: Fields = serde_json::from_str(stored).map_err(|_| Unchanged::Unreadable)?;
        let connections = match fields.get("connections") {
            None => Some(Vec::new()),
            Some(raw) if raw.get() == "null" => Some(Vec::new()),
            Some(raw) => serde_json::from_str(raw.get()).ok(),
        };
        match connections {
            Some(connections) => Ok(Self {
                fields,
                connections,
            }),
            None if fields.version() > Some(u64::from(VERSION)) => Err(Unchanged::Later),
            None => Err(Unchanged::Unreadable),
        }
    }

    fn last(&self) -> Option<(&RawValue, SavedConnection)> {
        let raw = self.fields.get("last")?;
        Some((raw, read_one(raw)?))
    }

    fn write(mut self) -> String {
        if self.fields.version() < Some(u64::from(VERSION)) {
            self.fields.set("version", raw_value(&VERSION));
        }
        self.fields.set("connections", raw_value(&self.connections));
        serde_json::to_string(&self.fields).unwrap_or_default()
    }
}

/// A JSON object that keeps the order of its fields and the text of their values.
struct Fields(Vec<(String, Box<RawValue>)>);

impl Fields {
    fn get(&self, name: &str) -> Option<&RawValue> {
        self.0
            .iter()
            .find(|(each, _)| each == name)
            .map(|(_, value)| &**value)
    }

    fn set(&mut self, name: &str, value: Box<RawValue>) {
        match self.0.iter_mut().find(|(each, _)| each == name) {
            Some((_, place)) => *place = value,
            None => self.0.push((name.to_owned(), value)),
        }
    }

    fn version(&self) -> Option<u64> {
        self.get("version")?.get().parse().ok()
    }
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = Fields;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
                let mut fields = Fields(Vec::new());
                while let Some((name, value)) = map.next_entry::<String, Box<RawValue>>()? {
                    fields.set(&name, value);
                }
                Ok(fields)
            }
        }

        deserializer.deserialize_map(Reader)
    }
}

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}
