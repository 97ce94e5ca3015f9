//! What is shown to those who come over TLS: a certificate of the own CA, or one from files. It changes while the program
//! runs, for the connections that come then.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use rustls::ServerConfig;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio::time::{Instant, sleep};
use tokio_rustls::TlsAcceptor;

use crate::authority::{self, Authority};
use crate::complaints::Complaints;
use crate::options::Options;
use crate::reaching::{Unusable, certificates};
use crate::start_error::StartError;
use crate::stop::Stopping;

/// How often it is looked whether files, names or addresses have changed.
const LOOKING: Duration = Duration::from_secs(5);

/// A certificate of the own CA is made anew after this.
const RENEWAL: Duration = Duration::from_secs(24 * 60 * 60);

/// Where the certificate comes from.
pub enum Source {
    /// The own CA.
    Own(Box<Authority>),
    /// These files: a chain, and its key.
    Files(PathBuf, PathBuf),
}

/// The certificate that is shown at the moment.
struct Shown(RwLock<Arc<CertifiedKey>>);

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shown").finish_non_exhaustive()
    }
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let shown = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Some(shown.clone())
    }
}

/// TLS as a server speaks it: 1.2 and 1.3.
pub struct Tls {
    source: Source,
    shown: Arc<Shown>,
    provider: Arc<CryptoProvider>,
    names: Vec<String>,
}

impl Tls {
    /// What the command line asks for, if it asks for any.
    ///
    /// # Errors
    /// When there is no certificate that can be used.
    pub fn asked_for(options: &Options) -> Result<Option<Tls>, StartError> {
        if options.tls.is_none() {
            return Ok(None);
        }
        let source = match (options.cert.clone(), options.key.clone()) {
            (Some(cert), Some(key)) => Source::Files(cert, key),
            _ => {
                let folder = options.tls_folder.clone().or_else(authority::folder);
                let folder = folder.ok_or(StartError::NoFolder)?;
                let authority = Authority::open(&folder).map_err(StartError::Unusable)?;
                Source::Own(Box::new(authority))
            }
        };
        Tls::new(source).map(Some).map_err(StartError::Unusable)
    }

    /// With a certificate from there.
    ///
    /// # Errors
    /// When there is none that can be used.
    fn new(source: Source) -> Result<Tls, Unusable> {
        let provider = Arc::new(ring::default_provider());
        let names = authority::names();
        let key = certified(&source, &names, &provider)?;
        Ok(Tls {
            source,
            shown: Arc::new(Shown(RwLock::new(Arc::new(key)))),
            provider,
            names,
        })
    }

    /// The own CA's certificate, and the file of it.
    pub fn ca(&self) -> Option<(Arc<str>, PathBuf)> {
        match &self.source {
            Source::Own(authority) => Some((authority.pem.as_str().into(), authority.file.clone())),
            Source::Files(..) => None,
        }
    }

    /// Takes connections that speak this protocol, if they say what they speak.
    ///
    /// # Errors
    /// When the library knows no version that is right, which it does.
    pub fn acceptor(&self, protocol: &str) -> Result<TlsAcceptor, Unusable> {
        let mut config = ServerConfig::builder_with_provider(self.provider.clone())
            .with_safe_default_protocol_versions()
            .map_err(|error| unusable(Path::new("TLS"), error))?
            .with_no_client_auth()
            .with_cert_resolver(self.shown.clone());
        config.alpn_protocols = vec![protocol.as_bytes().to_vec()];
        Ok(TlsAcceptor::from(Arc::new(config)))
    }

    /// Shows another certificate whenever there has to be one, until the stop is ordered. What cannot be used is told, and
    /// the old one stays.
    pub async fn keep_fresh(mut self, complaints: Arc<Complaints>, mut stopping: Stopping) {
        let mut changed = self.changed();
        let mut made = Instant::now();
        loop {
            tokio::select! {
                () = sleep(LOOKING) => {}
                () = stopping.ordered() => return,
            }
            let names = authority::names();
            let now = self.changed();
            let is_fresh = match self.source {
                Source::Own(_) => names == self.names && made.elapsed() < RENEWAL,
                Source::Files(..) => now == changed,
            };
            if is_fresh {
                continue;
            }
            match certified(&self.source, &names, &self.provider) {
                Ok(key) => {
                    let mut shown = self.shown.0.write().unwrap_or_else(PoisonError::into_inner);
                    *shown = Arc::new(key);
                    (self.names, changed, made) = (names, now, Instant::now());
                }
                Err(_) => complaints.about(
                    "the new certificate or its key cannot be used: the old certificate stays",
                    None,
                ),
            }
        }
    }

    fn changed(&self) -> Option<[SystemTime; 2]> {
        let Source::Files(file, key_file) = &self.source else {
            return None;
        };
        let changed = |file: &Path| std::fs::metadata(file).and_then(|of| of.modified()).ok();
        Some([changed(file)?, changed(key_file)?])
    }
}

fn certified(
    source: &Source,
    names: &[String],
    provider: &CryptoProvider,
) -> Result<CertifiedKey, Unusable> {
    let (chain, key, file) = match source {
        Source::Own(authority) => {
            let issued = authority.issue(names);
            let issued = issued.map_err(|cause| unusable(&authority.file, cause))?;
            (issued.chain, issued.key, &authority.file)
        }
        Source::Files(file, key_file) => {
            let key = PrivateKeyDer::from_pem_file(key_file)
                // Its words could show a part of it.
                .map_err(|_| unusable(key_file, "there is no key in it"))?;
            (certificates(file)?, key, key_file)
        }
    };
    CertifiedKey::from_der(chain, key, provider).map_err(|error| unusable(file, error))
}

fn unusable(file: &Path, cause: impl ToString) -> Unusable {
    Unusable {
        file: file.to_owned(),
        cause: cause.to_string(),
    }
}
