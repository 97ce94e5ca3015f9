//! Which address and which version of the protocol is tried next. Knows no socket and no time.
//!
//! The addresses are tried in order, and only a full round of them is followed by a wait. The one that worked is the
//! first of the next round. At each address the versions are gone through, from the one that worked or was asked for to
//! the next older, and round to the newest.

use super::Trouble;
use crate::protocol::Version;

/// How many versions there are beside the first.
const OTHERS: u8 = 2;

/// Where the search stands.
#[derive(Clone, Debug)]
pub(super) struct Tries {
    address: usize,
    /// Addresses that failed since the last wait.
    failed: usize,
    /// The version that a try at an address begins with.
    first: Version,
    version: Version,
    others: u8,
    /// What was wrong with the first version at this address that was not refused in so many words.
    trouble: Option<Trouble>,
    /// The first version has worked.
    settled: bool,
}

impl Tries {
    pub(super) fn new(first: Version) -> Self {
        Self {
            address: 0,
            failed: 0,
            first,
            version: first,
            others: OTHERS,
            trouble: None,
            settled: false,
        }
    }

    /// The version in use.
    pub(super) fn version(&self) -> Version {
        self.version
    }

    /// Which address is in use.
    pub(super) fn address(&self) -> usize {
        self.address
    }

    /// A version has worked: a socket that closes without a word says nothing about versions any more.
    pub(super) fn settled(&self) -> bool {
        self.settled
    }

    /// A try at an address begins.
    pub(super) fn begin(&mut self) {
        (self.version, self.others, self.trouble) = (self.first, OTHERS, None);
    }

    /// The version does not work here, for this trouble; `None`: the broker refused it in so many words. False: there is no
    /// other left.
    pub(super) fn next_version(&mut self, trouble: Option<Trouble>) -> bool {
        self.trouble = self.trouble.take().or(trouble);
        if self.others == 0 {
            return false;
        }
        self.others -= 1;
        self.version = match self.version {
            Version::V5 => Version::V311,
            Version::V311 => Version::V31,
            Version::V31 => Version::V5,
        };
        true
    }

    /// No version works here: what was wrong with the first, which is the version in use again, and whose words are the
    /// ones that help. `None`: all were refused in so many words.
    pub(super) fn first_trouble(&mut self) -> Option<Trouble> {
        let trouble = self.trouble.take()?;
        self.begin();
        Some(trouble)
    }

    /// The broker took the version.
    pub(super) fn accepted(&mut self) {
        (self.first, self.settled) = (self.version, true);
    }

    /// The address does not work. False: the round is over, and a wait is due.
    pub(super) fn next_address(&mut self, count: usize) -> bool {
        self.address = (self.address + 1) % count.max(1);
        self.failed += 1;
        if self.failed < count {
            return true;
        }
        self.failed = 0;
        false
    }

    /// A wait was taken, or a connection held: all addresses may be tried at once again.
    pub(super) fn new_round(&mut self) {
        self.failed = 0;
    }
}
