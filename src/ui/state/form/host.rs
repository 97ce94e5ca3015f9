//! What the page can tell of itself: where it came from, what addresses mean there, and what its host says.

use serde::Deserialize;

use crate::{
    browser::location,
    profile::address::{self, Address, AddressFault, Page},
};

/// Reads an address for this page.
pub fn examine(address: &str) -> Result<Address, AddressFault> {
    for_this_page(|page| address::examine(address, page))
}

/// Calls this with where the page came from.
pub fn for_this_page<T>(read: impl FnOnce(Page) -> T) -> T {
    let (scheme, host) = (location::scheme(), location::host());
    read(Page {
        scheme: &scheme,
        host: &host,
    })
}

/// Reads an address as [`examine`] does, and then lets the browser read it.
pub fn examine_fully(typed: &str) -> Result<Address, AddressFault> {
    let examined = examine(typed)?;
    match location::absolute(typed.trim()) {
        Some(_) => Ok(examined),
        None => Err(AddressFault::BadHost),
    }
}

/// What the host that served the page says of itself in `midge.json`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct HostInfo {
    /// Path of its broker's WebSocket.
    pub mqtt: String,
    /// The page's address in the local network, if other machines may come.
    pub lan: Option<String>,
    /// It publishes demo topics.
    #[serde(default)]
    pub demo: bool,
    /// Port of its broker for plain MQTT, if it is open.
    pub tcp: Option<u16>,
    /// Path of what its broker tells of its inside, if it does.
    #[serde(default)]
    pub inside: Option<String>,
    /// Brokers of elsewhere that are reached through it.
    #[serde(default)]
    pub brokers: Vec<Elsewhere>,
}

/// A broker of elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Elsewhere {
    /// Its name on the host's command line.
    pub name: String,
    /// Path by which it is reached.
    pub path: String,
}

impl HostInfo {
    /// Reads `midge.json`. `None`: it is something else, such as the page that some servers give for every path.
    pub fn read(text: &str) -> Option<Self> {
        let info: Self = serde_json::from_str(text).ok()?;
        info.mqtt.starts_with('/').then_some(info)
    }

    /// Address of the host's broker, for this page.
    pub fn address(&self) -> Option<String> {
        host_address(&self.mqtt)
    }

    /// What is offered first. Who names a broker to the host wants to see that one, unless the host's own has something to show.
    pub fn offer(&self) -> Option<String> {
        match self.brokers.first() {
            Some(first) if !self.demo => host_address(&first.path),
            _ => self.address(),
        }
    }
}

/// Where the host that served the page has its broker, if there is a host.
pub fn own_address() -> Option<String> {
    host_address("/mqtt")
}

/// The address of a path of the page's own host; `None` for a page from a file.
pub fn host_address(path: &str) -> Option<String> {
    let host = location::host();
    let scheme = match location::scheme().as_str() {
        "http:" => "ws",
        "https:" => "wss",
        _ => return None,
    };
    (!host.is_empty() && path.starts_with('/')).then(|| format!("{scheme}://{host}{path}"))
}
