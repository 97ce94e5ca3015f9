//! Each way in which a connection fails, and whether it is tried again.

use midge::protocol::{FaultKind, Qos};
use midge::session::{Input, MALFORMED_LIMIT, PacketRole, Phase, Settings, SocketEvent, Trouble};

use crate::link::*;

fn opening(settings: Settings) -> Link {
    let mut link = Link::new(1);
    link.tell(connect(settings));
    link
}

fn greeting() -> Link {
    let mut link = opening(settings());
    link.opened();
    link
}

fn strictly_greeting() -> Link {
    let mut link = opening(strict(settings()));
    link.opened();
    link
}

fn waits(link: &Link, trouble: Trouble) {
    assert_eq!(
        (link.session.phase(), link.session.trouble()),
        (Phase::Waiting, Some(&trouble))
    );
    assert!(link.session.next_try() > Some(link.now));
}

fn failed(link: &mut Link) -> Trouble {
    assert_eq!(
        (link.session.phase(), link.session.wake_at()),
        (Phase::Failed, None)
    );
    assert_eq!(link.pass(1_000_000 * SECOND), []);
    assert_eq!(link.closed(1006), []);
    link.session.trouble().unwrap().clone()
}

#[test]
fn a_socket_that_the_browser_refuses_is_not_tried_again() {
    let mut link = opening(settings());
    link.socket(SocketEvent::OpenFailed {
        forbidden: Some("insecure".to_owned()),
    });
    assert_eq!(
        failed(&mut link),
        Trouble::Forbidden {
            detail: "insecure".to_owned()
        }
    );
}

#[test]
fn a_socket_that_does_not_open_is_tried_again() {
    for event in [
        SocketEvent::OpenFailed { forbidden: None },
        SocketEvent::Closed {
            code: 1006,
            reason: "",
            clean: false,
        },
    ] {
        let mut link = opening(settings());
        link.now += 12_345;
        link.socket(event);
        waits(&link, Trouble::NotOpened { after: 12 });
    }
}

#[test]
fn a_socket_that_takes_too_long_is_closed_and_tried_again() {
    let mut link = opening(settings());
    assert_eq!(link.pass(10 * SECOND - 1), []);
    assert!(link.pass(1).contains(&Seen::Close {
        socket: 1,
        code: 1000
    }));
    waits(&link, Trouble::OpenTimeout { after: 10_000 });
    assert_eq!(link.opened(), []);
}

/// The name of every version, or the older one on the user's wish.
///
/// MQTT 3.1.1 [MQTT-6.0.0-3]
/// MQTT 5 [MQTT-6.0.0-3]
#[test]
fn the_subprotocol_is_offered() {
    use midge::session::{Output, Session, Subprotocol};
    let each = [
        (Subprotocol::Mqtt, "mqtt"),
        (Subprotocol::Mqttv31, "mqttv3.1"),
    ];
    for (wanted, name) in each {
        for mut settings in each_keeping() {
            settings.subprotocol = wanted;
            let mut session = Session::new(1);
            session.handle(0, connect(settings));
            let mut offered = Vec::new();
            while let Some(output) = session.poll() {
                if let Output::Open { subprotocol, .. } = output {
                    offered.push(subprotocol);
                }
            }
            assert_eq!(offered, [name]);
        }
    }
}

/// MQTT 3.1.1 [MQTT-6.0.0-3], [MQTT-6.0.0-4]
/// MQTT 5 [MQTT-6.0.0-3]
#[test]
fn another_subprotocol_is_not_tried_again() {
    for chosen in ["", "chat", "MQTT"] {
        let mut link = opening(settings());
        let seen = link.socket(SocketEvent::Opened {
            subprotocol: chosen,
        });
        assert_eq!(sent(&seen), [] as [Vec<u8>; 0]);
        assert!(seen.contains(&Seen::Close {
            socket: 1,
            code: 4002
        }));
        assert_eq!(
            failed(&mut link),
            Trouble::Subprotocol {
                chosen: chosen.to_owned()
            }
        );
    }
}

/// MQTT 3.1.1 [MQTT-6.0.0-1]
#[test]
fn a_text_frame_closes() {
    for mut link in [greeting(), Link::connected(strict(settings()))] {
        assert!(link.socket(SocketEvent::TextFrame).contains(&Seen::Close {
            socket: 1,
            code: 4003
        }));
        assert_eq!(failed(&mut link), Trouble::TextFrame);
    }
}

#[test]
fn a_missing_connack_is_tried_again() {
    let mut link = greeting();
    assert_eq!(link.pass(10 * SECOND - 1), []);
    assert!(link.pass(1).contains(&Seen::Close {
        socket: 1,
        code: 4008
    }));
    waits(&link, Trouble::NoConnack { after: 10_000 });
}

#[test]
fn a_socket_that_closes_instead_of_connack_is_tried_again() {
    let mut link = greeting();
    link.now += 5000;
    link.closed(1011);
    waits(
        &link,
        Trouble::ClosedBeforeConnack {
            code: 1011,
            after: 5,
        },
    );
}

#[test]
fn a_refusal_is_tried_again_only_if_it_may_pass() {
    for code in [1, 2, 4, 5] {
        let mut link = greeting();
        assert!(link.bytes(&connack(false, code)).contains(&Seen::Close {
            socket: 1,
            code: 1000
        }));
        assert_eq!(failed(&mut link), refused(code));
    }
    let mut link = greeting();
    link.bytes(&connack(false, 3));
    waits(&link, refused(3));
}

#[test]
fn a_lost_connection_carries_what_the_broker_said() {
    let mut link = Link::connected(settings());
    link.socket(SocketEvent::Closed {
        code: 1001,
        reason: "bye",
        clean: true,
    });
    waits(
        &link,
        Trouble::Lost {
            code: 1001,
            reason: "bye".to_owned(),
            silence: 0,
        },
    );
}

/// Packets that are valid and not allowed at that moment are shown, and close the connection.
///
/// MQTT 3.1.1 [MQTT-4.8.0-1], [MQTT-3.2.0-1]
#[test]
fn packets_out_of_place_close() {
    type Case = (fn() -> Link, Vec<u8>);
    let cases: [Case; 8] = [
        (strictly_greeting, incoming(0x30, 0)),
        (strictly_greeting, PINGRESP.to_vec()),
        (strictly_greeting, suback(1, &[0])),
        (strictly_greeting, connack(true, 0).to_vec()),
        (
            || Link::connected(strict(settings())),
            connack(false, 0).to_vec(),
        ),
        (with_qos_2, ack(PUBACK, 1).to_vec()),
        (with_qos_2, ack(PUBCOMP, 1).to_vec()),
        (with_subscribe, suback(1, &[0])),
    ];
    for (link, bytes) in cases {
        let mut link = link();
        let seen = link.bytes(&[bytes.clone(), incoming(0x30, 0)].concat());
        assert_eq!(
            seen[0],
            Seen::Came(bytes.clone(), PacketRole::Control),
            "{bytes:?}"
        );
        assert_eq!(
            seen[1],
            Seen::Close {
                socket: 1,
                code: 4002
            },
            "{bytes:?}"
        );
        // What stands behind it is not looked at.
        assert_eq!(seen.len(), 3, "{seen:?}");
        assert!(matches!(failed(&mut link), Trouble::Malformed { .. }));
    }
}

fn refused(code: u8) -> Trouble {
    Trouble::Refused {
        code,
        reason: None,
        server_reference: None,
    }
}

fn with_qos_2() -> Link {
    let mut link = Link::connected(strict(settings()));
    link.publish(1, Qos::ExactlyOnce);
    link
}

fn with_subscribe() -> Link {
    let mut link = Link::connected(strict(settings()));
    link.subscribe(&[("a", Qos::AtMostOnce), ("b", Qos::AtMostOnce)]);
    link
}

/// MQTT 3.1.1 [MQTT-4.8.0-1]
#[test]
fn malformed_bytes_are_shown_and_close() {
    let cases: [(&[u8], FaultKind); 5] = [
        (&[0x00, 0x00], FaultKind::TypeReserved(0)),
        (&[0xC0, 0x00], FaultKind::TypeNotAllowed),
        (&[0x30, 0xFF, 0xFF, 0xFF, 0xFF], FaultKind::LengthUnended),
        (&[0x30, 4, 0, 1, b'#', b'x'], FaultKind::TopicWildcard),
        (&[0x32, 5, 0, 1, b't', 0, 0], FaultKind::PacketIdZero),
    ];
    for (bytes, kind) in cases {
        let mut link = Link::connected(strict(settings()));
        let seen = link.bytes(bytes);
        let shown = seen.iter().find_map(|seen| match seen {
            Seen::Malformed(shown, fault) => Some((shown.as_slice(), fault.kind)),
            _ => None,
        });
        assert_eq!(shown, Some((bytes, kind)));
        assert_eq!(
            seen.iter()
                .filter(|seen| matches!(seen, Seen::Malformed(..)))
                .count(),
            1
        );
        assert!(
            seen.contains(&Seen::Close {
                socket: 1,
                code: 4002
            }),
            "{seen:?}"
        );
        let Trouble::Malformed { detail, clause } = failed(&mut link) else {
            panic!()
        };
        assert!(!detail.is_empty() && !clause.is_empty());
        // A new connection begins with no bytes of the old one.
        link.tell(Input::TryNow);
        link.accept(false);
        assert_eq!(link.session.phase(), Phase::Connected);
    }
}

/// What this client has no room for ends the connection in strict mode, and is not called anybody's breach.
///
/// MQTT 3.1.1 [MQTT-4.8.0-2]
#[test]
fn a_packet_over_the_limit_closes_before_it_is_collected_in_strict_mode() {
    let mut settings = strict(settings());
    settings.packet_limit = 1000;
    let mut link = Link::connected(settings);
    assert!(closes(&link.bytes(&[0x30, 0xFF, 0xFF, 0x7F])));
    let (size, limit) = (2_097_155, 1000);
    assert_eq!(failed(&mut link), Trouble::TooLarge { size, limit });
}

/// What this client has no room for, and said so, ends the connection.
///
/// MQTT 5 [MQTT-3.1.2-24]
#[test]
fn a_packet_over_the_announced_limit_closes_before_it_is_collected() {
    let mut settings = settings5();
    settings.packet_limit = 1000;
    let mut link = Link::connected(settings);
    let seen = link.bytes(&[0x30, 0xFF, 0xFF, 0x7F]);
    let limits = |seen: &Seen| matches!(seen, Seen::Malformed(_, fault) if matches!(fault.kind, FaultKind::PacketTooLarge { .. }));
    assert!(seen.iter().any(limits), "{seen:?}");
    assert!(link.session.space(1, 10).is_none());
}

#[test]
fn a_large_malformed_packet_is_shown_in_part() {
    let mut link = Link::connected(strict(settings()));
    let mut bytes = vec![0x30, 0xFF, 0xFF, 0x7F, 0, 1, b'#'];
    bytes.resize(4 + 2_097_151, 7);
    let seen = link.bytes(&bytes);
    let Seen::Malformed(shown, _) = &seen[0] else {
        panic!()
    };
    assert_eq!(shown[..], bytes[..MALFORMED_LIMIT]);
}
