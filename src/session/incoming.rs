//! What the broker sends, packet by packet.

use super::in_flight::Progress;
use super::state::{Stage, State};
use super::trouble::{Breach, Violation};
use super::{Delivery, Event, topic};
use crate::protocol::{
    Acknowledgement, Fault, FromBroker, Outline, PacketType, Qos, Version, decode, encode,
};

/// Packet identifier not found (MQTT 5 section 3.7.2.1).
const UNKNOWN: u8 = 0x92;

const FIRST: Breach = Breach {
    detail: "the first packet from the server is not CONNACK",
    clause: "3.2 [MQTT-3.2.0-1]",
};

impl State {
    /// Takes one valid packet: answers it, and says what it means to the application.
    pub(super) fn take(&mut self, bytes: &[u8], outline: &Outline) -> Result<Delivery, Fault> {
        let taken = if outline.packet_type == PacketType::Publish {
            self.published(bytes, outline)
        } else {
            self.controlled(decode(bytes, self.version())?)
                .map(|()| Delivery::Control)
        };
        Ok(taken.unwrap_or_else(|violation| {
            self.part(violation.code);
            self.close(4002, "protocol error");
            self.give_up(violation.breach.into());
            Delivery::Control
        }))
    }

    fn published(&mut self, bytes: &[u8], outline: &Outline) -> Result<Delivery, Violation> {
        if !self.live() {
            return Err(FIRST.into());
        }
        self.arrivals.publish(outline, topic(bytes, outline))?;
        let id = outline.packet_id;
        match outline.qos {
            Qos::AtMostOnce => return Ok(Delivery::Message),
            Qos::AtLeastOnce => self.send_plain(Delivery::Control, |out| encode::puback(id, out)),
            Qos::ExactlyOnce => self.send_plain(Delivery::Control, |out| encode::pubrec(id, out)),
        }
        Ok(self.received.publish(outline.qos, id))
    }

    fn controlled(&mut self, packet: FromBroker) -> Result<(), Violation> {
        match (packet, self.stage) {
            (FromBroker::Connack(connack), Stage::Greeting { since }) => {
                self.connack(*connack, since)
            }
            (FromBroker::Auth(auth), _) => self.auth(&auth),
            (_, Stage::Greeting { .. }) => Err(FIRST.into()),
            (FromBroker::Connack(_), _) => Err(Breach {
                detail: "a second CONNACK",
                clause: "3.2",
            }
            .into()),
            (FromBroker::Puback(Acknowledgement { packet_id: id, .. }), _) => {
                let progress = self.in_flight.puback(id)?;
                self.settle(id, progress);
                Ok(())
            }
            (FromBroker::Pubrec(Acknowledgement { packet_id: id, .. }), _) => {
                let progress = self.in_flight.pubrec(id)?;
                self.settle(id, progress);
                Ok(())
            }
            (FromBroker::Pubcomp(Acknowledgement { packet_id: id, .. }), _) => {
                let progress = self.in_flight.pubcomp(id)?;
                self.settle(id, progress);
                Ok(())
            }
            (FromBroker::Pubrel(Acknowledgement { packet_id: id, .. }), _) => {
                self.arrivals.finished(id);
                let known = self.received.release(id);
                self.pubcomp(id, known);
                Ok(())
            }
            (FromBroker::Suback(suback), _) => Ok(self.suback(&suback)?),
            (FromBroker::Unsuback(unsuback), _) => Ok(self.unsuback(&unsuback)?),
            (FromBroker::Disconnect(disconnect), _) => {
                self.disconnected(disconnect);
                Ok(())
            }
            (FromBroker::Pingresp, _) => {
                let now = self.now;
                if let Some(time) = self
                    .keep_alive
                    .as_mut()
                    .and_then(|keep_alive| keep_alive.answered(now))
                {
                    self.round_trip = Some(time);
                }
                Ok(())
            }
        }
    }

    /// PUBCOMP, whether the identifier was known or not; MQTT 5 is told so (section 3.7.2.1).
    fn pubcomp(&mut self, id: u16, known: bool) {
        if known || self.version() != Version::V5 {
            return self.send_plain(Delivery::Control, |out| encode::pubcomp(id, out));
        }
        self.send_plain(Delivery::Control, |out| {
            encode::acknowledge(PacketType::Pubcomp, id, UNKNOWN, out);
        });
    }

    /// Sends again what the broker may not have, in the original order [MQTT-4.4.0-1].
    pub(super) fn resend(&mut self) {
        let version = self.version();
        let (releasing, publishing) = self.in_flight.resend();
        for id in releasing {
            let write = |out: &mut Vec<u8>| -> Result<(), ()> {
                encode::pubrel(id, out);
                Ok(())
            };
            let written = self.outbox.write(version, Delivery::Control, write);
            debug_assert!(written.is_ok(), "{written:?}");
        }
        for flight in publishing {
            let write = |out: &mut Vec<u8>| -> Result<(), ()> {
                let start = out.len();
                out.extend_from_slice(&flight.packet);
                encode::set_dup(&mut out[start..]);
                Ok(())
            };
            let written = self
                .outbox
                .write(version, Delivery::Publication(flight.number), write);
            debug_assert!(written.is_ok(), "{written:?}");
        }
    }

    /// An acknowledgement of a message of ours.
    fn settle(&mut self, id: u16, progress: Progress) {
        match progress {
            Progress::Release => self.send_plain(Delivery::Control, |out| encode::pubrel(id, out)),
            Progress::Finished(number) => {
                self.identifiers.free(id);
                self.say(Event::Published { number });
                self.ask();
                self.pump();
            }
            Progress::Unknown => {}
        }
    }
}
