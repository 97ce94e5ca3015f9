//! Enhanced authentication (MQTT 5 section 4.12): one exchange of data with the broker, by one method. Knows neither
//! packets nor the connection: it takes the broker's data and returns the answer.
//!
//! To add a method: a variant of [`Authentication`], a variant of [`Method`], and a file beside `scram`.

use super::Authentication;
use super::auth_fault::AuthFault;
use super::scram::Scram;

/// One exchange, from the data of CONNECT (or of AUTH that begins a re-authentication) to the broker's success.
///
/// Call [`Self::first`] once, [`Self::answer`] for each AUTH that says "continue authentication", and [`Self::finish`]
/// for the CONNACK or AUTH that says "success". After an error the exchange is over.
#[derive(Debug)]
pub struct Exchange(Method);

/// All exchanges of one session: no two of them use the same nonce.
#[derive(Debug, Default)]
pub(super) struct Exchanges {
    begun: u64,
}

impl Exchanges {
    pub(super) fn begin(&mut self, authentication: &Authentication) -> Exchange {
        self.begun = self.begun.wrapping_add(1);
        Exchange::begin(authentication, self.begun)
    }
}

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

    /// Takes the data of an AUTH that continues the exchange (empty if it had none), and returns the answer.
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
