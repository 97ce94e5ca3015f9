//! The words of the devices in the tab, which are loaded with them, in every language, and are no part of the others.

use crate::devices::{Kind, NameFault, Refused, State};

/// See the file of each language.
pub struct DevicesWords {
    pub devices: &'static str,
    pub about: &'static str,
    pub starting: &'static str,
    /// They are not told of any more, or were not loaded.
    pub lost: &'static str,
    pub none: &'static str,
    pub kind: fn(Kind) -> &'static str,
    pub state: fn(State) -> &'static str,
    /// By its client identifier.
    pub taken_over: fn(&str) -> String,
    pub switch_on: &'static str,
    pub switch_off: &'static str,
    pub switch_off_hint: &'static str,
    pub unplug: &'static str,
    pub unplug_hint: &'static str,
    pub by_hand: fn(Kind) -> &'static str,
    pub details: &'static str,
    /// Client identifier and version.
    pub client: fn(&str, &str) -> String,
    pub publishes: &'static str,
    pub takes: &'static str,
    pub subscribe_to: fn(&str) -> String,
    pub write_to: fn(&str) -> String,
    pub retained: &'static str,
    pub will: &'static str,
    /// Messages published and taken.
    pub counted: fn(&str, &str) -> String,
    pub rhythm: &'static str,
    pub every: fn(&str) -> String,
    pub forgetful: &'static str,
    pub forgetful_hint: &'static str,
    pub topics_begin: &'static str,
    pub rename: &'static str,
    pub remove: &'static str,
    pub add: &'static str,
    pub template: &'static str,
    pub full: fn(&str) -> String,
    pub name_fault: fn(NameFault) -> &'static str,
    pub refused: fn(Refused) -> &'static str,
}
