//! Bytes that are read by a library and held by us: whoever holds the message has them once.

use std::{
    io::{self, BufRead, ErrorKind, Read},
    sync::Arc,
};

/// A payload within what carries it, read from its start.
#[derive(Clone)]
pub struct Source {
    bytes: Arc<dyn AsRef<[u8]> + Send + Sync>,
    at: usize,
    /// Bytes that may be read before whoever reads is to wait: some say nothing for a long time.
    allowed: usize,
}

impl Source {
    pub fn new(bytes: Arc<dyn AsRef<[u8]> + Send + Sync>) -> Self {
        Self {
            bytes,
            at: 0,
            allowed: 0,
        }
    }

    /// So many bytes may be read from now on.
    pub fn allow(&mut self, bytes: usize) {
        self.allowed = bytes;
    }

    pub fn rest(&self) -> &[u8] {
        let all: &[u8] = (*self.bytes).as_ref();
        all.get(self.at..).unwrap_or_default()
    }

    pub fn at(&self) -> usize {
        self.at
    }

    pub fn skip(&mut self, bytes: usize) {
        let all: &[u8] = (*self.bytes).as_ref();
        self.at = self.at.saturating_add(bytes).min(all.len());
    }
}

impl Read for Source {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let rest = self.fill_buf()?;
        let length = rest.len().min(into.len());
        if let (Some(into), Some(from)) = (into.get_mut(..length), rest.get(..length)) {
            into.copy_from_slice(from);
        }
        self.consume(length);
        Ok(length)
    }
}

impl BufRead for Source {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let rest = self.rest();
        if self.allowed == 0 && !rest.is_empty() {
            return Err(ErrorKind::WouldBlock.into());
        }
        Ok(rest.get(..self.allowed).unwrap_or(rest))
    }

    fn consume(&mut self, bytes: usize) {
        self.skip(bytes);
        self.allowed = self.allowed.saturating_sub(bytes);
    }
}
