//! What is said of an address while it is typed, and which ways out are offered.

use crate::profile::{
    address::{Address, AddressFault, Hint, Reading},
    terminal::quote,
};

/// What is said as an alert: faults, and ports that hardly work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remark {
    /// No WebSocket can be made of it.
    Fault(AddressFault),
    /// The port is that of MQTT over TCP.
    PlainPort {
        /// The same on a usual port.
        instead: String,
    },
    /// The port is that of MQTT over TLS.
    TlsPort {
        /// The same on a usual port.
        instead: String,
    },
}

/// What is said in passing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aside {
    /// An unencrypted broker in the local network, from a page that came over https.
    MixedContentOnLan,
    /// A broker in the local network, from a page from elsewhere.
    PrivateFromPublic,
    /// A name that not every device resolves.
    LocalName,
}

/// What is said as an alert of an address as it was read. `finished`: the field was left; `insist`: an empty field is wrong.
pub fn remark(read: Result<Address, AddressFault>, finished: bool, insist: bool) -> Option<Remark> {
    match read {
        Ok(address) => address.hints.into_iter().find_map(|hint| match hint {
            Hint::PlainMqttPort { instead } => Some(Remark::PlainPort { instead }),
            Hint::TlsMqttPort { instead } => Some(Remark::TlsPort { instead }),
            _ => None,
        }),
        Err(fault) => {
            let shown = match fault {
                // Nobody has to be told that an empty field is empty.
                AddressFault::Empty => insist,
                // More typing does not put these right.
                AddressFault::OtherScheme { .. }
                | AddressFault::Fragment { .. }
                | AddressFault::Credentials { .. } => true,
                _ => finished,
            };
            shown.then_some(Remark::Fault(fault))
        }
    }
}

/// What is said in passing of an address as it was read.
pub fn asides(read: &Result<Address, AddressFault>) -> Vec<Aside> {
    let hints = read.iter().flat_map(|address| &address.hints);
    hints
        .filter_map(|hint| match hint {
            Hint::MixedContentOnLan => Some(Aside::MixedContentOnLan),
            Hint::PrivateFromPublic => Some(Aside::PrivateFromPublic),
            Hint::LocalName => Some(Aside::LocalName),
            Hint::PlainMqttPort { .. } | Hint::TlsMqttPort { .. } => None,
        })
        .collect()
}

/// How the companion is started to be the way to a broker that no browser reaches, where that is what is wrong with what was
/// typed. Without credentials.
pub fn way_in(remark: &Remark, typed: &str) -> Option<String> {
    let scheme = match remark {
        Remark::PlainPort { .. } => "mqtt",
        Remark::TlsPort { .. } => "mqtts",
        Remark::Fault(AddressFault::OtherScheme { scheme, .. }) => match &scheme[..] {
            "mqtt" | "tcp" | "mqtt+tcp" => "mqtt",
            "mqtts" | "ssl" | "tls" | "mqtt+ssl" => "mqtts",
            _ => return None,
        },
        Remark::Fault(_) => return None,
    };
    let (_, rest) = typed.trim().split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let broker = authority.rsplit('@').next()?;
    let may_stand = |c: char| c.is_ascii_alphanumeric() || "-_.:[]".contains(c);
    let is_sound = !broker.is_empty() && broker.chars().all(may_stand);
    is_sound.then(|| format!("midge --broker {}", quote(&format!("{scheme}://{broker}"))))
}

impl Remark {
    /// The ways out, as addresses and perhaps credentials that go to their fields.
    pub fn ways(&self) -> Vec<Reading> {
        let instead = match self {
            Self::PlainPort { instead } | Self::TlsPort { instead } => Some(instead),
            Self::Fault(fault) => match fault {
                AddressFault::Credentials { readings } => return readings.clone(),
                AddressFault::NoScheme { instead }
                | AddressFault::OtherScheme { instead, .. }
                | AddressFault::Space { instead } => instead.as_ref(),
                AddressFault::Fragment { instead } | AddressFault::MixedContent { instead } => {
                    Some(instead)
                }
                AddressFault::NoBrackets { instead } => {
                    return instead.iter().cloned().map(plain).collect();
                }
                AddressFault::Empty
                | AddressFault::NoHost
                | AddressFault::BadHost
                | AddressFault::BadPort => None,
            },
        };
        instead.cloned().map(plain).into_iter().collect()
    }
}

fn plain(address: String) -> Reading {
    Reading {
        address,
        credentials: None,
    }
}
