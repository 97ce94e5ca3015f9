//! Options of Mosquitto's clients for a connection.

use std::fmt::Write;

use super::{
    line::{NoLine, Note, Part},
    shell::{quote, text},
};
use crate::protocol::Version;

/// How the port for plain MQTT is known. The page's own address is for WebSocket, which Mosquitto's clients do not speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Port {
    /// The host that served the page says so.
    Known(u16),
    /// Assumed: 1883.
    Usual,
    /// Assumed: 8883 with TLS.
    UsualTls,
}

/// A connection for Mosquitto's clients. It has no will, because a second client would publish that twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broker<'a> {
    /// Host name or number; an IPv6 number may have brackets.
    pub host: &'a str,
    /// The port.
    pub port: Port,
    /// User name.
    pub user_name: Option<&'a str>,
    /// There is a password. It is not in the line.
    pub password: bool,
    /// `None`: the default of Mosquitto's clients, 3.1.1.
    pub version: Option<Version>,
    /// If the session is kept: the client identifier and, in MQTT 5, the session expiry interval. Only for `mosquitto_sub`,
    /// and with another identifier than that of a connected page.
    pub keep_session: Option<(&'a str, Option<u32>)>,
    /// MQTT 5 only: properties of CONNECT, by Mosquitto's names.
    pub connect_properties: Vec<(&'static str, u32)>,
    /// MQTT 5 only: user properties of CONNECT.
    pub user_properties: &'a [(String, String)],
}

impl Broker<'_> {
    /// The options that `mosquitto_sub` and `mosquitto_pub` share.
    pub(super) fn options(&self, notes: &mut Vec<Note>) -> Result<String, NoLine> {
        let host = self
            .host
            .strip_prefix('[')
            .and_then(|inner| inner.strip_suffix(']'))
            .unwrap_or(self.host);
        let (port, tls) = match self.port {
            Port::Known(port) => (port, false),
            Port::Usual => (1883, false),
            Port::UsualTls => (8883, true),
        };
        if !matches!(self.port, Port::Known(_)) {
            notes.push(Note::GuessedPort(port));
        }
        let mut out = format!("-h {} -p {port}", quote(host));
        if tls {
            out.push_str(" --tls-use-os-certs");
        }
        match self.version {
            Some(Version::V5) => out.push_str(" -V mqttv5"),
            Some(Version::V311) => out.push_str(" -V mqttv311"),
            Some(Version::V31) => out.push_str(" -V mqttv31"),
            None => {}
        }
        match self.user_name {
            Some(name) => {
                let _ = write!(out, " -u {}", text(name, Part::UserName)?);
            }
            None if self.password => return Err(NoLine::PasswordAlone),
            None => {}
        }
        if self.password {
            out.push_str(r#" -P "$MQTT_PASSWORD""#);
            notes.push(Note::Password);
        }
        if self.version == Some(Version::V5) {
            for (name, value) in &self.connect_properties {
                let _ = write!(out, " -D connect {name} {value}");
            }
            user_properties("connect", self.user_properties, &mut out)?;
        }
        Ok(out)
    }

    /// The options that keep a session, for the command of this number.
    pub(super) fn session(&self, number: usize) -> Result<String, NoLine> {
        let Some((client_id, expiry)) = self.keep_session else {
            return Ok(String::new());
        };
        // With the same identifier, the broker would disconnect the page.
        let mut ending = "-terminal".to_owned();
        if number > 0 {
            let _ = write!(ending, "-{}", number + 1);
        }
        // In MQTT 3.1 it may have 23 characters.
        let most = match self.version {
            Some(Version::V31) => 23usize.saturating_sub(ending.len()),
            _ => usize::MAX,
        };
        let start: String = client_id.chars().take(most).collect();
        let id = start + &ending;
        let mut out = format!(" -i {} -c", text(&id, Part::ClientId)?);
        if let Some(expiry) = expiry.filter(|_| self.version == Some(Version::V5)) {
            let _ = write!(out, " -x {expiry}");
        }
        Ok(out)
    }
}

/// User properties of a packet, by Mosquitto's name of the packet.
pub(super) fn user_properties(
    packet: &str,
    properties: &[(String, String)],
    out: &mut String,
) -> Result<(), NoLine> {
    for (name, value) in properties {
        let name = text(name, Part::UserProperty)?;
        let value = text(value, Part::UserProperty)?;
        let _ = write!(out, " -D {packet} user-property {name} {value}");
    }
    Ok(())
}
