//! Files that hold what was captured: JSON Lines, CSV, and pcapng for Wireshark. Packet by packet, so that a file of any
//! size is written in parts. Passwords and authentication data are masked unless they are asked for by name. Knows the
//! capture's packets; no page, no clock.

mod csv;
mod fields;
mod ip;
mod json_lines;
mod pcapng;

use crate::capture::{Connection, Packet};
use pcapng::Pcapng;

/// The kind of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One JSON object per line.
    JsonLines,
    /// RFC 4180, with a line of names.
    Csv,
    /// Packets as TCP segments with made-up addresses.
    Pcapng,
}

/// Writes one file.
#[derive(Debug)]
pub struct Exporter {
    /// Passwords and authentication data go in as they crossed the wire.
    secrets: bool,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    JsonLines,
    Csv,
    Pcapng(Pcapng),
}

impl Exporter {
    /// Begins a file: what stands before the first packet is in `out`.
    pub fn begin(format: Format, secrets: bool, out: &mut Vec<u8>) -> Self {
        let kind = match format {
            Format::JsonLines => Kind::JsonLines,
            Format::Csv => {
                csv::head(out);
                Kind::Csv
            }
            Format::Pcapng => Kind::Pcapng(Pcapng::begin(out)),
        };
        Self { secrets, kind }
    }

    /// Adds a packet. `connection` is the one that it crossed, if that is known still.
    pub fn add(&mut self, packet: &Packet<'_>, connection: Option<&Connection>, out: &mut Vec<u8>) {
        match &mut self.kind {
            Kind::JsonLines => json_lines::add(packet, connection, self.secrets, out),
            Kind::Csv => csv::add(packet, self.secrets, out),
            Kind::Pcapng(file) => file.add(packet, connection, self.secrets, out),
        }
    }

    /// Ends the file.
    pub fn end(&mut self, out: &mut Vec<u8>) {
        if let Kind::Pcapng(file) = &mut self.kind {
            file.end(out);
        }
    }
}
