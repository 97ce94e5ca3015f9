//! Checks the address of a broker while it is typed, without a connection.
//!
//! It reads scheme, host, port and path, to say what is wrong and to give hints. It is not a full URL parser: the browser
//! has one, which decides when the socket is created, and a second one would need large tables.

mod brackets;
mod credentials;
mod place;

use std::net::Ipv6Addr;

pub use place::{Page, Reach, reach_of};

/// The address of the broker that lives in this browser: that of `link`.
const TAB: &str = "tab:";

/// An address that can be used for a WebSocket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// `wss` rather than `ws`.
    pub secure: bool,
    /// Host name or number, in lower case; an IPv6 number keeps its brackets.
    pub host: String,
    /// The port, if the address has one.
    pub port: Option<u16>,
    /// Path and query, `/` at the least.
    pub path: String,
    /// Where the host is.
    pub reach: Reach,
    /// What may be wrong.
    pub hints: Vec<Hint>,
}

impl Address {
    /// The port in use: 80 or 443 if the address has none.
    pub fn effective_port(&self) -> u16 {
        self.port.unwrap_or(if self.secure { 443 } else { 80 })
    }

    /// `ws` or `wss`.
    pub fn scheme(&self) -> &'static str {
        if self.reach == Reach::Tab {
            return "tab";
        }
        if self.secure { "wss" } else { "ws" }
    }

    /// `host` or `host:port`.
    pub fn authority(&self) -> String {
        self.port
            .map_or_else(|| self.host.clone(), |port| format!("{}:{port}", self.host))
    }

    /// The same address with another host, as a phone needs it for what this machine calls `localhost`.
    pub fn on_host(&self, host: &str) -> String {
        Self {
            host: host.to_owned(),
            ..self.clone()
        }
        .written()
    }

    fn written(&self) -> String {
        if self.reach == Reach::Tab {
            return TAB.to_owned();
        }
        let path = if self.path == "/" { "" } else { &self.path };
        format!("{}://{}{path}", self.scheme(), self.authority())
    }

    fn on_port(&self, port: u16) -> String {
        Self {
            port: Some(port),
            ..self.clone()
        }
        .written()
    }
}

/// What may be wrong with a valid address. It can be tried all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hint {
    /// 1883 is normally MQTT over TCP, which no browser can speak.
    PlainMqttPort {
        /// The same address with the port that Mosquitto's documentation uses for WebSocket.
        instead: String,
    },
    /// 8883 is normally MQTT over TLS, which no browser can speak.
    TlsMqttPort {
        /// The same address with the usual port for WebSocket over TLS.
        instead: String,
    },
    /// The page was loaded by https, and the broker is in the local network and unencrypted. Some browsers ask for
    /// permission, others refuse.
    MixedContentOnLan,
    /// The page is from the internet, and the broker is in the local network. The browser may ask for permission.
    PrivateFromPublic,
    /// A `.local` name: not every device resolves it.
    LocalName,
}

/// Why an address cannot be used for a WebSocket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AddressFault {
    /// Nothing was typed.
    Empty,
    /// There is no scheme.
    NoScheme {
        /// The address with a scheme.
        instead: Option<String>,
    },
    /// Another scheme than `ws` and `wss`.
    OtherScheme {
        /// The scheme, in lower case.
        scheme: String,
        /// The address that was probably meant.
        instead: Option<String>,
    },
    /// There is no host.
    NoHost,
    /// The host has a character that is not allowed there, or brackets around something other than an IPv6 number.
    BadHost,
    /// The port is not a number from 1 to 65,535.
    BadPort,
    /// There is a space or a control character inside.
    Space {
        /// The address without.
        instead: Option<String>,
    },
    /// There is a fragment, which a WebSocket address must not have.
    Fragment {
        /// The address without.
        instead: String,
    },
    /// The address contains a user name or a password. MQTT has fields of its own for them.
    Credentials {
        /// How it may be meant, most likely first; at least one.
        readings: Vec<Reading>,
    },
    /// An IPv6 number without the brackets that it needs here.
    NoBrackets {
        /// The address with brackets, most likely first; at least one. The last group of the number may be meant as a port.
        instead: Vec<String>,
    },
    /// The page was loaded by https, so the browser does not open an unencrypted address.
    MixedContent {
        /// The same address with TLS.
        instead: String,
    },
}

/// One possible meaning of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The address, without user name and password.
    pub address: String,
    /// User name and password, decoded. Never show the password. `None`: there are none.
    pub credentials: Option<(String, String)>,
}

/// Reads an address as it is typed, for a page that was loaded from `page`.
pub fn examine(address: &str, page: Page) -> Result<Address, AddressFault> {
    let address = address.trim();
    if address.is_empty() {
        return Err(AddressFault::Empty);
    }
    // This comes first, because a password may contain anything that the checks below look for.
    let readings = credentials::readings(address, page);
    if !readings.is_empty() {
        return Err(AddressFault::Credentials { readings });
    }
    if address.contains(|c: char| c.is_whitespace() || c.is_control()) {
        let without: String = address
            .chars()
            .filter(|c| !c.is_whitespace() && !c.is_control())
            .collect();
        return Err(AddressFault::Space {
            instead: sound(without, page),
        });
    }
    if address.eq_ignore_ascii_case(TAB) {
        return Ok(Address {
            secure: false,
            host: "tab".to_owned(),
            port: None,
            path: "/".to_owned(),
            reach: Reach::Tab,
            hints: Vec::new(),
        });
    }
    let Some((scheme, rest)) = address.split_once("://") else {
        return Err(AddressFault::NoScheme {
            instead: with_scheme(address, page),
        });
    };
    let scheme = scheme.to_ascii_lowercase();
    let secure = match scheme.as_str() {
        "ws" => false,
        "wss" => true,
        _ => {
            let instead = match scheme.as_str() {
                "mqtt" | "tcp" | "mqtt+tcp" => from_tcp(rest, false, page),
                "mqtts" | "ssl" | "tls" | "mqtt+ssl" => from_tcp(rest, true, page),
                "http" => sound(format!("ws://{rest}"), page),
                "https" => sound(format!("wss://{rest}"), page),
                _ => None,
            };
            return Err(AddressFault::OtherScheme { scheme, instead });
        }
    };
    let mut parsed = split(secure, rest)?;
    if parsed.reach == Reach::Elsewhere && !secure && page.secure() {
        let mut instead = Address {
            secure: true,
            ..parsed.clone()
        };
        // The usual ports for ws:// are unlikely to accept wss://.
        instead.port = instead
            .port
            .filter(|port| !matches!(port, 80 | 1883 | 8080 | 9001));
        return Err(AddressFault::MixedContent {
            instead: instead.written(),
        });
    }
    parsed.hints = hints(&parsed, page);
    Ok(parsed)
}

/// All these addresses are known ones. Capitals, a default port and a final slash make no difference, but another path or
/// query may be another broker.
pub fn all_among(addresses: &[String], known: &[String], page: Page) -> bool {
    let known: Vec<String> = known.iter().map(|one| plainly(one, page)).collect();
    addresses
        .iter()
        .all(|one| known.contains(&plainly(one, page)))
}

/// The normal form of an address. Invalid ones stay as they are.
fn plainly(address: &str, page: Page) -> String {
    match examine(address, page) {
        Ok(address) => address.on_port(address.effective_port()),
        Err(_) => address.trim().to_owned(),
    }
}

fn split(secure: bool, rest: &str) -> Result<Address, AddressFault> {
    let scheme = if secure { "wss" } else { "ws" };
    if let Some((before, _)) = rest.split_once('#') {
        return Err(AddressFault::Fragment {
            instead: format!("{scheme}://{before}"),
        });
    }
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let bracketed = brackets::readings(authority);
    if !bracketed.is_empty() {
        return Err(AddressFault::NoBrackets {
            instead: bracketed
                .iter()
                .map(|authority| format!("{scheme}://{authority}{path}"))
                .collect(),
        });
    }
    let (host, port) = split_port(authority)?;
    if host.is_empty() {
        return Err(AddressFault::NoHost);
    }
    let number = host
        .strip_prefix('[')
        .and_then(|inner| inner.strip_suffix(']'));
    let sound = match number {
        Some(number) => number.parse::<Ipv6Addr>().is_ok(),
        None => !host.contains(|c: char| "<>\"'^`{|}\\%[]:,;!$&()*=+~@".contains(c)),
    };
    if !sound {
        return Err(AddressFault::BadHost);
    }
    let path = match path.chars().next() {
        None => "/".to_owned(),
        Some('?') => format!("/{path}"),
        Some(_) => path.to_owned(),
    };
    // The browser converts other letters to ASCII.
    let host = host.to_ascii_lowercase();
    Ok(Address {
        secure,
        reach: reach_of(&host),
        host,
        port,
        path,
        hints: Vec::new(),
    })
}

fn split_port(authority: &str) -> Result<(&str, Option<u16>), AddressFault> {
    if authority.starts_with('[') && !authority.contains(']') {
        return Err(AddressFault::BadHost);
    }
    let after_brackets = authority.rfind(']').map_or(0, |at| at + 1);
    let (_, tail) = authority.split_at(after_brackets);
    let Some(colon) = tail.find(':') else {
        return Ok((authority, None));
    };
    let (host, port) = authority.split_at(after_brackets + colon);
    match port.get(1..).unwrap_or_default() {
        "" => Ok((host, None)),
        digits if digits.bytes().all(|b| b.is_ascii_digit()) => match digits.parse() {
            Ok(port) if port != 0 => Ok((host, Some(port))),
            _ => Err(AddressFault::BadPort),
        },
        _ => Err(AddressFault::BadPort),
    }
}

fn hints(address: &Address, page: Page) -> Vec<Hint> {
    let mut hints = Vec::new();
    match address.port {
        Some(1883) => hints.push(Hint::PlainMqttPort {
            instead: address.on_port(if address.secure { 8084 } else { 9001 }),
        }),
        Some(8883) => {
            let instead = Address {
                secure: true,
                ..address.clone()
            }
            .on_port(8084);
            hints.push(Hint::TlsMqttPort { instead });
        }
        _ => {}
    }
    let local = matches!(address.reach, Reach::Private | Reach::LocalName);
    if local && !address.secure && page.secure() {
        hints.push(Hint::MixedContentOnLan);
    } else if local && !page.host.is_empty() && reach_of(page.host) == Reach::Elsewhere {
        hints.push(Hint::PrivateFromPublic);
    }
    if address.reach == Reach::LocalName {
        hints.push(Hint::LocalName);
    }
    hints
}

/// Returns the address only if it is valid.
fn sound(address: String, page: Page) -> Option<String> {
    match examine(&address, page) {
        Ok(_) => Some(address),
        // The user is then offered the next correction.
        Err(AddressFault::Fragment { .. } | AddressFault::Credentials { .. }) => Some(address),
        Err(AddressFault::NoBrackets { instead }) => sound(instead.into_iter().next()?, page),
        Err(AddressFault::MixedContent { instead }) => Some(instead),
        Err(_) => None,
    }
}

fn with_scheme(address: &str, page: Page) -> Option<String> {
    let scheme = if page.secure() { "wss" } else { "ws" };
    // Only a path, such as `/mqtt`: it is meant on the host of the page.
    if address.starts_with('/') && !address.starts_with("//") {
        return if page.host.is_empty() {
            None
        } else {
            sound(format!("{scheme}://{}{address}", page.host), page)
        };
    }
    let rest = address.trim_start_matches('/');
    let rest = rest
        .strip_prefix("ws:")
        .or_else(|| rest.strip_prefix("wss:"))
        .unwrap_or(rest)
        .trim_start_matches('/');
    if rest.is_empty() {
        return None;
    }
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let reach = match brackets::readings(authority).first() {
        Some(number) => reach_of(number),
        None => reach_of(authority),
    };
    let scheme = if reach == Reach::Loopback && !address.starts_with("wss:") {
        "ws"
    } else {
        scheme
    };
    from_tcp(rest, scheme == "wss" || address.starts_with("wss:"), page)
}

/// The WebSocket address for an address that may have a port of plain MQTT.
fn from_tcp(rest: &str, secure: bool, page: Page) -> Option<String> {
    let address = sound(
        format!("{}://{rest}", if secure { "wss" } else { "ws" }),
        page,
    )?;
    let Ok(parsed) = examine(&address, page) else {
        return Some(address);
    };
    Some(match (parsed.port, parsed.secure) {
        (Some(1883) | None, false) => parsed.on_port(9001),
        (Some(1883 | 8883) | None, true) => parsed.on_port(8084),
        (Some(8883), false) => Address {
            secure: true,
            ..parsed
        }
        .on_port(8084),
        _ => address,
    })
}
