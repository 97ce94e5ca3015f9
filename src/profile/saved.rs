//! Connections that were saved under a name, and the one that was used last. As JSON, for the browser's storage.
//!
//! There is no place for a password in them. Reading takes whatever is still sound: storage may be damaged, or have
//! been written by another version.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The version that [`Saved::write`] puts down.
pub const VERSION: u32 = 1;

/// How many connections are kept.
pub const MAX_CONNECTIONS: usize = 200;

/// Everything about a connection but the password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedConnection {
    /// The name the user gave it; empty for the one that was used last.
    #[serde(default)]
    pub name: String,
    /// Address of the broker.
    pub address: String,
    /// Client identifier; `None`: make up a fresh one.
    #[serde(default)]
    pub client_id: Option<String>,
    /// User name.
    #[serde(default)]
    pub user_name: Option<String>,
    /// Keep alive in seconds.
    #[serde(default = "usual_keep_alive")]
    pub keep_alive: u16,
    /// Clean session flag.
    #[serde(default = "usual_clean_session")]
    pub clean_session: bool,
    /// Will.
    #[serde(default)]
    pub will: Option<SavedWill>,
}

/// A will.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedWill {
    /// Topic name.
    pub topic: String,
    /// The payload, as text.
    #[serde(default)]
    pub payload: String,
    /// 0, 1 or 2.
    #[serde(default)]
    pub qos: u8,
    /// Retain flag.
    #[serde(default)]
    pub retain: bool,
}

fn usual_keep_alive() -> u16 {
    60
}

fn usual_clean_session() -> bool {
    true
}

/// All that is saved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Saved {
    /// The saved connections, in the order in which they were first saved. Names are unique.
    pub connections: Vec<SavedConnection>,
    /// The one that was used last.
    pub last: Option<SavedConnection>,
}

impl Saved {
    /// Reads what [`Saved::write`] wrote. Leaves out what is damaged.
    pub fn read(stored: &str) -> Self {
        let Ok(stored) = serde_json::from_str::<Value>(stored) else {
            return Self::default();
        };
        let mut saved = Self::default();
        for connection in stored
            .get("connections")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            if let Some(connection) = read_one(connection)
                && !connection.name.is_empty()
            {
                saved.put(connection);
            }
        }
        saved.last = stored.get("last").and_then(read_one);
        saved
    }

    /// Writes everything.
    pub fn write(&self) -> String {
        json!({ "version": VERSION, "connections": self.connections, "last": self.last })
            .to_string()
    }

    /// Adds a connection, or replaces the one of the same name. `false`: there are too many.
    pub fn put(&mut self, connection: SavedConnection) -> bool {
        if let Some(place) = self
            .connections
            .iter_mut()
            .find(|each| each.name == connection.name)
        {
            *place = connection;
        } else if self.connections.len() < MAX_CONNECTIONS {
            self.connections.push(connection);
        } else {
            return false;
        }
        true
    }

    /// Removes a connection by its name. `false`: there was none.
    pub fn remove(&mut self, name: &str) -> bool {
        let before = self.connections.len();
        self.connections.retain(|each| each.name != name);
        self.connections.len() != before
    }
}

fn read_one(value: &Value) -> Option<SavedConnection> {
    let mut connection = SavedConnection::deserialize(value).ok()?;
    connection.will = connection
        .will
        .filter(|will| will.qos <= 2 && !will.topic.is_empty());
    (!connection.address.is_empty()).then_some(connection)
}
