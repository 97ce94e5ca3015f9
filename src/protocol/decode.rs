//! Typed packets from the broker, by mqttbytes behind our validation.
//!
//! mqttbytes checks neither reserved flags nor direction, trailing bytes and most identifiers, and takes a short packet
//! for one that is still to come. So it is given exactly one whole packet that was validated, and any error of it means
//! that the packet is malformed.

use bytes::BytesMut;
use mqttbytes::v4;

use super::fault::{Fault, FaultKind};
use super::outline::outline;
use super::packet::{Direction, PacketType, Version};
use super::typed::{Acknowledgement, Codes, Connack, FromBroker};

/// Validates a whole packet of the broker and makes it typed. A PUBLISH is refused with
/// [`FaultKind::TypeNotAllowed`]: it is kept as its bytes, and its parts are found by [`outline()`].
pub fn decode(packet: &[u8], version: Version) -> Result<FromBroker, Fault> {
    let outline = outline(packet, version, Direction::Incoming)?;
    let fault = |kind| Fault {
        kind,
        at: 0,
        packet_type: Some(outline.packet_type),
    };
    if outline.packet_type == PacketType::Publish {
        return Err(fault(FaultKind::TypeNotAllowed));
    }
    match v4::read(&mut BytesMut::from(packet), packet.len()) {
        Ok(v4::Packet::ConnAck(connack)) => Ok(FromBroker::Connack(Box::new(Connack {
            session_present: connack.session_present,
            code: connack.code as u8,
            ..Connack::default()
        }))),
        Ok(v4::Packet::PubAck(puback)) => Ok(FromBroker::Puback(acknowledgement(puback.pkid))),
        Ok(v4::Packet::PubRec(pubrec)) => Ok(FromBroker::Pubrec(acknowledgement(pubrec.pkid))),
        Ok(v4::Packet::PubRel(pubrel)) => Ok(FromBroker::Pubrel(acknowledgement(pubrel.pkid))),
        Ok(v4::Packet::PubComp(pubcomp)) => Ok(FromBroker::Pubcomp(acknowledgement(pubcomp.pkid))),
        Ok(v4::Packet::SubAck(suback)) => {
            let codes = suback.return_codes.iter().map(|code| match code {
                v4::SubscribeReasonCode::Success(qos) => *qos as u8,
                v4::SubscribeReasonCode::Failure => 0x80,
            });
            Ok(FromBroker::Suback(Codes {
                packet_id: suback.pkid,
                codes: codes.collect(),
                ..Codes::default()
            }))
        }
        Ok(v4::Packet::UnsubAck(unsuback)) => Ok(FromBroker::Unsuback(Codes {
            packet_id: unsuback.pkid,
            ..Codes::default()
        })),
        Ok(v4::Packet::PingResp) => Ok(FromBroker::Pingresp),
        Ok(_) | Err(_) => Err(fault(FaultKind::Codec)),
    }
}

fn acknowledgement(packet_id: u16) -> Acknowledgement {
    Acknowledgement {
        packet_id,
        ..Acknowledgement::default()
    }
}
