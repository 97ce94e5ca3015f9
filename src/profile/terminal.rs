//! The same in a terminal: command lines for Mosquitto's clients, safe to paste into a POSIX shell.

use std::borrow::Cow;

use super::names::Version;

/// One word of a command line. Quoted when a shell would see more in it than its characters.
pub fn quote(word: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%=,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        Cow::Borrowed(word)
    } else {
        Cow::Owned(format!("'{}'", word.replace('\'', r"'\''")))
    }
}

/// What Mosquitto's clients are told of a connection. They speak MQTT over TCP, so the port is not that of the WebSocket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options<'a> {
    /// Host name or number; an IPv6 number may have brackets.
    pub host: &'a str,
    /// `None`: theirs, 1883.
    pub tcp_port: Option<u16>,
    /// User name. The password is never written out: `…` stands for it.
    pub user_name: Option<&'a str>,
    /// `None`: theirs, 3.1.1.
    pub version: Option<Version>,
    /// The client identifier and, in MQTT 5, the seconds of a session that is to be kept. Only `mosquitto_sub` and not
    /// beside a page that is connected under the same identifier.
    pub keep_session: Option<(&'a str, Option<u32>)>,
    /// MQTT 5 only: properties of CONNECT by Mosquitto's names for them.
    pub connect_properties: Vec<(&'static str, String)>,
    /// MQTT 5 only: user properties of CONNECT.
    pub user_properties: &'a [(String, String)],
}

/// The options that `mosquitto_sub` and `mosquitto_pub` share.
pub fn broker_options(options: &Options) -> String {
    use std::fmt::Write;
    let host = options
        .host
        .strip_prefix('[')
        .and_then(|inner| inner.strip_suffix(']'))
        .unwrap_or(options.host);
    let mut out = format!("-h {}", quote(host));
    if let Some(port) = options.tcp_port.filter(|port| *port != 1883) {
        let _ = write!(out, " -p {port}");
    }
    match options.version {
        Some(Version::V5) => out.push_str(" -V mqttv5"),
        Some(Version::V31) => out.push_str(" -V mqttv31"),
        Some(Version::V311) | None => {}
    }
    if let Some(user_name) = options.user_name {
        let _ = write!(out, " -u {} -P …", quote(user_name));
    }
    let five = options.version == Some(Version::V5);
    if let Some((client_id, expiry)) = options.keep_session {
        let _ = write!(out, " -i {} -c", quote(client_id));
        if let Some(expiry) = expiry.filter(|_| five) {
            let _ = write!(out, " -x {expiry}");
        }
    }
    if five {
        for (name, value) in &options.connect_properties {
            let _ = write!(out, " -D connect {name} {}", quote(value));
        }
        for (name, value) in options.user_properties {
            let _ = write!(
                out,
                " -D connect user-property {} {}",
                quote(name),
                quote(value)
            );
        }
    }
    out
}

/// Properties of a PUBLISH of MQTT 5, by Mosquitto's names for them, for the end of a `mosquitto_pub` line.
pub fn publish_properties(
    properties: &[(&str, String)],
    user_properties: &[(String, String)],
) -> String {
    use std::fmt::Write;
    let mut out = String::new();
    for (name, value) in properties {
        let _ = write!(out, " -D publish {name} {}", quote(value));
    }
    for (name, value) in user_properties {
        let _ = write!(
            out,
            " -D publish user-property {} {}",
            quote(name),
            quote(value)
        );
    }
    out
}

/// The command that prints what these filters bring; everything when there is none.
pub fn mosquitto_sub(options: &str, filters: &[String]) -> String {
    let mut out = format!("mosquitto_sub {options}");
    if filters.is_empty() {
        out.push_str(" -t '#'");
    }
    for filter in filters {
        out.push_str(" -t ");
        out.push_str(&quote(filter));
    }
    out.push_str(" -v");
    out
}

/// Characters of a payload that are shown: it is one line to read, and the rest must stay in sight.
const PAYLOAD_SHOWN: usize = 60;

/// The command that publishes once. `None` for the payload stands for a file.
pub fn mosquitto_pub(
    options: &str,
    topic: &str,
    payload: Option<&str>,
    qos: u8,
    retain: bool,
) -> String {
    let mut out = format!("mosquitto_pub {options} -t {}", quote(topic));
    if qos > 0 {
        out.push_str(&format!(" -q {qos}"));
    }
    if retain {
        out.push_str(" -r");
    }
    match payload {
        Some("") => out.push_str(" -n"),
        Some(text) => {
            let short: String = text.chars().take(PAYLOAD_SHOWN).collect();
            out.push_str(" -m ");
            out.push_str(&quote(&short));
            if short.len() < text.len() {
                out.push('…');
            }
        }
        None => out.push_str(" -f FILE"),
    }
    out
}
