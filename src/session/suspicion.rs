//! Recognises that the same invalid packet ends every connection, and which of the user's filters may cause the broker
//! to send it. Knows no connection: its caller reports how each one ended.

use super::settings::SECOND;
use crate::protocol::{Fault, PacketType};

/// A connection that ends this soon after CONNACK, in microseconds, ended because of something that the broker had
/// waiting.
const SOON: u64 = 10 * SECOND;
/// This many ends of the same kind in a row are no coincidence.
const TIMES: u32 = 3;
/// The most filters that are reported.
const NAMED: usize = 8;

/// What ended a connection: the type of the packet, and the rule that it broke.
pub(super) type What = (Option<PacketType>, &'static str);

/// See the head of the file.
#[derive(Clone, Debug, Default)]
pub(super) struct Suspicion {
    last: Option<What>,
    times: u32,
    filters: Vec<String>,
}

impl Suspicion {
    /// A connection ended because of an invalid packet. `candidates`: filters that may have caused it.
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

    /// A connection ended, for any reason, this long after CONNACK. One that lasted clears the suspicion.
    pub(super) fn ended(&mut self, after: u64) {
        if after >= SOON {
            *self = Self::default();
        }
    }

    /// The user has unsubscribed from a filter.
    pub(super) fn left_out(&mut self, filter: &str) {
        if self.filters.iter().any(|suspect| suspect == filter) {
            *self = Self::default();
        }
    }

    /// The filters that probably cause it; empty: nothing is suspected.
    pub(super) fn filters(&self) -> &[String] {
        if self.times >= TIMES {
            &self.filters
        } else {
            &[]
        }
    }
}

/// A fault without its position.
pub(super) fn what(fault: &Fault) -> What {
    (fault.packet_type, fault.clause())
}
