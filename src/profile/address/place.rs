//! Where a page was loaded from, and where a host is, as far as its name tells.

use std::net::{Ipv4Addr, Ipv6Addr};

/// Where the page was loaded from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page<'a> {
    /// With or without its colon: `https:`.
    pub scheme: &'a str,
    /// Host, with or without a port; empty for a file.
    pub host: &'a str,
}

impl Page<'_> {
    pub(super) fn secure(&self) -> bool {
        self.scheme
            .trim_end_matches(':')
            .eq_ignore_ascii_case("https")
    }
}

/// Where a host is, as far as its name tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// This browser: the broker in it.
    Tab,
    /// This machine.
    Loopback,
    /// A number of a private network.
    Private,
    /// A name that ends in `.local`, which the local network itself resolves.
    LocalName,
    /// Anything else.
    Elsewhere,
}

/// Where a host is. It may be followed by a port.
pub fn reach_of(host: &str) -> Reach {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None if host.matches(':').count() == 1 => host.split(':').next().unwrap_or_default(),
        None => host,
    };
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    if let Ok(number) = name.parse::<Ipv4Addr>() {
        return reach_of_number(number);
    }
    if let Ok(number) = name.parse::<Ipv6Addr>() {
        if let Some(mapped) = number.to_ipv4_mapped() {
            return reach_of_number(mapped);
        }
        return match number.segments() {
            _ if number.is_loopback() => Reach::Loopback,
            // fc00::/7 and fe80::/10
            [first, ..] if first & 0xfe00 == 0xfc00 || first & 0xffc0 == 0xfe80 => Reach::Private,
            _ => Reach::Elsewhere,
        };
    }
    match name.as_str() {
        "localhost" => Reach::Loopback,
        _ if name.ends_with(".localhost") => Reach::Loopback,
        _ if name.ends_with(".local") => Reach::LocalName,
        _ => Reach::Elsewhere,
    }
}

fn reach_of_number(number: Ipv4Addr) -> Reach {
    if number.is_loopback() {
        Reach::Loopback
    } else if number.is_private() || number.is_link_local() {
        Reach::Private
    } else {
        Reach::Elsewhere
    }
}
