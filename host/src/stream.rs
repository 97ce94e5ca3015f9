//! A connection: of the network, over TLS or not, or from inside this program.

use tokio::io::{DuplexStream, split};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;
use tokio_util::either::Either;

use crate::relay::{Reader, Writer};

/// A connection of the network.
pub type Outer = Either<TcpStream, Box<TlsStream<TcpStream>>>;

/// A connection.
pub type Stream = Either<Outer, DuplexStream>;

/// One that is not over TLS.
pub fn plain(stream: TcpStream) -> Stream {
    Either::Left(Either::Left(stream))
}

/// One over TLS.
pub fn closed(stream: TlsStream<TcpStream>) -> Stream {
    Either::Left(Either::Right(Box::new(stream)))
}

/// Its two directions.
pub fn halves(stream: Stream) -> (Reader, Writer) {
    match stream {
        Either::Left(Either::Left(stream)) => {
            let (reader, writer) = stream.into_split();
            (Box::new(reader), Box::new(writer))
        }
        Either::Left(Either::Right(stream)) => {
            let (reader, writer) = split(stream);
            (Box::new(reader), Box::new(writer))
        }
        Either::Right(stream) => {
            let (reader, writer) = split(stream);
            (Box::new(reader), Box::new(writer))
        }
    }
}
