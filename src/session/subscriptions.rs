//! The list of subscriptions: what the user wants, and what the broker has of it (sections 3.8 to 3.11 of MQTT 3.1.1
//! and MQTT 5). Knows no connection: its caller reports what arrived, and asks what to send.

mod answers;
mod at_broker;
mod suspected;

pub(super) use answers::{Answer, beginning};

use super::identifiers::Identifiers;
use super::room::Room;
use crate::protocol::{Granted, Limit, Qos, SubscribeOptions, Version, forbids};

/// The most filters in one SUBSCRIBE or UNSUBSCRIBE. The specification sets no maximum (section 3.8.3), but some
/// brokers do, and close the connection each time it is exceeded. AWS IoT accepts eight.
const MOST_FILTERS: usize = 8;

/// The state of a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grant {
    /// Not requested on this connection: there is no connection, or no packet identifier is free.
    Asleep,
    /// SUBSCRIBE was sent.
    Asked,
    /// SUBACK granted this maximum quality of service.
    Granted(Qos),
    /// SUBACK refused it, with this code.
    Refused(u8),
    /// Not requested, because the broker or the version in use does not allow it.
    Forbidden(Limit),
    /// Not requested again automatically, because the broker closed the connection when it was, so it is probably not
    /// permitted.
    Withheld,
}

/// A subscription that the user wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Topic filter.
    pub filter: String,
    /// Its options.
    pub options: SubscribeOptions,
    /// Subscription identifier (MQTT 5 section 3.8.2.1.2).
    pub identifier: Option<u32>,
    /// Its state.
    pub grant: Grant,
    /// Reason string of the SUBACK that refused it, shortened if it is long.
    pub reason: Option<String>,
    /// The packet identifier of the unanswered SUBSCRIBE with this filter.
    asked_by: Option<u16>,
    /// What the session at the broker has for it.
    at_broker: AtBroker,
    /// How many connections ended with it unanswered.
    strikes: u8,
    /// Until then the unanswered SUBSCRIBE is suspected if the connection ends.
    until: u64,
}

/// What the session at the broker has for a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AtBroker {
    Nothing,
    /// Unknown: SUBSCRIBE was or will be sent, and is not answered. There may be nothing, this subscription, or an
    /// older one.
    Perhaps,
    /// This subscription, with this maximum quality of service.
    Granted(Qos),
}

/// A filter that is no longer wanted and that the broker may still have.
#[derive(Clone, Debug)]
struct Leaving {
    filter: String,
    /// The packet identifier of the unanswered UNSUBSCRIBE with this filter.
    asked_by: Option<u16>,
    /// Not to be sent in another UNSUBSCRIBE on this connection, because the broker refused or it does not fit.
    refused: bool,
    /// How many connections ended with it unanswered.
    strikes: u8,
    /// Until then the unanswered UNSUBSCRIBE is suspected if the connection ends.
    until: u64,
}

/// One SUBSCRIBE to be sent.
#[derive(Debug)]
pub(super) struct Request<'a> {
    pub identifier: Option<u32>,
    pub filters: Vec<(&'a str, SubscribeOptions)>,
    /// Their positions in the list of wanted subscriptions.
    pub at: Vec<usize>,
}

/// See the head of the file.
#[derive(Clone, Debug, Default)]
pub(super) struct Subscriptions {
    wanted: Vec<Subscription>,
    leaving: Vec<Leaving>,
    /// SUBSCRIBE packets without SUBACK: identifier and filters, in order.
    asking: Vec<(u16, Vec<String>)>,
}

impl Subscriptions {
    pub(super) fn wanted(&self) -> &[Subscription] {
        &self.wanted
    }

    /// The user subscribes to a filter, or changes a subscription.
    pub(super) fn want(
        &mut self,
        filter: String,
        options: SubscribeOptions,
        identifier: Option<u32>,
    ) {
        // An UNSUBSCRIBE that was not sent is not needed any more, because SUBSCRIBE replaces what the broker has (MQTT
        // 3.1.1 [MQTT-3.8.4-3], MQTT 5 [MQTT-3.8.4-3]).
        let before = self.leaving.len();
        self.leaving
            .retain(|leaving| leaving.filter != filter || leaving.asked_by.is_some());
        let at_broker = if self.leaving.len() < before {
            AtBroker::Perhaps
        } else {
            AtBroker::Nothing
        };
        let wanted = self
            .wanted
            .iter_mut()
            .find(|wanted| wanted.filter == filter);
        match wanted {
            Some(wanted) => {
                // It was withheld, so it is requested alone, and withheld again if one more connection ends because of
                // it.
                wanted.strikes = u8::from(wanted.grant == Grant::Withheld);
                (wanted.options, wanted.identifier) = (options, identifier);
                (wanted.grant, wanted.asked_by, wanted.reason) = (Grant::Asleep, None, None);
                if wanted.at_broker != AtBroker::Nothing {
                    wanted.at_broker = AtBroker::Perhaps;
                }
            }
            None => {
                let wanted = Subscription {
                    filter,
                    options,
                    identifier,
                    grant: Grant::Asleep,
                    reason: None,
                    asked_by: None,
                    at_broker,
                    strikes: 0,
                    until: 0,
                };
                self.wanted.push(wanted);
            }
        }
    }

    /// The user unsubscribes from a filter.
    pub(super) fn drop_wanted(&mut self, filter: &str) {
        let at = self
            .wanted
            .iter()
            .position(|wanted| wanted.filter == filter);
        let Some(at) = at else {
            return;
        };
        let gone = self.wanted.remove(at);
        if gone.at_broker != AtBroker::Nothing {
            self.leaving.push(Leaving {
                filter: gone.filter,
                asked_by: None,
                refused: false,
                strikes: 0,
                until: 0,
            });
        }
    }

    /// There is something to request from the broker.
    pub(super) fn unasked(&self) -> bool {
        self.wanted
            .iter()
            .any(|wanted| wanted.grant == Grant::Asleep)
            || self.leaving.iter().any(Leaving::unasked)
    }

    /// Marks subscriptions that must not be requested. Returns their filters, and why.
    pub(super) fn forbid(
        &mut self,
        granted: Option<&Granted>,
        version: Version,
    ) -> Vec<(String, Limit)> {
        let most = granted.and_then(|granted| granted.packet_size);
        let room = Room::new(version, most);
        let mut forbidden = Vec::new();
        for wanted in &mut self.wanted {
            if wanted.grant != Grant::Asleep {
                continue;
            }
            let fits = room.subscribe(wanted.identifier, Room::asking(&wanted.filter));
            let limit = forbids(
                granted,
                version,
                &wanted.filter,
                &wanted.options,
                wanted.identifier,
            )
            .or_else(|| (!fits).then(|| Limit::PacketSize(most.unwrap_or(u32::MAX))));
            if let Some(limit) = limit {
                wanted.grant = Grant::Forbidden(limit);
                forbidden.push((wanted.filter.clone(), limit));
            }
        }
        for leaving in &mut self.leaving {
            leaving.refused |=
                leaving.asked_by.is_none() && !room.unsubscribe(Room::leaving(&leaving.filter));
        }
        forbidden
    }

    /// The next SUBSCRIBE, with as many filters as fit and as brokers accept; `None`: there is nothing to request. A
    /// subscription identifier applies to the whole packet, so filters with another one go into the next. A filter that
    /// is suspected of ending connections comes after all others, and alone.
    pub(super) fn to_ask(&self, room: Room) -> Option<Request<'_>> {
        let asleep = || {
            let all = self.wanted.iter().enumerate();
            all.filter(|(_, wanted)| wanted.grant == Grant::Asleep)
        };
        let (first, lead) = asleep()
            .find(|(_, wanted)| wanted.strikes == 0)
            .or_else(|| asleep().next())?;
        let (identifier, suspected) = (lead.identifier, lead.strikes > 0);
        let most = if suspected { 1 } else { MOST_FILTERS };
        let mut bytes = 0;
        let (at, filters) = asleep()
            .filter(|(at, wanted)| {
                *at >= first && wanted.identifier == identifier && (wanted.strikes > 0) == suspected
            })
            .take(most)
            .take_while(|(_, wanted)| {
                bytes += Room::asking(&wanted.filter);
                room.subscribe(identifier, bytes)
            })
            .map(|(at, wanted)| (at, (wanted.filter.as_str(), wanted.options)))
            .unzip();
        Some(Request {
            identifier,
            filters,
            at,
        })
    }

    /// SUBSCRIBE with the filters of [`Self::to_ask`] was sent.
    pub(super) fn asked(&mut self, id: u16, at: &[usize], until: u64) {
        let mut filters = Vec::with_capacity(at.len());
        for &at in at {
            if let Some(wanted) = self.wanted.get_mut(at) {
                (wanted.grant, wanted.asked_by, wanted.at_broker) =
                    (Grant::Asked, Some(id), AtBroker::Perhaps);
                wanted.until = until;
                filters.push(wanted.filter.clone());
            }
        }
        self.asking.push((id, filters));
    }

    /// The first filter of [`Self::to_ask`] cannot be encoded. Removes it from the list and returns it.
    pub(super) fn reject(&mut self, at: &[usize]) -> Option<String> {
        let &at = at.first()?;
        (at < self.wanted.len()).then(|| self.wanted.remove(at).filter)
    }

    /// The filters for the next UNSUBSCRIBE, as many as fit and as brokers accept; empty: there is nothing to request.
    pub(super) fn to_leave(&self, room: Room) -> Vec<&str> {
        let mut bytes = 0;
        self.leaving
            .iter()
            .filter(|leaving| leaving.unasked())
            .take(if self.is_leaving_suspected() {
                1
            } else {
                MOST_FILTERS
            })
            .take_while(|leaving| {
                bytes += Room::leaving(&leaving.filter);
                room.unsubscribe(bytes)
            })
            .map(|leaving| leaving.filter.as_str())
            .collect()
    }

    /// UNSUBSCRIBE with the first `count` of [`Self::to_leave`] was sent.
    pub(super) fn left(&mut self, id: u16, count: usize, until: u64) {
        let unasked = self.leaving.iter_mut().filter(|leaving| leaving.unasked());
        for leaving in unasked.take(count) {
            (leaving.asked_by, leaving.until) = (Some(id), until);
        }
    }

    /// The connection has ended. SUBSCRIBE and UNSUBSCRIBE are not sent again unchanged; the next connection composes
    /// new ones.
    pub(super) fn sleep(&mut self, identifiers: &mut Identifiers) {
        for (id, _) in self.asking.drain(..) {
            identifiers.free(id);
        }
        for wanted in &mut self.wanted {
            (wanted.asked_by, wanted.reason) = (None, None);
            if wanted.grant != Grant::Withheld {
                wanted.grant = Grant::Asleep;
            }
        }
        for leaving in &mut self.leaving {
            leaving.refused = leaving.is_left_out();
            if let Some(id) = leaving.asked_by.take() {
                identifiers.free(id);
            }
        }
        // If the filter is wanted again, the next SUBSCRIBE decides.
        for wanted in &mut self.wanted {
            let before = self.leaving.len();
            self.leaving
                .retain(|leaving| leaving.filter != wanted.filter);
            if self.leaving.len() < before {
                wanted.at_broker = AtBroker::Perhaps;
            }
        }
    }
}

impl Leaving {
    fn unasked(&self) -> bool {
        self.asked_by.is_none() && !self.refused
    }
}
