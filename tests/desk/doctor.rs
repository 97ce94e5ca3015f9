//! What is advised when there is no connection.

use midge::{
    desk::{
        doctor::{
            Advice, advise, is_end_of_tab_broker, is_guessing, own_words, ran_out, told_loss,
            trouble_now,
        },
        mosquitto,
    },
    link::{Asked, Connection, Loss, Phase, Suspected, TAB, TAB_CLOSED, TAB_STOPPED, Trouble},
    profile::address::Page,
};

/// Of no importance but where a signature runs out.
const NOW: f64 = 1_795_000_000_000.0;

const LOCAL: Page<'_> = Page {
    scheme: "http:",
    host: "localhost:8080",
};
const PUBLIC: Page<'_> = Page {
    scheme: "https:",
    host: "midge.example",
};

fn connection(address: &str) -> Connection {
    Connection {
        phase: Phase::Failed,
        address: address.to_owned(),
        user_name: Some("chen".to_owned()),
        ..Connection::default()
    }
}

fn not_opened(after: u32, address: &str, page: Page<'_>) -> Vec<Advice> {
    advise(
        &Trouble::NotOpened { after },
        &connection(address),
        page,
        NOW,
    )
}

#[test]
fn a_socket_that_is_turned_away_at_once_was_not_lost() {
    let advice = |after| not_opened(after, "ws://broker.example:9001/mqtt", LOCAL);
    assert_eq!(advice(1_499), [Advice::Fast, Advice::Listener]);
    assert_eq!(advice(1_500), [Advice::Listener]);
    assert_eq!(advice(3_999), [Advice::Listener]);
    assert_eq!(advice(4_000), [Advice::Slow, Advice::Listener]);
}

#[test]
fn this_machine_does_not_fail_to_answer() {
    assert_eq!(
        not_opened(9_000, "ws://localhost:9001/mqtt", LOCAL),
        [Advice::Listener]
    );
}

#[test]
fn a_path_is_asked_about_where_somebody_answered_and_there_is_none() {
    let bare = "ws://broker.example:9001";
    assert_eq!(
        not_opened(10, bare, LOCAL),
        [Advice::Fast, Advice::Path, Advice::Listener]
    );
    assert!(!not_opened(9_000, bare, LOCAL).contains(&Advice::Path));
}

#[test]
fn the_ports_of_mqtt_without_web_sockets_come_first() {
    assert_eq!(
        not_opened(10, "ws://broker.example:1883/mqtt", LOCAL)[0],
        Advice::PlainPort(1883)
    );
    let tls = not_opened(10, "wss://broker.example:8883/mqtt", LOCAL);
    assert_eq!(tls[0], Advice::PlainPort(8883));
    // A certificate is not what is wrong there.
    assert!(!tls.iter().any(|one| matches!(one, Advice::Certificate(_))));
}

#[test]
fn a_certificate_can_be_looked_at_where_there_is_one() {
    assert_eq!(
        not_opened(2_000, "wss://broker.example:8081/mqtt", PUBLIC),
        [Advice::Certificate(
            "https://broker.example:8081/".to_owned()
        )]
    );
}

#[test]
fn the_host_that_served_the_page_needs_no_listener() {
    let own = |host| {
        let page = Page { host, ..LOCAL };
        not_opened(2_000, "ws://localhost:8080/mqtt", page)
    };
    assert_eq!(own("localhost:8080"), []);
    assert_eq!(own("LOCALHOST:8080"), []);
    assert_eq!(own("localhost:8081"), [Advice::Listener]);
}

#[test]
fn a_public_page_is_told_what_browsers_do_not_let_it() {
    let mixed = not_opened(10, "ws://broker.example:9001/mqtt", PUBLIC);
    assert_eq!(mixed, [Advice::MixedContent, Advice::Listener]);
    let lan = not_opened(2_000, "ws://192.168.1.5:9001/mqtt", PUBLIC);
    assert_eq!(lan[0], Advice::MixedContent);
    let private = not_opened(2_000, "wss://192.168.1.5:9001/mqtt", PUBLIC);
    assert_eq!(private[0], Advice::Permission);
    let named = not_opened(2_000, "ws://pi.local:9001/mqtt", LOCAL);
    assert_eq!(named, [Advice::LocalName, Advice::Listener]);
}

#[test]
fn an_address_that_cannot_be_read_is_met_with_what_most_need() {
    assert_eq!(not_opened(10, "nonsense", LOCAL), [Advice::Listener]);
}

fn refused(code: u8, user_name: Option<&str>, reason: Option<&str>) -> Vec<Advice> {
    let trouble = Trouble::Refused {
        code,
        reason: reason.map(str::to_owned),
        server_reference: None,
    };
    let connection = Connection {
        user_name: user_name.map(str::to_owned),
        ..connection("ws://localhost:9001")
    };
    advise(&trouble, &connection, LOCAL, NOW)
}

#[test]
fn a_refusal_over_credentials_says_how_a_user_is_let_in() {
    // Before MQTT 5, and in it.
    for code in [4, 5, 0x86, 0x87] {
        assert_eq!(
            refused(code, None, None),
            [
                Advice::NoUserName,
                Advice::Refused(code),
                Advice::PasswordLines,
                Advice::PasswordReload(None)
            ]
        );
        assert_eq!(
            refused(code, Some("ada"), None),
            [
                Advice::Refused(code),
                Advice::PasswordLines,
                Advice::PasswordReload(Some("ada".to_owned()))
            ]
        );
    }
    assert_eq!(refused(2, None, None), [Advice::Refused(2)]);
}

#[test]
fn lines_for_a_terminal_hold_a_user_name_that_means_to_break_out() {
    let lines = mosquitto::let_in(Some("x; rm -rf ~"));
    assert!(lines.contains("'x; rm -rf ~'"), "{lines}");
    assert!(mosquitto::let_in(None).contains(" chen\n"));
}

#[test]
fn the_broker_is_quoted_and_not_at_length() {
    assert_eq!(
        refused(2, None, Some("go away")),
        [Advice::Refused(2), Advice::BrokerSays("go away".to_owned())]
    );
    assert_eq!(refused(2, None, Some("")), [Advice::Refused(2)]);
    let long = "é".repeat(60_000);
    let Some(Advice::BrokerSays(shown)) = refused(2, None, Some(&long)).pop() else {
        panic!("not quoted");
    };
    assert_eq!(shown.chars().count(), 1_000);
}

#[test]
fn there_is_room_for_a_line_of_the_brokers_words_only() {
    let lost = |reason: &str| Trouble::Lost {
        code: 1006,
        reason: reason.to_owned(),
        silence: 0,
    };
    assert_eq!(own_words(&lost("")), None);
    assert_eq!(own_words(&lost("bye")).as_deref(), Some("bye"));
    let shown = own_words(&lost(&"x".repeat(500))).expect("words");
    assert_eq!(shown.len(), 160);
    let disconnected = |reason: Option<&str>| Trouble::Disconnected {
        code: 0x8b,
        reason: reason.map(str::to_owned),
        server_reference: None,
    };
    assert_eq!(own_words(&disconnected(None)), None);
    assert_eq!(own_words(&disconnected(Some(""))), None);
    assert_eq!(own_words(&Trouble::TextFrame), None);
}

#[test]
fn a_signature_that_ran_out_comes_first_where_it_may_be_the_reason() {
    // Signed at 2026-11-11 for 600 seconds.
    let late = "wss://b.example/mqtt?X-Amz-Date=20261111T000000Z&X-Amz-Expires=600";
    let ended = 1_794_355_200 + 600;
    let just = f64::from(ended) * 1000.0;
    assert_eq!(ran_out(late, just), Some(0));
    assert_eq!(ran_out(late, just - 1.0), None);
    assert_eq!(ran_out(late, just + 90_000.0), Some(90));
    assert_eq!(ran_out("wss://b.example/mqtt", NOW), None);
    let advice = |trouble: &Trouble| advise(trouble, &connection(late), PUBLIC, just + 5_000.0);
    let lost = Trouble::NoConnack { after: 10_000 };
    assert_eq!(advice(&lost), [Advice::RanOut(5), Advice::NoConnack]);
    assert_eq!(advice(&Trouble::TextFrame), [Advice::TextFrame]);
}

fn lost(silence: u32, keep_alive: u16, suspected: Option<Suspected>) -> Vec<Advice> {
    let connection = Connection {
        asked: Asked {
            keep_alive,
            ..Asked::default()
        },
        suspected,
        ..connection("ws://localhost:9001")
    };
    let trouble = Trouble::Lost {
        code: 1006,
        reason: "gone".to_owned(),
        silence,
    };
    advise(&trouble, &connection, LOCAL, NOW)
}

#[test]
fn silence_before_a_loss_points_to_something_that_ends_quiet_connections() {
    let reason = Advice::CloseReason("gone".to_owned());
    assert_eq!(lost(2_000, 60, None), [reason.clone(), Advice::Lost]);
    assert_eq!(
        lost(60_000, 300, None),
        [
            reason,
            Advice::Idle {
                silence: 60_000,
                keep_alive: 30
            },
            Advice::Lost
        ]
    );
}

#[test]
fn what_the_broker_had_not_answered_is_named_if_there_is_anything() {
    let suspected = Suspected {
        topic: Some("a".to_owned()),
        ..Suspected::default()
    };
    let advice = lost(0, 60, Some(suspected.clone()));
    assert_eq!(advice[0], Advice::Suspected(suspected));
    let advice = lost(0, 60, Some(Suspected::default()));
    assert!(!advice.iter().any(|one| matches!(one, Advice::Suspected(_))));
}

#[test]
fn trouble_is_explained_while_it_lasts() {
    let told = |phase, attempt| {
        let connection = Connection {
            phase,
            attempt,
            trouble: Some(Trouble::TextFrame),
            ..Connection::default()
        };
        trouble_now(&connection).is_some()
    };
    assert!(told(Phase::Failed, 0) && told(Phase::Waiting, 1));
    // The first try has not failed yet.
    assert!(!told(Phase::Connecting, 1) && told(Phase::Connecting, 2));
    assert!(!told(Phase::Connected, 2) && !told(Phase::Disconnected, 2));
    assert_eq!(trouble_now(&connection("")), None);
}

#[test]
fn only_where_the_browser_says_nothing_is_it_guessed() {
    assert!(is_guessing(&Trouble::NotOpened { after: 1 }));
    assert!(is_guessing(&Trouble::OpenTimeout { after: 1 }));
    assert!(!is_guessing(&Trouble::NoConnack { after: 1 }));
}

#[test]
fn of_the_broker_in_this_browser_neither_ports_nor_listeners_are_checked() {
    assert_eq!(not_opened(20, TAB, PUBLIC), [Advice::NoTabBroker]);
    let lost = |code| Trouble::Lost {
        code,
        reason: String::new(),
        silence: 60_000,
    };
    for code in [TAB_CLOSED, TAB_STOPPED] {
        assert!(is_end_of_tab_broker(&lost(code)));
        assert_eq!(
            advise(&lost(code), &connection(TAB), LOCAL, NOW),
            [Advice::NewTabBroker]
        );
    }
    // Its page slept, and it is still there.
    assert!(!is_end_of_tab_broker(&lost(1001)));
}

#[test]
fn what_ended_a_connection_is_told_beside_the_latest_try_and_not_twice() {
    let lost = Loss {
        at: NOW,
        trouble: Trouble::PingUnanswered { after: 5_000 },
    };
    let mut now = Connection {
        lost: Some(lost.clone()),
        trouble: Some(lost.trouble.clone()),
        ..connection("ws://localhost:9001")
    };
    assert_eq!(told_loss(&now), None);
    now.trouble = Some(Trouble::NotOpened { after: 4 });
    assert_eq!(told_loss(&now), Some(&lost));
}
