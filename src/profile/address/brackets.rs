//! Adds the brackets that an IPv6 number needs in an address.

use std::net::Ipv6Addr;

/// A last group that is a decimal number from here on, or 80 or 443, is more likely meant as a port.
const LIKELY_PORTS: u16 = 1_000;

/// Adds brackets to a host that is an IPv6 number. The last group may be meant as a port, so there may be two results, most
/// likely first. Empty: it is not such a number.
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
