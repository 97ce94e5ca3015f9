//! How deliveries come to their end: acknowledgements, a session that goes on or starts over, and the receiver's side of
//! QoS 2 (MQTT 3.1.1 and 5 sections 3.4 to 3.7, 4.3 and 4.4).

use super::held_back::Held;
use super::in_flight::{Ended, Flight, Received, Released, Remains};
use super::state::State;
use super::trouble::Breach;
use super::{Change, Delivery, Event, PublishFault, records};
use crate::protocol::{Acknowledgement, PacketType, Qos, Version, encode};

/// Reason code: the packet identifier is not known (MQTT 5 section 2.4).
const IDENTIFIER_NOT_FOUND: u8 = 0x92;

/// Reason codes from here on are refusals (MQTT 5 section 2.4).
const REFUSALS: u8 = 0x80;

impl State {
    /// CONNACK accepted: goes on where the last connection ended, or starts over.
    pub(super) fn take_up(&mut self, session_present: bool) {
        self.storage.leave_parked();
        self.in_flight.begin();
        self.trial.begin();
        self.store_session();
        if session_present {
            // In versions before MQTT 5 maybe of a session that this client knows nothing of. MQTT 3.1.1 leaves the
            // choice, and to go on keeps the messages that wait there; with nothing to resume, all filters are asked
            // for.
            self.subscriptions.resume();
            self.ask();
            self.release();
        } else {
            for id in self.received.iter().collect::<Vec<_>>() {
                self.unstore(records::received_key(id));
            }
            self.received.clear();
            self.subscriptions.forget_held();
            self.store_subscriptions();
            self.ask();
            self.start_over();
        }
        self.pump();
    }

    /// The broker has no session: QoS 1 messages are sent anew as new messages; what became of QoS 2 messages that were
    /// sent cannot be found out.
    fn start_over(&mut self) {
        let Remains {
            freed,
            anew,
            unknown,
        } = self.in_flight.give_up();
        for id in freed {
            self.identifiers.free(id);
        }
        let unknown = self.start_over_held(unknown);
        for ended in &unknown {
            self.unstore(ended.key);
        }
        let sent_anew = u32::try_from(anew.len()).unwrap_or(u32::MAX);
        for publication in anew.into_iter().rev() {
            self.store_waiting(&publication);
            self.queue.push_front(publication);
        }
        self.tell_unfinished(sent_anew, unknown);
    }

    /// The same for what is held back: it stays so, as a message that was never sent.
    fn start_over_held(&mut self, mut unknown: Vec<Ended>) -> Vec<Ended> {
        self.free_spent();
        for held in self.held_back.take_all() {
            match held {
                Held::Message(id, publication) => {
                    if let Some(id) = id {
                        self.identifiers.free(id);
                    }
                    if publication.message.qos == Qos::AtLeastOnce {
                        self.store_waiting(&publication);
                        self.held_back.push(Held::Message(None, publication));
                    } else {
                        unknown.push(Ended::of(&publication));
                    }
                }
                Held::Release(released) => {
                    self.identifiers.free(released.id);
                    unknown.push(released.ended());
                }
            }
        }
        unknown
    }

    /// The session is over on this side: what is unfinished is given up and told.
    pub(super) fn discard_session(&mut self) {
        self.take_back_held();
        let empty = self.queue.len() + self.in_flight.len() == 0 && !self.broker_session.is_known();
        if !empty {
            self.store(|| Change::Clear);
        }
        while let Some(publication) = self.queue.pop() {
            self.say(Event::PublishFailed {
                number: publication.message.number,
                why: PublishFault::NotConnected,
            });
        }
        let mut unknown: Vec<Ended> = self.in_flight.released().map(Released::ended).collect();
        unknown.extend(self.in_flight.sent().map(Flight::ended));
        for id in self.in_flight.give_up().freed {
            self.identifiers.free(id);
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
        let ended = match self.in_flight.puback(puback.packet_id) {
            Ok(ended) => ended,
            Err(breach) => self.end_anyhow(puback.packet_id, breach)?,
        };
        self.ended(ended, puback);
        Ok(())
    }

    /// PUBREC. One that accepts is answered in any case, so that the broker can finish.
    pub(super) fn pubrec(&mut self, pubrec: Acknowledgement) -> Result<(), Breach> {
        let id = pubrec.packet_id;
        if pubrec.code >= REFUSALS {
            let ended = match self.in_flight.refuse(id) {
                Ok(ended) => ended,
                Err(breach) => self.end_anyhow(id, breach)?,
            };
            self.ended(ended, pubrec);
            return Ok(());
        }
        let received = match self.in_flight.pubrec(id) {
            Ok(received) => received,
            Err(breach) => {
                self.survive(breach)?;
                self.in_flight.release_anyhow(id)
            }
        };
        if let Received::First(Released { key, order, .. }) = received {
            self.store(|| records::released(key, id, order));
            let until = self.blamed_until();
            self.in_flight.released_here(id, until);
        }
        self.send_release(PacketType::Pubrel, id, received != Received::Unknown);
        Ok(())
    }

    /// PUBCOMP. The broker had said that it has the message, so a reason code changes nothing: it knows no more of it.
    pub(super) fn pubcomp(&mut self, pubcomp: &Acknowledgement) -> Result<(), Breach> {
        let packet_id = pubcomp.packet_id;
        let ended = match self.in_flight.pubcomp(packet_id) {
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

    /// An acknowledgement that this delivery cannot have. Without taking it for its end, the same message would be sent and
    /// answered so on every connection.
    fn end_anyhow(&mut self, id: u16, breach: Breach) -> Result<Option<Ended>, Breach> {
        self.survive(breach)?;
        Ok(self.in_flight.end_anyhow(id))
    }

    /// A delivery came to its end: its packet identifier is free, and there is room for another.
    fn ended(&mut self, ended: Option<Ended>, acknowledgement: Acknowledgement) {
        let Some(Ended { number, key }) = ended else {
            return;
        };
        self.prove();
        self.identifiers.free(acknowledgement.packet_id);
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

    /// A QoS 2 message came from the broker: it is remembered before PUBREC says so.
    pub(super) fn receive_exactly_once(&mut self, id: u16) -> Delivery {
        let delivery = self.received.publish(id);
        if delivery == Delivery::Message {
            self.store(|| records::received(id));
        }
        self.send_plain(Delivery::Control, |out| encode::pubrec(id, out));
        delivery
    }

    /// PUBREL: the identifier may stand for a new message from here on. Answered in any case.
    pub(super) fn pubrel(&mut self, pubrel: &Acknowledgement) {
        let id = pubrel.packet_id;
        let known = self.received.release(id);
        if known {
            self.unstore(records::received_key(id));
        }
        self.send_release(PacketType::Pubcomp, id, known);
    }

    /// PUBREL or PUBCOMP. Only MQTT 5 can say that an identifier is not known, as may be after a loss on either side.
    fn send_release(&mut self, packet_type: PacketType, id: u16, known: bool) {
        let code = if known || self.version() != Version::V5 {
            0
        } else {
            IDENTIFIER_NOT_FOUND
        };
        let sent = self.send(Delivery::Control, |out| {
            encode::acknowledge(packet_type, id, code, out)
        });
        debug_assert!(sent.is_ok(), "{sent:?}");
    }
}
