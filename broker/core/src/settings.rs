//! How the broker behaves, beside its [`Limits`].

use crate::limits::Limits;

/// How the broker behaves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// What it holds at the most.
    pub limits: Limits,
    /// The longest keep alive in seconds: clients of MQTT 5 that ask for more, or for none, are given this (server keep
    /// alive, MQTT 5 section 3.2.2.3.14). `None`: whatever they ask for.
    pub longest_keep_alive: Option<u16>,
    /// Response information for clients that ask for it (MQTT 5 section 3.2.2.3.15).
    pub response_information: Option<String>,
    /// Seconds between two publications of `$SYS`; 0 is never.
    pub sys_interval: u32,
    /// What `$SYS/broker/version` says.
    pub version: String,
    /// Say with [`crate::Output::Store`] what must outlive the broker. `false`: it keeps everything in memory only.
    pub stores: bool,
}
