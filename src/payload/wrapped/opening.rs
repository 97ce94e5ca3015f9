//! Opening what a payload is in, in turns of a bounded length.

use std::{
    io::{ErrorKind, Read},
    sync::Arc,
};

use flate2::bufread::{GzDecoder, ZlibDecoder};
use ruzstd::decoding::{
    BlockDecodingStrategy, FrameDecoder,
    errors::{FrameDecoderError, ReadFrameHeaderError},
};

use super::{Wrapping, base64, source::Source, utf16};

/// The most bytes that are taken out of a payload. The rest is left inside.
pub const MOST_INSIDE: usize = 32 * 1024 * 1024;
/// The most that zstd may look back, which it keeps beside what it makes.
const MOST_WINDOW: u64 = 32 * 1024 * 1024;
/// Bytes that a library is asked for at once.
const PIECE: usize = 64 * 1024;
/// What a step costs, in bytes, however little comes of it.
const STEP: usize = 1024;

/// Why there is no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyNot {
    /// It ends too early.
    Cut,
    /// It is damaged, or its check fails.
    Damaged,
    /// It was made with a dictionary, which is not in it.
    Dictionary,
    /// It looks back farther than is taken for sound.
    Window,
    /// There is more than is taken out.
    TooMuch,
    /// Other bytes follow after its end, from this one on.
    After(usize),
    /// So many halves of characters stand alone.
    Halves(usize),
}

/// What was inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// What it was in.
    pub wrapping: Wrapping,
    /// The bytes, as far as they could be taken out.
    pub bytes: Vec<u8>,
    /// Why they are not all, or not what they should be.
    pub why_not: Option<WhyNot>,
}

enum Work {
    Gzip(Box<GzDecoder<Source>>),
    Zlib(Box<ZlibDecoder<Source>>),
    Zstd {
        source: Source,
        decoder: Box<FrameDecoder>,
        open: bool,
    },
    Base64(Source, base64::Decoder),
    Utf16 {
        source: Source,
        big: bool,
        carry: Option<u16>,
        lost: usize,
    },
}

/// An opening in progress.
pub struct Opening {
    wrapping: Wrapping,
    work: Work,
    out: Vec<u8>,
    most: usize,
}

impl Opening {
    /// Begins, to take out [`MOST_INSIDE`] at the most. The bytes are held until it is done.
    pub fn new(wrapping: Wrapping, bytes: Arc<dyn AsRef<[u8]> + Send + Sync>) -> Self {
        Self::bounded(wrapping, bytes, MOST_INSIDE)
    }

    /// The same with another bound.
    pub fn bounded(
        wrapping: Wrapping,
        bytes: Arc<dyn AsRef<[u8]> + Send + Sync>,
        most: usize,
    ) -> Self {
        let mut source = Source::new(bytes);
        let work = match wrapping {
            Wrapping::Gzip => Work::Gzip(Box::new(GzDecoder::new(source))),
            Wrapping::Zlib => Work::Zlib(Box::new(ZlibDecoder::new(source))),
            Wrapping::Zstd => {
                let mut decoder = Box::new(FrameDecoder::new());
                decoder.set_max_window_size(MOST_WINDOW);
                Work::Zstd {
                    source,
                    decoder,
                    open: false,
                }
            }
            Wrapping::Base64 => Work::Base64(source, base64::Decoder::default()),
            Wrapping::Utf16 => {
                let big = source.rest().starts_with(&[0xfe]);
                source.skip(2);
                Work::Utf16 {
                    source,
                    big,
                    carry: None,
                    lost: 0,
                }
            }
        };
        Self {
            wrapping,
            work,
            out: Vec::new(),
            most,
        }
    }

    /// Goes on for about so many bytes, of what is read and what comes out. What was inside, when it is done.
    pub fn go_on(&mut self, bytes: usize) -> Option<Opened> {
        let mut done = 0;
        while done < bytes {
            let before = self.out.len() + self.at();
            let step = self.step();
            if self.out.len() > self.most {
                self.out.truncate(self.most);
                return Some(self.done(Some(WhyNot::TooMuch)));
            }
            match step {
                Ok(true) => return Some(self.done(None)),
                Err(why) => return Some(self.done(Some(why))),
                Ok(false) => {
                    done += (self.out.len() + self.at()).saturating_sub(before) + STEP;
                }
            }
        }
        None
    }

    /// Up to where it is read.
    fn at(&self) -> usize {
        match &self.work {
            Work::Gzip(decoder) => decoder.get_ref().at(),
            Work::Zlib(decoder) => decoder.get_ref().at(),
            Work::Zstd { source, .. } | Work::Base64(source, _) | Work::Utf16 { source, .. } => {
                source.at()
            }
        }
    }

    fn done(&mut self, why_not: Option<WhyNot>) -> Opened {
        Opened {
            wrapping: self.wrapping,
            bytes: std::mem::take(&mut self.out),
            why_not,
        }
    }

    /// A piece more. `true`: that was all.
    fn step(&mut self) -> Result<bool, WhyNot> {
        match &mut self.work {
            Work::Gzip(decoder) => {
                decoder.get_mut().allow(PIECE);
                if !piece(&mut *decoder, &mut self.out)? {
                    return Ok(false);
                }
                let source = decoder.get_ref().clone();
                // Several may follow each other, and some programs fill up with zeros.
                if source.rest().starts_with(b"\x1f\x8b") {
                    **decoder = GzDecoder::new(source);
                    return Ok(false);
                }
                match source.rest().iter().all(|byte| *byte == 0) {
                    true => Ok(true),
                    false => Err(WhyNot::After(source.at())),
                }
            }
            Work::Zlib(decoder) => {
                decoder.get_mut().allow(PIECE);
                let done = piece(&mut *decoder, &mut self.out)?;
                let source = decoder.get_ref();
                if done && !source.rest().is_empty() {
                    return Err(WhyNot::After(source.at()));
                }
                Ok(done)
            }
            Work::Zstd {
                source,
                decoder,
                open,
            } => zstd(source, decoder, open, &mut self.out),
            Work::Base64(source, decoder) => {
                let rest = source.rest();
                let text = rest.get(..PIECE).unwrap_or(rest);
                if text.is_empty() {
                    let whole = std::mem::take(decoder).end(&mut self.out);
                    return if whole { Ok(true) } else { Err(WhyNot::Cut) };
                }
                let length = text.len();
                if let Err(at) = decoder.read(text, &mut self.out) {
                    return Err(WhyNot::After(source.at() + at));
                }
                source.skip(length);
                Ok(false)
            }
            Work::Utf16 {
                source,
                big,
                carry,
                lost,
            } => {
                let rest = source.rest();
                let text = rest.get(..PIECE).unwrap_or(rest);
                let length = text.len();
                *lost += utf16::read(text, *big, carry, &mut self.out);
                source.skip(length);
                if length > 0 {
                    return Ok(false);
                }
                if carry.take().is_some() {
                    *lost += 1;
                    self.out
                        .extend_from_slice(char::REPLACEMENT_CHARACTER.to_string().as_bytes());
                }
                if *lost > 0 {
                    return Err(WhyNot::Halves(*lost));
                }
                Ok(true)
            }
        }
    }
}

/// A piece more of what a decoder reads.
fn piece(decoder: &mut impl Read, out: &mut Vec<u8>) -> Result<bool, WhyNot> {
    let start = out.len();
    out.resize(start + PIECE, 0);
    let read = decoder.read(out.get_mut(start..).unwrap_or_default());
    out.truncate(start + read.as_ref().copied().unwrap_or_default());
    match read {
        Ok(0) => Ok(true),
        Ok(_) => Ok(false),
        Err(error) => match error.kind() {
            ErrorKind::WouldBlock => Ok(false),
            ErrorKind::UnexpectedEof => Err(WhyNot::Cut),
            _ => Err(WhyNot::Damaged),
        },
    }
}

fn zstd(
    source: &mut Source,
    decoder: &mut FrameDecoder,
    open: &mut bool,
    out: &mut Vec<u8>,
) -> Result<bool, WhyNot> {
    // A block is bounded, and so is what is read of it.
    source.allow(usize::MAX);
    if !*open {
        if source.rest().is_empty() {
            return Ok(true);
        }
        let at = source.at();
        match decoder.reset(&mut *source) {
            Ok(()) => {}
            Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                length,
                ..
            })) => {
                let length = usize::try_from(length).map_err(|_| WhyNot::Cut)?;
                if source.rest().len() < length {
                    return Err(WhyNot::Cut);
                }
                source.skip(length);
                return Ok(false);
            }
            Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::BadMagicNumber(
                _,
            ))) if at > 0 => return Err(WhyNot::After(at)),
            Err(FrameDecoderError::WindowSizeTooBig { .. }) => return Err(WhyNot::Window),
            Err(FrameDecoderError::DictNotProvided { .. }) => return Err(WhyNot::Dictionary),
            Err(_) if source.rest().is_empty() => return Err(WhyNot::Cut),
            Err(_) => return Err(WhyNot::Damaged),
        }
        *open = true;
    }
    let decoded = decoder.decode_blocks(&mut *source, BlockDecodingStrategy::UptoBlocks(1));
    if let Some(bytes) = decoder.collect() {
        out.extend_from_slice(&bytes);
    }
    match decoded {
        Ok(_) => {}
        Err(_) if source.rest().is_empty() => return Err(WhyNot::Cut),
        Err(_) => return Err(WhyNot::Damaged),
    }
    if decoder.is_finished() {
        *open = false;
        let said = decoder.get_checksum_from_data();
        if said.is_some() && said != decoder.get_calculated_checksum() {
            return Err(WhyNot::Damaged);
        }
    }
    Ok(false)
}
