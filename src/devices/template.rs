//! What each template is: its name, its version of MQTT, its rhythm and its topics.

use super::Kind;
use crate::protocol::{Qos, Version};

/// A topic, as far as the template knows it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    /// What follows the base.
    pub suffix: &'static str,
    /// What may be published there; `None`: the device publishes there.
    pub command: Option<&'static str>,
    pub qos: Qos,
    pub retain: bool,
}

/// Published by the device.
const fn says(suffix: &'static str, qos: Qos, retain: bool) -> Spot {
    Spot {
        suffix,
        command: None,
        qos,
        retain,
    }
}

/// What a device says of being there, and what its will says.
pub(super) const AVAILABILITY: &str = "/availability";
/// What a device is like.
pub(super) const STATE: &str = "/state";
/// What a device is told.
pub(super) const SET: &str = "/set";
/// What a device complains of.
pub(super) const LOG: &str = "/log";

const ONCE: Qos = Qos::AtMostOnce;
const SURE: Qos = Qos::AtLeastOnce;

const VALUE: [Spot; 1] = [says("", ONCE, false)];
const EVENT: [Spot; 1] = [says("", SURE, false)];
const PRESS: [Spot; 1] = [says("", Qos::ExactlyOnce, false)];
const METER: [Spot; 2] = [says("/watts", ONCE, false), says("/kwh", SURE, true)];
const DOOR: [Spot; 2] = [says(STATE, SURE, true), says(AVAILABILITY, SURE, true)];
const LAMP: [Spot; 3] = [
    Spot {
        suffix: SET,
        command: Some("TOGGLE"),
        qos: SURE,
        retain: false,
    },
    says(STATE, SURE, true),
    says(LOG, ONCE, false),
];

impl Kind {
    /// As its topics and its client identifier say it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Thermometer => "thermometer",
            Self::Lamp => "lamp",
            Self::Door => "door",
            Self::Humidity => "humidity",
            Self::Motion => "motion",
            Self::Button => "button",
            Self::Power => "power",
            Self::Tracker => "tracker",
        }
    }

    /// As such things are found: small sensors speak the older one.
    pub(super) fn version(self) -> Version {
        match self {
            Self::Thermometer | Self::Humidity | Self::Motion => Version::V311,
            Self::Lamp | Self::Door | Self::Button | Self::Power | Self::Tracker => Version::V5,
        }
    }

    /// Seconds between two values, to begin with.
    pub(super) fn rhythm(self) -> Option<u32> {
        match self {
            Self::Thermometer | Self::Motion | Self::Power => Some(5),
            Self::Humidity | Self::Door => Some(10),
            Self::Tracker => Some(2),
            Self::Lamp | Self::Button => None,
        }
    }

    pub(super) fn spots(self) -> &'static [Spot] {
        match self {
            Self::Thermometer | Self::Humidity | Self::Tracker => &VALUE,
            Self::Motion => &EVENT,
            Self::Button => &PRESS,
            Self::Power => &METER,
            Self::Door => &DOOR,
            Self::Lamp => &LAMP,
        }
    }

    /// It leaves a will.
    pub(super) fn has_will(self) -> bool {
        self.spots().iter().any(|spot| spot.suffix == AVAILABILITY)
    }

    pub(super) fn by_hand(self) -> bool {
        matches!(self, Self::Lamp | Self::Door | Self::Motion | Self::Button)
    }
}
