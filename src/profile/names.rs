//! The names of versions in links and in storage.

use crate::protocol::Version;

/// The name of a version: `5`, `3.1.1` or `3.1`.
pub fn version_key(version: Version) -> &'static str {
    match version {
        Version::V5 => "5",
        Version::V311 => "3.1.1",
        Version::V31 => "3.1",
    }
}

/// Reads what [`version_key`] writes.
pub fn version_of(key: &str) -> Option<Version> {
    [Version::V5, Version::V311, Version::V31]
        .into_iter()
        .find(|version| version_key(*version) == key)
}
