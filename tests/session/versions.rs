//! Which version of the protocol is spoken: the one that was asked for, or the newest that the broker takes.

use midge::protocol::Version;
use midge::session::{Authentication, Event, Input, Phase, Settings, Trouble};

use crate::link::*;

/// The newest that the broker takes, beginning with this version.
fn newest(version: Version) -> Settings {
    let mut settings = settings();
    settings.connect.version = version;
    settings.newest = true;
    settings
}

/// A broker that answers CONNECT of the version in use with this refusal, in the shape of that version.
fn refuse(link: &mut Link) -> Vec<Seen> {
    let refusal = match link.version {
        Version::V5 => connack5(false, 0x84, &[]),
        Version::V31 | Version::V311 => connack(false, 1).to_vec(),
    };
    link.bytes(&refusal)
}

fn opens(seen: &[Seen]) -> bool {
    seen.iter().any(|seen| matches!(seen, Seen::Open(_)))
}

/// MQTT 3.1.1 [MQTT-3.1.2-1]
/// MQTT 5 [MQTT-3.1.2-1]
#[test]
fn each_version_says_its_name_and_level() {
    let cases: [(Version, &[u8]); 3] = [
        (Version::V31, b"\x00\x06MQIsdp\x03"),
        (Version::V311, b"\x00\x04MQTT\x04"),
        (Version::V5, b"\x00\x04MQTT\x05"),
    ];
    for (version, name) in cases {
        let mut settings = settings();
        settings.connect.version = version;
        let mut link = Link::new(1);
        link.tell(connect(settings));
        let sent = sent(&link.opened());
        assert_eq!((sent.len(), &sent[0][2..2 + name.len()]), (1, name));
        link.accept(false);
        assert_eq!(link.session.version(), version);
        assert_eq!(link.session.phase(), Phase::Connected);
    }
}

#[test]
fn the_newest_version_that_the_broker_takes_is_spoken() {
    for taken in [Version::V5, Version::V311, Version::V31] {
        let mut link = Link::new(1);
        link.tell(connect(newest(Version::V5)));
        link.opened();
        while link.version != taken {
            let seen = refuse(&mut link);
            assert!(closes(&seen) && opens(&seen), "{seen:?}");
            assert_eq!(link.session.phase(), Phase::Connecting);
            link.opened();
        }
        let seen = link.accept(false);
        assert_eq!(
            events(&seen)[1],
            Event::Connected {
                session_present: false,
                resumed: false,
                version: taken
            }
        );
        assert_eq!((link.session.version(), link.session.attempt()), (taken, 1));
    }
}

/// A broker of MQTT 3.1.1 answers MQTT 5 in its own shape (MQTT 5 section 3.1.2.2), or closes without a word.
#[test]
fn a_broker_that_does_not_know_the_version_may_answer_in_its_own() {
    let mut link = Link::new(1);
    link.tell(connect(newest(Version::V5)));
    link.opened();
    assert!(opens(&link.bytes(&connack(false, 1))));
    link.opened();
    assert_eq!(link.version, Version::V311);
    assert!(opens(&link.closed(1006)));
    link.opened();
    assert_eq!(link.version, Version::V31);
    link.accept(false);
    assert_eq!(link.session.phase(), Phase::Connected);
}

/// The other codes of its own mean there what they mean in its own version.
#[test]
fn a_refusal_in_the_shape_of_an_earlier_version_means_what_it_means_there() {
    for (code, phase) in [
        (2, Phase::Failed),
        (3, Phase::Waiting),
        (4, Phase::Failed),
        (5, Phase::Failed),
    ] {
        let mut link = Link::new(1);
        link.tell(connect(newest(Version::V5)));
        link.opened();
        link.bytes(&connack(false, code));
        assert!(
            matches!(link.session.trouble(), Some(Trouble::Refused { code: said, .. }) if *said == code)
        );
        assert_eq!(link.session.phase(), phase, "{code}");
    }
}

#[test]
fn when_all_versions_are_refused_it_is_said_and_not_tried_again() {
    let mut link = Link::new(1);
    link.tell(connect(newest(Version::V5)));
    for _ in 0..3 {
        link.opened();
        refuse(&mut link);
    }
    assert_eq!(link.session.trouble(), Some(&Trouble::NoVersion));
    assert_eq!(
        (link.session.phase(), link.session.wake_at()),
        (Phase::Failed, None)
    );
}

#[test]
fn when_every_version_is_closed_upon_it_is_waited() {
    let mut link = Link::new(1);
    link.tell(connect(newest(Version::V5)));
    for round in 0..2 {
        for version in [Version::V5, Version::V311, Version::V31] {
            link.opened();
            assert_eq!(link.version, version, "round {round}");
            link.now += 3000;
            link.closed(1011);
        }
        assert_eq!(
            link.session.trouble(),
            Some(&Trouble::ClosedBeforeConnack {
                code: 1011,
                after: 3
            })
        );
        assert!(link.session.next_try() > Some(link.now));
        link.wake();
    }
    assert_eq!(link.session.attempt(), 3);
}

/// A part of an answer is an answer: what follows is another trouble.
#[test]
fn a_socket_that_closes_after_some_bytes_says_nothing_about_versions() {
    let mut link = Link::new(1);
    link.tell(connect(newest(Version::V5)));
    link.opened();
    link.bytes(&[0x20]);
    link.closed(1006);
    assert_eq!(link.session.phase(), Phase::Waiting);
    link.wake();
    link.opened();
    assert_eq!(link.version, Version::V5);
}

/// A version that has worked is not given up because the broker restarts.
#[test]
fn a_version_that_worked_is_kept_over_a_loss() {
    let mut link = Link::new(1);
    link.tell(connect(newest(Version::V5)));
    link.opened();
    refuse(&mut link);
    link.accept(false);
    link.lose();
    link.opened();
    assert_eq!(link.version, Version::V311);
    link.closed(1006);
    assert_eq!(link.session.phase(), Phase::Waiting);
    link.wake();
    link.opened();
    assert_eq!(link.version, Version::V311);
    // Unless it is refused in so many words.
    refuse(&mut link);
    link.opened();
    assert_eq!(link.version, Version::V31);
}

/// A remembered version that the broker takes no more.
#[test]
fn an_older_version_that_is_refused_goes_through_the_others() {
    let mut link = Link::new(1);
    link.tell(connect(newest(Version::V311)));
    let mut tried = Vec::new();
    for _ in 0..3 {
        link.opened();
        tried.push(link.version);
        refuse(&mut link);
    }
    assert_eq!(tried, [Version::V311, Version::V31, Version::V5]);
    assert_eq!(link.session.trouble(), Some(&Trouble::NoVersion));
}

#[test]
fn a_version_that_was_asked_for_is_the_only_one() {
    for (version, code) in [(Version::V311, 1), (Version::V5, 0x84), (Version::V5, 1)] {
        let mut settings = settings();
        settings.connect.version = version;
        let mut link = Link::new(1);
        link.tell(connect(settings));
        link.opened();
        link.bytes(&match code {
            1 => connack(false, 1).to_vec(),
            code => connack5(false, code, &[]),
        });
        let refused = matches!(
            link.session.trouble(),
            Some(Trouble::Refused { code: said, .. }) if *said == code
        );
        assert!(refused, "{:?}", link.session.trouble());
        assert_eq!(link.session.phase(), Phase::Failed);
    }
}

/// What comes in each version is read in that version: no bytes of one connection count in the next.
#[test]
fn bytes_of_a_refused_version_do_not_reach_the_next() {
    let mut link = Link::new(1);
    link.tell(connect(newest(Version::V5)));
    link.opened();
    let mut bytes = connack(false, 1).to_vec();
    bytes.extend([0x30, 0x7F]);
    link.bytes(&bytes);
    link.accept(false);
    let packet = incoming(0x30, 0);
    assert_eq!(deliveries(&link.bytes(&packet)).len(), 1);
}

/// A session that was to end with the connection does so in an older version, and a name is made up where it needs one.
#[test]
fn an_older_version_keeps_what_was_asked_of_the_session() {
    let mut settings = newest(Version::V5);
    settings.connect.clean_session = false;
    settings.connect.client_id = String::new();
    let mut link = Link::new(1);
    link.tell(connect(settings));
    link.opened();
    refuse(&mut link);
    let connect = sent(&link.opened()).concat();
    // Flags, keep alive, empty client identifier.
    assert_eq!(connect[9..], [0x02, 0, 60, 0, 0]);
    refuse(&mut link);
    let connect = sent(&link.opened()).concat();
    assert_eq!(connect[11], 0x02);
    assert!(String::from_utf8_lossy(&connect[16..]).starts_with("midge-"));
}

/// MQTT 3.1 keeps sessions and has no word for it: what was not finished is sent again, and all filters are asked for.
#[test]
fn mqtt_3_1_takes_a_session_up_without_being_told() {
    use midge::protocol::{PacketType, Qos};
    let mut settings = keeping();
    settings.connect.version = Version::V31;
    let mut link = Link::connected(settings);
    link.subscribe(&[("a", Qos::AtMostOnce)]);
    link.bytes(&suback(1, &[0]));
    link.publish(7, Qos::ExactlyOnce);
    link.bytes(&incoming(0x34, 9));
    link.lose();
    let seen = link.accept(false);
    assert_eq!(
        sent_ids(&seen)[1..],
        [
            (PacketType::Subscribe, 0x82, 3),
            (PacketType::Publish, 0x3C, 2)
        ]
    );
    assert_eq!(
        deliveries(&link.bytes(&incoming(0x3C, 9))),
        [midge::session::PacketRole::Repeat]
    );
}

/// Answers to CONNECT of MQTT 5 that MQTT 5 does not allow, as brokers give that know it not at all or by half.
const ODD: [(&str, &[u8]); 10] = [
    ("success in the shape of 3.1.1", &[0x20, 2, 0, 0]),
    ("Maximum QoS 2", &[0x20, 5, 0, 0, 2, 0x24, 2]),
    ("Receive Maximum 0", &[0x20, 6, 0, 0, 3, 0x21, 0, 0]),
    ("Retain Available 2", &[0x20, 5, 0, 0, 2, 0x25, 2]),
    ("a property of other packets", &[0x20, 5, 0, 0, 2, 0x01, 1]),
    ("an unknown property", &[0x20, 5, 0, 0, 2, 0x7F, 0]),
    ("a property twice", &[0x20, 7, 0, 0, 4, 0x24, 1, 0x24, 1]),
    ("reserved flags", &[0x20, 3, 2, 0, 0]),
    ("a packet that is no CONNACK", &[0xD0, 0]),
    ("no packet at all", &[0x00, 0x00]),
];

/// MQTT 5 [MQTT-4.13.1-1]
#[test]
fn an_answer_that_mqtt_5_does_not_allow_leads_to_the_next_version() {
    for (what, answer) in ODD {
        let mut link = Link::new(1);
        link.tell(connect(newest(Version::V5)));
        link.opened();
        let seen = link.bytes(answer);
        assert!(closes(&seen) && opens(&seen), "{what}: {seen:?}");
        // What came is shown as what it was, before the socket that may speak another version.
        let opened = seen.iter().position(|seen| matches!(seen, Seen::Open(_)));
        let shown = |seen: &Seen| matches!(seen, Seen::Malformed(..) | Seen::Came(..));
        assert!(seen.iter().position(shown) < opened, "{what}: {seen:?}");
        assert_eq!(link.session.phase(), Phase::Connecting, "{what}");
        link.accept(false);
        assert_eq!(
            (link.session.phase(), link.session.version()),
            (Phase::Connected, Version::V311),
            "{what}"
        );
        // It was learned for this connection.
        link.now += 60 * SECOND;
        link.lose();
        link.opened();
        assert_eq!(link.version, Version::V311, "{what}");
    }
}

#[test]
fn an_answer_that_3_1_1_does_not_allow_leads_to_3_1() {
    let mut link = Link::new(1);
    link.tell(connect(newest(Version::V5)));
    link.opened();
    link.bytes(ODD[0].1);
    link.opened();
    // In the shape of MQTT 5.
    link.bytes(&[0x20, 3, 0, 0, 0]);
    link.opened();
    assert_eq!(link.version, Version::V31);
    link.answer(false);
    assert_eq!(link.session.phase(), Phase::Connected);
}

/// As amqtt does: it never answers a CONNECT of MQTT 5.
#[test]
fn a_broker_that_is_silent_is_asked_for_the_next_version() {
    let mut link = Link::new(1);
    link.tell(connect(newest(Version::V5)));
    link.opened();
    assert_eq!(link.pass(10 * SECOND - 1), []);
    let seen = link.pass(1);
    assert!(closes(&seen) && opens(&seen), "{seen:?}");
    link.accept(false);
    assert_eq!(
        (link.session.phase(), link.session.version()),
        (Phase::Connected, Version::V311)
    );
}

/// It was merely slow, or is starting: nothing was learned.
#[test]
fn a_broker_that_is_silent_to_every_version_is_asked_for_the_newest_again() {
    let mut link = Link::new(1);
    link.tell(connect(newest(Version::V5)));
    for _ in 0..3 {
        for version in [Version::V5, Version::V311, Version::V31] {
            link.opened();
            assert_eq!(link.version, version);
            link.pass(10 * SECOND);
        }
        assert_eq!(
            link.session.trouble(),
            Some(&Trouble::NoConnack { after: 10_000 })
        );
        assert_eq!(link.session.phase(), Phase::Waiting);
        link.wake();
    }
}

#[test]
fn where_no_version_works_the_trouble_of_the_first_is_told() {
    for (what, answer) in ODD {
        let mut link = Link::new(1);
        link.tell(connect(newest(Version::V5)));
        link.opened();
        link.bytes(answer);
        link.opened();
        link.bytes(&connack(false, 1));
        link.opened();
        link.closed(1011);
        let malformed = matches!(link.session.trouble(), Some(Trouble::Malformed { .. }));
        assert!(malformed, "{what}: {:?}", link.session.trouble());
        // Its words name the version.
        assert_eq!(
            (link.session.phase(), link.session.version()),
            (Phase::Waiting, Version::V5),
            "{what}"
        );
        link.wake();
        link.opened();
        assert_eq!(link.version, Version::V5);
    }
}

/// What is merely refused says less than what went wrong.
#[test]
fn a_refusal_beside_other_troubles_is_not_what_is_told() {
    let mut link = Link::new(1);
    link.tell(connect(newest(Version::V5)));
    link.opened();
    refuse(&mut link);
    link.opened();
    link.pass(10 * SECOND);
    link.opened();
    refuse(&mut link);
    assert_eq!(
        link.session.trouble(),
        Some(&Trouble::NoConnack { after: 10_000 })
    );
    assert_eq!(link.session.phase(), Phase::Waiting);
}

/// Silence says nothing about a version that has worked, and an answer of another shape does.
#[test]
fn a_version_that_worked_is_left_for_a_wrong_answer_and_not_for_silence() {
    let mut link = Link::connected(newest(Version::V5));
    link.now += 60 * SECOND;
    link.lose();
    link.opened();
    link.pass(10 * SECOND);
    assert_eq!(link.session.phase(), Phase::Waiting);
    link.wake();
    link.opened();
    assert_eq!(link.version, Version::V5);
    link.bytes(ODD[0].1);
    link.opened();
    assert_eq!(link.version, Version::V311);
}

#[test]
fn no_odd_answer_changes_a_version_that_was_asked_for() {
    for (what, answer) in ODD {
        let mut link = Link::new(1);
        link.tell(connect(settings5()));
        link.opened();
        assert!(!opens(&link.bytes(answer)), "{what}");
        link.tell(Input::TryNow);
        link.opened();
        assert_eq!(link.version, Version::V5, "{what}");
        link.pass(10 * SECOND);
        link.wake();
        link.opened();
        assert_eq!(link.version, Version::V5, "{what}");
    }
}

/// Only MQTT 5 has it: in an older version CONNECT would come without a user name and a password.
#[test]
fn enhanced_authentication_is_not_stepped_down_from() {
    for (what, answer) in ODD {
        let mut settings = newest(Version::V5);
        settings.authentication = Some(Authentication::ScramSha256 {
            user_name: "user".to_owned(),
            password: "pencil".to_owned(),
            entropy: [7; 32],
            normalize: str::to_owned,
        });
        let mut link = Link::new(1);
        link.tell(connect(settings));
        link.opened();
        assert!(!opens(&link.bytes(answer)), "{what}");
    }
}

/// Versions are gone through, as each of them may be the one that the broker knows; then it is the end.
#[test]
fn in_strict_mode_a_broken_answer_in_every_version_is_the_end() {
    let mut link = Link::new(1);
    link.tell(connect(strict(newest(Version::V5))));
    for version in [Version::V5, Version::V311, Version::V31] {
        link.opened();
        assert_eq!(link.version, version);
        link.bytes(&[0x20, 2, 2, 0]);
    }
    let trouble = link.session.trouble();
    assert!(matches!(trouble, Some(Trouble::Malformed { .. })));
    assert_eq!(link.session.phase(), Phase::Failed);
}
