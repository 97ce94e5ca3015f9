//! Who may connect, by name and password, and who may do what then.

use std::collections::HashSet;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, PoisonError, RwLock};

use midge_broker_core::{Access, Newcomer, Person, Refusal};
use subtle::{Choice, ConstantTimeEq};

use crate::rules::{Rules, Wish};
use crate::secret::Secret;

/// A name and the password that goes with it.
#[derive(Clone, PartialEq, Eq)]
pub struct User {
    /// The user name, as in CONNECT.
    pub name: String,
    /// What is known of the password.
    pub secret: Secret,
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A password must not reach a log by way of `{:?}`.
        f.debug_struct("User")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// All users and rules.
#[derive(Debug, Clone)]
pub struct Who {
    /// Everyone may connect, with any user name or none.
    pub is_open: bool,
    /// Who may connect otherwise.
    pub users: Vec<User>,
    /// `None`: whoever is in may read and write everything.
    pub rules: Option<Rules>,
}

impl Default for Who {
    /// Everyone may do everything.
    fn default() -> Who {
        Who {
            is_open: true,
            users: Vec::new(),
            rules: None,
        }
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

/// Users and rules that change while the broker runs.
#[derive(Debug, Clone, Default)]
pub struct People(Arc<Held>);

#[derive(Debug, Default)]
struct Held {
    now: RwLock<Arc<Now>>,
    /// Not everything is allowed to everyone who is in.
    is_strict: AtomicBool,
}

#[derive(Debug, Default)]
struct Now {
    who: Who,
    names: HashSet<String>,
}

impl People {
    /// These.
    pub fn new(who: Who) -> People {
        let is_strict = who.rules.is_some();
        let people = People::default();
        people.take(who, is_strict);
        people
    }

    /// Others from now on. Who is in stays in, and may do no more than the new rules say: nothing, if there is no such user.
    pub fn change(&self, who: Who) {
        self.take(who, true);
    }

    fn take(&self, who: Who, is_strict: bool) {
        let names = who.users.iter().map(|user| user.name.clone()).collect();
        let now = Arc::new(Now { who, names });
        *self.0.now.write().unwrap_or_else(PoisonError::into_inner) = now;
        self.0.is_strict.store(is_strict, Relaxed);
    }

    /// Whether a client may connect that gives this name and password.
    pub(crate) fn admits(&self, name: Option<&[u8]>, password: &[u8]) -> Admission {
        // The lock is not held while hashes are counted.
        let now = self.with(Arc::clone);
        admits(&now.who, name, password)
    }

    fn with<T>(&self, look: impl FnOnce(&Arc<Now>) -> T) -> T {
        look(&self.0.now.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn allow(&self, person: &Person, topic: &str, wish: Wish) -> bool {
        if !self.0.is_strict.load(Relaxed) {
            return true;
        }
        self.with(|now| {
            let name = person.user_name.as_deref();
            let is_user = now.who.is_open || name.is_some_and(|name| now.names.contains(name));
            let rules = now.who.rules.as_ref();
            is_user && rules.is_none_or(|rules| rules.allow(person, topic, wish))
        })
    }
}

impl Access for People {
    fn admit(&mut self, newcomer: &Newcomer<'_>) -> Result<(), Refusal> {
        let name = newcomer.user_name.map(str::as_bytes);
        match self.admits(name, newcomer.password.unwrap_or_default()) {
            Admission::Granted => Ok(()),
            Admission::NoName => Err(Refusal::NotAuthorized),
            Admission::Wrong => Err(Refusal::BadUserNameOrPassword),
        }
    }

    fn may_publish(&self, person: &Person, topic: &str) -> bool {
        self.allow(person, topic, Wish::Write)
    }

    // As with mosquitto, everything may be subscribed to, and nothing comes of what may not be read.
    fn may_receive(&self, person: &Person, topic: &str) -> bool {
        self.allow(person, topic, Wish::Read)
    }
}

/// Whether one of these users has this name and password.
fn admits(who: &Who, name: Option<&[u8]>, password: &[u8]) -> Admission {
    if who.is_open {
        return Admission::Granted;
    }
    let Some(name) = name else {
        return Admission::NoName;
    };
    let mut known = Choice::from(0);
    let mut is_anybody = false;
    for user in &who.users {
        // Passwords that are kept as they are are all looked at in full; hashes are counted for this name alone.
        let named = user.name.as_bytes().ct_eq(name);
        if matches!(user.secret, Secret::Plain(_)) || bool::from(named) {
            known |= named & user.secret.fits(password);
        }
        is_anybody |= bool::from(named);
    }
    if !is_anybody {
        // Time does not tell which names there are.
        let slowest = who.users.iter().max_by_key(|user| user.secret.rounds());
        if let Some(user) = slowest {
            let _ = user.secret.fits(password);
        }
    }
    match known.into() {
        true => Admission::Granted,
        false => Admission::Wrong,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{Grant, Rule};

    fn user(name: &str, secret: Secret) -> User {
        User {
            name: name.to_owned(),
            secret,
        }
    }

    fn plain(name: &str, password: &str) -> User {
        user(name, Secret::Plain(password.to_owned()))
    }

    fn closed(users: Vec<User>) -> Who {
        Who {
            is_open: false,
            users,
            rules: None,
        }
    }

    #[test]
    fn a_name_goes_with_its_own_password_only() {
        let hashed = user("bo", Secret::new(b"water", b"salt", 3));
        let who = closed(vec![plain("chen", "tea"), plain("ana", "milk"), hashed]);
        for (name, password) in [("chen", "tea"), ("ana", "milk"), ("bo", "water")] {
            let answer = admits(&who, Some(name.as_bytes()), password.as_bytes());
            assert_eq!(answer, Admission::Granted, "{name}");
        }
        for (name, password) in [
            (&b"chen"[..], &b"milk"[..]),
            (b"chen", b"ten"),
            (b"chen", b"teas"),
            (b"chen", b""),
            (b"che", b"tea"),
            (b"", b"tea"),
            (b"bo", b"tea"),
            (b"chen", b"water"),
        ] {
            let answer = admits(&who, Some(name), password);
            assert_eq!(answer, Admission::Wrong, "{name:?} {password:?}");
        }
        assert_eq!(admits(&who, None, b"tea"), Admission::NoName);
        assert_eq!(
            admits(&closed(Vec::new()), Some(b""), b""),
            Admission::Wrong
        );
        assert_eq!(admits(&Who::default(), None, b""), Admission::Granted);
    }

    #[test]
    fn rules_and_users_hold_from_when_they_are_changed() {
        let chen = Person {
            client_id: "c1".into(),
            user_name: Some("chen".into()),
        };
        let people = People::new(closed(vec![plain("chen", "tea")]));
        assert!(people.may_publish(&chen, "a") && people.may_receive(&chen, "a"));
        let read = Rule {
            filter: "a".to_owned(),
            grant: Grant::Read,
        };
        people.change(Who {
            rules: Some(Rules {
                patterns: vec![read],
                ..Rules::default()
            }),
            ..closed(vec![plain("chen", "tea")])
        });
        assert!(!people.may_publish(&chen, "a") && people.may_receive(&chen, "a"));
        people.change(closed(vec![plain("ana", "milk")]));
        assert!(!people.may_receive(&chen, "a"));
        people.change(Who::default());
        assert!(people.may_publish(&chen, "a"));
    }
}
