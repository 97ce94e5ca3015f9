//! What is too large for one frame, part by part: a file of what was captured.

use serde::{Deserialize, Serialize};

/// A file that the page asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExportRequest {
    /// Chosen by the page; comes back in the chunks.
    pub number: u32,
    /// The kind of the file.
    pub format: FileFormat,
    /// Only what fits this query (see [`super::ListView`]). Empty: everything.
    pub query: String,
    /// Every control packet, not messages alone.
    pub packets: bool,
    /// Passwords and authentication data as they crossed the wire. Otherwise they are masked.
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

/// A part of the file. At most one is in a frame, so a file comes as fast as the page takes it, between everything else.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Chunk {
    /// The number of the request.
    pub number: u32,
    /// Counts from 0, without a gap.
    pub index: u32,
    /// The bytes; none where the query found nothing on the way.
    #[serde(with = "serde_bytes")]
    pub bytes: Vec<u8>,
    /// Packets that were looked at so far.
    pub looked_at: u64,
    /// Packets that are to be looked at.
    pub of: u64,
    /// Packets that were evicted before they were looked at.
    pub evicted: u64,
    /// It is the last one.
    pub last: bool,
}
