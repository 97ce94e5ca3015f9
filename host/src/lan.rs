//! This machine's address in its network, and a QR code of an address for the terminal.

use std::net::{IpAddr, Ipv4Addr};

use qrcodegen::{QrCode, QrCodeEcc};

/// Interfaces of virtual machines, containers and tunnels: phones do not reach them.
const VIRTUAL: [&str; 10] = [
    "docker", "br-", "veth", "virbr", "vmnet", "vboxnet", "tun", "tap", "wg", "utun",
];

/// The quiet zone around a QR code in modules. The standard asks for 4; 2 is read everywhere.
const QUIET: i32 = 2;

/// The IPv4 address by which other machines most likely reach this one.
pub fn address() -> Option<Ipv4Addr> {
    let interfaces = if_addrs::get_if_addrs().ok()?;
    likeliest(
        interfaces
            .iter()
            .filter_map(|interface| match interface.ip() {
                IpAddr::V4(address) => Some((interface.name.as_str(), address)),
                IpAddr::V6(_) => None,
            }),
    )
}

/// Names by which other machines may call this one: as it calls itself, and by mDNS.
pub fn names() -> Vec<String> {
    match gethostname::gethostname().into_string() {
        Ok(name) if !name.is_empty() => {
            let short = name.split('.').next().unwrap_or(&name);
            vec![format!("{short}.local"), short.to_owned(), name.clone()]
        }
        _ => Vec::new(),
    }
}

fn likeliest<'a>(interfaces: impl Iterator<Item = (&'a str, Ipv4Addr)>) -> Option<Ipv4Addr> {
    interfaces
        .filter(|(_, address)| !address.is_loopback() && !address.is_unspecified())
        // The first of the best: interfaces come in the order of the system.
        .min_by_key(|(name, address)| {
            let is_virtual = VIRTUAL.iter().any(|prefix| name.starts_with(prefix));
            let kind = match address.octets() {
                [192, 168, ..] => 0,
                [10, ..] => 1,
                [172, second, ..] if (16..32).contains(&second) => 2,
                [169, 254, ..] => 4,
                _ => 3,
            };
            (is_virtual, kind)
        })
        .map(|(_, address)| address)
}

/// A QR code of `text` in lines of half blocks, two rows of modules to a line. Light modules are
/// drawn: it is right on a dark ground. `None` if the text is too long for a code.
pub fn qr_code(text: &str) -> Option<Vec<String>> {
    let code = QrCode::encode_text(text, QrCodeEcc::Low).ok()?;
    // Outside of the code every module is light.
    let light = |x: i32, y: i32| !code.get_module(x, y);
    let end = code.size() + QUIET;
    let lines = (-QUIET..end)
        .step_by(2)
        .map(|y| {
            (-QUIET..end)
                .map(|x| match (light(x, y), light(x, y + 1)) {
                    (true, true) => '█',
                    (true, false) => '▀',
                    (false, true) => '▄',
                    (false, false) => ' ',
                })
                .collect()
        })
        .collect();
    Some(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(interfaces: &[(&str, [u8; 4])]) -> Option<Ipv4Addr> {
        likeliest(
            interfaces
                .iter()
                .map(|(name, ip)| (*name, Ipv4Addr::from(*ip))),
        )
    }

    #[test]
    fn the_home_network_is_preferred_to_containers_and_tunnels() {
        let all = [
            ("lo", [127, 0, 0, 1]),
            ("docker0", [172, 17, 0, 1]),
            ("tun0", [10, 8, 0, 2]),
            ("wlan0", [192, 168, 1, 5]),
        ];
        assert_eq!(chosen(&all), Some(Ipv4Addr::new(192, 168, 1, 5)));
        assert_eq!(chosen(&all[..3]), Some(Ipv4Addr::new(10, 8, 0, 2)));
        assert_eq!(chosen(&all[..1]), None);
    }

    #[test]
    fn the_code_has_its_finder_patterns_and_a_quiet_zone() {
        let lines = qr_code("http://192.168.1.5:8080/").unwrap();
        // Version 2 (25 modules) and the quiet zone, two rows to a line.
        assert_eq!(lines.len(), 15);
        assert!(lines.iter().all(|line| line.chars().count() == 29));
        assert!(lines[0].chars().all(|module| module == '█'));
        // The first rows of both upper finder patterns: dark, then a dark frame around light.
        assert!(lines[1].starts_with("██ ▄▄▄▄▄ █"));
        assert!(lines[1].ends_with("█ ▄▄▄▄▄ ██"));
    }
}
