//! English: making a file of what was captured.

use super::export::ExportWords;

pub const EXPORT: ExportWords = ExportWords {
    about: "A file of what is kept here now. Payloads are exact: text where they are text, base64 where they are not.",
    only_matches: "Only what matches the filter of the list",
    all_packets: "Every control packet, not messages alone",
    secrets: "With passwords and authentication data",
    secrets_hint: "Whoever gets the file can read them. Without this they are masked.",
    kinds: "Kind of file",
    which: "JSON Lines for programs, CSV for spreadsheets, pcapng for Wireshark.",
    progress: |done, of| format!("{done} of {of} packets"),
    stop: "Stop",
    stopped: "Stopped. No file was saved.",
    saved: "The file is saved.",
    saved_without: |count| {
        format!(
            "The file is saved, without {count} packets that made room for newer ones meanwhile."
        )
    },
    refused: "The browser did not take the file. It may have no room for it.",
};
