//! Enhanced authentication (MQTT 5 section 4.12): one exchange of data between this client and the broker, by one method.
//! Knows neither packets nor the connection: it is given the broker's data and says what to answer.
//!
//! A further method is a variant of [`Authentication`], a variant of [`Method`], and a file beside `scram`.

use std::fmt;

use super::Authentication;
use super::scram::Scram;

/// One exchange, from the data of CONNECT (or of AUTH that begins a re-authentication) to the broker's success.
///
/// Call [`Self::first`] once, [`Self::answer`] for each AUTH that says "continue authentication", and [`Self::finish`]
/// for the CONNACK or AUTH that says "success". After an error the exchange is over.
#[derive(Debug)]
pub struct Exchange(Method);

#[derive(Debug)]
enum Method {
    ScramSha256(Scram),
}

impl Exchange {
    /// An exchange with these secrets. Never use a counter twice with the same entropy: the nonce is made of both.
    pub fn begin(authentication: &Authentication, counter: u64) -> Self {
        match authentication {
            Authentication::ScramSha256 {
                user_name,
                password,
                entropy,
                normalize,
            } => Self(Method::ScramSha256(Scram::new(
                user_name, password, *normalize, entropy, counter,
            ))),
        }
    }

    /// Authentication method (MQTT 5 section 3.1.2.11.9).
    pub fn method(&self) -> &'static str {
        match &self.0 {
            Method::ScramSha256(_) => "SCRAM-SHA-256",
        }
    }

    /// The authentication data that this client begins with.
    pub fn first(&mut self) -> Vec<u8> {
        match &mut self.0 {
            Method::ScramSha256(scram) => scram.first(),
        }
    }

    /// Takes the data of an AUTH that continues, empty if it had none, and says what to answer with.
    ///
    /// # Errors
    /// The data is not what the method demands. The connection is to be closed: the broker may be somebody else.
    pub fn answer(&mut self, data: &[u8]) -> Result<Vec<u8>, AuthFault> {
        match &mut self.0 {
            Method::ScramSha256(scram) => scram.answer(data),
        }
    }

    /// Takes the data that came with the broker's success, empty if there was none.
    ///
    /// # Errors
    /// The broker has not shown that it knows the password. The connection is to be closed: it may be somebody else.
    pub fn finish(&mut self, data: &[u8]) -> Result<(), AuthFault> {
        match &mut self.0 {
            Method::ScramSha256(scram) => scram.finish(data),
        }
    }
}

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
    /// The broker says success before the exchange came to its end.
    TooEarly,
    /// The exchange is over, and the broker goes on.
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
                let allowed = super::scram::ITERATIONS;
                write!(
                    f,
                    "the broker asks for {count} iterations; {} to {} are allowed",
                    allowed.start(),
                    allowed.end()
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
