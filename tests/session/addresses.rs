//! Several addresses: the user's fail-over to another node.

use midge::session::{Input, Phase, Settings, SocketEvent};

use crate::link::*;

/// Three addresses.
fn three(mut settings: Settings) -> Settings {
    settings.addresses = ["ws://a", "ws://b", "ws://c"].map(str::to_owned).into();
    settings
}

fn trying(settings: Settings) -> Link {
    let mut link = Link::new(1);
    link.tell(connect(three(settings)));
    link
}

#[test]
fn addresses_are_tried_in_order_and_waited_for_after_a_round() {
    let mut link = trying(settings());
    let mut waits = Vec::new();
    for _ in 0..4 {
        for address in ["ws://a", "ws://b", "ws://c"] {
            assert_eq!(link.session.address(), Some(address));
            assert_eq!(link.session.phase(), Phase::Connecting);
            link.closed(1006);
        }
        assert_eq!(link.session.phase(), Phase::Waiting);
        let before = link.now;
        link.wake();
        waits.push((link.now - before) / SECOND);
    }
    for (wait, least) in waits.iter().zip([1, 2, 4, 8]) {
        assert!((least..=2 * least).contains(wait), "{waits:?}");
    }
}

#[test]
fn the_address_is_the_one_that_is_opened() {
    let mut link = Link::new(1);
    link.session.handle(link.now, connect(three(settings())));
    let opened = |link: &mut Link| {
        let mut opened = Vec::new();
        while let Some(output) = link.session.poll() {
            if let midge::session::Output::Open {
                address, socket, ..
            } = output
            {
                opened.push((address.to_owned(), socket));
            }
        }
        opened
    };
    assert_eq!(opened(&mut link), [("ws://a".to_owned(), 1)]);
    link.session.handle(
        link.now,
        Input::Socket {
            socket: 1,
            event: SocketEvent::OpenFailed { forbidden: None },
        },
    );
    assert_eq!(opened(&mut link), [("ws://b".to_owned(), 2)]);
}

#[test]
fn what_the_address_may_not_be_blamed_for_does_not_move_on() {
    // Bad user name or password.
    let mut link = trying(settings());
    link.opened();
    link.bytes(&connack(false, 4));
    assert_eq!(
        (link.session.phase(), link.session.address()),
        (Phase::Failed, Some("ws://a"))
    );
}

#[test]
fn a_broker_that_is_unavailable_or_elsewhere_is_left_for_the_next() {
    for code in [0x88, 0x89, 0x9C, 0x9D] {
        let mut link = trying(settings5());
        link.opened();
        link.bytes(&connack5(false, code, &[]));
        assert_eq!(
            (link.session.phase(), link.session.address()),
            (Phase::Connecting, Some("ws://b")),
            "{code:#X}"
        );
    }
    let mut link = trying(settings());
    link.opened();
    link.bytes(&connack(false, 3));
    assert_eq!(link.session.address(), Some("ws://b"));
}

#[test]
fn what_takes_too_long_is_left_for_the_next() {
    let mut link = trying(settings());
    assert!(link.pass(10 * SECOND).contains(&Seen::Open(2)));
    link.opened();
    assert!(link.pass(10 * SECOND).contains(&Seen::Open(3)));
    assert_eq!(link.session.address(), Some("ws://c"));
}

#[test]
fn the_address_that_worked_is_the_first_of_the_next_round() {
    let mut link = trying(settings());
    link.closed(1006);
    link.accept(false);
    assert_eq!(link.session.address(), Some("ws://b"));
    link.now += 10 * SECOND;
    link.closed(1006);
    assert_eq!(link.session.phase(), Phase::Waiting);
    link.wake();
    for address in ["ws://b", "ws://c", "ws://a"] {
        assert_eq!(link.session.address(), Some(address));
        assert_eq!(link.session.phase(), Phase::Connecting);
        link.closed(1006);
    }
    assert_eq!(link.session.phase(), Phase::Waiting);
}

/// It may be there again in a second, and what it keeps for this client is there only.
#[test]
fn a_node_that_was_lost_is_tried_once_more_and_then_left_at_once() {
    let mut link = trying(settings());
    link.accept(false);
    link.closed(1006);
    assert!(link.wake().contains(&Seen::Open(2)));
    assert_eq!(link.session.address(), Some("ws://a"));
    assert!(link.closed(1006).contains(&Seen::Open(3)));
    assert_eq!(link.session.address(), Some("ws://b"));
}

/// Nodes that accept and throw out are not hammered in a circle.
#[test]
fn nodes_that_throw_out_are_waited_for_after_a_round() {
    let mut link = trying(settings5());
    for _ in 0..2 {
        link.accept(false);
        link.bytes(&disconnect5(0x8B, &[]));
        assert_eq!(link.session.phase(), Phase::Connecting);
    }
    link.accept(false);
    link.bytes(&disconnect5(0x8B, &[]));
    assert_eq!(link.session.phase(), Phase::Waiting);
}

#[test]
fn events_of_the_address_before_are_ignored() {
    let mut link = trying(settings());
    link.closed(1006);
    for event in [
        SocketEvent::Opened {
            subprotocol: "mqtt",
        },
        SocketEvent::Bytes(&[0xFF]),
        SocketEvent::Closed {
            code: 1006,
            reason: "",
            clean: false,
        },
    ] {
        assert_eq!(link.tell(Input::Socket { socket: 1, event }), []);
    }
    assert_eq!(link.session.address(), Some("ws://b"));
}

/// MQTT 3.1.1 and 5 are gone through at each address.
#[test]
fn each_address_is_asked_for_each_version() {
    use midge::protocol::Version;
    let mut settings = settings5();
    settings.newest = true;
    let mut link = trying(settings);
    for address in ["ws://a", "ws://b"] {
        for version in [Version::V5, Version::V311, Version::V31] {
            link.opened();
            assert_eq!(
                (link.session.address(), link.version),
                (Some(address), version)
            );
            link.closed(1006);
        }
    }
    link.opened();
    link.bytes(&connack(false, 1));
    assert_eq!(link.session.address(), Some("ws://c"));
    link.accept(false);
    assert_eq!(link.session.version(), Version::V311);
}
