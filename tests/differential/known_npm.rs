//! The disagreements with npm `mqtt-packet` 9.0.2 that are understood. Each has a heading in `docs/differential.md`.

use super::answer::{Disagreement, Known, What};
use super::packet::{Packet, Value};

pub const MQTT_PACKET: &[Known] = &[
    Known {
        name: "mqtt-packet-user-property-order",
        is: only_the_order_of_user_properties,
    },
    Known {
        name: "mqtt-packet-empty-auth",
        is: |it| {
            it.case.bytes == [0xF0, 0]
                && matches!(&it.what, What::Refused(reason) if reason == "Invalid auth reason code")
        },
    },
    Known {
        name: "mqtt-packet-password-alone",
        is: |it| {
            let alone = matches!(
                &it.case.packet,
                Packet::Connect(connect) if connect.user_name.is_none() && connect.password.is_some()
            );
            alone
                && matches!(
                    &it.what,
                    What::CannotWrite(reason) if reason == "Username is required to use password"
                )
        },
    },
];

/// The packets are the same but for the order of their user properties.
fn only_the_order_of_user_properties(it: &Disagreement) -> bool {
    let What::ReadsAnother(found) = &it.what else {
        return false;
    };
    let sorted = |packet: &Packet| {
        let mut packet = packet.clone();
        for properties in packet.lists_of_properties() {
            properties.sort_by_key(|(id, value)| match value {
                Value::Pair(name, value) => (*id, name.clone(), value.clone()),
                _ => (*id, String::new(), String::new()),
            });
        }
        packet
    };
    sorted(found) == sorted(&it.case.packet)
}
