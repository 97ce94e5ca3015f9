//! What Midge tells from an address before anything is tried.

use midge::profile::address::{
    Address, AddressFault, Hint, Page, Reach, all_among, examine, reach_of,
};
use proptest::prelude::*;

const HTTP: Page = Page {
    scheme: "http:",
    host: "192.168.1.20:8080",
};
const HTTPS: Page = Page {
    scheme: "https:",
    host: "midge.example",
};

fn good(address: &str) -> Address {
    examine(address, HTTP).unwrap_or_else(|fault| panic!("{address}: {fault:?}"))
}

fn fault(address: &str) -> AddressFault {
    examine(address, HTTP).expect_err(address)
}

fn instead(fault: AddressFault) -> String {
    match fault {
        AddressFault::NoScheme { instead }
        | AddressFault::OtherScheme { instead, .. }
        | AddressFault::Space { instead } => instead.expect("an address is offered"),
        AddressFault::Fragment { instead } | AddressFault::MixedContent { instead } => instead,
        AddressFault::Credentials { readings } => {
            readings.first().expect("a reading").address.clone()
        }
        AddressFault::NoBrackets { instead } => instead.first().expect("an address").clone(),
        other => panic!("nothing is offered for {other:?}"),
    }
}

#[test]
fn letters_beyond_ascii_are_left_to_the_browser() {
    assert_eq!(good("ws://BÜCHER.Example/").host, "bÜcher.example");
}

#[test]
fn a_whole_address_is_taken_apart() {
    let address = good(" WSS://Broker.Example:8084/mqtt?x=1 ");
    assert_eq!(
        (address.secure, address.host.as_str(), address.port),
        (true, "broker.example", Some(8084))
    );
    assert_eq!(
        (address.path.as_str(), address.reach),
        ("/mqtt?x=1", Reach::Elsewhere)
    );
    assert_eq!(address.hints, []);
    assert_eq!(good("ws://h").effective_port(), 80);
    assert_eq!(good("wss://h:/").effective_port(), 443);
    assert_eq!(good("ws://h?x").path, "/?x");
    assert_eq!(good("ws://[::1]:9001").authority(), "[::1]:9001");
}

#[test]
fn nothing_typed_is_nothing() {
    assert_eq!(fault(""), AddressFault::Empty);
    assert_eq!(fault("  \t"), AddressFault::Empty);
}

#[test]
fn other_schemes_are_turned_into_the_address_that_was_meant() {
    for (typed, meant) in [
        ("mqtt://pi.local", "ws://pi.local:9001"),
        ("mqtt://pi.local:1883", "ws://pi.local:9001"),
        ("tcp://10.0.0.1:1883", "ws://10.0.0.1:9001"),
        ("mqtts://b.example:8883", "wss://b.example:8084"),
        ("mqtt://b.example:8883", "wss://b.example:8084"),
        ("http://h:9001/mqtt", "ws://h:9001/mqtt"),
        ("https://h/mqtt", "wss://h/mqtt"),
        ("192.168.1.20:9001", "ws://192.168.1.20:9001"),
        ("localhost", "ws://localhost:9001"),
        ("localhost:1883", "ws://localhost:9001"),
        ("ws:localhost:9001", "ws://localhost:9001"),
        ("//h:9001/x", "ws://h:9001/x"),
        ("/mqtt", "ws://192.168.1.20:8080/mqtt"),
    ] {
        assert_eq!(instead(fault(typed)), meant, "{typed}");
    }
    assert_eq!(
        fault("ftp://h"),
        AddressFault::OtherScheme {
            scheme: "ftp".into(),
            instead: None
        }
    );
    assert_eq!(
        fault("javascript:alert(1)"),
        AddressFault::NoScheme { instead: None }
    );
}

#[test]
fn a_page_over_https_is_offered_wss() {
    let offered = |typed| instead(examine(typed, HTTPS).expect_err(typed));
    assert_eq!(
        offered("broker.example/mqtt"),
        "wss://broker.example:8084/mqtt"
    );
    assert_eq!(
        offered("ws://broker.example:9001/mqtt"),
        "wss://broker.example/mqtt"
    );
    assert_eq!(offered("localhost:9001"), "ws://localhost:9001");
}

#[test]
fn mixed_content_is_known_before_it_is_tried() {
    assert!(matches!(
        examine("ws://203.0.113.5", HTTPS),
        Err(AddressFault::MixedContent { .. })
    ));
    for loopback in [
        "ws://localhost:9001",
        "ws://127.0.0.1:9001",
        "ws://[::1]:9001",
        "ws://a.localhost",
    ] {
        let address = examine(loopback, HTTPS).expect("browsers allow loopback hosts");
        assert_eq!(
            (address.reach, address.hints),
            (Reach::Loopback, vec![]),
            "{loopback}"
        );
    }
    for local in [
        "ws://192.168.1.9",
        "ws://10.1.1.1",
        "ws://172.31.0.1",
        "ws://[fd00::1]",
        "ws://169.254.1.1",
    ] {
        let address = examine(local, HTTPS).expect("a browser may allow it when asked");
        assert_eq!(
            (address.reach, address.hints),
            (Reach::Private, vec![Hint::MixedContentOnLan]),
            "{local}"
        );
    }
    assert_eq!(
        examine("ws://203.0.113.5", HTTP)
            .expect("http may open ws")
            .hints,
        []
    );
}

#[test]
fn ports_of_plain_mqtt_are_pointed_out() {
    assert_eq!(
        good("ws://192.168.1.20:1883/mqtt").hints,
        [Hint::PlainMqttPort {
            instead: "ws://192.168.1.20:9001/mqtt".into()
        }]
    );
    assert_eq!(
        good("wss://h:1883").hints,
        [Hint::PlainMqttPort {
            instead: "wss://h:8084".into()
        }]
    );
    assert_eq!(
        good("wss://h:8883").hints,
        [Hint::TlsMqttPort {
            instead: "wss://h:8084".into()
        }]
    );
    assert_eq!(
        good("ws://h:8883").hints,
        [Hint::TlsMqttPort {
            instead: "wss://h:8084".into()
        }]
    );
    assert_eq!(good("ws://h:18830").hints, []);
}

#[test]
fn a_page_from_elsewhere_hears_of_the_permission_for_the_local_network() {
    let page = Page {
        scheme: "http:",
        host: "midge.example:80",
    };
    assert_eq!(
        examine("ws://192.168.1.9", page).expect("sound").hints,
        [Hint::PrivateFromPublic]
    );
    assert_eq!(
        examine("wss://pi.local", HTTPS).expect("sound").hints,
        [Hint::PrivateFromPublic, Hint::LocalName]
    );
    assert_eq!(examine("ws://192.168.1.9", HTTP).expect("sound").hints, []);
    let file = Page {
        scheme: "file:",
        host: "",
    };
    assert_eq!(examine("ws://192.168.1.9", file).expect("sound").hints, []);
}

#[test]
fn a_name_of_the_local_network_is_pointed_out() {
    assert_eq!(
        (
            good("ws://pi.local:9001").reach,
            good("ws://pi.local:9001").hints
        ),
        (Reach::LocalName, vec![Hint::LocalName])
    );
    assert_eq!(reach_of("PI.LOCAL."), Reach::LocalName);
    assert_eq!(reach_of("notlocal"), Reach::Elsewhere);
    assert_eq!(reach_of("[::ffff:192.168.0.1]:80"), Reach::Private);
}

#[test]
fn what_a_socket_address_cannot_have_is_taken_out() {
    assert_eq!(instead(fault("ws://h/mqtt#x")), "ws://h/mqtt");
    assert_eq!(
        instead(fault("ws://192.168.1. 20:9001")),
        "ws://192.168.1.20:9001"
    );
    assert_eq!(fault("ws://"), AddressFault::NoHost);
    assert_eq!(fault("ws:///mqtt"), AddressFault::NoHost);
    assert_eq!(fault("ws://:9001"), AddressFault::NoHost);
    for port in [
        "ws://h:0",
        "ws://h:65536",
        "ws://h:90a",
        "ws://h:-1",
        "ws://h:99999999999999999999",
    ] {
        assert_eq!(fault(port), AddressFault::BadPort, "{port}");
    }
    for host in [
        "ws://[::1",
        "ws://[nonsense]",
        "ws://a<b",
        "ws://a%b",
        "ws://[::1]x:80",
    ] {
        assert_eq!(fault(host), AddressFault::BadHost, "{host}");
    }
}

#[test]
fn an_address_is_known_however_it_is_written_and_no_other_is() {
    let known = [
        "ws://a.example/mqtt".to_owned(),
        " wss://b.example:8084 ".to_owned(),
    ];
    let all = |addresses: &[&str]| {
        let addresses: Vec<String> = addresses.iter().map(|one| (*one).to_owned()).collect();
        all_among(&addresses, &known, HTTP)
    };
    for same in [
        &["ws://a.example/mqtt"][..],
        &["WS://A.Example:80/mqtt"],
        &["wss://b.example:8084/", "ws://a.example/mqtt"],
        &["wss://b.example:08084", "wss://b.example:8084"],
        &[],
    ] {
        assert!(all(same), "{same:?}");
    }
    for other in [
        "ws://a.example/mqtt/",
        "ws://a.example/MQTT",
        "ws://a.example/mqtt?x",
        "ws://a.example:8080/mqtt",
        "wss://a.example/mqtt",
        "ws://a.example.evil.example/mqtt",
        "ws://a.example",
        "wss://b.example",
        "nonsense",
        "",
    ] {
        assert!(!all(&[other]), "{other}");
        assert!(!all(&["ws://a.example/mqtt", other]), "{other}");
    }
    // What is no address is itself and nothing else.
    assert!(all_among(&["x y".into()], &["x y".into()], HTTP));
    assert!(!all_among(&["x z".into()], &["x y".into()], HTTP));
}

#[test]
fn a_phone_gets_the_address_it_can_reach() {
    assert_eq!(
        good("ws://localhost:9001/mqtt").on_host("192.168.1.20"),
        "ws://192.168.1.20:9001/mqtt"
    );
    assert_eq!(good("ws://127.0.0.1").on_host("pi"), "ws://pi");
}

proptest! {
    #[test]
    fn no_address_makes_it_panic(address: String, scheme in "http:|https:|file:|", host: String) {
        let _ = examine(&address, Page { scheme: &scheme, host: &host });
    }

    #[test]
    fn nothing_that_looks_like_an_address_makes_it_panic(address in "(ws|wss|mqtt|http|é)?:?/{0,3}[\\[\\]a-z0-9:@%#?./é ]{0,30}") {
        for page in [HTTP, HTTPS] {
            match examine(&address, page) {
                Ok(address) => prop_assert!(!address.host.is_empty() && address.path.starts_with('/')),
                // An address that is offered brings one further, and never back to the same fault.
                Err(AddressFault::NoScheme { instead: Some(instead) }) => {
                    let again = examine(&instead, page);
                    prop_assert!(!matches!(again, Err(AddressFault::NoScheme { .. } | AddressFault::Empty)), "{instead}");
                }
                Err(_) => {}
            }
        }
    }
}
