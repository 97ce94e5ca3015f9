//! How deliveries end: by acknowledgement, or with the session. Also the receiver's side of QoS 2 (MQTT 3.1.1 and 5
//! sections 3.4 to 3.7, 4.3 and 4.4).

use super::held_back::Held;
use super::in_flight::{Ended, Received, Released};
use super::owed::{Discarded, StartedOver};
use super::persisting::store;
use super::state::State;
use super::trouble::Breach;
use super::{Change, Event, PacketRole, PublishFault, records};
use crate::protocol::{Acknowledgement, PacketType, Version, encode};

/// Reason code: the packet identifier is not known (MQTT 5 section 2.4).
const IDENTIFIER_NOT_FOUND: u8 = 0x92;

/// Reason codes from this one on are failures (MQTT 5 section 2.4).
const REFUSALS: u8 = 0x80;

impl State {
    /// CONNACK accepted the connection: resumes the session, or starts a new one.
    pub(super) fn take_up(&mut self, session_present: bool) {
        self.storage.leave_parked();
        self.owed.begin();
        self.trial.begin();
        self.store_session();
        if session_present {
            // Before MQTT 5 it may be a session that this client knows nothing about. MQTT 3.1.1 allows to resume it or
            // to disconnect; resuming keeps the messages that wait at the broker. As nothing is known of subscriptions
            // then, all of them are requested.
            self.owed.subscriptions_mut().resume();
            self.ask();
            self.release();
        } else {
            for id in self.received.iter().collect::<Vec<_>>() {
                self.unstore(records::received_key(id));
            }
            self.received.clear();
            self.owed.subscriptions_mut().forget_at_broker();
            self.store_subscriptions();
            self.ask();
            self.start_over();
        }
        self.pump();
    }

    /// The broker has no session: QoS 1 messages are sent again as new messages. Whether QoS 2 messages were delivered
    /// cannot be found out.
    fn start_over(&mut self) {
        let StartedOver { anew, unknown } = self.owed.start_over();
        for held in self.owed.held_back() {
            if let Held::Message(_, publication) = held {
                store(&self.storage, &mut self.outbox, || {
                    records::waiting(publication)
                });
            }
        }
        for ended in &unknown {
            self.unstore(ended.key);
        }
        let sent_anew = u32::try_from(anew.len()).unwrap_or(u32::MAX);
        for publication in anew.into_iter().rev() {
            self.store_waiting(&publication);
            self.owed.wait_first(publication);
        }
        self.tell_unfinished(sent_anew, unknown);
    }

    /// The session is over on this side: unfinished deliveries are given up and reported.
    pub(super) fn discard_session(&mut self) {
        if !self.owed.has_no_messages() || self.broker_session.is_known() {
            self.store(|| Change::Clear);
        }
        let Discarded { unsent, unknown } = self.owed.discard();
        for number in unsent {
            let why = PublishFault::NotConnected;
            self.say(Event::PublishFailed { number, why });
        }
        self.tell_unfinished(0, unknown);
        self.forget();
    }

    fn tell_unfinished(&mut self, sent_anew: u32, unknown: Vec<Ended>) {
        if sent_anew > 0 || !unknown.is_empty() {
            let unknown = unknown.iter().map(|ended| ended.number).collect();
            self.say(Event::Unfinished { sent_anew, unknown });
        }
    }

    /// PUBACK.
    pub(super) fn puback(&mut self, puback: Acknowledgement) -> Result<(), Breach> {
        let ended = match self.owed.puback(puback.packet_id) {
            Ok(ended) => ended,
            Err(breach) => self.end_anyhow(puback.packet_id, breach)?,
        };
        self.ended(ended, puback);
        Ok(())
    }

    /// PUBREC. One that accepts is always answered with PUBREL, even for an unknown identifier, so that the broker can
    /// finish.
    pub(super) fn pubrec(&mut self, pubrec: Acknowledgement) -> Result<(), Breach> {
        let id = pubrec.packet_id;
        if pubrec.code >= REFUSALS {
            let ended = match self.owed.refused(id) {
                Ok(ended) => ended,
                Err(breach) => self.end_anyhow(id, breach)?,
            };
            self.ended(ended, pubrec);
            return Ok(());
        }
        let received = match self.owed.pubrec(id) {
            Ok(received) => received,
            Err(breach) => {
                self.survive(breach)?;
                self.owed.pubrec_anyhow(id)
            }
        };
        if let Received::First(Released { key, order, .. }) = received {
            self.store(|| records::released(key, id, order));
            let until = self.blamed_until();
            self.owed.released(id, until);
        }
        self.send_release(PacketType::Pubrel, id, received != Received::Unknown);
        Ok(())
    }

    /// PUBCOMP. A reason code in it is ignored: the broker confirmed with PUBREC that it has the message.
    pub(super) fn pubcomp(&mut self, pubcomp: &Acknowledgement) -> Result<(), Breach> {
        let packet_id = pubcomp.packet_id;
        let ended = match self.owed.pubcomp(packet_id) {
            Ok(ended) => ended,
            Err(breach) => self.end_anyhow(packet_id, breach)?,
        };
        self.ended(
            ended,
            Acknowledgement {
                packet_id,
                ..Acknowledgement::default()
            },
        );
        Ok(())
    }

    /// An acknowledgement of the wrong type for this delivery. It still ends the delivery: otherwise the message would
    /// be sent again, and answered in the same way, on every connection.
    fn end_anyhow(&mut self, id: u16, breach: Breach) -> Result<Option<Ended>, Breach> {
        self.survive(breach)?;
        Ok(self.owed.end_anyhow(id))
    }

    /// A delivery has ended, so there may be room for the next.
    fn ended(&mut self, ended: Option<Ended>, acknowledgement: Acknowledgement) {
        let Some(Ended { number, key }) = ended else {
            return;
        };
        self.prove();
        self.unstore(key);
        self.say(match acknowledgement.code {
            code @ REFUSALS.. => Event::PublishRefused {
                number,
                code,
                reason: acknowledgement.reason_string,
            },
            _ => Event::Published { number },
        });
        self.ask();
        self.pump();
    }

    /// A QoS 2 message arrived. It is recorded before PUBREC confirms it.
    pub(super) fn receive_exactly_once(&mut self, id: u16) -> PacketRole {
        let delivery = self.received.publish(id);
        if delivery == PacketRole::Message {
            self.store(|| records::received(id));
        }
        self.send_plain(PacketRole::Control, |out| encode::pubrec(id, out));
        delivery
    }

    /// PUBREL: from now on a PUBLISH with this identifier is a new message. Always answered.
    pub(super) fn pubrel(&mut self, pubrel: &Acknowledgement) {
        let id = pubrel.packet_id;
        let known = self.received.release(id);
        if known {
            self.unstore(records::received_key(id));
        }
        self.send_release(PacketType::Pubcomp, id, known);
    }

    /// Sends PUBREL or PUBCOMP. In MQTT 5 it says if the identifier is unknown, which can happen if either side lost
    /// its session.
    fn send_release(&mut self, packet_type: PacketType, id: u16, known: bool) {
        let code = if known || self.version() != Version::V5 {
            0
        } else {
            IDENTIFIER_NOT_FOUND
        };
        let sent = self.send(PacketRole::Control, |out| {
            encode::acknowledge(packet_type, id, code, out)
        });
        debug_assert!(sent.is_ok(), "{sent:?}");
    }
}
