//! An own CA, made once and kept in the user's folder, and certificates of it for this machine's names and addresses.
//!
//! Only the CA is kept. Certificates are made anew at each start, each day, and when names or addresses have changed; their
//! keys are never in a file.

use std::fs;
use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, SanType,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use sha1::{Digest, Sha1};

use crate::lan;
use crate::reaching::Unusable;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How long the CA lasts: who trusts it does so once.
const CA_LIFE: u32 = 10 * 365;

/// How long a certificate lasts. Browsers take none of more than 397 days; this one is made anew each day.
const LIFE: u32 = 90;

/// The CA.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    /// Its certificate, to be trusted.
    pub pem: String,
    /// Where that is.
    pub file: PathBuf,
}

/// A certificate of it.
pub struct Issued {
    /// Itself alone: who trusts the CA has that one.
    pub chain: Vec<CertificateDer<'static>>,
    /// Its key.
    pub key: PrivateKeyDer<'static>,
}

impl Authority {
    /// Reads it from this folder, or makes it there.
    ///
    /// # Errors
    /// When its files cannot be read or made, or are others'.
    pub fn open(folder: &Path) -> Result<Authority, Unusable> {
        let (file, key_file) = (folder.join("ca.crt"), folder.join("ca.key"));
        match (fs::read_to_string(&file), fs::read_to_string(&key_file)) {
            (Ok(pem), Ok(key)) => {
                let key = KeyPair::from_pem(&key)
                    // Its words could show a part of it.
                    .map_err(|_| unusable(&key_file, "it is no key of a CA"))?;
                close_to_others(&key_file).map_err(|error| unusable(&key_file, error))?;
                crate::reaching::certificates(&file)?;
                let issuer = Issuer::new(description(&key), key);
                Ok(Authority { issuer, pem, file })
            }
            (Err(one), Err(other))
                if [one.kind(), other.kind()] == [io::ErrorKind::NotFound; 2] =>
            {
                Authority::make(folder, file, &key_file)
            }
            (Err(error), _) => Err(unusable(&file, error)),
            (_, Err(error)) => Err(unusable(&key_file, error)),
        }
    }

    fn make(folder: &Path, file: PathBuf, key_file: &Path) -> Result<Authority, Unusable> {
        let key = KeyPair::generate().map_err(|error| unusable(key_file, error))?;
        let params = description(&key);
        let certificate = params
            .self_signed(&key)
            .map_err(|error| unusable(&file, error))?;
        let pem = certificate.pem();
        fs::create_dir_all(folder).map_err(|error| unusable(folder, error))?;
        write_closed(key_file, &key.serialize_pem()).map_err(|error| unusable(key_file, error))?;
        fs::write(&file, &pem).map_err(|error| unusable(&file, error))?;
        let issuer = Issuer::new(params, key);
        Ok(Authority { issuer, pem, file })
    }

    /// A certificate for these names and addresses.
    ///
    /// # Errors
    /// In words, when none can be made.
    pub fn issue(&self, names: &[String]) -> Result<Issued, String> {
        let words = |error: rcgen::Error| error.to_string();
        let key = KeyPair::generate().map_err(words)?;
        let mut params = CertificateParams::new(Vec::new()).map_err(words)?;
        for name in names {
            let name = match name.parse::<IpAddr>() {
                Ok(address) => SanType::IpAddress(address),
                Err(_) => SanType::DnsName(name.as_str().try_into().map_err(words)?),
            };
            params.subject_alt_names.push(name);
        }
        let mut subject = DistinguishedName::new();
        subject.push(DnType::CommonName, "Midge on this machine");
        params.distinguished_name = subject;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        last(&mut params, LIFE);
        let certificate = params.signed_by(&key, &self.issuer).map_err(words)?;
        Ok(Issued {
            chain: vec![certificate.der().clone()],
            key: PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
        })
    }
}

/// What the CA says of itself. The same for the same key, so that what it signs names it as it named itself.
fn description(key: &KeyPair) -> CertificateParams {
    let mut params = CertificateParams::default();
    let [a, b, c, d, ..]: [u8; 20] = Sha1::digest(key.public_key_pem()).into();
    let mut subject = DistinguishedName::new();
    let name = format!("Midge CA {a:02X}{b:02X}{c:02X}{d:02X}");
    subject.push(DnType::CommonName, name);
    params.distinguished_name = subject;
    // It signs no other CA.
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    last(&mut params, CA_LIFE);
    params
}

/// From yesterday on, as clocks differ, for so many days in all.
fn last(params: &mut CertificateParams, days: u32) {
    let from = SystemTime::now() - DAY;
    params.not_before = from.into();
    params.not_after = (from + DAY * days).into();
}

/// All names and addresses that this machine may be called by.
pub fn names() -> Vec<String> {
    let mut names = vec!["localhost".to_owned()];
    // What is no name of DNS cannot stand in a certificate.
    let may_stand = |name: &String| {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
        !name.is_empty() && name.bytes().all(is_plain)
    };
    names.extend(lan::names().into_iter().filter(may_stand));
    names.extend([
        Ipv4Addr::LOCALHOST.to_string(),
        Ipv6Addr::LOCALHOST.to_string(),
    ]);
    names.extend(
        if_addrs::get_if_addrs()
            .into_iter()
            .flatten()
            .map(|one| one.ip().to_string()),
    );
    names.sort_unstable();
    names.dedup();
    names
}

/// Where the user's programs keep what is theirs.
pub fn folder() -> Option<PathBuf> {
    let at = |name: &str| {
        std::env::var_os(name)
            .filter(|path| !path.is_empty())
            .map(PathBuf::from)
    };
    let kept = match () {
        () if cfg!(windows) => at("LOCALAPPDATA"),
        () if cfg!(target_os = "macos") => {
            at("HOME").map(|home| home.join("Library/Application Support"))
        }
        () => at("XDG_DATA_HOME").or_else(|| at("HOME").map(|home| home.join(".local/share"))),
    };
    Some(kept?.join("midge"))
}

fn unusable(file: &Path, cause: impl ToString) -> Unusable {
    Unusable {
        file: file.to_owned(),
        cause: cause.to_string(),
    }
}

/// Writes a file that its owner alone may read.
fn write_closed(file: &Path, text: &str) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(file)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// A key that others may read is no key.
#[cfg(unix)]
fn close_to_others(file: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    match fs::metadata(file)?.permissions().mode() & 0o077 {
        0 => Ok(()),
        _ => Err(io::Error::other(
            "others may read it; take that back with chmod 600",
        )),
    }
}

#[cfg(not(unix))]
fn close_to_others(_: &Path) -> io::Result<()> {
    Ok(())
}
