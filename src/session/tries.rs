//! The address and the version of the protocol for the next attempt. Knows no socket and no time.
//!
//! Addresses are tried in order, and there is a wait only after a full round. The next round starts with the address
//! that worked. At each address the versions are tried from the one that worked, or that the user chose, to older ones
//! and then from the newest.

use super::Trouble;
use crate::protocol::Version;

/// How many versions there are besides the first.
const OTHERS: u8 = 2;

/// See the head of the file.
#[derive(Clone, Debug)]
pub(super) struct Tries {
    address: usize,
    /// Addresses that failed since the last wait.
    failed: usize,
    /// The version to start with at an address.
    first: Version,
    version: Version,
    others: u8,
    /// The trouble with the first version at this address that the broker did not refuse explicitly.
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

    /// The index of the address in use.
    pub(super) fn address(&self) -> usize {
        self.address
    }

    /// A version has worked, so a socket that closes without an answer is not attributed to the version any more.
    pub(super) fn settled(&self) -> bool {
        self.settled
    }

    /// An attempt at an address begins.
    pub(super) fn begin(&mut self) {
        (self.version, self.others, self.trouble) = (self.first, OTHERS, None);
    }

    /// The version does not work here. `trouble`: what went wrong; `None`: the broker refused the version explicitly.
    /// False: all versions were tried.
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

    /// No version works here. Returns the trouble with the first one, which is the most helpful, and makes that the
    /// version in use again. `None`: the broker refused all of them explicitly.
    pub(super) fn first_trouble(&mut self) -> Option<Trouble> {
        let trouble = self.trouble.take()?;
        self.begin();
        Some(trouble)
    }

    /// The broker accepted the version.
    pub(super) fn accepted(&mut self) {
        (self.first, self.settled) = (self.version, true);
    }

    /// The address does not work. False: all were tried, so a wait is due.
    pub(super) fn next_address(&mut self, count: usize) -> bool {
        self.address = (self.address + 1) % count.max(1);
        self.failed += 1;
        if self.failed < count {
            return true;
        }
        self.failed = 0;
        false
    }

    /// After a wait, or after a stable connection: all addresses may be tried without a wait again.
    pub(super) fn new_round(&mut self) {
        self.failed = 0;
    }
}
