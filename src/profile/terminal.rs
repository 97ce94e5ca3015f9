//! The same in a terminal: command lines for Mosquitto's clients, safe to paste into a POSIX shell.

use std::borrow::Cow;

/// One word of a command line. Quoted when a shell would see more in it than its characters.
pub fn quote(word: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%=,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        Cow::Borrowed(word)
    } else {
        Cow::Owned(format!("'{}'", word.replace('\'', r"'\''")))
    }
}

/// Host, port and user of a `mosquitto_sub` or `mosquitto_pub`. Both speak MQTT over TCP, so the port is not that of
/// the WebSocket; `None` is theirs, 1883. The password is never written out: `…` stands for it.
pub fn broker_options(host: &str, tcp_port: Option<u16>, user_name: Option<&str>) -> String {
    use std::fmt::Write;
    let host = host
        .strip_prefix('[')
        .and_then(|inner| inner.strip_suffix(']'))
        .unwrap_or(host);
    let mut out = format!("-h {}", quote(host));
    if let Some(port) = tcp_port.filter(|port| *port != 1883) {
        let _ = write!(out, " -p {port}");
    }
    if let Some(user_name) = user_name {
        let _ = write!(out, " -u {} -P …", quote(user_name));
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
