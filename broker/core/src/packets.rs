//! A whole packet from a client.

use midge::protocol::{Direction, FaultKind, PacketType, outline};

use crate::broker::{broken, fault};
use crate::connection::Stage;
use crate::flawed;
use crate::output::{Ending, Why};
use crate::slab::Key;
use crate::state::State;
use crate::wire;

impl State {
    /// Takes a packet.
    pub fn take(&mut self, key: Key, packet: &[u8]) {
        let now = self.now;
        let Some(connection) = self.connections.get_mut(key) else {
            return;
        };
        connection.heard = now;
        self.counters.messages_received += 1;
        let session = match connection.stage {
            Stage::Greeting => return self.greet(key, packet),
            Stage::Proving { .. } => None,
            Stage::Live(session) => Some(session),
        };
        let version = connection.version;
        let outline = match outline(packet, version, Direction::Outgoing) {
            Ok(outline) => outline,
            Err(found) => {
                match session {
                    Some(session) => match flawed::only_filters(packet, version, found) {
                        Ok(packet_type) => self.flawed(key, session, packet_type, packet),
                        Err(found) => self.close(key, fault(found), true),
                    },
                    None => self.refuse(key, fault(found), true),
                }
                return;
            }
        };
        let Some(session) = session else {
            // [MQTT-3.1.2-30]: nothing but AUTH and DISCONNECT before CONNACK.
            match outline.packet_type {
                PacketType::Auth => self.proof(key, packet),
                PacketType::Disconnect => {
                    self.close(key, Ending::Client(wire::disconnect(packet).0), true);
                }
                _ => self.refuse(key, broken(FaultKind::TypeNotAllowed), true),
            }
            return;
        };
        match outline.packet_type {
            PacketType::Publish => self.publish(key, session, packet, &outline),
            PacketType::Puback => self.puback(key, session, outline.packet_id, packet),
            PacketType::Pubrec => self.pubrec(key, session, outline.packet_id, packet),
            PacketType::Pubrel => self.pubrel(key, session, outline.packet_id),
            PacketType::Pubcomp => self.pubcomp(key, session, outline.packet_id),
            PacketType::Subscribe => self.subscribe(key, session, packet, outline.packet_id),
            PacketType::Unsubscribe => self.unsubscribe(key, session, packet, outline.packet_id),
            PacketType::Pingreq => self.send(key, |out| out.extend_from_slice(&[0xD0, 0])),
            PacketType::Disconnect => self.disconnect(key, session, packet),
            PacketType::Auth => self.prove_anew(key, session, packet),
            PacketType::Connect => self.close(key, Ending::Broker(0x82, Why::ConnectTwice), true),
            PacketType::Connack
            | PacketType::Suback
            | PacketType::Unsuback
            | PacketType::Pingresp => {}
        }
        self.hold_to_account(key);
    }

    /// SUBSCRIBE or UNSUBSCRIBE with filters that break the rules for filters, and nothing else.
    fn flawed(&mut self, key: Key, session: Key, packet_type: PacketType, packet: &[u8]) {
        let packet_id = wire::packet_id(packet);
        match packet_type {
            PacketType::Subscribe => self.subscribe(key, session, packet, packet_id),
            _ => self.unsubscribe(key, session, packet, packet_id),
        }
        self.hold_to_account(key);
    }

    /// A client that asks and asks and takes no answer is let go: what is owed to it would grow for ever.
    fn hold_to_account(&mut self, key: Key) {
        let most = self.settings.limits.owed_bytes.saturating_mul(2);
        let connection = self.connections.get(key);
        if connection.is_some_and(|connection| connection.answers > most) {
            self.close(key, Ending::Broker(0x97, Why::Owed), true);
        }
    }

    fn disconnect(&mut self, key: Key, session: Key, packet: &[u8]) {
        let Some(connection) = self.connections.get(key) else {
            return;
        };
        let (code, expiry) = if connection.is_five() {
            wire::disconnect(packet)
        } else {
            (0, None)
        };
        if let Some(expiry) = expiry {
            // MQTT 5 section 3.14.2.2.2: what was 0 at CONNECT stays 0.
            if !connection.had_expiry && expiry != 0 {
                self.close(key, Ending::Broker(0x82, Why::SessionExpiry), true);
                return;
            }
            if let Some(session) = self.sessions.get_mut(session) {
                session.expiry = expiry.min(self.settings.limits.session_expiry);
            }
        }
        self.close(key, Ending::Client(code), true);
    }
}
