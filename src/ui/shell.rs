//! The same in a terminal: what the page does, as mosquitto_pub would.

/// Quotes a word for a POSIX shell.
pub fn quote(word: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "/._-:@%+=,".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

/// The host of a WebSocket address.
pub fn host(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if let Some(end) = authority
        .strip_prefix('[')
        .and_then(|inner| inner.find(']'))
    {
        return authority.get(1..=end).unwrap_or_default();
    }
    authority.split(':').next().unwrap_or_default()
}

/// A `mosquitto_pub` call; `None` for the payload stands for a file.
pub fn publish_line(
    address: &str,
    topic: &str,
    payload: Option<&str>,
    qos: u8,
    retain: bool,
) -> String {
    let host = match host(address) {
        "" => "localhost",
        host => host,
    };
    let mut line = format!("mosquitto_pub -h {} -t {}", quote(host), quote(topic));
    if qos > 0 {
        line.push_str(&format!(" -q {qos}"));
    }
    if retain {
        line.push_str(" -r");
    }
    match payload {
        Some("") => line.push_str(" -n"),
        Some(text) => {
            // It is one line to read; a long payload would push the rest away.
            let short: String = text.chars().take(60).collect();
            let more = if short.len() < text.len() { "…" } else { "" };
            line.push_str(&format!(" -m {}{more}", quote(&short)));
        }
        None => line.push_str(" -f FILE"),
    }
    line
}
