//! A broker that is named on the command line, `[NAME=]SCHEME://HOST[:PORT][/PATH]`, to which pages find a way through here.

use std::str::FromStr;

use midge::protocol::WAY_IN;

/// The longest name: it is shown, and stands in an address.
const LONGEST_NAME: usize = 64;

/// How a broker is spoken to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Speech {
    /// MQTT as it is.
    Plain,
    /// In frames of WebSocket, at this path.
    WebSocket(String),
}

/// Where a broker is, and by which name pages ask for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upstream {
    /// Letters, digits, `.`, `-` and `_`.
    pub name: String,
    /// A name or an address, without brackets.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Whether over TLS.
    pub is_tls: bool,
    /// With frames or without.
    pub speech: Speech,
}

impl Upstream {
    /// Its path here.
    pub fn path(&self) -> String {
        format!("{WAY_IN}{}", self.name)
    }

    /// Host and port as they stand in an address.
    pub fn authority(&self) -> String {
        match self.host.contains(':') {
            true => format!("[{}]:{}", self.host, self.port),
            false => format!("{}:{}", self.host, self.port),
        }
    }

    /// Its address, as one would type it.
    pub fn address(&self) -> String {
        let (scheme, path) = match (&self.speech, self.is_tls) {
            (Speech::Plain, false) => ("mqtt", ""),
            (Speech::Plain, true) => ("mqtts", ""),
            (Speech::WebSocket(path), false) => ("ws", &path[..]),
            (Speech::WebSocket(path), true) => ("wss", &path[..]),
        };
        format!("{scheme}://{}{path}", self.authority())
    }
}

impl FromStr for Upstream {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Upstream, Self::Err> {
        const HOW: &str = "a broker is written like mqtt://192.168.1.5, mqtts://broker.local:8883 or \
                           lab=wss://broker.local/mqtt";
        let (before, rest) = text.split_once("://").ok_or(HOW)?;
        let (name, scheme) = match before.rsplit_once('=') {
            Some((name, scheme)) => (Some(name), scheme),
            None => (None, before),
        };
        let (is_tls, is_websocket, port) = match &scheme.to_ascii_lowercase()[..] {
            "mqtt" => (false, false, 1883),
            "mqtts" => (true, false, 8883),
            "ws" => (false, true, 80),
            "wss" => (true, true, 443),
            _ => return Err(HOW),
        };
        let (authority, path) = match rest.find('/') {
            Some(at) => rest.split_at(at),
            None => (rest, ""),
        };
        if authority.contains('@') {
            return Err("name and password are typed in the page, not in a broker's address");
        }
        let (host, port) = host_and_port(authority, port).ok_or(HOW)?;
        let is_printable = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic());
        if host.is_empty() || !host.bytes().all(may_be_in_a_host) || !is_printable(path) {
            return Err(HOW);
        }
        let speech = match (is_websocket, path) {
            (false, "" | "/") => Speech::Plain,
            (false, _) => return Err("only ws:// and wss:// have a path"),
            (true, _) if path.contains('#') => return Err(HOW),
            (true, "") => Speech::WebSocket("/".to_owned()),
            (true, path) => Speech::WebSocket(path.to_owned()),
        };
        let name = match name {
            Some(name) => name.to_owned(),
            None => host.replace([':', '%'], "-"),
        };
        if !is_name(&name) {
            return Err("a broker's name has 1 to 64 letters, digits, dots, - and _");
        }
        Ok(Upstream {
            name,
            host: host.to_owned(),
            port,
            is_tls,
            speech,
        })
    }
}

fn is_name(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    (1..=LONGEST_NAME).contains(&name.len())
        && name.bytes().all(is_plain)
        // A browser takes these out of a path.
        && !matches!(name, "." | "..")
}

fn may_be_in_a_host(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b':' | b'%')
}

fn host_and_port(authority: &str, usual: u16) -> Option<(&str, u16)> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (host, behind) = rest.split_once(']')?;
            (
                host,
                behind.strip_prefix(':').or(behind.is_empty().then_some("")),
            )
        }
        None => match authority.split_once(':') {
            Some((_, port)) if port.contains(':') => return None,
            Some((host, port)) => (host, Some(port)),
            None => (authority, Some("")),
        },
    };
    match port? {
        "" => Some((host, usual)),
        port => Some((host, port.parse().ok().filter(|port| *port > 0)?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_and_said_again() {
        for (typed, name, said) in [
            (
                "mqtt://192.168.1.5",
                "192.168.1.5",
                "mqtt://192.168.1.5:1883",
            ),
            (
                "lab=mqtts://broker.local/",
                "lab",
                "mqtts://broker.local:8883",
            ),
            ("MQTT://pi:1884", "pi", "mqtt://pi:1884"),
            ("ws://pi:9001", "pi", "ws://pi:9001/"),
            (
                "a-b=wss://h.example/mqtt?x=1",
                "a-b",
                "wss://h.example:443/mqtt?x=1",
            ),
            ("mqtt://[fe80::1]", "fe80--1", "mqtt://[fe80::1]:1883"),
            ("six=mqtt://[::1]:1", "six", "mqtt://[::1]:1"),
        ] {
            let upstream: Upstream = typed.parse().unwrap();
            assert_eq!((&upstream.name[..], &upstream.address()[..]), (name, said));
        }
    }

    #[test]
    fn what_is_no_address_of_a_broker_is_told() {
        for wrong in [
            "",
            "pi",
            "pi:1883",
            "http://pi",
            "mqtt://",
            "mqtt://:1883",
            "mqtt://pi:0",
            "mqtt://pi:65536",
            "mqtt://pi:1:2",
            "mqtt://[::1",
            "mqtt://[::1]x",
            "mqtt://chen:tea@pi",
            "mqtt://pi/mqtt",
            "mqtt://p i",
            "ws://pi/a\r\nHost:x",
            "ws://pi/a b",
            "ws://pi/#a",
            "=mqtt://pi",
            "a/b=mqtt://pi",
            "..=mqtt://pi",
            "a%2f=mqtt://pi",
        ] {
            assert!(wrong.parse::<Upstream>().is_err(), "{wrong}");
        }
    }
}
