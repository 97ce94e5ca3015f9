//! The topic filters that the user wants, and what the broker knows of them (sections 3.8 to 3.11 of MQTT 3.1.1 and
//! MQTT 5). Knows no connection: it is told what came, and says what to ask.

mod held;
mod suspected;

use super::identifiers::Identifiers;
use super::room::Room;
use super::trouble::Breach;
use crate::protocol::{Codes, Granted, Limit, Qos, SubscribeOptions, Version, forbids};

/// Bytes of a reason string that are kept beside a filter. One SUBACK may refuse thousands of filters with one.
const REASON: usize = 512;

/// Filters in one SUBSCRIBE or UNSUBSCRIBE at the most. The specification asks for one or more (section 3.8.3) and names
/// no maximum; some brokers do, and close the connection over it, at each return. AWS IoT takes eight.
const MOST_FILTERS: usize = 8;

/// What became of a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grant {
    /// Not asked for on this connection: there is none, or no packet identifier is free.
    Asleep,
    /// SUBSCRIBE was sent.
    Asked,
    /// SUBACK granted this maximum quality of service.
    Granted(Qos),
    /// SUBACK refused it, with this code.
    Refused(u8),
    /// It was not asked for: the broker, or the version in use, does not allow it.
    Forbidden(Limit),
    /// It is not asked for again by itself: the broker closed the connection when it was, so it is probably not permitted.
    Withheld,
}

/// A subscription that the user wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Topic filter.
    pub filter: String,
    /// What is asked for with it.
    pub options: SubscribeOptions,
    /// Subscription identifier (MQTT 5 section 3.8.2.1.2).
    pub identifier: Option<u32>,
    /// What became of it.
    pub grant: Grant,
    /// Reason string of the SUBACK that refused it, its beginning where it is long.
    pub reason: Option<String>,
    /// SUBSCRIBE that is on its way for it.
    asked_by: Option<u16>,
    /// What the session at the broker holds for it.
    held: Holding,
    /// At so many closes it was not answered.
    strikes: u8,
    /// Until then a close is put down to the SUBSCRIBE that is on its way.
    until: u64,
}

/// What the session at the broker holds for a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holding {
    Nothing,
    /// SUBSCRIBE was or will be sent, and is not granted: something, nothing, or something older.
    Perhaps,
    /// This maximum quality of service, which is the answer to what is wanted.
    Granted(Qos),
}

/// A filter that is no longer wanted and that the broker may still hold.
#[derive(Clone, Debug)]
struct Leaving {
    filter: String,
    /// UNSUBSCRIBE that is on its way for it.
    asked_by: Option<u16>,
    /// The broker does not give it up: not asked again on this connection.
    refused: bool,
    /// At so many closes it was not answered.
    strikes: u8,
    /// Until then a close is put down to the UNSUBSCRIBE that is on its way.
    until: u64,
}

/// SUBACK's word on one filter that is still wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub filter: String,
    pub grant: Grant,
    pub reason: Option<String>,
}

/// One SUBSCRIBE that is to be sent.
#[derive(Debug)]
pub(super) struct Request<'a> {
    pub identifier: Option<u32>,
    pub filters: Vec<(&'a str, SubscribeOptions)>,
    /// Where they are among those that are wanted.
    pub at: Vec<usize>,
}

/// All of them.
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

    /// The user wants a filter, or wants it again in another way.
    pub(super) fn want(
        &mut self,
        filter: String,
        options: SubscribeOptions,
        identifier: Option<u32>,
    ) {
        // UNSUBSCRIBE that has not left is not needed any more: SUBSCRIBE replaces what the broker holds (MQTT 3.1.1
        // [MQTT-3.8.4-3], MQTT 5 [MQTT-3.8.4-3]).
        let before = self.leaving.len();
        self.leaving
            .retain(|leaving| leaving.filter != filter || leaving.asked_by.is_some());
        let held = if self.leaving.len() < before {
            Holding::Perhaps
        } else {
            Holding::Nothing
        };
        let wanted = self
            .wanted
            .iter_mut()
            .find(|wanted| wanted.filter == filter);
        match wanted {
            Some(wanted) => {
                // Asked for once more: alone, and one close more is enough.
                wanted.strikes = u8::from(wanted.grant == Grant::Withheld);
                (wanted.options, wanted.identifier) = (options, identifier);
                (wanted.grant, wanted.asked_by, wanted.reason) = (Grant::Asleep, None, None);
                if wanted.held != Holding::Nothing {
                    wanted.held = Holding::Perhaps;
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
                    held,
                    strikes: 0,
                    until: 0,
                };
                self.wanted.push(wanted);
            }
        }
    }

    /// The user no longer wants a filter.
    pub(super) fn drop_wanted(&mut self, filter: &str) {
        let at = self
            .wanted
            .iter()
            .position(|wanted| wanted.filter == filter);
        let Some(at) = at else {
            return;
        };
        let gone = self.wanted.remove(at);
        if gone.held != Holding::Nothing {
            self.leaving.push(Leaving {
                filter: gone.filter,
                asked_by: None,
                refused: false,
                strikes: 0,
                until: 0,
            });
        }
    }

    /// Something is to be asked of the broker.
    pub(super) fn unasked(&self) -> bool {
        self.wanted
            .iter()
            .any(|wanted| wanted.grant == Grant::Asleep)
            || self.leaving.iter().any(Leaving::unasked)
    }

    /// Takes out what may not be asked for, which stays wanted: the filters, and why.
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

    /// The next SUBSCRIBE, of as many filters as fit and as brokers take; `None` when there is nothing to ask. An identifier
    /// is the whole packet's, so those with another wait for the next. A filter that is suspected of ending connections goes
    /// behind all others, and alone.
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
                (wanted.grant, wanted.asked_by, wanted.held) =
                    (Grant::Asked, Some(id), Holding::Perhaps);
                wanted.until = until;
                filters.push(wanted.filter.clone());
            }
        }
        self.asking.push((id, filters));
    }

    /// The codec refuses the first filter of [`Self::to_ask`]: it is no filter, and goes.
    pub(super) fn reject(&mut self, at: &[usize]) -> Option<String> {
        let &at = at.first()?;
        (at < self.wanted.len()).then(|| self.wanted.remove(at).filter)
    }

    /// The filters for the next UNSUBSCRIBE, as many as fit and as brokers take; empty when there is nothing to ask.
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

    /// SUBACK: one code per filter, in order (section 3.9.3). `None`: there was no such SUBSCRIBE.
    /// What has no code stays asked for and unanswered.
    pub(super) fn suback(
        &mut self,
        suback: &Codes,
        identifiers: &mut Identifiers,
    ) -> Option<Vec<Answer>> {
        let id = suback.packet_id;
        let at = self.asking.iter().position(|&(asking, _)| asking == id)?;
        let (_, filters) = self.asking.remove(at);
        identifiers.free(id);
        let mut answers = Vec::with_capacity(filters.len());
        for (filter, &code) in filters.into_iter().zip(&suback.codes) {
            let grant = match Qos::from_bits(code) {
                Some(qos) => Grant::Granted(qos),
                None => Grant::Refused(code),
            };
            // An answer that a later SUBSCRIBE or UNSUBSCRIBE has overtaken says nothing about what is wanted now.
            let mut wanted = self.wanted.iter_mut();
            let Some(wanted) =
                wanted.find(|wanted| wanted.filter == filter && wanted.asked_by == Some(id))
            else {
                continue;
            };
            (wanted.grant, wanted.asked_by, wanted.strikes) = (grant, None, 0);
            if let Grant::Granted(qos) = grant {
                wanted.held = Holding::Granted(qos);
            } else {
                wanted.reason = suback.reason_string.as_deref().map(beginning);
            }
            answers.push(Answer {
                filter,
                grant,
                reason: wanted.reason.clone(),
            });
        }
        for wanted in &mut self.wanted {
            if wanted
                .asked_by
                .take_if(|asked_by| *asked_by == id)
                .is_some()
            {
                wanted.strikes = 0;
            }
        }
        Some(answers)
    }

    /// SUBACK has another number of codes than SUBSCRIBE has filters.
    pub(super) fn miscounted(&self, suback: &Codes) -> Option<Breach> {
        let mut asking = self.asking.iter();
        let (_, filters) = asking.find(|&&(asking, _)| asking == suback.packet_id)?;
        (filters.len() != suback.codes.len()).then_some(Breach {
            detail: "SUBACK without one code for each topic filter",
            clause: "3.8.4; MQTT 5 3.9.3 [MQTT-3.9.3-1]",
        })
    }

    /// The same of UNSUBACK, which has codes in MQTT 5 only.
    pub(super) fn left_miscounted(&self, unsuback: &Codes, version: Version) -> Option<Breach> {
        let count = self.leaving_by(unsuback.packet_id);
        let wrong = version == Version::V5 && count > 0 && unsuback.codes.len() != count;
        wrong.then_some(Breach {
            detail: "UNSUBACK without one reason code for each topic filter",
            clause: "MQTT 5 3.11.3 [MQTT-3.11.3-1]",
        })
    }

    /// How many filters this UNSUBSCRIBE is to give up.
    fn leaving_by(&self, id: u16) -> usize {
        let ours = |leaving: &&Leaving| leaving.asked_by == Some(id);
        self.leaving.iter().filter(ours).count()
    }

    /// UNSUBACK: the filters, and what the broker says to each. Before MQTT 5 it says nothing and gives up all of them, as
    /// those are taken for that have no code. `None`: there was no such UNSUBSCRIBE.
    pub(super) fn unsuback(
        &mut self,
        unsuback: &Codes,
        identifiers: &mut Identifiers,
    ) -> Option<Vec<(String, u8)>> {
        let ours = |leaving: &Leaving| leaving.asked_by == Some(unsuback.packet_id);
        let count = self.leaving_by(unsuback.packet_id);
        if count == 0 {
            return None;
        }
        identifiers.free(unsuback.packet_id);
        let mut codes = unsuback.codes.iter();
        let mut answers = Vec::with_capacity(count);
        let wanted = &self.wanted;
        self.leaving.retain_mut(|leaving| {
            if !ours(leaving) {
                return true;
            }
            let code = codes.next().copied().unwrap_or(0);
            answers.push((leaving.filter.clone(), code));
            leaving.asked_by = None;
            leaving.refused = true;
            leaving.strikes = 0;
            // Refused: the broker still holds it. Wanted again meanwhile: SUBSCRIBE was sent behind, and says what holds.
            code >= 0x80 && !wanted.iter().any(|wanted| wanted.filter == leaving.filter)
        });
        Some(answers)
    }

    /// The connection is gone. SUBSCRIBE and UNSUBSCRIBE are not sent again but issued anew.
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
        // Wanted again since: SUBSCRIBE will say what holds.
        for wanted in &mut self.wanted {
            let before = self.leaving.len();
            self.leaving
                .retain(|leaving| leaving.filter != wanted.filter);
            if self.leaving.len() < before {
                wanted.held = Holding::Perhaps;
            }
        }
    }
}

impl Leaving {
    fn unasked(&self) -> bool {
        self.asked_by.is_none() && !self.refused
    }
}

/// As much of a reason string as is kept.
pub(super) fn beginning(reason: &str) -> String {
    reason[..reason.floor_char_boundary(REASON)].to_owned()
}
