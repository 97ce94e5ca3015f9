//! The clause that a fault violates: section and statement, by version.
//!
//! Sections of MQTT 3.1 have no numbered statements. Knows the kinds of faults but no packets.

use super::fault::{Fault, FaultKind};
use super::packet::PacketType;
use super::property;
use super::topic::FilterFault;

/// Of MQTT 3.1.1.
pub(super) fn v311(fault: &Fault) -> &'static str {
    match fault.kind {
        FaultKind::ProtocolLevel(_) => "3.1.2.2 [MQTT-3.1.2-2]",
        FaultKind::Incomplete
        | FaultKind::TrailingBytes
        | FaultKind::LengthUnended
        | FaultKind::BodyTooShort
        | FaultKind::BodyTooLong => "2.2.3",
        FaultKind::LengthNotMinimal => "2.2.3; MQTT 5 1.5.5 [MQTT-1.5.5-1]",
        FaultKind::TypeReserved(_) | FaultKind::TypeNotAllowed => "2.2.1",
        FaultKind::ReservedFlags => "2.2.2 [MQTT-2.2.2-2]",
        FaultKind::QosThree => "3.3.1.2 [MQTT-3.3.1-4]",
        FaultKind::DupWithQosZero => "3.3.1.1 [MQTT-3.3.1-2]",
        // This client's own limit, so there is no clause.
        FaultKind::PacketTooLarge { .. } => "4.8 [MQTT-4.8.0-2]",
        FaultKind::LengthOverEnd => "1.5.3",
        FaultKind::NotUtf8 => "1.5.3 [MQTT-1.5.3-1]",
        FaultKind::NulInText => "1.5.3 [MQTT-1.5.3-2]",
        FaultKind::TopicEmpty => "4.7.3 [MQTT-4.7.3-1]",
        FaultKind::TopicWildcard => "3.3.2.1 [MQTT-3.3.2-2]",
        FaultKind::Filter(fault) => fault.clause(),
        FaultKind::PacketIdZero => "2.3.1 [MQTT-2.3.1-1]",
        FaultKind::ConnackFlags => "3.2.2.1",
        FaultKind::ConnackCode(_) => "3.2.2.3 [MQTT-3.2.2-6]",
        FaultKind::SessionPresentRefused => "3.2.2.2 [MQTT-3.2.2-4]",
        FaultKind::SubackEmpty => "3.9.3 [MQTT-3.8.4-5]",
        FaultKind::SubackCode(_) => "3.9.3 [MQTT-3.9.3-2]",
        FaultKind::NoFilters => match fault.packet_type {
            Some(PacketType::Unsubscribe) => "3.10.3 [MQTT-3.10.3-2]",
            _ => "3.8.3 [MQTT-3.8.3-3]",
        },
        FaultKind::RequestedQos(_) => "3.8.3 [MQTT-3-8.3-4]",
        FaultKind::ProtocolName => "3.1.2.1 [MQTT-3.1.2-1]",
        FaultKind::ConnectFlagReserved => "3.1.2.3 [MQTT-3.1.2-3]",
        FaultKind::WillQosThree => "3.1.2.6 [MQTT-3.1.2-14]",
        FaultKind::WillFlagsWithoutWill => "3.1.2.6 [MQTT-3.1.2-13], 3.1.2.7 [MQTT-3.1.2-15]",
        FaultKind::PasswordWithoutUserName => "3.1.2.9 [MQTT-3.1.2-22]",
        FaultKind::ClientIdEmpty => "3.1.3.1 [MQTT-3.1.3-7]",
        _ => "4.8 [MQTT-4.8.0-1]",
    }
}

/// Of MQTT 3.1.
pub(super) fn v31(fault: &Fault) -> &'static str {
    match fault.kind {
        FaultKind::LengthOverEnd | FaultKind::NotUtf8 | FaultKind::NulInText => "2.5",
        FaultKind::PacketIdZero => "2.4",
        FaultKind::ReservedFlags => "2.6",
        FaultKind::TopicEmpty | FaultKind::TopicWildcard | FaultKind::Filter(_) => "Appendix A",
        FaultKind::ConnackFlags | FaultKind::ConnackCode(_) | FaultKind::SessionPresentRefused => {
            "3.2"
        }
        FaultKind::SubackEmpty | FaultKind::SubackCode(_) => "3.9",
        FaultKind::NoFilters => match fault.packet_type {
            Some(PacketType::Unsubscribe) => "3.10",
            _ => "3.8",
        },
        FaultKind::RequestedQos(_) => "3.8",
        FaultKind::ProtocolName
        | FaultKind::ProtocolLevel(_)
        | FaultKind::ConnectFlagReserved
        | FaultKind::WillQosThree
        | FaultKind::WillFlagsWithoutWill
        | FaultKind::PasswordWithoutUserName
        | FaultKind::ClientIdEmpty => "3.1",
        _ => "2.1",
    }
}

/// Of MQTT 5.
pub(super) fn v5(fault: &Fault) -> &'static str {
    let packet_type = fault.packet_type;
    match fault.kind {
        FaultKind::Incomplete
        | FaultKind::TrailingBytes
        | FaultKind::BodyTooShort
        | FaultKind::BodyTooLong => "2.1.4",
        FaultKind::LengthUnended | FaultKind::VariableUnended => "1.5.5",
        FaultKind::LengthNotMinimal | FaultKind::VariableNotMinimal => "1.5.5 [MQTT-1.5.5-1]",
        FaultKind::TypeReserved(_) | FaultKind::TypeNotAllowed => "2.1.2",
        FaultKind::ReservedFlags => match packet_type {
            Some(PacketType::Pubrel) => "2.1.3 [MQTT-2.1.3-1], 3.6.1 [MQTT-3.6.1-1]",
            Some(PacketType::Subscribe) => "2.1.3 [MQTT-2.1.3-1], 3.8.1 [MQTT-3.8.1-1]",
            Some(PacketType::Unsubscribe) => "2.1.3 [MQTT-2.1.3-1], 3.10.1 [MQTT-3.10.1-1]",
            Some(PacketType::Disconnect) => "2.1.3 [MQTT-2.1.3-1], 3.14.1 [MQTT-3.14.1-1]",
            Some(PacketType::Auth) => "2.1.3 [MQTT-2.1.3-1], 3.15.1 [MQTT-3.15.1-1]",
            _ => "2.1.3 [MQTT-2.1.3-1]",
        },
        FaultKind::QosThree => "3.3.1.2 [MQTT-3.3.1-4]",
        FaultKind::DupWithQosZero => "3.3.1.1 [MQTT-3.3.1-2]",
        FaultKind::PacketTooLarge { .. } => "3.1.2.11.4 [MQTT-3.1.2-24]",
        FaultKind::LengthOverEnd => "1.5.4",
        FaultKind::NotUtf8 => "1.5.4 [MQTT-1.5.4-1]",
        FaultKind::NulInText => "1.5.4 [MQTT-1.5.4-2]",
        FaultKind::TopicEmpty if packet_type == Some(PacketType::Publish) => "3.3.2.1",
        FaultKind::TopicEmpty | FaultKind::ResponseTopicEmpty => "4.7.3 [MQTT-4.7.3-1]",
        FaultKind::TopicWildcard => "3.3.2.1 [MQTT-3.3.2-2]",
        FaultKind::Filter(filter) => match filter {
            FilterFault::HashNotLast { .. } | FilterFault::HashNotAlone { .. } => {
                "4.7.1.2 [MQTT-4.7.1-1]"
            }
            FilterFault::PlusNotAlone { .. } => "4.7.1.3 [MQTT-4.7.1-2]",
            FilterFault::ShareGroupEmpty => "4.8.2 [MQTT-4.8.2-1]",
            FilterFault::ShareGroupWildcard | FilterFault::ShareFilterEmpty => {
                "4.8.2 [MQTT-4.8.2-2]"
            }
            FilterFault::Empty | FilterFault::TooLong | FilterFault::Nul => filter.clause(),
        },
        FaultKind::PacketIdZero => "2.2.1 [MQTT-2.2.1-3], [MQTT-2.2.1-4]",
        FaultKind::ConnackFlags => "3.2.2.1 [MQTT-3.2.2-1]",
        FaultKind::ConnackCode(_) => "3.2.2.2 [MQTT-3.2.2-8]",
        FaultKind::ReasonCode(_) | FaultKind::ReasonCodeWrongWay(_) => match packet_type {
            Some(PacketType::Connack) => "3.2.2.2 [MQTT-3.2.2-8]",
            Some(PacketType::Puback) => "3.4.2.1 [MQTT-3.4.2-1]",
            Some(PacketType::Pubrec) => "3.5.2.1 [MQTT-3.5.2-1]",
            Some(PacketType::Pubrel) => "3.6.2.1 [MQTT-3.6.2-1]",
            Some(PacketType::Pubcomp) => "3.7.2.1 [MQTT-3.7.2-1]",
            Some(PacketType::Suback) => "3.9.3 [MQTT-3.9.3-2]",
            Some(PacketType::Unsuback) => "3.11.3 [MQTT-3.11.3-2]",
            Some(PacketType::Disconnect) => "3.14.2.1 [MQTT-3.14.2-1]",
            Some(PacketType::Auth) => "3.15.2.1 [MQTT-3.15.2-1]",
            _ => "2.4",
        },
        FaultKind::SessionPresentRefused => "3.2.2.1.1 [MQTT-3.2.2-6]",
        FaultKind::SubackEmpty => match packet_type {
            Some(PacketType::Unsuback) => "3.11.3 [MQTT-3.11.3-1]",
            _ => "3.9.3 [MQTT-3.9.3-1]",
        },
        FaultKind::SubackCode(_) => "3.9.3 [MQTT-3.9.3-2]",
        FaultKind::NoFilters => match packet_type {
            Some(PacketType::Unsubscribe) => "3.10.3 [MQTT-3.10.3-2]",
            _ => "3.8.3 [MQTT-3.8.3-2]",
        },
        FaultKind::RequestedQos(_) | FaultKind::RetainHandlingThree => "3.8.3.1",
        FaultKind::SubscriptionOptionsReserved(_) => "3.8.3.1 [MQTT-3.8.3-5]",
        FaultKind::NoLocalShared => "3.8.3.1 [MQTT-3.8.3-4]",
        FaultKind::PropertiesOverEnd => "2.2.2.1",
        FaultKind::PropertyOverEnd | FaultKind::PropertyUnknown(_) => "2.2.2.2",
        FaultKind::PropertyNotAllowed(_) => "2.2.2.2",
        FaultKind::PropertyWrongWay(property::SUBSCRIPTION_ID) => "3.3.4 [MQTT-3.3.4-6]",
        FaultKind::PropertyWrongWay(property::SESSION_EXPIRY) => "3.14.2.2.2 [MQTT-3.14.2-2]",
        FaultKind::PropertyZero(property::TOPIC_ALIAS) => "3.3.2.3.4 [MQTT-3.3.2-8]",
        FaultKind::PropertyWrongWay(id)
        | FaultKind::PropertyRepeated(id)
        | FaultKind::PropertyNotFlag(id)
        | FaultKind::PropertyZero(id) => packet_type.map_or("2.2.2.2", |packet_type| {
            property::clause(id, packet_type, false)
        }),
        FaultKind::TooManyUserProperties => "4.13",
        FaultKind::PayloadNotText => "3.3.2.3.2",
        FaultKind::ResponseTopicWildcard => match packet_type {
            Some(PacketType::Connect) => "3.1.3.2.6 [MQTT-3.3.2-14]",
            _ => "3.3.2.3.5 [MQTT-3.3.2-14]",
        },
        FaultKind::AuthenticationMethodMissing => "3.15.2.2.2",
        FaultKind::AuthenticationDataAlone => "3.1.2.11.10",
        FaultKind::ProtocolName => "3.1.2.1 [MQTT-3.1.2-1]",
        FaultKind::ProtocolLevel(_) => "3.1.2.2 [MQTT-3.1.2-2]",
        FaultKind::ConnectFlagReserved => "3.1.2.3 [MQTT-3.1.2-3]",
        FaultKind::WillQosThree => "3.1.2.6 [MQTT-3.1.2-12]",
        FaultKind::WillFlagsWithoutWill => "3.1.2.6 [MQTT-3.1.2-11], 3.1.2.7 [MQTT-3.1.2-13]",
        FaultKind::PasswordWithoutUserName => "3.1.2.9",
        FaultKind::ClientIdEmpty => "3.1.3.1",
        FaultKind::Codec => "4.13.1 [MQTT-4.13.1-1]",
    }
}
