//! Why a named broker was not reached, or was lost: as a close code that the page has words for, and in words for the terminal.

use std::io;

use rustls::{AlertDescription, CertificateError, Error};

use crate::websocket;

/// Why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreached {
    /// No program listens there.
    Refused,
    /// No way leads there.
    NoRoute,
    /// Nobody knows the name.
    NameUnknown,
    /// Nothing came back.
    TimedOut,
    /// Its certificate is signed by nobody who is trusted here.
    Untrusted,
    /// Its certificate is for other names.
    WrongName,
    /// Its certificate's time is over, or has not come.
    Expired,
    /// It speaks no TLS, or none that goes together with ours.
    NotTls,
    /// It wants a certificate from here, another one than was shown.
    CertificateWanted,
    /// It speaks no MQTT over WebSocket at that path.
    NotWebSocket,
    /// The connection broke.
    Broken,
}

impl Unreached {
    /// The close code, of the range for private use (RFC 6455 section 7.4.2). The page knows them.
    pub fn code(self) -> u16 {
        match self {
            Unreached::Refused => 4150,
            Unreached::NoRoute => 4151,
            Unreached::NameUnknown => 4152,
            Unreached::TimedOut => 4153,
            Unreached::Untrusted => 4154,
            Unreached::WrongName => 4155,
            Unreached::Expired => 4156,
            Unreached::NotTls => 4157,
            Unreached::CertificateWanted => 4158,
            Unreached::NotWebSocket => 4159,
            Unreached::Broken => 4160,
        }
    }

    /// For the close frame, which has room for 123 bytes, and for the terminal.
    pub fn words(self) -> &'static str {
        match self {
            Unreached::Refused => {
                "a broker of --broker refuses connections: nothing listens on its port"
            }
            Unreached::NoRoute => "a broker of --broker cannot be reached: no route to its address",
            Unreached::NameUnknown => {
                "a broker of --broker cannot be found: its host name is unknown"
            }
            Unreached::TimedOut => "a broker of --broker does not answer",
            Unreached::Untrusted => {
                "the certificate of a broker of --broker is not trusted (see --broker-ca)"
            }
            Unreached::WrongName => {
                "the certificate of a broker of --broker is for another host name"
            }
            Unreached::Expired => "the certificate of a broker of --broker is not valid today",
            Unreached::NotTls => "a broker of --broker speaks no TLS on that port, or an old one",
            Unreached::CertificateWanted => {
                "a broker of --broker wants a client certificate (see --broker-cert)"
            }
            Unreached::NotWebSocket => "a broker of --broker speaks no MQTT over WebSocket there",
            Unreached::Broken => "the connection to a broker of --broker broke",
        }
    }

    /// The close frame that says so.
    pub fn close_frame(self) -> Vec<u8> {
        websocket::close(self.code(), self.words())
    }

    /// What an error of a connection says. Errors of TLS come wrapped into those of the system.
    pub fn of(error: &io::Error) -> Unreached {
        let inner = error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<Error>());
        if let Some(tls) = inner {
            return Unreached::of_tls(tls);
        }
        match error.kind() {
            io::ErrorKind::ConnectionRefused => Unreached::Refused,
            io::ErrorKind::TimedOut => Unreached::TimedOut,
            io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::UnexpectedEof => Unreached::Broken,
            _ => Unreached::NoRoute,
        }
    }

    fn of_tls(error: &Error) -> Unreached {
        match error {
            Error::InvalidCertificate(
                CertificateError::NotValidForName
                | CertificateError::NotValidForNameContext { .. },
            ) => Unreached::WrongName,
            Error::InvalidCertificate(
                CertificateError::Expired
                | CertificateError::ExpiredContext { .. }
                | CertificateError::NotValidYet
                | CertificateError::NotValidYetContext { .. },
            ) => Unreached::Expired,
            Error::InvalidCertificate(_) | Error::NoCertificatesPresented => Unreached::Untrusted,
            Error::AlertReceived(
                AlertDescription::CertificateRequired
                | AlertDescription::BadCertificate
                | AlertDescription::UnsupportedCertificate
                | AlertDescription::CertificateRevoked
                | AlertDescription::CertificateExpired
                | AlertDescription::CertificateUnknown
                | AlertDescription::UnknownCA
                | AlertDescription::AccessDenied
                // What OpenSSL says for a missing certificate before TLS 1.3.
                | AlertDescription::HandshakeFailure,
            ) => Unreached::CertificateWanted,
            _ => Unreached::NotTls,
        }
    }
}

#[cfg(test)]
mod tests {
    use midge::protocol::UNREACHED;

    use super::*;

    #[test]
    fn every_reason_has_its_own_code_and_fits_a_close_frame() {
        let all = [
            Unreached::Refused,
            Unreached::NoRoute,
            Unreached::NameUnknown,
            Unreached::TimedOut,
            Unreached::Untrusted,
            Unreached::WrongName,
            Unreached::Expired,
            Unreached::NotTls,
            Unreached::CertificateWanted,
            Unreached::NotWebSocket,
            Unreached::Broken,
        ];
        assert_eq!(all.len(), UNREACHED.count());
        for (why, code) in all.into_iter().zip(UNREACHED) {
            assert_eq!(why.code(), code);
            assert!(why.words().len() <= 123, "{}", why.words());
        }
    }
}
