//! What the broker answers to SUBSCRIBE and UNSUBSCRIBE (sections 3.9 and 3.11 of MQTT 3.1.1 and MQTT 5).

use super::super::identifiers::Identifiers;
use super::super::trouble::Breach;
use super::{AtBroker, Grant, Leaving, Subscriptions};
use crate::protocol::{Codes, Qos, Version};

/// The most bytes of a reason string that are kept with a filter. One SUBACK may refuse thousands of filters with one
/// reason string.
const REASON: usize = 512;

/// The answer of a SUBACK for one filter that is still wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Answer {
    pub filter: String,
    pub grant: Grant,
    pub reason: Option<String>,
}

impl Subscriptions {
    /// SUBACK: one code per filter, in order (section 3.9.3). `None`: there was no such SUBSCRIBE. A filter without a
    /// code stays unanswered.
    pub(in super::super) fn suback(
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
            // If the user has changed or ended the subscription since, this answer no longer applies.
            let mut wanted = self.wanted.iter_mut();
            let Some(wanted) =
                wanted.find(|wanted| wanted.filter == filter && wanted.asked_by == Some(id))
            else {
                continue;
            };
            (wanted.grant, wanted.asked_by, wanted.strikes) = (grant, None, 0);
            if let Grant::Granted(qos) = grant {
                wanted.at_broker = AtBroker::Granted(qos);
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

    /// Checks that SUBACK has as many codes as SUBSCRIBE had filters.
    pub(in super::super) fn miscounted(&self, suback: &Codes) -> Option<Breach> {
        let mut asking = self.asking.iter();
        let (_, filters) = asking.find(|&&(asking, _)| asking == suback.packet_id)?;
        (filters.len() != suback.codes.len()).then_some(Breach {
            detail: "SUBACK without one code for each topic filter",
            clause: "3.8.4; MQTT 5 3.9.3 [MQTT-3.9.3-1]",
        })
    }

    /// The same for UNSUBACK, which has codes in MQTT 5 only.
    pub(in super::super) fn left_miscounted(
        &self,
        unsuback: &Codes,
        version: Version,
    ) -> Option<Breach> {
        let count = self.leaving_by(unsuback.packet_id);
        let wrong = version == Version::V5 && count > 0 && unsuback.codes.len() != count;
        wrong.then_some(Breach {
            detail: "UNSUBACK without one reason code for each topic filter",
            clause: "MQTT 5 3.11.3 [MQTT-3.11.3-1]",
        })
    }

    /// How many filters this UNSUBSCRIBE had.
    fn leaving_by(&self, id: u16) -> usize {
        let ours = |leaving: &&Leaving| leaving.asked_by == Some(id);
        self.leaving.iter().filter(ours).count()
    }

    /// UNSUBACK: returns the filters and their reason codes. A filter without a code, and before MQTT 5 every filter,
    /// counts as ended. `None`: there was no such UNSUBSCRIBE.
    pub(in super::super) fn unsuback(
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
            // If the broker refused, it still has the subscription. If the filter is wanted again, a SUBSCRIBE was sent
            // later, and its answer decides.
            code >= 0x80 && !wanted.iter().any(|wanted| wanted.filter == leaving.filter)
        });
        Some(answers)
    }
}

/// The part of a reason string that is kept.
pub(in super::super) fn beginning(reason: &str) -> String {
    reason[..reason.floor_char_boundary(REASON)].to_owned()
}
