//! The way to a named broker: the connection, TLS where it is asked for, the handshake of WebSocket where it speaks that.
//! Nothing that a client sent has a part in it.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore, crypto::ring};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, split};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use crate::relay::{Reader, Writer};
use crate::unreached::Unreached;
use crate::upstream::{Speech, Upstream};

/// From the first step to a connection that MQTT can go over.
const REACHING: Duration = Duration::from_secs(10);

/// The longest answer to a handshake of WebSocket.
const LONGEST_ANSWER: usize = 8 * 1024;

/// A key for a handshake (RFC 6455 section 4.1). It proves that the answer is one, and is no secret.
const KEY: &str = "bWlkZ2UncyB3YXkgaW4hIQ==";

/// A file of certificates or keys that cannot be used, and why. For the person at the terminal.
#[derive(Debug)]
pub struct Unusable {
    /// The file.
    pub file: PathBuf,
    /// Why.
    pub cause: String,
}

/// What is trusted and shown when a broker is reached over TLS.
#[derive(Clone)]
pub struct Trust(Arc<ClientConfig>);

impl Trust {
    /// Trusts those who signed for `ca`, or without it those whom the system trusts; shows `shown`, a certificate and its key.
    ///
    /// # Errors
    /// When a file cannot be used.
    pub fn new(ca: Option<&Path>, shown: Option<(&Path, &Path)>) -> Result<Trust, Unusable> {
        let mut roots = RootCertStore::empty();
        match ca {
            Some(file) => {
                for certificate in certificates(file)? {
                    let added = roots.add(certificate);
                    added.map_err(|error| unusable(file, error.to_string()))?;
                }
            }
            // What of it cannot be read is trusted by nobody; a broker that needs it is told as not trusted.
            None => {
                roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            }
        }
        let with_roots = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| unusable(Path::new(""), error.to_string()))?
            .with_root_certificates(roots);
        let config = match shown {
            None => with_roots.with_no_client_auth(),
            Some((file, key_file)) => {
                let key = PrivateKeyDer::from_pem_file(key_file)
                    .map_err(|error| unusable(key_file, no_pem(error)))?;
                with_roots
                    .with_client_auth_cert(certificates(file)?, key)
                    .map_err(|error| unusable(key_file, error.to_string()))?
            }
        };
        Ok(Trust(Arc::new(config)))
    }
}

/// All certificates of a PEM file, of which there is at least one.
pub fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, Unusable> {
    let found: Vec<_> = CertificateDer::pem_file_iter(file)
        .and_then(Iterator::collect)
        .map_err(|error| unusable(file, no_pem(error)))?;
    match found.is_empty() {
        true => Err(unusable(file, "there is no certificate in it".to_owned())),
        false => Ok(found),
    }
}

/// The error's own words could show a part of a key.
fn no_pem(error: rustls::pki_types::pem::Error) -> String {
    use rustls::pki_types::pem::Error;
    match error {
        Error::Io(error) => error.to_string(),
        Error::NoItemsFound => "there is nothing of the kind in it".to_owned(),
        _ => "it is no PEM file".to_owned(),
    }
}

fn unusable(file: &Path, cause: String) -> Unusable {
    Unusable {
        file: file.to_owned(),
        cause,
    }
}

/// A connection to a named broker.
pub struct Reached {
    /// What the broker says.
    pub reader: Reader,
    /// What it is told.
    pub writer: Writer,
}

/// Goes all the way, within ten seconds.
///
/// # Errors
/// Where it ended.
pub async fn reach(
    upstream: &Upstream,
    trust: Option<&Trust>,
    subprotocol: &str,
) -> Result<Reached, Unreached> {
    let way = async {
        let stream = connect(upstream).await?;
        match trust {
            Some(trust) if upstream.is_tls => {
                let name = ServerName::try_from(upstream.host.clone())
                    .map_err(|_| Unreached::NameUnknown)?;
                let connecting = TlsConnector::from(trust.0.clone()).connect(name, stream);
                let stream = connecting.await.map_err(|error| of_handshake(&error))?;
                speak(upstream, stream, subprotocol).await
            }
            _ => speak(upstream, stream, subprotocol).await,
        }
    };
    timeout(REACHING, way)
        .await
        .unwrap_or(Err(Unreached::TimedOut))
}

async fn connect(upstream: &Upstream) -> Result<TcpStream, Unreached> {
    let found = tokio::net::lookup_host((&upstream.host[..], upstream.port)).await;
    let mut last = Unreached::NameUnknown;
    for address in found.map_err(|_| Unreached::NameUnknown)? {
        match TcpStream::connect(address).await {
            Ok(stream) => {
                // Small packets do not wait for one another. An error is a connection that is lost.
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Err(error) => last = Unreached::of(&error),
        }
    }
    Err(last)
}

/// A broker that closes amid the handshake of TLS does not speak it.
fn of_handshake(error: &std::io::Error) -> Unreached {
    match Unreached::of(error) {
        Unreached::Broken => Unreached::NotTls,
        why => why,
    }
}

async fn speak<S>(
    upstream: &Upstream,
    mut stream: S,
    subprotocol: &str,
) -> Result<Reached, Unreached>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    if let Speech::WebSocket(path) = &upstream.speech {
        ask_for_frames(upstream, path, &mut stream, subprotocol).await?;
    }
    let (reader, writer) = split(stream);
    Ok(Reached {
        reader: Box::new(reader),
        writer: Box::new(writer),
    })
}

/// The handshake of WebSocket, as a client.
async fn ask_for_frames<S: AsyncRead + AsyncWrite + Unpin>(
    upstream: &Upstream,
    path: &str,
    stream: &mut S,
    subprotocol: &str,
) -> Result<(), Unreached> {
    let mut request = String::new();
    // Writing into a String cannot fail.
    let _ = write!(
        request,
        "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {KEY}\r\nSec-WebSocket-Protocol: {subprotocol}\r\n\r\n",
        upstream.authority()
    );
    let broken = |error: std::io::Error| Unreached::of(&error);
    stream.write_all(request.as_bytes()).await.map_err(broken)?;
    stream.flush().await.map_err(broken)?;
    let mut answer = Vec::new();
    // Byte by byte, so that nothing of what comes behind it is taken.
    while !answer.ends_with(b"\r\n\r\n") {
        if answer.len() > LONGEST_ANSWER {
            return Err(Unreached::NotWebSocket);
        }
        match stream.read_u8().await {
            Ok(byte) => answer.push(byte),
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
                return Err(Unreached::NotWebSocket);
            }
            Err(error) => return Err(Unreached::of(&error)),
        }
    }
    match is_granted(&answer) {
        true => Ok(()),
        false => Err(Unreached::NotWebSocket),
    }
}

fn is_granted(answer: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(answer) else {
        return false;
    };
    let mut lines = text.split("\r\n");
    let is_switching = lines
        .next()
        .is_some_and(|line| line.starts_with("HTTP/1.1 101"));
    let proof = crate::websocket::accept(KEY.as_bytes());
    let proves = lines
        .filter_map(|line| line.split_once(':'))
        .any(|(name, value)| {
            name.eq_ignore_ascii_case("sec-websocket-accept") && value.trim() == proof
        });
    is_switching && proves
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_answer_that_proves_itself_is_one() {
        let proof = crate::websocket::accept(KEY.as_bytes());
        let good = format!("HTTP/1.1 101 Yes\r\nsec-websocket-ACCEPT: {proof}\r\n\r\n");
        assert!(is_granted(good.as_bytes()));
        assert!(!is_granted(good.replace("101", "200").as_bytes()));
        assert!(!is_granted(b"HTTP/1.1 101 Yes\r\n\r\n"));
        assert!(!is_granted(b"\xff\r\n\r\n"));
    }
}
