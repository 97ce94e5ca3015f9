//! Kinds of files, told by their first bytes.

/// Bytes, and their position.
type Magic = (usize, &'static [u8]);

/// The name of a kind; its media type, for pictures that every browser can draw; and the bytes that its files begin with.
const KINDS: &[(&str, Option<&str>, &[Magic])] = &[
    ("PNG", Some("image/png"), &[(0, b"\x89PNG\r\n\x1a\n")]),
    ("JPEG", Some("image/jpeg"), &[(0, b"\xff\xd8\xff")]),
    ("GIF", Some("image/gif"), &[(0, b"GIF87a")]),
    ("GIF", Some("image/gif"), &[(0, b"GIF89a")]),
    ("WebP", Some("image/webp"), &[(0, b"RIFF"), (8, b"WEBP")]),
    ("WAV", None, &[(0, b"RIFF"), (8, b"WAVE")]),
    ("AVIF", None, &[(4, b"ftypavif")]),
    ("HEIC", None, &[(4, b"ftypheic")]),
    ("MP4", None, &[(4, b"ftyp")]),
    ("TIFF", None, &[(0, b"II*\0")]),
    ("TIFF", None, &[(0, b"MM\0*")]),
    ("PDF", None, &[(0, b"%PDF-")]),
    ("gzip", None, &[(0, b"\x1f\x8b\x08")]),
    ("zip", None, &[(0, b"PK\x03\x04")]),
    ("zstd", None, &[(0, b"\x28\xb5\x2f\xfd")]),
    ("xz", None, &[(0, b"\xfd7zXZ\0")]),
    ("bzip2", None, &[(0, b"BZh"), (4, b"1AY&SY")]),
    ("7z", None, &[(0, b"7z\xbc\xaf\x27\x1c")]),
    ("WebAssembly", None, &[(0, b"\0asm")]),
    ("ELF", None, &[(0, b"\x7fELF")]),
    ("SQLite", None, &[(0, b"SQLite format 3\0")]),
    ("Ogg", None, &[(0, b"OggS\0")]),
];

/// The name of the kind that this payload is of.
pub fn kind(payload: &[u8]) -> Option<&'static str> {
    of_kind(payload).map(|(name, _)| name)
}

/// The media type of a picture that every browser can draw.
pub fn picture_type(payload: &[u8]) -> Option<&'static str> {
    of_kind(payload).and_then(|(_, media_type)| media_type)
}

fn of_kind(payload: &[u8]) -> Option<(&'static str, Option<&'static str>)> {
    let is = |(at, magic): &Magic| {
        payload
            .get(*at..)
            .is_some_and(|here| here.starts_with(magic))
    };
    KINDS
        .iter()
        .find(|(_, _, magics)| magics.iter().all(is))
        .map(|(name, media_type, _)| (*name, *media_type))
}
