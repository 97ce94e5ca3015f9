//! Another client takes over the client identifier: the loser says so and does not fight back.

use midge::session::{Input, Phase, SocketEvent, Trouble};

use crate::link::*;

fn replaced(certain: bool) -> Option<Trouble> {
    Some(Trouble::Replaced {
        certain,
        client_id: "mine".to_owned(),
    })
}

#[test]
fn a_host_that_says_so_is_believed() {
    let mut link = Link::connected(settings());
    let seen = link.closed(4142);
    assert!(
        !seen
            .iter()
            .any(|seen| matches!(seen, Seen::Probe(_) | Seen::Open(_)))
    );
    assert_eq!(link.session.trouble(), replaced(true).as_ref());
    assert_eq!(
        (link.session.phase(), link.session.wake_at()),
        (Phase::Failed, None)
    );
}

#[test]
fn a_broker_that_is_still_there_has_thrown_us_out() {
    let mut link = Link::connected(settings());
    let seen = link.socket(SocketEvent::Closed {
        code: 1006,
        reason: "",
        clean: false,
    });
    assert!(seen.contains(&Seen::Probe(2)), "{seen:?}");
    assert_eq!(link.session.phase(), Phase::Waiting);
    link.tell(Input::Probed {
        socket: 2,
        alive: true,
    });
    assert_eq!(link.session.trouble(), replaced(false).as_ref());
    assert_eq!(
        (link.session.phase(), link.session.wake_at()),
        (Phase::Failed, None)
    );
}

#[test]
fn a_broker_that_is_gone_is_waited_for() {
    let mut link = Link::connected(settings());
    link.closed(1001);
    link.tell(Input::Probed {
        socket: 2,
        alive: false,
    });
    assert_eq!(
        link.session.trouble(),
        Some(&Trouble::Lost {
            code: 1001,
            reason: String::new()
        })
    );
    assert!(link.session.next_try().is_some());
}

#[test]
fn a_probe_that_says_nothing_is_not_waited_for() {
    let mut link = Link::connected(settings());
    link.closed(1006);
    assert_eq!(link.session.wake_at(), Some(link.now + 3 * SECOND));
    link.wake();
    assert!(link.session.next_try().is_some());
    // Its late result is of no interest any more.
    link.tell(Input::Probed {
        socket: 2,
        alive: true,
    });
    assert_eq!(link.session.phase(), Phase::Waiting);
}

#[test]
fn a_broker_that_was_silent_is_not_probed() {
    let mut link = Link::connected(settings());
    link.wake();
    let seen = link.closed(1006);
    assert!(!seen.iter().any(|seen| matches!(seen, Seen::Probe(_))));
    assert!(link.session.next_try().is_some());
}

#[test]
fn trying_now_does_not_wait_for_the_probe() {
    let mut link = Link::connected(settings());
    link.closed(1006);
    assert!(link.tell(Input::TryNow).contains(&Seen::Open(3)));
    assert_eq!(
        link.tell(Input::Probed {
            socket: 2,
            alive: true
        }),
        []
    );
    link.accept(false);
    assert_eq!(link.session.phase(), Phase::Connected);
}

#[test]
fn after_being_replaced_only_the_user_connects_again() {
    let mut link = Link::connected(settings());
    link.closed(4142);
    assert_eq!(link.pass(1_000_000 * SECOND), []);
    assert_eq!(link.tell(Input::TryNow)[0], Seen::Open(2));
}

/// Two tabs that were given the same name, as by duplicating one: the loser takes another name.
#[test]
fn a_made_up_name_is_given_up() {
    for code in [1006, 4142] {
        let mut settings = settings();
        settings.client_id_made_up = true;
        let mut link = Link::connected(settings);
        let seen = link.lose_quietly(code);
        assert!(!seen.iter().any(|seen| matches!(seen, Seen::Probe(_))));
        let fresh = link.session.settings().unwrap().connect.client_id.clone();
        assert!(fresh.starts_with("midge-") && fresh.len() <= 23, "{fresh}");
        let connect = sent(&link.opened()).concat();
        assert!(connect.ends_with(fresh.as_bytes()));
    }
}

/// With a session at the broker the name is what it is found by.
#[test]
fn a_made_up_name_with_a_kept_session_stays() {
    let mut settings = keeping();
    settings.client_id_made_up = true;
    let mut link = Link::connected(settings);
    assert!(link.closed(1006).contains(&Seen::Probe(2)));
    assert_eq!(link.session.settings().unwrap().connect.client_id, "mine");
}

impl Link {
    fn lose_quietly(&mut self, code: u16) -> Vec<Seen> {
        let mut seen = self.closed(code);
        seen.extend(self.wake());
        seen
    }
}

#[test]
fn a_connection_lost_after_a_change_of_network_is_tried_again() {
    let mut link = Link::connected(settings());
    link.tell(Input::NetworkChanged);
    let seen = link.closed(1006);
    assert!(!seen.iter().any(|seen| matches!(seen, Seen::Probe(_))));
    assert!(link.session.next_try().is_some());
}

#[test]
fn a_change_of_network_ends_the_probe_with_another_try() {
    let mut link = Link::connected(settings());
    link.closed(1006);
    link.tell(Input::NetworkChanged);
    link.tell(Input::Probed {
        socket: 2,
        alive: true,
    });
    assert_eq!(link.session.phase(), Phase::Waiting);
    assert!(link.session.next_try().is_some());
}

#[test]
fn a_connection_lost_while_the_machine_slept_is_tried_again() {
    let mut link = Link::connected(settings());
    let due = link.session.wake_at().expect("a keep alive");
    link.now = due + 60 * SECOND;
    let seen = link.closed(1006);
    assert!(!seen.iter().any(|seen| matches!(seen, Seen::Probe(_))));
    assert!(link.session.next_try().is_some());
}

#[test]
fn long_after_a_change_of_network_a_takeover_is_told_again() {
    let mut link = Link::connected(settings());
    link.tell(Input::NetworkChanged);
    link.now += 31 * SECOND;
    let seen = link.closed(1006);
    assert!(seen.contains(&Seen::Probe(2)), "{seen:?}");
}
