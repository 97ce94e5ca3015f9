//! SCRAM-SHA-256, the client's side, without channel binding (RFC 5802, RFC 7677). Knows no MQTT.
//!
//! The broker is not trusted until its signature is verified: everything it sends is checked against limits before it
//! is used.

use std::fmt;

use base64ct::{Base64, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::Normalize;
use super::auth_fault::{AuthFault, ITERATIONS};

mod saslprep;

/// The longest message that is accepted, in bytes: room for a nonce and a salt many times the usual size.
const MESSAGE_LIMIT: usize = 4_096;

/// The longest salt, in bytes. Usual are 12 to 32.
const SALT_LIMIT: usize = 1_024;

/// `n,,` in base64: no channel binding, no other identity.
const CHANNEL: &str = "c=biws";

/// The errors of RFC 5802 section 7. Any other text is not shown, because it could say anything.
const ERRORS: [&str; 11] = [
    "invalid-encoding",
    "extensions-not-supported",
    "invalid-proof",
    "channel-bindings-dont-match",
    "server-does-support-channel-binding",
    "channel-binding-not-supported",
    "unsupported-channel-binding-type",
    "unknown-user",
    "invalid-username-encoding",
    "no-resources",
    "other-error",
];

/// One exchange.
pub(super) struct Scram {
    step: Step,
    /// After SASLprep; `None`: it is not allowed.
    user_name: Option<String>,
    password: Option<String>,
    /// Printable ASCII without commas.
    nonce: String,
}

enum Step {
    /// The client's first message was sent, or is about to be.
    First,
    /// The proof was sent. The broker must sign this message with this key.
    Proved { key: Bytes, message: String },
    /// The broker has proved that it knows the password.
    Done,
    /// The exchange failed.
    Over,
}

type Bytes = [u8; 32];

impl Scram {
    pub(super) fn new(
        user_name: &str,
        password: &str,
        normalize: Normalize,
        entropy: &[u8; 32],
        counter: u64,
    ) -> Self {
        // 18 bytes are 24 characters without padding.
        let random = mac(entropy, &counter.to_be_bytes());
        let nonce = Base64::encode_string(&random[..18]);
        Self::with_nonce(user_name, password, normalize, nonce)
    }

    fn with_nonce(user_name: &str, password: &str, normalize: Normalize, nonce: String) -> Self {
        Self {
            step: Step::First,
            user_name: prepared(user_name, normalize),
            password: prepared(password, normalize),
            nonce,
        }
    }

    pub(super) fn first(&mut self) -> Vec<u8> {
        format!("n,,{}", self.bare()).into_bytes()
    }

    /// The first message without its header (RFC 5802 section 7, `client-first-message-bare`). A user name that
    /// SASLprep does not allow is left empty; the exchange then fails at the next step.
    fn bare(&self) -> String {
        let name = self.user_name.as_deref().unwrap_or_default();
        let name = name.replace('=', "=3D").replace(',', "=2C");
        format!("n={name},r={}", self.nonce)
    }

    pub(super) fn answer(&mut self, data: &[u8]) -> Result<Vec<u8>, AuthFault> {
        match std::mem::replace(&mut self.step, Step::Over) {
            Step::First => {
                let (answer, step) = self.prove(data)?;
                self.step = step;
                Ok(answer)
            }
            // Some brokers send their final message in an AUTH of its own, before success.
            Step::Proved { key, message } => {
                verify(data, &key, &message)?;
                self.step = Step::Done;
                Ok(Vec::new())
            }
            Step::Done | Step::Over => Err(AuthFault::TooLate),
        }
    }

    pub(super) fn finish(&mut self, data: &[u8]) -> Result<(), AuthFault> {
        match std::mem::replace(&mut self.step, Step::Over) {
            Step::Proved { key, message } => verify(data, &key, &message)?,
            Step::Done if data.is_empty() => {}
            Step::Done => return Err(AuthFault::TooLate),
            Step::First | Step::Over => return Err(AuthFault::TooEarly),
        }
        Ok(())
    }

    /// From the broker's first message to the client's final one (RFC 5802 section 3).
    fn prove(&self, data: &[u8]) -> Result<(Vec<u8>, Step), AuthFault> {
        self.user_name.as_ref().ok_or(AuthFault::UserName)?;
        let password = self.password.as_ref().ok_or(AuthFault::Password)?;
        let server_first = text(data)?;
        let mut parts = server_first.split(',');
        let mut part = || parts.next().unwrap_or_default();
        let nonce = match part() {
            first if first.starts_with("m=") => return Err(AuthFault::Extension),
            first => match first.strip_prefix("e=") {
                Some(error) => return Err(refusal(error)),
                None => first.strip_prefix("r=").ok_or(AuthFault::Message)?,
            },
        };
        let salt = part().strip_prefix("s=").ok_or(AuthFault::Message)?;
        let count = part().strip_prefix("i=").ok_or(AuthFault::Message)?;
        let added = nonce.strip_prefix(&self.nonce).ok_or(AuthFault::Nonce)?;
        if added.is_empty() || !added.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(AuthFault::Nonce);
        }
        let salt = Base64::decode_vec(salt).map_err(|_| AuthFault::Salt)?;
        if salt.is_empty() || salt.len() > SALT_LIMIT {
            return Err(AuthFault::Salt);
        }
        let iterations = iterations(count)?;

        let mut salted = Bytes::default();
        pbkdf2::pbkdf2_hmac::<Sha256>(password.as_bytes(), &salt, iterations, &mut salted);
        let without_proof = format!("{CHANNEL},r={nonce}");
        let message = format!("{},{server_first},{without_proof}", self.bare());
        let client_key = mac(&salted, b"Client Key");
        let stored_key: Bytes = Sha256::digest(client_key).into();
        let mut proof = mac(&stored_key, message.as_bytes());
        for (proof, key) in proof.iter_mut().zip(client_key) {
            *proof ^= key;
        }
        let answer = format!("{without_proof},p={}", Base64::encode_string(&proof));
        let key = mac(&salted, b"Server Key");
        Ok((answer.into_bytes(), Step::Proved { key, message }))
    }
}

impl fmt::Debug for Scram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let step = match self.step {
            Step::First => "first",
            Step::Proved { .. } => "proved",
            Step::Done => "done",
            Step::Over => "over",
        };
        f.debug_struct("Scram")
            .field("step", &step)
            .finish_non_exhaustive()
    }
}

/// Verifies the signature in the broker's final message, in constant time.
fn verify(data: &[u8], key: &Bytes, message: &str) -> Result<(), AuthFault> {
    let last = text(data)?;
    let first = last.split(',').next().unwrap_or_default();
    if let Some(error) = first.strip_prefix("e=") {
        return Err(refusal(error));
    }
    let signature = first.strip_prefix("v=").ok_or(AuthFault::Message)?;
    let signature = Base64::decode_vec(signature).map_err(|_| AuthFault::Message)?;
    keyed(key, message.as_bytes())
        .verify_slice(&signature)
        .map_err(|_| AuthFault::Signature)
}

fn text(data: &[u8]) -> Result<&str, AuthFault> {
    if data.len() > MESSAGE_LIMIT {
        return Err(AuthFault::Message);
    }
    std::str::from_utf8(data).map_err(|_| AuthFault::Message)
}

fn refusal(error: &str) -> AuthFault {
    let known = ERRORS.iter().find(|known| **known == error);
    AuthFault::Refused(known.copied().unwrap_or("other-error"))
}

/// `posit-number`: digits, the first of them not zero.
fn iterations(count: &str) -> Result<u32, AuthFault> {
    let digits = !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || count.starts_with('0') {
        return Err(AuthFault::Message);
    }
    let number = count.parse().unwrap_or(u64::MAX);
    u32::try_from(number)
        .ok()
        .filter(|_| ITERATIONS.contains(&number))
        .ok_or(AuthFault::Iterations(number))
}

/// The text after SASLprep (RFC 4013); `None`: it is not allowed, or nothing remains.
fn prepared(text: &str, normalize: Normalize) -> Option<String> {
    saslprep::prepare(text, normalize).filter(|prepared| !prepared.is_empty())
}

fn mac(key: &Bytes, data: &[u8]) -> Bytes {
    keyed(key, data).finalize().into_bytes().into()
}

fn keyed(key: &Bytes, data: &[u8]) -> Hmac<Sha256> {
    // A key of 32 bytes is shorter than a block, and HMAC pads it to one. Padding it here makes the call infallible.
    let mut block = [0; 64];
    block[..key.len()].copy_from_slice(key);
    let mut mac = Hmac::new(&block.into());
    mac.update(data);
    mac
}

#[cfg(test)]
mod tests;
