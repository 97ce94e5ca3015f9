//! Makes a file of the captured packets, one chunk for each frame that the page asks for.

use crate::{
    capture::{Capture, Selection},
    export::{Exporter, Format},
    link::{Chunk, ExportRequest, FileFormat},
};

/// Bytes of a chunk. More would be a visible pause, fewer would take longer as a whole.
const CHUNK: usize = 512 * 1024;
/// The most bytes of packets that are read for one chunk, even if few of them match the query.
const READ: usize = 4 * 1024 * 1024;

/// A file that is being made.
#[derive(Debug)]
pub(super) struct Exporting {
    number: u32,
    index: u32,
    selection: Selection,
    exporter: Exporter,
    /// Bytes that were made. They may be more than a chunk, because one packet may be.
    written: Vec<u8>,
    /// How many bytes of it were sent.
    sent: usize,
    /// All packets were read.
    done: bool,
}

impl Exporting {
    pub fn begin(capture: &Capture, now_us: u64, request: &ExportRequest) -> Self {
        let mut written = Vec::new();
        let format = match request.format {
            FileFormat::JsonLines => Format::JsonLines,
            FileFormat::Csv => Format::Csv,
            FileFormat::Pcapng => Format::Pcapng,
        };
        // A pcapng file holds the whole TCP stream, unless only a part is asked for.
        let all = request.format == FileFormat::Pcapng && request.query.trim().is_empty();
        Self {
            number: request.number,
            index: 0,
            selection: capture.select(&request.query, request.packets || all, now_us),
            exporter: Exporter::begin(format, request.secrets, &mut written),
            written,
            sent: 0,
            done: false,
        }
    }

    pub fn number(&self) -> u32 {
        self.number
    }

    /// The next chunk. Not to be called after the last one.
    pub fn chunk(&mut self, capture: &mut Capture) -> Chunk {
        let (exporter, written, sent) = (&mut self.exporter, &mut self.written, self.sent);
        if !self.done && written.len() - sent < CHUNK {
            written.drain(..sent);
            self.sent = 0;
            self.done = !capture.go_on(&mut self.selection, READ, |packet, connection| {
                exporter.add(packet, connection, written);
                written.len() < CHUNK
            });
            if self.done {
                exporter.end(written);
            }
        }
        let rest = written.get(self.sent..).unwrap_or_default();
        let bytes = rest.get(..CHUNK).unwrap_or(rest).to_vec();
        self.sent += bytes.len();
        let index = self.index;
        self.index += 1;
        let (looked_at, of) = self.selection.progress();
        Chunk {
            number: self.number,
            index,
            bytes,
            looked_at,
            of,
            evicted: self.selection.evicted(),
            last: self.done && self.sent == self.written.len(),
        }
    }
}
