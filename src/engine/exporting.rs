//! Making a file of what was captured: a chunk for each frame that the page asks for.

use crate::{
    capture::{Capture, Selection},
    export::{Exporter, Format},
    link::{Chunk, ExportRequest, FileFormat},
};

/// Bytes of a chunk: more would be seen as a pause, fewer would take longer.
const CHUNK: usize = 512 * 1024;
/// Bytes of packets that are read for a chunk at the most, where little of them fits.
const READ: usize = 4 * 1024 * 1024;

/// A file on its way.
#[derive(Debug)]
pub(super) struct Exporting {
    number: u32,
    index: u32,
    selection: Selection,
    exporter: Exporter,
    /// What is written; a large packet is more than a chunk.
    written: Vec<u8>,
    /// So much of it is on its way.
    sent: usize,
    /// All packets are written.
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
        // TCP is told whole unless something of it is asked for.
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

    /// The next part. After the last one there is none.
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
