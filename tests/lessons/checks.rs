//! What holds, and what nearly does.

use midge::{
    lessons::{self, Facts, Task},
    link::{Asked, Connection, Found, Grant, Phase, Subscription, Trouble},
    protocol::{Qos, SubscribeOptions, Version},
};

fn task(checks: &str) -> Task {
    let checks: String = checks
        .lines()
        .map(|one| format!("check: {one}\n"))
        .collect();
    let text = format!("lesson: own\ntitle: a\ngoal: b\nstep: c\n{checks}seen: d\n");
    lessons::read(&text)
        .unwrap()
        .remove(0)
        .steps
        .remove(0)
        .check
}

fn subscription(filter: &str, grant: Grant) -> Subscription {
    Subscription {
        filter: filter.to_owned(),
        options: SubscribeOptions::default(),
        identifier: None,
        reason: None,
        grant,
        colour: 0,
        muted: false,
        count: 0,
        rate: 0.0,
    }
}

fn connected(address: &str) -> Connection {
    Connection {
        phase: Phase::Connected,
        address: address.to_owned(),
        version: Version::V5,
        ..Connection::default()
    }
}

fn holds(checks: &str, connection: &Connection, filters: &[&str], goals: &[Found]) -> bool {
    let subscriptions: Vec<_> = filters
        .iter()
        .map(|filter| subscription(filter, Grant::Granted(Qos::AtMostOnce)))
        .collect();
    task(checks).is_done(&Facts {
        connection,
        subscriptions: &subscriptions,
        goals,
    })
}

#[test]
fn a_filter_that_was_refused_or_is_on_its_way_is_not_subscribed() {
    let connection = connected("ws://a");
    for grant in [
        Grant::Asleep,
        Grant::Asked,
        Grant::Refused(0x80),
        Grant::Withheld,
    ] {
        for checks in ["subscribed a/+", "reaches a/b", "one reaches a/b"] {
            let facts = Facts {
                connection: &connection,
                subscriptions: &[subscription("a/+", grant)],
                goals: &[],
            };
            assert!(!task(checks).is_done(&facts), "{checks} {grant:?}");
        }
    }
    assert!(holds("subscribed a/+", &connection, &["a/+"], &[]));
    assert!(!holds("subscribed a/+", &connection, &["a/#"], &[]));
}

#[test]
fn topics_are_reached_by_several_filters_or_by_one() {
    let connection = connected("ws://a");
    let both = ["a/+", "b/#"];
    assert!(holds("reaches a/x b", &connection, &both, &[]));
    assert!(!holds("reaches a/x b c", &connection, &both, &[]));
    assert!(!holds("one reaches a/x b", &connection, &both, &[]));
    assert!(holds("one reaches a/x b", &connection, &["#"], &[]));
    assert!(holds("misses c", &connection, &both, &[]));
    assert!(!holds("misses c b/x", &connection, &both, &[]));
    // Of a shared subscription the filter within counts.
    assert!(holds("reaches work", &connection, &["$share/g/work"], &[]));
    assert!(!holds("one reaches $SYS/x a", &connection, &["#"], &[]));
}

#[test]
fn goals_are_held_in_their_order() {
    let connection = connected("ws://a");
    let no = Found::default();
    let yes = Found {
        reached: true,
        ..Found::default()
    };
    let checks = "1 received\nconnected\nno 2 sent\nthen 1 dup";
    for (goals, done) in [
        ([yes, no, yes], true),
        ([no, no, yes], false),
        ([yes, yes, yes], false),
        ([yes, no, no], false),
    ] {
        assert_eq!(holds(checks, &connection, &[], &goals), done, "{goals:?}");
    }
    // The engine has not answered yet: neither seen nor not seen.
    assert!(!holds(checks, &connection, &[], &[]));
    assert!(!holds("no 1 sent", &connection, &[], &[]));
}

#[test]
fn the_connection_is_what_it_is() {
    let here = connected("ws://127.0.0.1:9001");
    let away = Connection::default();
    let lost = Connection {
        phase: Phase::Waiting,
        trouble: Some(Trouble::Settings {
            detail: String::new(),
        }),
        ..connected("ws://a")
    };
    for (checks, connection, holding) in [
        ("connected", &here, true),
        ("connected", &away, false),
        ("connected", &lost, false),
        ("away", &away, true),
        ("away", &here, false),
        ("trouble", &lost, true),
        ("trouble", &away, false),
        ("version 5", &here, true),
        ("version 3.1.1", &here, false),
        ("version 5", &away, false),
        ("secure", &here, false),
        ("secure", &connected("wss://a:1/mqtt"), true),
        ("in tab", &here, false),
        ("in tab", &connected("tab:"), true),
        ("elsewhere", &here, false),
        ("elsewhere", &connected("ws://localhost:9001/mqtt"), false),
        ("elsewhere", &connected("ws://[::1]:9001"), false),
        ("elsewhere", &connected("tab:"), false),
        ("elsewhere", &connected("ws://pi.localhost"), false),
        ("elsewhere", &connected("ws://localhost-pi:9001"), true),
        ("elsewhere", &connected("ws://127.example.org"), true),
        ("elsewhere", &connected("ws://pi.local:9001"), true),
        ("elsewhere", &connected("wss://10.0.0.7/x"), true),
    ] {
        assert_eq!(
            holds(checks, connection, &[], &[]),
            holding,
            "{checks} {}",
            connection.address
        );
    }
}

#[test]
fn a_user_and_a_session_are_what_was_asked_for() {
    let chen = Connection {
        user_name: Some("chen".to_owned()),
        ..connected("ws://a")
    };
    assert!(holds("user", &chen, &[], &[]) && holds("user chen", &chen, &[], &[]));
    assert!(!holds("user lin", &chen, &[], &[]));
    assert!(!holds("user", &connected("ws://a"), &[], &[]));
    let asked = |version, clean_session, session_expiry| Connection {
        version,
        asked: Asked {
            clean_session,
            session_expiry,
            ..Asked::default()
        },
        ..connected("ws://a")
    };
    for (connection, stays) in [
        (asked(Version::V5, true, Some(600)), true),
        (asked(Version::V5, false, Some(0)), false),
        (asked(Version::V5, false, None), false),
        (asked(Version::V311, false, None), true),
        (asked(Version::V311, true, None), false),
    ] {
        assert_eq!(
            holds("session stays", &connection, &[], &[]),
            stays,
            "{connection:?}"
        );
    }
    let kept = Connection {
        session_present: true,
        ..connected("ws://a")
    };
    assert!(holds("session kept", &kept, &[], &[]));
    assert!(!holds("session kept", &connected("ws://a"), &[], &[]));
}
