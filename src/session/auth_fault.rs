//! How enhanced authentication can fail on this side. Holds no secrets, so it may be shown and logged.

use std::fmt;
use std::ops::RangeInclusive;

/// How many iterations a broker may ask for. RFC 7677 section 4 advises against fewer than 4,096; an impostor would ask
/// for few, to guess the password from the answer. The upper limit takes about a second in a browser, which blocks the
/// thread but does not delay a keep alive too long.
pub(super) const ITERATIONS: RangeInclusive<u64> = 4_096..=1_000_000;

/// Why an exchange failed on this side. Holds no secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthFault {
    /// The user name holds what SASLprep forbids (RFC 4013), or nothing.
    UserName,
    /// The password holds what SASLprep forbids (RFC 4013), or nothing.
    Password,
    /// The broker's data is not a message of the method at this point.
    Message,
    /// The broker demands an extension that this client does not know.
    Extension,
    /// The broker's nonce does not begin with the client's, or adds nothing to it.
    Nonce,
    /// The salt is empty, too long or not base64.
    Salt,
    /// The iteration count is below 4,096 or above 1,000,000.
    Iterations(u64),
    /// The broker does not know the password: its signature is wrong.
    Signature,
    /// The broker reports success before the exchange is complete.
    TooEarly,
    /// The broker continues an exchange that is over.
    TooLate,
    /// The broker refused, with an error of RFC 5802 section 7.
    Refused(&'static str),
}

impl fmt::Display for AuthFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UserName => {
                f.write_str("the user name is empty or holds characters that SASLprep forbids")
            }
            Self::Password => {
                f.write_str("the password is empty or holds characters that SASLprep forbids")
            }
            Self::Message => f.write_str("the broker's authentication data is malformed"),
            Self::Extension => f.write_str("the broker demands an unknown extension"),
            Self::Nonce => f.write_str("the broker's nonce does not continue this client's"),
            Self::Salt => f.write_str("the broker's salt is empty, too long or malformed"),
            Self::Iterations(count) => {
                let (least, most) = (ITERATIONS.start(), ITERATIONS.end());
                write!(
                    f,
                    "the broker asks for {count} iterations; {least} to {most} are allowed"
                )
            }
            Self::Signature => {
                f.write_str("the broker's signature is wrong: it does not know the password")
            }
            Self::TooEarly => f.write_str("the broker says success without proving itself"),
            Self::TooLate => f.write_str("the broker goes on after the exchange has ended"),
            Self::Refused(error) => write!(f, "the broker refuses: {error}"),
        }
    }
}

impl std::error::Error for AuthFault {}
