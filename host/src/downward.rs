//! Writes to a client what the broker says to it: as much at once as is there, in frames where it speaks in frames, and
//! without copying what is large.

use std::collections::VecDeque;
use std::io::{self, IoSlice};
use std::time::Duration;

use bytes::{Buf, Bytes};
use midge_broker::{Ending, Next, Outlet};
use tokio::io::AsyncWriteExt;
use tokio::sync::Mutex;
use tokio::time::timeout;

use crate::pace::Pace;
use crate::relay::Writer;
use crate::websocket::{self, FRAME};

/// The most pieces that are written at once.
const PIECES: usize = 16;

/// The client's connection broke, or it does not read.
#[derive(Debug)]
pub struct Lost;

/// The way to a client. Whoever writes locks it for a whole frame, or a whole piece of packets.
pub struct Downward<'a> {
    /// The client's connection.
    pub writer: &'a Mutex<Writer>,
    /// Of a page; `None`: there are no frames.
    pub pace: Option<&'a Pace>,
    /// How long a client may take to read one write.
    pub patience: Duration,
}

impl Downward<'_> {
    /// Writes all that comes, until the broker has nothing more to say.
    ///
    /// # Errors
    /// When the client is lost. Who does not read would hold what the broker has for it, and its seat.
    pub async fn write_all_of(&self, outlet: &Outlet) -> Result<Ending, Lost> {
        let mut pieces = VecDeque::new();
        loop {
            if let Next::Ended(ending) = outlet.next(&mut pieces).await {
                return Ok(ending);
            }
            while !pieces.is_empty() {
                let written = timeout(self.patience, self.write_some(&mut pieces)).await;
                let Ok(Ok(written)) = written else {
                    return Err(Lost);
                };
                outlet.has_left(written);
                if let (Some(pace), true) = (self.pace, pieces.is_empty()) {
                    pace.gather(written).await;
                }
            }
        }
    }

    /// Writes from the front of the pieces, no more than a frame holds. Tells how much that was.
    async fn write_some(&self, pieces: &mut VecDeque<Bytes>) -> io::Result<usize> {
        let mut slices = [IoSlice::new(&[]); PIECES + 1];
        let (mut length, mut count) = (0, 1);
        for (slice, piece) in slices.iter_mut().skip(1).zip(pieces.iter()) {
            let here = piece.len().min(FRAME - length);
            *slice = IoSlice::new(piece.get(..here).unwrap_or_default());
            (length, count) = (length + here, count + 1);
            if length == FRAME {
                break;
            }
        }
        let (header, size) = websocket::header(length);
        if let (Some(first), true) = (slices.first_mut(), self.pace.is_some()) {
            *first = IoSlice::new(header.get(..size).unwrap_or_default());
        }
        let whole = slices.get_mut(..count).unwrap_or_default();
        write_all(&mut *self.writer.lock().await, whole).await?;
        let mut written = length;
        while let Some(piece) = pieces.front_mut() {
            if piece.len() > written {
                piece.advance(written);
                break;
            }
            written -= piece.len();
            pieces.pop_front();
        }
        Ok(length)
    }

    /// Answers a ping.
    ///
    /// # Errors
    /// When the client is lost.
    pub async fn pong(&self, asked: &[u8]) -> Result<(), Lost> {
        let pong = websocket::pong(asked);
        let written = async {
            let mut writer = self.writer.lock().await;
            writer.write_all(&pong).await?;
            writer.flush().await
        };
        match timeout(self.patience, written).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(Lost),
        }
    }

    /// The client said something.
    pub fn hear(&self) {
        if let Some(pace) = self.pace {
            pace.hear();
        }
    }
}

/// The last packet and the close frame, as far as there are any, and the end of all writing.
///
/// # Errors
/// When the client is lost.
pub async fn say_goodbye(
    writer: &Mutex<Writer>,
    packet: Option<Vec<u8>>,
    close: Option<Vec<u8>>,
) -> io::Result<()> {
    let mut writer = writer.lock().await;
    if let Some(packet) = packet {
        if close.is_some() {
            let (header, size) = websocket::header(packet.len());
            let header = header.get(..size).unwrap_or_default();
            writer.write_all(header).await?;
        }
        writer.write_all(&packet).await?;
    }
    if let Some(close) = close {
        writer.write_all(&close).await?;
    }
    writer.shutdown().await
}

async fn write_all(writer: &mut Writer, mut slices: &mut [IoSlice<'_>]) -> io::Result<()> {
    // Those at the front that are empty are passed over.
    IoSlice::advance_slices(&mut slices, 0);
    while !slices.is_empty() {
        match writer.write_vectored(slices).await? {
            0 => return Err(io::ErrorKind::WriteZero.into()),
            written => IoSlice::advance_slices(&mut slices, written),
        }
    }
    // TLS keeps back what the system did not take at once.
    writer.flush().await
}
