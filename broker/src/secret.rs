//! Passwords as they are kept: as they are, or as `mosquitto_passwd` writes them into its files.

use std::fmt;

use base64ct::{Base64, Encoding};
use sha2::{Digest, Sha512};
use subtle::{Choice, ConstantTimeEq};

/// Bytes of SHA-512.
const SIZE: usize = 64;

/// The longest salt. `mosquitto_passwd` takes 12 bytes.
const LONGEST_SALT: usize = 64;

/// The most rounds. Everybody waits while the broker counts them, and with these it is less than a tenth of a second.
const MOST_ROUNDS: u32 = 100_000;

/// What is known of a password.
#[derive(Clone, PartialEq, Eq)]
pub enum Secret {
    /// Itself.
    Plain(String),
    /// PBKDF2 with SHA-512 (`$7$`).
    Pbkdf2 {
        /// How many rounds.
        rounds: u32,
        /// The salt.
        salt: Vec<u8>,
        /// What comes of it.
        hash: [u8; SIZE],
    },
    /// SHA-512 of password and salt (`$6$`), as mosquitto wrote it before 2.0.
    Salted {
        /// The salt.
        salt: Vec<u8>,
        /// What comes of it.
        hash: [u8; SIZE],
    },
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl Secret {
    /// Of a password, to be kept in a file. The salt is a random one.
    pub fn new(password: &[u8], salt: &[u8], rounds: u32) -> Secret {
        Secret::Pbkdf2 {
            rounds,
            salt: salt.to_vec(),
            hash: pbkdf2(password, salt, rounds),
        }
    }

    /// As it stands in a file behind the name and the colon.
    ///
    /// # Errors
    /// In words, without a part of it.
    pub fn read(text: &str) -> Result<Secret, &'static str> {
        const WHAT: &str = "behind the name there is no password as mosquitto_passwd writes it";
        let mut parts = text.split('$');
        let (Some(""), Some(kind)) = (parts.next(), parts.next()) else {
            return Err("the password is not hashed; mosquitto_passwd -U FILE does that");
        };
        let rounds = match kind {
            "6" => None,
            "7" => {
                let rounds = parts.next().and_then(|rounds| rounds.parse().ok());
                Some(rounds.ok_or(WHAT)?)
            }
            _ => return Err(WHAT),
        };
        let (Some(salt), Some(hash), None) = (parts.next(), parts.next(), parts.next()) else {
            return Err(WHAT);
        };
        let salt = Base64::decode_vec(salt).map_err(|_| WHAT)?;
        let hash = Base64::decode_vec(hash).map_err(|_| WHAT)?;
        let hash = hash.try_into().map_err(|_| WHAT)?;
        if !(1..=LONGEST_SALT).contains(&salt.len()) {
            return Err(WHAT);
        }
        match rounds {
            None => Ok(Secret::Salted { salt, hash }),
            Some(rounds) if (1..=MOST_ROUNDS).contains(&rounds) => {
                Ok(Secret::Pbkdf2 { rounds, salt, hash })
            }
            Some(_) => Err("the password has more than 100,000 rounds, or none"),
        }
    }

    /// Whether this is the password. Takes the same time for every one of the same length.
    pub(crate) fn fits(&self, password: &[u8]) -> Choice {
        match self {
            Secret::Plain(own) => own.as_bytes().ct_eq(password),
            Secret::Pbkdf2 { rounds, salt, hash } => {
                pbkdf2(password, salt, *rounds)[..].ct_eq(&hash[..])
            }
            Secret::Salted { salt, hash } => {
                let found = Sha512::new().chain_update(password).chain_update(salt);
                found.finalize()[..].ct_eq(&hash[..])
            }
        }
    }

    /// How long it takes to look at a password, for comparing.
    pub(crate) fn rounds(&self) -> u32 {
        match self {
            Secret::Plain(_) => 0,
            Secret::Salted { .. } => 1,
            Secret::Pbkdf2 { rounds, .. } => *rounds,
        }
    }
}

/// As it stands in a file. One that is kept as it is has no such form, and is not shown.
impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = Base64::encode_string;
        match self {
            Secret::Plain(_) => Err(fmt::Error),
            Secret::Pbkdf2 { rounds, salt, hash } => {
                write!(f, "$7${rounds}${}${}", text(salt), text(hash))
            }
            Secret::Salted { salt, hash } => write!(f, "$6${}${}", text(salt), text(hash)),
        }
    }
}

fn pbkdf2(password: &[u8], salt: &[u8], rounds: u32) -> [u8; SIZE] {
    let mut hash = [0; SIZE];
    pbkdf2::pbkdf2_hmac::<Sha512>(password, salt, rounds, &mut hash);
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of Debian's `mosquitto_passwd` 2.0.11: `tea` and, with `-H sha512`, `milk`.
    const TEA: &str = "$7$101$GXu1cBlAYNQxtSgw$xr6TM+v9Tg4LQnWojGoG6KT3BUA5t4y3XcEfRmA19lU+Z18Lyn4QqgS8lV73z2jTDI/43lKturL4lQKUM53fvw==";
    const MILK: &str = "$6$8ipSUcEYPcRWw+Uk$bhtpf8C5KslS2YeMxvYPKdis7YQRPtCzjHAINonocHWrVOzDYCHDoxBdRDOfZ+I7YWCol8a0ts1MERtndnwe6g==";

    #[test]
    fn what_mosquitto_passwd_wrote_fits_its_password_alone() {
        for (text, password) in [(TEA, &b"tea"[..]), (MILK, b"milk")] {
            let secret = Secret::read(text).unwrap();
            assert_eq!(secret.to_string(), text);
            assert!(bool::from(secret.fits(password)));
            for wrong in [&b"coffee"[..], b"", b"te", b"teas", text.as_bytes()] {
                assert!(!bool::from(secret.fits(wrong)));
            }
        }
    }

    #[test]
    fn what_is_written_can_be_read() {
        let secret = Secret::new("茶".as_bytes(), b"twelve bytes", 1000);
        let read = Secret::read(&secret.to_string()).unwrap();
        assert!(read == secret && bool::from(read.fits("茶".as_bytes())));
    }

    #[test]
    fn what_mosquitto_passwd_does_not_write_is_refused() {
        let changed = |from, to| TEA.replacen(from, to, 1);
        for wrong in [
            String::new(),
            "tea".to_owned(),
            "$".to_owned(),
            "$7$".to_owned(),
            changed("$7", "$5"),
            changed("$101", "$0"),
            changed("$101", "$100001"),
            changed("$101", "$-1"),
            changed("$101", ""),
            changed("GXu1cBlAYNQxtSgw", ""),
            changed("GXu1cBlAYNQxtSgw", "?"),
            changed("xr6T", ""),
            changed("==", ""),
            format!("{TEA}$"),
        ] {
            let told = Secret::read(&wrong);
            assert!(told.is_err(), "{wrong}");
        }
    }
}
