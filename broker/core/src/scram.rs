//! SCRAM-SHA-256, the server's side, without channel binding (RFC 5802, RFC 7677): an [`Exchange`] for whoever keeps the
//! users. Knows no MQTT.
//!
//! Names and passwords are taken as the client's SASLprep made them (RFC 4013); those of ASCII are the same without it.

use std::fmt;
use std::sync::Arc;

use base64ct::{Base64, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use crate::access::{Exchange, Refusal, Step};

/// The longest message that is taken from a client, in bytes.
const MESSAGE_LIMIT: usize = 4_096;

type Bytes = [u8; 32];

/// What is kept of a password (RFC 5802 section 3). Who reads it cannot connect with it. `Debug` shows none of it.
#[derive(Clone, PartialEq, Eq)]
pub struct ScramUser {
    salt: Vec<u8>,
    iterations: u32,
    stored_key: Bytes,
    server_key: Bytes,
}

impl ScramUser {
    /// Of a password. The salt is a random one, 16 bytes or more; of iterations RFC 7677 wants 4,096 at least.
    pub fn new(password: &str, salt: &[u8], iterations: u32) -> Self {
        let mut salted = Bytes::default();
        pbkdf2::pbkdf2_hmac::<Sha256>(password.as_bytes(), salt, iterations, &mut salted);
        Self {
            salt: salt.to_vec(),
            iterations,
            stored_key: Sha256::digest(mac(&salted, b"Client Key")).into(),
            server_key: mac(&salted, b"Server Key"),
        }
    }
}

impl fmt::Debug for ScramUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScramUser").finish_non_exhaustive()
    }
}

/// How users are found by their names.
pub type ScramUsers = Arc<dyn Fn(&str) -> Option<ScramUser> + Send + Sync>;

/// One exchange, for [`crate::Access::exchange`] of the method [`ScramSha256::METHOD`].
pub struct ScramSha256 {
    users: ScramUsers,
    entropy: Bytes,
    nonce: String,
    stage: Stage,
}

enum Stage {
    First,
    /// The proof is awaited, over this message and what comes with it.
    Asked {
        name: Arc<str>,
        user: ScramUser,
        known: bool,
        nonce: String,
        message: String,
    },
    Over,
}

impl ScramSha256 {
    /// The name of the method.
    pub const METHOD: &str = "SCRAM-SHA-256";

    /// Begins an exchange. `entropy`: 32 bytes that nobody can guess, the same for all exchanges; `counter`: another number
    /// for each.
    pub fn new(users: ScramUsers, entropy: [u8; 32], counter: u64) -> Self {
        let random = mac(&entropy, &counter.to_be_bytes());
        Self {
            users,
            entropy,
            nonce: Base64::encode_string(&random[..18]),
            stage: Stage::First,
        }
    }

    /// From the client's first message to the server's (RFC 5802 section 5).
    fn ask(&self, said: &str) -> Option<(Stage, Vec<u8>)> {
        // No channel binding is offered, so `p=` is none of ours; another identity than one's own is nobody's here.
        let bare = said
            .strip_prefix("n,,")
            .or_else(|| said.strip_prefix("y,,"))?;
        let mut parts = bare.split(',');
        let name = unescaped(parts.next()?.strip_prefix("n=")?)?;
        let theirs = parts.next()?.strip_prefix("r=")?;
        if theirs.is_empty() || !theirs.bytes().all(|byte| byte.is_ascii_graphic()) {
            return None;
        }
        let found = (self.users)(&name);
        let known = found.is_some();
        let user = found.unwrap_or_else(|| self.nobody(&name));
        let nonce = format!("{theirs}{}", self.nonce);
        let salt = Base64::encode_string(&user.salt);
        let first = format!("r={nonce},s={salt},i={}", user.iterations);
        let message = format!("{bare},{first}");
        let stage = Stage::Asked {
            name: name.into(),
            user,
            known,
            nonce,
            message,
        };
        Some((stage, first.into_bytes()))
    }

    /// Nobody has this name, which is not to be told from a wrong password: the salt is the same each time.
    fn nobody(&self, name: &str) -> ScramUser {
        ScramUser {
            salt: mac(&self.entropy, name.as_bytes())[..16].to_vec(),
            iterations: 4_096,
            stored_key: Bytes::default(),
            server_key: Bytes::default(),
        }
    }
}

/// Holds the client's proof against what is kept. Gives the server's signature.
fn verify(said: &str, user: &ScramUser, nonce: &str, message: &str) -> Option<String> {
    let (without_proof, proof) = said.rsplit_once(",p=")?;
    let rest = without_proof
        .strip_prefix("c=biws,r=")
        .or_else(|| without_proof.strip_prefix("c=eSws,r="))?;
    if rest != nonce {
        return None;
    }
    let mut key: Bytes = Base64::decode_vec(proof).ok()?.try_into().ok()?;
    let message = format!("{message},{without_proof}");
    for (key, signed) in key
        .iter_mut()
        .zip(mac(&user.stored_key, message.as_bytes()))
    {
        *key ^= signed;
    }
    let stored: Bytes = Sha256::digest(key).into();
    // Compared by what they sign, as that comparison takes the same time for all.
    keyed(&user.stored_key, b"same")
        .verify_slice(&mac(&stored, b"same"))
        .ok()?;
    let signature = mac(&user.server_key, message.as_bytes());
    Some(format!("v={}", Base64::encode_string(&signature)))
}

impl Exchange for ScramSha256 {
    fn step(&mut self, data: Option<&[u8]>) -> Step {
        let said = data
            .filter(|data| data.len() <= MESSAGE_LIMIT)
            .and_then(|data| std::str::from_utf8(data).ok())
            .unwrap_or_default();
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::First => {
                if let Some((stage, first)) = self.ask(said) {
                    self.stage = stage;
                    return Step::Continue(first);
                }
            }
            Stage::Asked {
                name,
                user,
                known,
                nonce,
                message,
            } => {
                if let (Some(last), true) = (verify(said, &user, &nonce, &message), known) {
                    return Step::Done {
                        user_name: name,
                        data: Some(last.into_bytes()),
                    };
                }
            }
            Stage::Over => {}
        }
        Step::Refuse(Refusal::NotAuthorized)
    }
}

impl fmt::Debug for ScramSha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScramSha256").finish_non_exhaustive()
    }
}

/// A name as it is, of `=2C` for a comma and `=3D` for an equals sign (RFC 5802 section 5.1).
fn unescaped(name: &str) -> Option<String> {
    let mut parts = name.split('=');
    let mut plain = parts.next()?.to_owned();
    for part in parts {
        let (sign, rest) = match (part.strip_prefix("2C"), part.strip_prefix("3D")) {
            (Some(rest), _) => (',', rest),
            (_, Some(rest)) => ('=', rest),
            _ => return None,
        };
        plain.push(sign);
        plain.push_str(rest);
    }
    (!plain.is_empty()).then_some(plain)
}

fn mac(key: &Bytes, data: &[u8]) -> Bytes {
    keyed(key, data).finalize().into_bytes().into()
}

fn keyed(key: &Bytes, data: &[u8]) -> Hmac<Sha256> {
    // A key of 32 bytes is shorter than a block, so it is padded to one here: this way nothing can fail.
    let mut block = [0; 64];
    block[..key.len()].copy_from_slice(key);
    let mut mac = Hmac::new(&block.into());
    mac.update(data);
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The exchange of RFC 7677 section 3.
    #[test]
    fn the_example_of_the_rfc_goes_as_it_says() {
        let salt = Base64::decode_vec("W22ZaJ0SNY7soEsUEjb6gQ==").expect("base64");
        let user = ScramUser::new("pencil", &salt, 4096);
        let nonce = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
        let message =
            format!("n=user,r=rOprNGfwEbeRWgbNEkqO,r={nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
        let last = format!("c=biws,r={nonce},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
        let signature = verify(&last, &user, nonce, &message);
        assert_eq!(
            signature.as_deref(),
            Some("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")
        );
        let other = last.replace("dHzb", "dHzc");
        assert_eq!(verify(&other, &user, nonce, &message), None);
        assert_eq!(verify(&last, &user, "other", &message), None);
    }

    fn exchange() -> ScramSha256 {
        let users: ScramUsers = Arc::new(|name| {
            (name == "a=b,c").then(|| ScramUser::new("word", b"sixteen bytes ok", 4096))
        });
        ScramSha256::new(users, [7; 32], 1)
    }

    #[test]
    fn what_is_no_message_is_refused() {
        let refused = Step::Refuse(Refusal::NotAuthorized);
        for said in [
            "",
            "n,,",
            "n,,n=,r=x",
            "n,,n=a",
            "n,,n=a,r=",
            "n,,n=a=,r=x",
            "p=tls,,n=a,r=x",
            "n,a=x,n=a,r=x",
            "n,,m=x,n=a,r=x",
        ] {
            assert_eq!(exchange().step(Some(said.as_bytes())), refused, "{said}");
        }
        assert_eq!(exchange().step(None), refused);
        assert_eq!(exchange().step(Some(&[0xFF])), refused);
        assert_eq!(exchange().step(Some(&[b'n'; 5000])), refused);
    }

    #[test]
    fn a_name_that_nobody_has_looks_like_any() {
        let said = |name: &str| {
            let mut exchange = exchange();
            let first = format!("n,,n={name},r=abc");
            let Step::Continue(first) = exchange.step(Some(first.as_bytes())) else {
                panic!("{name}")
            };
            let first = String::from_utf8(first).expect("text");
            let (nonce, _) = first.split_once(',').expect("a nonce");
            let last = format!("c=biws,{nonce},p={}", Base64::encode_string(&[0; 32]));
            assert_eq!(
                exchange.step(Some(last.as_bytes())),
                Step::Refuse(Refusal::NotAuthorized)
            );
            assert_eq!(
                exchange.step(Some(last.as_bytes())),
                Step::Refuse(Refusal::NotAuthorized)
            );
            first
        };
        assert_eq!(said("nobody"), said("nobody"));
        assert_ne!(said("nobody"), said("noone"));
        assert_eq!(said("a=3Db=2Cc").len(), said("nobody").len());
    }
}
