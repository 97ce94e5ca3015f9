//! English: the devices in the tab.

use super::devices::DevicesWords;
use crate::devices::{Kind, NameFault, Refused, State};

pub static DEVICES: DevicesWords = DevicesWords {
    devices: "Devices",
    about: "Small clients of this broker. Subscribe to # to see all that they say.",
    starting: "The devices are starting…",
    lost: "The devices do not answer.",
    none: "There are no devices. Add one below.",
    kind: |kind| match kind {
        Kind::Thermometer => "Thermometer",
        Kind::Lamp => "Lamp",
        Kind::Door => "Door",
        Kind::Humidity => "Humidity sensor",
        Kind::Motion => "Motion sensor",
        Kind::Button => "Button",
        Kind::Power => "Power meter",
        Kind::Tracker => "GPS tracker",
    },
    state: |state| match state {
        State::Off => "Switched off",
        State::Unplugged => "Unplugged",
        State::Connecting => "Connecting…",
        State::Connected => "Connected",
        State::TakenOver => "Pushed out",
        State::Refused => "Refused by the broker",
    },
    taken_over: |client_id| {
        format!(
            "Another client connected as {client_id}. Switch this one on to take the place back."
        )
    },
    switch_on: "Switch on",
    switch_off: "Switch off",
    switch_off_hint: "It says goodbye with DISCONNECT: no will.",
    unplug: "Unplug",
    unplug_hint: "Its connection breaks without a word: the broker publishes its will, if it left one.",
    by_hand: |kind| match kind {
        Kind::Lamp => "Press its switch",
        Kind::Door => "Open or close",
        Kind::Motion => "Wave at it",
        _ => "Press it",
    },
    details: "Details",
    client: |client_id, version| format!("Client {client_id}, {version}"),
    publishes: "Publishes to",
    takes: "Takes commands at",
    subscribe_to: |topic| format!("Subscribe to {topic}"),
    write_to: |topic| format!("Write a command to {topic}"),
    retained: "retained",
    will: "will",
    counted: |sent, taken| format!("Published {sent} · taken {taken}"),
    rhythm: "Rhythm",
    every: |time| format!("every {time}"),
    forgetful: "Forgetful",
    forgetful_hint: "Its session ends with its connection: what came for it while it was away is lost.",
    topics_begin: "Its topics begin with",
    rename: "Rename",
    remove: "Remove",
    add: "Add a device",
    template: "Kind of device",
    full: |most| format!("There is room for {most} devices. Remove one to add another."),
    name_fault: |fault| match fault {
        NameFault::Empty => "Give its topics a beginning, such as home/lamp.",
        NameFault::Long => "This is too long: 200 bytes are allowed.",
        NameFault::Wildcard => {
            "A device publishes to single topics, so + and # are not allowed here."
        }
        NameFault::Nul => "The character U+0000 is not allowed in a topic.",
        NameFault::Dollar => "Topics that begin with $ are the broker’s own.",
        NameFault::EmptyLevel => {
            "Leave out slashes at the ends and double ones: they make empty levels."
        }
    },
    refused: |why| match why {
        Refused::Full => "There is no room for another device.",
        Refused::Gone => "This device has been removed, perhaps in another tab.",
        Refused::Name(_) => "Topics cannot begin so.",
        Refused::Taken => "Another device has these topics.",
        Refused::Rhythm => "This device does not take that rhythm.",
        Refused::Hand => "Switch it on first.",
    },
};
