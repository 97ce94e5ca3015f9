//! Handling packets from the broker.

use super::arrivals::NAMES;
use super::state::State;
use super::trouble::{Breach, Violation};
use super::{Event, PacketRole};
use crate::protocol::{Fault, FromBroker, Outline, PacketType, Qos, decode, encode};

pub(super) const FIRST: Breach = Breach {
    detail: "the first packet from the server is not CONNACK",
    clause: "3.2 [MQTT-3.2.0-1]",
};

impl State {
    /// Handles one valid packet: answers it, and returns what it means to the application.
    #[inline]
    pub(super) fn take(&mut self, bytes: &[u8], outline: &Outline) -> Result<PacketRole, Fault> {
        let taken = if outline.packet_type == PacketType::Publish {
            self.published(bytes, outline)
        } else {
            self.controlled(decode(bytes, self.version())?)
                .map(|()| PacketRole::Control)
        };
        Ok(taken.unwrap_or_else(|violation| {
            self.violated(violation, bytes);
            PacketRole::Control
        }))
    }

    fn published(&mut self, bytes: &[u8], outline: &Outline) -> Result<PacketRole, Violation> {
        if !self.is_connected() {
            return Err(FIRST.into());
        }
        // This runs for every message, so the name is only read if there is an alias.
        let name = match outline.topic_alias {
            0 => "",
            _ => std::str::from_utf8(outline.topic_name(bytes)).unwrap_or_default(),
        };
        self.arrivals.publish(outline, name)?;
        if outline.topic_alias != 0 && self.arrivals.has_become_full() {
            self.say(Event::AliasNamesFull {
                limit: NAMES as u32,
            });
        }
        Ok(self.accept_message(outline.qos, outline.packet_id))
    }

    /// Acknowledges a message as its quality of service requires.
    #[inline]
    pub(super) fn accept_message(&mut self, qos: Qos, id: u16) -> PacketRole {
        match qos {
            Qos::AtMostOnce => PacketRole::Message,
            Qos::AtLeastOnce => {
                self.send_plain(PacketRole::Control, |out| encode::puback(id, out));
                PacketRole::Message
            }
            Qos::ExactlyOnce => self.receive_exactly_once(id),
        }
    }

    pub(super) fn controlled(&mut self, packet: FromBroker) -> Result<(), Violation> {
        match (packet, self.is_connected()) {
            (FromBroker::Connack(connack), false) => self.connack(*connack),
            (FromBroker::Auth(auth), _) => self.auth(&auth),
            (_, false) => Err(FIRST.into()),
            (FromBroker::Connack(_), _) => Ok(self.survive(Breach {
                detail: "a second CONNACK",
                clause: "3.2",
            })?),
            (FromBroker::Puback(puback), _) => Ok(self.puback(puback)?),
            (FromBroker::Pubrec(pubrec), _) => Ok(self.pubrec(pubrec)?),
            (FromBroker::Pubcomp(pubcomp), _) => Ok(self.pubcomp(&pubcomp)?),
            (FromBroker::Pubrel(pubrel), _) => {
                self.arrivals.finished(pubrel.packet_id);
                self.pubrel(&pubrel);
                Ok(())
            }
            (FromBroker::Suback(suback), _) => Ok(self.suback(&suback)?),
            (FromBroker::Unsuback(unsuback), _) => Ok(self.unsuback(&unsuback)?),
            (FromBroker::Disconnect(disconnect), _) => {
                self.disconnected(disconnect);
                Ok(())
            }
            (FromBroker::Pingresp, _) => {
                let now = self.clock.now();
                let connected = self.stage.connected_mut();
                if let Some(time) = connected.and_then(|connected| connected.pinged_back(now)) {
                    self.attempts.measured(time);
                }
                Ok(())
            }
        }
    }
}
