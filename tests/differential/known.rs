//! The disagreements with crate `mqtt-protocol-core` 0.7.9 that are understood. Each has a heading in
//! `docs/differential.md`.

use super::answer::{Known, What};
use super::packet::Packet;

pub const MQTT_PROTOCOL_CORE: &[Known] = &[Known {
    name: "mqtt-protocol-core-password-alone",
    is: |it| {
        let alone = matches!(
            &it.case.packet,
            Packet::Connect(connect) if connect.user_name.is_none() && connect.password.is_some()
        );
        alone && matches!(&it.what, What::Refused(reason) if reason == "ProtocolError")
    },
}];
