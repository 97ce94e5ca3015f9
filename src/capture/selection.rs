//! A walk over what was captured up to a moment, in parts: the packets that fit a query, one after the other, whatever
//! happens to the list meanwhile.

use super::{Capture, connections::Connection, packet::Packet, terms::Terms};
use crate::reading::{self, LocalTime};

/// Looking at one packet costs as much as reading so many bytes.
const PACKET_COST: usize = 32;

/// Where a walk is.
#[derive(Debug)]
pub struct Selection {
    terms: Terms,
    packets: bool,
    since: Option<u64>,
    first: u64,
    next: u64,
    end: u64,
    evicted: u64,
}

impl Selection {
    /// Packets that were looked at, and how many there are to look at.
    pub fn progress(&self) -> (u64, u64) {
        (self.next - self.first, self.end - self.first)
    }

    /// Packets that were evicted before they were looked at.
    pub fn evicted(&self) -> u64 {
        self.evicted
    }
}

impl Capture {
    /// Begins a walk over what is there now: messages that fit this query, and other control packets too if `packets`.
    pub fn select(&self, query: &str, packets: bool, now_us: u64) -> Selection {
        let local = LocalTime {
            now_us,
            ..self.local
        };
        let terms = reading::read_query(query)
            .map_or_else(|_| Terms::nothing(), |query| Terms::new(query, local));
        let first = self.log.oldest_seq();
        Selection {
            packets: packets || terms.want_packets(),
            since: terms.since(now_us),
            terms,
            first,
            next: first,
            end: self.log.next_seq(),
            evicted: 0,
        }
    }

    /// Goes on, reading about `most` bytes. `take` is handed what fits, and says whether it wants more for now. False: the
    /// walk is at its end.
    pub fn go_on(
        &mut self,
        selection: &mut Selection,
        most: usize,
        mut take: impl FnMut(&Packet<'_>, Option<&Connection>) -> bool,
    ) -> bool {
        let oldest = self.log.oldest_seq().min(selection.end);
        if oldest > selection.next {
            selection.evicted += oldest - selection.next;
            selection.next = oldest;
        }
        selection.terms.find_topics(&mut self.topics);
        let mut spent = 0;
        for logged in self.log.logged_from(selection.next) {
            if spent >= most || selection.next >= selection.end {
                break;
            }
            spent += PACKET_COST;
            selection.next = logged.seq + 1;
            let fits = if logged.record.is_message() {
                selection.terms.fit(&logged, &mut spent)
            } else {
                selection.packets && selection.terms.fit_control(&logged)
            };
            if !fits {
                continue;
            }
            let Some(packet) = logged.packet() else {
                continue;
            };
            if selection.since.is_some_and(|since| packet.time_us < since) {
                continue;
            }
            spent += packet.size();
            if !take(&packet, self.connections.of(packet.seq)) {
                break;
            }
        }
        selection.next < selection.end
    }
}
