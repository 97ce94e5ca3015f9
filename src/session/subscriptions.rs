//! The topic filters that the user wants, and what the broker knows of them (MQTT 3.1.1 sections 3.8 to 3.11).

use super::trouble::Breach;
use crate::protocol::{Qos, SubscribeOptions};

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
}

/// A subscription that the user wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Topic filter.
    pub filter: String,
    /// Maximum quality of service asked for.
    pub qos: Qos,
    /// What became of it.
    pub grant: Grant,
    /// SUBSCRIBE that is on its way for it.
    asked_by: Option<u16>,
    /// What the session at the broker holds for it.
    held: Held,
}

/// What the session at the broker holds for a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Held {
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
}

/// SUBACK's word on one filter that is still wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub filter: String,
    pub grant: Grant,
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

    /// The user wants a filter, or wants it again with another quality of service.
    pub(super) fn want(&mut self, filter: String, qos: Qos) {
        // UNSUBSCRIBE that has not left is not needed any more: SUBSCRIBE replaces what the broker holds [MQTT-3.8.4-3].
        let before = self.leaving.len();
        self.leaving
            .retain(|leaving| leaving.filter != filter || leaving.asked_by.is_some());
        let held = if self.leaving.len() < before {
            Held::Perhaps
        } else {
            Held::Nothing
        };
        match self
            .wanted
            .iter_mut()
            .find(|wanted| wanted.filter == filter)
        {
            Some(wanted) => {
                (wanted.qos, wanted.grant, wanted.asked_by) = (qos, Grant::Asleep, None);
                if wanted.held != Held::Nothing {
                    wanted.held = Held::Perhaps;
                }
            }
            None => {
                self.wanted.push(Subscription {
                    filter,
                    qos,
                    grant: Grant::Asleep,
                    asked_by: None,
                    held,
                });
            }
        }
    }

    /// The user no longer wants a filter.
    pub(super) fn drop_wanted(&mut self, filter: &str) {
        let Some(at) = self
            .wanted
            .iter()
            .position(|wanted| wanted.filter == filter)
        else {
            return;
        };
        let gone = self.wanted.remove(at);
        if gone.held != Held::Nothing {
            self.leaving.push(Leaving {
                filter: gone.filter,
                asked_by: None,
            });
        }
    }

    /// Something is to be asked of the broker.
    pub(super) fn unasked(&self) -> bool {
        self.wanted
            .iter()
            .any(|wanted| wanted.grant == Grant::Asleep)
            || self
                .leaving
                .iter()
                .any(|leaving| leaving.asked_by.is_none())
    }

    /// The filters for one SUBSCRIBE; empty when there is nothing to ask.
    pub(super) fn to_ask(&self) -> Vec<(&str, SubscribeOptions)> {
        let asleep = self
            .wanted
            .iter()
            .filter(|wanted| wanted.grant == Grant::Asleep);
        asleep
            .map(|wanted| (wanted.filter.as_str(), wanted.qos.into()))
            .collect()
    }

    /// SUBSCRIBE with all of [`Self::to_ask`] was sent.
    pub(super) fn asked(&mut self, id: u16) {
        let mut filters = Vec::new();
        for wanted in self
            .wanted
            .iter_mut()
            .filter(|wanted| wanted.grant == Grant::Asleep)
        {
            (wanted.grant, wanted.asked_by, wanted.held) = (Grant::Asked, Some(id), Held::Perhaps);
            filters.push(wanted.filter.clone());
        }
        self.asking.push((id, filters));
    }

    /// The filters for one UNSUBSCRIBE; empty when there is nothing to ask.
    pub(super) fn to_leave(&self) -> Vec<&str> {
        let unasked = self
            .leaving
            .iter()
            .filter(|leaving| leaving.asked_by.is_none());
        unasked.map(|leaving| leaving.filter.as_str()).collect()
    }

    /// UNSUBSCRIBE with all of [`Self::to_leave`] was sent.
    pub(super) fn left(&mut self, id: u16) {
        for leaving in self
            .leaving
            .iter_mut()
            .filter(|leaving| leaving.asked_by.is_none())
        {
            leaving.asked_by = Some(id);
        }
    }

    /// SUBACK: one code per filter, in order (section 3.9.3). `None`: there was no such SUBSCRIBE.
    pub(super) fn suback(&mut self, id: u16, codes: &[u8]) -> Result<Option<Vec<Answer>>, Breach> {
        let Some(at) = self.asking.iter().position(|&(asking, _)| asking == id) else {
            return Ok(None);
        };
        let (_, filters) = self.asking.remove(at);
        if filters.len() != codes.len() {
            return Err(Breach {
                detail: "SUBACK without one return code for each topic filter",
                clause: "3.8.4",
            });
        }
        let mut answers = Vec::with_capacity(codes.len());
        for (filter, &code) in filters.into_iter().zip(codes) {
            let grant = match code {
                0 => Grant::Granted(Qos::AtMostOnce),
                1 => Grant::Granted(Qos::AtLeastOnce),
                2 => Grant::Granted(Qos::ExactlyOnce),
                refused => Grant::Refused(refused),
            };
            // An answer that a later SUBSCRIBE or UNSUBSCRIBE has overtaken says nothing about what is wanted now.
            let mut wanted = self.wanted.iter_mut();
            let Some(wanted) =
                wanted.find(|wanted| wanted.filter == filter && wanted.asked_by == Some(id))
            else {
                continue;
            };
            (wanted.grant, wanted.asked_by) = (grant, None);
            if let Grant::Granted(qos) = grant {
                wanted.held = Held::Granted(qos);
            }
            answers.push(Answer { filter, grant });
        }
        Ok(Some(answers))
    }

    /// UNSUBACK: the filters that the broker gave up.
    pub(super) fn unsuback(&mut self, id: u16) -> Vec<String> {
        let gone = self
            .leaving
            .extract_if(.., |leaving| leaving.asked_by == Some(id));
        gone.map(|leaving| leaving.filter).collect()
    }

    /// The connection is gone: the identifiers that are free now. SUBSCRIBE and UNSUBSCRIBE are not sent again but
    /// issued anew.
    pub(super) fn sleep(&mut self) -> Vec<u16> {
        let mut freed: Vec<u16> = self.asking.drain(..).map(|(id, _)| id).collect();
        for wanted in &mut self.wanted {
            (wanted.grant, wanted.asked_by) = (Grant::Asleep, None);
        }
        for leaving in &mut self.leaving {
            if let Some(id) = leaving.asked_by.take()
                && !freed.contains(&id)
            {
                freed.push(id);
            }
        }
        // Wanted again since: SUBSCRIBE will say what holds.
        for wanted in &mut self.wanted {
            let before = self.leaving.len();
            self.leaving
                .retain(|leaving| leaving.filter != wanted.filter);
            if self.leaving.len() < before {
                wanted.held = Held::Perhaps;
            }
        }
        freed
    }

    /// The broker kept the session: what it holds with the quality of service that is wanted is not asked for again.
    pub(super) fn resume(&mut self) {
        for wanted in &mut self.wanted {
            if let Held::Granted(qos) = wanted.held {
                wanted.grant = Grant::Granted(qos);
            }
        }
    }

    /// The broker holds nothing.
    pub(super) fn forget_held(&mut self) {
        self.leaving.clear();
        for wanted in &mut self.wanted {
            wanted.held = Held::Nothing;
        }
    }
}
