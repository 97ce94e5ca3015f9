//! The brackets that an IPv6 number needs in an address, because it has colons of its own.

use std::net::Ipv6Addr;

/// From this port on, the last group of a number is rather a port, and so are those of HTTP.
const LIKELY_PORTS: u16 = 1_000;

/// A host that is an IPv6 number without brackets, with them. The last group may also be meant as a port: both ways, the
/// likeliest first. None: it is no such number.
pub(super) fn readings(authority: &str) -> Vec<String> {
    if authority.matches(':').count() < 2 {
        return Vec::new();
    }
    let is_number = |text: &str| text.parse::<Ipv6Addr>().is_ok();
    let whole = is_number(authority).then(|| format!("[{authority}]"));
    let port = authority.rsplit_once(':').and_then(|(number, port)| {
        let digits = port.bytes().all(|byte| byte.is_ascii_digit());
        let port = port.parse::<u16>().ok().filter(|port| *port != 0)?;
        (digits && is_number(number)).then_some((number, port))
    });
    let likely = port.is_some_and(|(_, port)| port >= LIKELY_PORTS || matches!(port, 80 | 443));
    let with_port = port.map(|(number, port)| format!("[{number}]:{port}"));
    let both = if likely {
        [with_port, whole]
    } else {
        [whole, with_port]
    };
    both.into_iter().flatten().collect()
}
