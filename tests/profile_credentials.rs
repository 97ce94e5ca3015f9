//! User names and passwords in an address, and IPv6 numbers without brackets: what is offered for them. Nothing may be
//! taken for a broker that is a piece of a user name or of a password.

use midge::profile::address::{AddressFault, Page, Reading, examine};
use proptest::prelude::*;

const HTTP: Page = Page {
    scheme: "http:",
    host: "192.168.1.20:8080",
};
const HTTPS: Page = Page {
    scheme: "https:",
    host: "midge.example",
};

fn readings(address: &str) -> Vec<Reading> {
    match examine(address, HTTP) {
        Err(AddressFault::Credentials { readings }) => readings,
        other => panic!("{address}: {other:?}"),
    }
}

fn moved(address: &str, user_name: &str, password: &str) -> Reading {
    Reading {
        address: address.into(),
        credentials: Some((user_name.into(), password.into())),
    }
}

fn plain(address: &str) -> Reading {
    Reading {
        address: address.into(),
        credentials: None,
    }
}

#[test]
fn credentials_move_to_their_fields() {
    for (typed, user_name, password, address) in [
        (
            "wss://chen:p%40ss:word@b.example:8084/mqtt",
            "chen",
            "p@ss:word",
            "wss://b.example:8084/mqtt",
        ),
        ("ws://chen@h", "chen", "", "ws://h"),
        ("ws://:secret@h", "", "secret", "ws://h"),
        (
            "ws://user:top#1@host:9001",
            "user",
            "top#1",
            "ws://host:9001",
        ),
        ("ws://u:12/ss@host", "u", "12/ss", "ws://host"),
        ("ws://user:p?x@host", "user", "p?x", "ws://host"),
        ("ws://u:12?ss@host/mqtt", "u", "12?ss", "ws://host/mqtt"),
        ("ws://u:12#ss@host", "u", "12#ss", "ws://host"),
        (r"ws://u:12\ss@host", "u", r"12\ss", "ws://host"),
        ("ws://u:p@ss@host", "u", "p@ss", "ws://host"),
        ("ws://u:a b@host", "u", "a b", "ws://host"),
        ("ws://u:100%@host", "u", "100%", "ws://host"),
        ("ws://u:%ff%41@host", "u", "%ff%41", "ws://host"),
        ("ws://us/er:pw@host", "us/er", "pw", "ws://host"),
        ("ws://u:pw://x@host", "u", "pw://x", "ws://host"),
        ("user:pass@host:9001", "user", "pass", "ws://host:9001"),
        ("user:1/2@host:9001", "user", "1/2", "ws://host:9001"),
        ("//user:pass@host:9001", "user", "pass", "ws://host:9001"),
        ("user:a://b@host:9001", "user", "a://b", "ws://host:9001"),
        ("mqtt://user:pass@host", "user", "pass", "ws://host:9001"),
        (
            "mqtts://user:p/ss@host:8883",
            "user",
            "p/ss",
            "wss://host:8084",
        ),
        (
            "https://user:pass@host/mqtt",
            "user",
            "pass",
            "wss://host/mqtt",
        ),
        (
            "ws://user:pass@[::1]:9001",
            "user",
            "pass",
            "ws://[::1]:9001",
        ),
        (
            "ws://user:pass@127.0.0.1:9001",
            "user",
            "pass",
            "ws://127.0.0.1:9001",
        ),
    ] {
        let all = readings(typed);
        let wanted = moved(address, user_name, password);
        assert_eq!(all.first(), Some(&wanted), "{typed}: {all:?}");
    }
}

#[test]
fn an_at_sign_that_may_belong_to_the_path_is_asked_about() {
    let address = "wss://b.example/mqtt?user=chen@b.example";
    assert_eq!(
        readings(address),
        [
            plain("wss://b.example/mqtt?user=chen%40b.example"),
            moved("wss://b.example", "b.example/mqtt?user=chen", ""),
        ]
    );
    // What was chosen is not asked about again.
    assert!(examine("wss://b.example/mqtt?user=chen%40b.example", HTTP).is_ok());
    assert_eq!(
        readings("ws://u:pw@b.example:9001/mqtt?x=a@c"),
        [
            moved("ws://b.example:9001/mqtt?x=a%40c", "u", "pw"),
            moved("ws://c", "u", "pw@b.example:9001/mqtt?x=a"),
        ]
    );
    assert_eq!(
        readings("ws://u:p@ss/w@host"),
        [
            moved("ws://host", "u", "p@ss/w"),
            moved("ws://ss/w%40host", "u", "p"),
        ]
    );
    assert_eq!(
        readings("ws://h:9001/mqtt#a@b"),
        [
            moved("ws://b", "h", "9001/mqtt#a"),
            plain("ws://h:9001/mqtt"),
        ]
    );
}

#[test]
fn nobody_is_asked_where_a_user_name_cannot_be() {
    for address in [
        "ws://127.0.0.1:9001/a@b",
        "ws://[::1]:9001/?x=a@b",
        "ws://localhost/mqtt?user=a@b.example",
        "ws://192.168.1.20:8080/a@b",
    ] {
        assert!(examine(address, HTTP).is_ok(), "{address}");
    }
    assert_eq!(
        examine("/mqtt?user=a@b", HTTP),
        Err(AddressFault::NoScheme {
            instead: Some("ws://192.168.1.20:8080/mqtt?user=a@b".into())
        })
    );
}

fn bracketed(address: &str) -> Vec<String> {
    match examine(address, HTTP) {
        Err(AddressFault::NoBrackets { instead }) => instead,
        other => panic!("{address}: {other:?}"),
    }
}

#[test]
fn an_ipv6_number_gets_its_brackets() {
    for (typed, first) in [
        ("ws://fe80::1:9001", "ws://[fe80::1]:9001"),
        ("ws://::1", "ws://[::1]"),
        ("ws://::1:9001/mqtt?x", "ws://[::1]:9001/mqtt?x"),
        ("ws://2001:db8::1/mqtt", "ws://[2001:db8::1]/mqtt"),
        ("ws://2001:db8:0:0:0:0:0:1", "ws://[2001:db8:0:0:0:0:0:1]"),
        (
            "ws://2001:db8:0:0:0:0:0:1:8080",
            "ws://[2001:db8:0:0:0:0:0:1]:8080",
        ),
        ("wss://2001:DB8::abcd", "wss://[2001:DB8::abcd]"),
        ("wss://fe80::1:443", "wss://[fe80::1]:443"),
        ("ws://fe80::1:2", "ws://[fe80::1:2]"),
        (
            "ws://::ffff:192.168.1.9:9001",
            "ws://[::ffff:192.168.1.9]:9001",
        ),
    ] {
        let all = bracketed(typed);
        assert_eq!(all.first().map(String::as_str), Some(first), "{typed}");
        for one in &all {
            assert!(examine(one, HTTP).is_ok(), "{one}");
        }
    }
    // The other meaning is there, too.
    assert_eq!(
        bracketed("ws://fe80::1:9001"),
        ["ws://[fe80::1]:9001", "ws://[fe80::1:9001]"]
    );
    for wrong in ["ws://1:2:3", "ws://a:b:9001", "ws://::1:99999x"] {
        assert!(
            !matches!(
                examine(wrong, HTTP),
                Ok(_) | Err(AddressFault::NoBrackets { .. })
            ),
            "{wrong}"
        );
    }
}

#[test]
fn an_ipv6_number_without_a_scheme_gets_both() {
    for (typed, meant) in [
        ("::1", "ws://[::1]:9001"),
        ("::1:9001", "ws://[::1]:9001"),
        ("fe80::1", "ws://[fe80::1]:9001"),
        ("2001:db8::1/mqtt", "ws://[2001:db8::1]:9001/mqtt"),
    ] {
        assert_eq!(
            examine(typed, HTTP),
            Err(AddressFault::NoScheme {
                instead: Some(meant.into())
            }),
            "{typed}"
        );
    }
    assert_eq!(
        examine("mqtt://fe80::1:1883", HTTP),
        Err(AddressFault::OtherScheme {
            scheme: "mqtt".into(),
            instead: Some("ws://[fe80::1]:9001".into())
        })
    );
    // Loopback stays as it is for a page over https.
    assert_eq!(
        examine("::1:9001", HTTPS),
        Err(AddressFault::NoScheme {
            instead: Some("ws://[::1]:9001".into())
        })
    );
}

/// Percent signs would be decoded.
const TYPED: &str = "[^%\\pC\\pZ]{0,12}";

proptest! {
    #[test]
    fn no_password_makes_a_user_name_a_host(
        scheme in "ws|wss|mqtt|WS|http", user in "[a-z][^:%\\pC\\pZ]{0,8}", password in TYPED,
        host in "broker\\.example|h|10\\.0\\.0\\.1:9001|\\[::1\\]:9001|pi\\.local/mqtt",
    ) {
        prop_assume!(user != "localhost");
        let typed = format!("{scheme}://{user}:{password}@{host}");
        for page in [HTTP, HTTPS] {
            let Err(AddressFault::Credentials { readings }) = examine(&typed, page) else {
                return Err(TestCaseError::fail(typed));
            };
            let wanted = Some((user.clone(), password.clone()));
            prop_assert!(readings.iter().any(|one| one.credentials == wanted), "{typed}: {readings:?}");
            for one in readings {
                prop_assert!(one.credentials.is_some() || !one.address.contains('@'), "{typed}: {one:?}");
            }
        }
    }

    #[test]
    fn what_was_encoded_comes_back(user in "[^\\pC]{1,8}", password in "[^\\pC]{0,12}") {
        let encode = |text: &str| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
        let typed = format!("ws://{}:{}@broker.example:9001/mqtt", encode(&user), encode(&password));
        prop_assert_eq!(readings(&typed), [moved("ws://broker.example:9001/mqtt", &user, &password)]);
    }

    #[test]
    fn an_ipv6_number_is_never_another_host(number in prop::array::uniform8(0u16..=0xffff), zeros in 0usize..8, port in prop::option::of(1u16..)) {
        let mut segments = number;
        segments.iter_mut().take(zeros).for_each(|segment| *segment = 0);
        let number = std::net::Ipv6Addr::from(segments);
        let port = port.map(|port| format!(":{port}")).unwrap_or_default();
        let offered = bracketed(&format!("ws://{number}{port}/mqtt"));
        let wanted = format!("ws://[{number}]{port}/mqtt");
        prop_assert!(offered.contains(&wanted), "{offered:?}");
    }
}
