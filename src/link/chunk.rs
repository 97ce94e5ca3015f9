//! Requests for a file of captured packets, and its chunks: it is too large for one frame.

use serde::{Deserialize, Serialize};

/// A request for a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExportRequest {
    /// A number that the page chooses. Each chunk contains it.
    pub number: u32,
    /// The kind of the file.
    pub format: FileFormat,
    /// Only what fits this query (see [`super::ListView`]). Empty: everything.
    pub query: String,
    /// All control packets, not only messages.
    pub packets: bool,
    /// Include passwords and authentication data. Otherwise they are masked.
    pub secrets: bool,
}

/// The kind of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileFormat {
    /// One JSON object per line.
    JsonLines,
    /// RFC 4180.
    Csv,
    /// For Wireshark.
    Pcapng,
}

/// A chunk of the file. A frame contains at most one, so a file comes as fast as the page reads it, and other answers do
/// not wait for it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Chunk {
    /// The number of the request.
    pub number: u32,
    /// Its position: 0, 1, 2 and so on.
    pub index: u32,
    /// The bytes. Empty if no packet matched so far.
    #[serde(with = "serde_bytes")]
    pub bytes: Vec<u8>,
    /// How many packets were read so far.
    pub looked_at: u64,
    /// How many packets there are to read.
    pub of: u64,
    /// How many packets were evicted before they were read.
    pub evicted: u64,
    /// It is the last one.
    pub last: bool,
}
