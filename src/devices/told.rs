//! What the page asks of the devices, and what it is told of them. Plain data.

use serde::{Deserialize, Serialize};

use super::naming::NameFault;
use crate::protocol::{Qos, Version};

/// Bytes of a payload or a remark that are told; a longer one ends with an ellipsis.
pub(super) const SHOWN: usize = 120;

/// A template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// A temperature as JSON, in a room with a heating.
    Thermometer,
    /// A lamp that takes commands and keeps its state retained.
    Lamp,
    /// A door with a will.
    Door,
    /// A humidity, as a plain number.
    Humidity,
    /// Whether somebody moves.
    Motion,
    /// A button, which says something only when it is pressed.
    Button,
    /// An electricity meter: watts now, and kilowatt-hours in all.
    Power,
    /// A position that moves through a town.
    Tracker,
}

impl Kind {
    /// All of them, as they are offered.
    pub const ALL: [Self; 8] = [
        Self::Thermometer,
        Self::Lamp,
        Self::Door,
        Self::Humidity,
        Self::Motion,
        Self::Button,
        Self::Power,
        Self::Tracker,
    ];
}

/// What the page asks for. `number` names a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Order {
    /// Power: it connects.
    SwitchOn {
        /// Which.
        number: u32,
    },
    /// It says goodbye and DISCONNECT, so no will is published.
    SwitchOff {
        /// Which.
        number: u32,
    },
    /// Its connection is gone without a word, so its will is published if it has one.
    Unplug {
        /// Which.
        number: u32,
    },
    /// Whether its session ends with its connection. One that is connected connects anew with it.
    Forgetful {
        /// Which.
        number: u32,
        /// It does.
        forgetful: bool,
    },
    /// How often it says something.
    Rhythm {
        /// Which.
        number: u32,
        /// Seconds in between, in [`super::RHYTHM`].
        seconds: u32,
    },
    /// Another place in the topic tree. What it left retained at the old one is cleared.
    Rename {
        /// Which.
        number: u32,
        /// What its topics begin with.
        base: String,
    },
    /// One more.
    Add {
        /// Its template.
        kind: Kind,
    },
    /// It clears what it left retained, ends its session, and is gone.
    Remove {
        /// Which.
        number: u32,
    },
    /// What somebody does who stands before it: presses the button, switches the lamp, opens the door.
    ByHand {
        /// Which.
        number: u32,
    },
}

/// Why an order was not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refused {
    /// There are [`super::MOST`] of them.
    Full,
    /// There is none of this number; it was removed, perhaps in another tab.
    Gone,
    /// It cannot be called so.
    Name(NameFault),
    /// Another one is called so.
    Taken,
    /// No number of seconds in [`super::RHYTHM`], or it has no rhythm.
    Rhythm,
    /// Nothing about it can be moved by hand, or it has no power.
    Hand,
}

/// How a device is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// Switched off.
    Off,
    /// Without power, and without a word before.
    Unplugged,
    /// On its way to the broker.
    Connecting,
    /// Connected.
    Connected,
    /// Another client took over its client identifier; it does not fight for it.
    TakenOver,
    /// The broker does not let it in.
    Refused,
}

impl State {
    /// It has power.
    pub fn is_on(self) -> bool {
        !matches!(self, Self::Off | Self::Unplugged)
    }

    /// It has power, and is connected or tries to be.
    pub fn is_busy(self) -> bool {
        matches!(self, Self::Connecting | Self::Connected)
    }
}

/// A topic of a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Topic name.
    pub topic: String,
    /// What may be published there; `None`: the device publishes there itself.
    pub command: Option<String>,
    /// With this quality of service; for a command, that of the subscription.
    pub qos: Qos,
    /// Retained.
    pub retain: bool,
    /// The will's, too.
    pub will: bool,
}

/// What a device said last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Last {
    /// Topic name.
    pub topic: String,
    /// Payload, or the start of it.
    pub payload: String,
}

/// What is told of a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Its number, which no other device has.
    pub number: u32,
    /// Its template.
    pub kind: Kind,
    /// What its topics begin with.
    pub base: String,
    /// Its client identifier.
    pub client_id: String,
    /// The version that it speaks.
    pub version: Version,
    /// How it is.
    pub state: State,
    /// Its session ends with its connection.
    pub forgetful: bool,
    /// Seconds between two values; `None`: it speaks only when something happens.
    pub rhythm: Option<u32>,
    /// Something about it can be moved by hand.
    pub by_hand: bool,
    /// Its topics.
    pub places: Vec<Place>,
    /// What it said last.
    pub last: Option<Last>,
    /// What it has to complain of: the latest command that it did not understand, in its own words, which are English.
    pub complaint: Option<String>,
    /// Messages that it published.
    pub sent: u64,
    /// Messages that it took.
    pub taken: u64,
}
