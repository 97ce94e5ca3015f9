//! Who may connect: names and passwords.

use std::fmt;

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

/// Whether one of these users has this name and password. Without users everyone is let in.
pub(crate) fn admits(users: &[User], name: Option<&[u8]>, password: &[u8]) -> Admission {
    if users.is_empty() {
        return Admission::Granted;
    }
    let Some(name) = name else {
        return Admission::NoName;
    };
    // Every user is looked at in full, so that time tells nothing about the names.
    let mut known = false;
    for user in users {
        let named = same(user.name.as_bytes(), name);
        let fitting = same(user.password.as_bytes(), password);
        known |= named & fitting;
    }
    if known {
        Admission::Granted
    } else {
        Admission::Wrong
    }
}

/// Compares in a time that depends on the lengths alone.
fn same(ours: &[u8], theirs: &[u8]) -> bool {
    ours.len() == theirs.len()
        && ours
            .iter()
            .zip(theirs)
            .fold(0, |differing, (a, b)| differing | (a ^ b))
            == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_equal_bytes_are_the_same() {
        assert!(same(b"tea", b"tea"));
        assert!(!same(b"tea", b"ten"));
        assert!(!same(b"tea", b"teas"));
        assert!(same(b"", b""));
    }

    #[test]
    fn a_name_goes_with_its_own_password_only() {
        let user = |name: &str, password: &str| User {
            name: name.to_owned(),
            password: password.to_owned(),
        };
        let users = [user("chen", "tea"), user("ana", "milk")];
        assert_eq!(admits(&users, Some(b"chen"), b"tea"), Admission::Granted);
        assert_eq!(admits(&users, Some(b"chen"), b"milk"), Admission::Wrong);
        assert_eq!(admits(&users, None, b"tea"), Admission::NoName);
        assert_eq!(admits(&[], None, b""), Admission::Granted);
    }
}
