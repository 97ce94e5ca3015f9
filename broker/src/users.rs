//! Who may connect: names and passwords.

use std::fmt;
use std::sync::Arc;

use midge_broker_core::{Access, Newcomer, Refusal};
use subtle::{Choice, ConstantTimeEq};

/// A name and the password that goes with it.
#[derive(Clone, PartialEq, Eq)]
pub struct User {
    /// The user name, as in CONNECT.
    pub name: String,
    /// The password, as in CONNECT.
    pub password: String,
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A password must not reach a log by way of `{:?}`.
        f.debug_struct("User")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// Whether somebody may connect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// Yes.
    Granted,
    /// No: there are users, and this is nobody.
    NoName,
    /// No: the name or the password is wrong.
    Wrong,
}

/// All users, as the core asks for them. Whoever is in may read and write everything.
#[derive(Debug)]
pub(crate) struct Users(pub(crate) Arc<[User]>);

impl Access for Users {
    fn admit(&mut self, newcomer: &Newcomer<'_>) -> Result<(), Refusal> {
        let name = newcomer.user_name.map(str::as_bytes);
        match admits(&self.0, name, newcomer.password.unwrap_or_default()) {
            Admission::Granted => Ok(()),
            Admission::NoName => Err(Refusal::NotAuthorized),
            Admission::Wrong => Err(Refusal::BadUserNameOrPassword),
        }
    }
}

/// Whether one of these users has this name and password. Without users everyone is let in.
pub(crate) fn admits(users: &[User], name: Option<&[u8]>, password: &[u8]) -> Admission {
    if users.is_empty() {
        return Admission::Granted;
    }
    let Some(name) = name else {
        return Admission::NoName;
    };
    // Every user is looked at in full, so that time tells nothing about the names.
    let mut known = Choice::from(0);
    for user in users {
        let named = user.name.as_bytes().ct_eq(name);
        let fitting = user.password.as_bytes().ct_eq(password);
        known |= named & fitting;
    }
    if known.into() {
        Admission::Granted
    } else {
        Admission::Wrong
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_goes_with_its_own_password_only() {
        let user = |name: &str, password: &str| User {
            name: name.to_owned(),
            password: password.to_owned(),
        };
        let users = [user("chen", "tea"), user("ana", "milk")];
        assert_eq!(admits(&users, Some(b"chen"), b"tea"), Admission::Granted);
        for (name, password) in [
            (&b"chen"[..], &b"milk"[..]),
            (b"chen", b"ten"),
            (b"chen", b"teas"),
            (b"chen", b""),
            (b"che", b"tea"),
            (b"", b"tea"),
        ] {
            let answer = admits(&users, Some(name), password);
            assert_eq!(answer, Admission::Wrong, "{name:?} {password:?}");
        }
        assert_eq!(admits(&users, None, b"tea"), Admission::NoName);
        assert_eq!(admits(&[], None, b""), Admission::Granted);
    }
}
