//! Deliveries that were unfinished when a connection ended. The broker may have ended it because of them.

use super::super::trial::TWICE;
use super::{InFlight, Unfinished};

impl InFlight {
    /// How many deliveries are suspected if the connection ends now.
    pub(in super::super) fn on_trial(&self, now: u64) -> usize {
        let sent = self.sent.iter().take(self.here);
        sent.filter(|flight| now <= flight.until).count()
            + self
                .released
                .iter()
                .filter(|released| now <= released.until)
                .count()
    }

    /// The topic of the first of them, if it is a message.
    pub(in super::super) fn first_on_trial(&self, now: u64) -> Option<String> {
        let sent = self.sent.iter().take(self.here);
        let first = sent.into_iter().find(|flight| now <= flight.until)?;
        Some(first.publication.message.topic.clone())
    }

    /// The connection ended: counts a strike against each suspect. Returns the highest count.
    pub(in super::super) fn strike(&mut self, now: u64) -> u8 {
        let sent = self.sent.iter_mut().take(self.here);
        let sent = sent.filter(|flight| now <= flight.until);
        let sent = sent.map(|flight| &mut flight.publication.strikes);
        let released = self.released.iter_mut();
        let released = released.filter(|released| now <= released.until);
        let mut most = 0;
        for strikes in sent.chain(released.map(|released| &mut released.strikes)) {
            *strikes = strikes.saturating_add(1);
            most = most.max(*strikes);
        }
        most
    }

    /// Removes the first suspect.
    pub(in super::super) fn take_on_trial(&mut self, now: u64) -> Option<Unfinished> {
        let sent = self.sent.iter().take(self.here);
        if let Some(at) = sent.into_iter().position(|flight| now <= flight.until) {
            return self.remove(at).map(Unfinished::Sent);
        }
        let mut released = self.released.iter();
        let at = released.position(|released| now <= released.until)?;
        self.released.remove(at).map(Unfinished::Released)
    }

    /// A delivery is suspected of having ended more than one connection.
    pub(in super::super) fn suspects(&self) -> bool {
        let mut sent = self.sent.iter();
        sent.any(|flight| flight.publication.strikes >= TWICE)
            || self.released.iter().any(|one| one.strikes >= TWICE)
    }

    /// Clears what has been outstanding for so long on a working connection.
    pub(in super::super) fn acquit(&mut self, now: u64) {
        let sent = self.sent.iter_mut().take(self.here);
        for flight in sent.filter(|flight| now > flight.until) {
            flight.publication.strikes = 0;
        }
        let released = self.released.iter_mut();
        for released in released.filter(|released| released.until > 0 && now > released.until) {
            released.strikes = 0;
        }
    }
}
