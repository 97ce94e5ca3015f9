//! Whether the same broken packet ends every connection soon after it was made, and which of the user's filters may bring
//! it. Knows no connection: it is told how each ended.

use super::settings::SECOND;
use crate::protocol::{Fault, PacketType};

/// An end so soon after CONNACK came of what the broker had ready, in microseconds.
const SOON: u64 = 10 * SECOND;
/// So many ends of the same kind in a row are no accident.
const TIMES: u32 = 3;
/// So many filters are named at the most.
const NAMED: usize = 8;

/// What broke a connection.
pub(super) type What = (Option<PacketType>, &'static str);

/// What is suspected.
#[derive(Clone, Debug, Default)]
pub(super) struct Suspicion {
    last: Option<What>,
    times: u32,
    filters: Vec<String>,
}

impl Suspicion {
    /// A connection ends by a broken packet. `candidates`: filters that can have brought it.
    pub(super) fn broke(&mut self, what: What, candidates: Vec<String>) {
        let again = self.last == Some(what);
        self.times = if again {
            self.times.saturating_add(1)
        } else {
            1
        };
        self.last = Some(what);
        self.filters = candidates;
        self.filters.truncate(NAMED);
    }

    /// A connection ended in whatever way so long after CONNACK. One that worked brought nothing of the kind.
    pub(super) fn ended(&mut self, after: u64) {
        if after >= SOON {
            *self = Self::default();
        }
    }

    /// The user has left out a filter.
    pub(super) fn left_out(&mut self, filter: &str) {
        if self.filters.iter().any(|suspect| suspect == filter) {
            *self = Self::default();
        }
    }

    /// The filters that probably bring what ends every connection.
    pub(super) fn filters(&self) -> &[String] {
        if self.times >= TIMES {
            &self.filters
        } else {
            &[]
        }
    }
}

/// A fault without its place.
pub(super) fn what(fault: &Fault) -> What {
    (fault.packet_type, fault.clause())
}
