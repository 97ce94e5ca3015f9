//! A connection: of the network, or from inside this program.

use tokio::io::{DuplexStream, split};
use tokio::net::TcpStream;
use tokio_util::either::Either;

use crate::relay::{Reader, Writer};

/// A connection.
pub type Stream = Either<TcpStream, DuplexStream>;

/// Its two directions.
pub fn halves(stream: Stream) -> (Reader, Writer) {
    match stream {
        Either::Left(stream) => {
            let (reader, writer) = stream.into_split();
            (Box::new(reader), Box::new(writer))
        }
        Either::Right(stream) => {
            let (reader, writer) = split(stream);
            (Box::new(reader), Box::new(writer))
        }
    }
}
