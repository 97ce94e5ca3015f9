//! What the broker holds of subscriptions, known to the next page.

use midge::protocol::PacketType;
use midge::session::{Grant, Input};

use crate::tab::*;

/// Types of the packets that were sent, CONNECT left out.
fn types(seen: &[Seen]) -> Vec<PacketType> {
    let types = seen.iter().filter_map(|seen| match seen {
        Seen::Sent { outline, .. } => Some(outline.packet_type),
        _ => None,
    });
    types
        .filter(|&packet_type| packet_type != PacketType::Connect)
        .collect()
}

fn subscribed(settings: midge::session::Settings, filters: &[&str]) -> Tab {
    let mut tab = Tab::new(settings);
    tab.wishes = filters.iter().map(|filter| wish(filter)).collect();
    tab.connect();
    tab.run();
    assert_eq!(types(&tab.seen()), [PacketType::Subscribe]);
    tab
}

#[test]
fn what_the_broker_holds_is_not_asked_for_again_by_the_next_page() {
    for version in VERSIONS {
        let mut tab = subscribed(keeping(version), &["a", "b/#"]);
        assert_eq!(tab.storage.len(), 3);
        for _ in 0..2 {
            tab.crash();
            tab.connect();
            tab.run();
            let seen = tab.seen();
            assert_eq!(types(&seen), []);
            assert_eq!(stores(&seen), []);
            assert!(
                tab.session
                    .subscriptions()
                    .iter()
                    .all(|subscription| matches!(subscription.grant, Grant::Granted(_)))
            );
        }
        tab.broker.forget();
        tab.crash();
        tab.connect();
        tab.run();
        assert_eq!(types(&tab.seen()), [PacketType::Subscribe]);
        assert_eq!(tab.storage.len(), 3);
    }
}

/// A CONNECT whose CONNACK was lost may have begun a new session, so that what is present at the next is not what was held.
#[test]
fn where_a_connack_was_lost_all_filters_are_asked_for() {
    for version in VERSIONS {
        let mut tab = subscribed(keeping(version), &["a"]);
        tab.broker.forget();
        tab.lose();
        tab.step();
        assert!(tab.broker.session, "CONNECT arrived");
        tab.lose();
        tab.run();
        assert_eq!(types(&tab.seen()), [PacketType::Subscribe], "{version}");
        tab.lose();
        tab.run();
        assert_eq!(types(&tab.seen()), []);
    }
}

/// The broker goes on sending it, so the page goes on showing it; whether the session is still there or not.
#[test]
fn what_an_earlier_page_wanted_is_there_in_the_next_until_it_is_given_up() {
    for version in VERSIONS {
        for forgotten in [false, true] {
            let mut tab = subscribed(keeping(version), &["a", "b"]);
            tab.wishes.clear();
            tab.crash();
            if forgotten {
                tab.broker.forget();
            }
            tab.connect();
            tab.run();
            let asked: &[_] = if forgotten {
                &[PacketType::Subscribe]
            } else {
                &[]
            };
            assert_eq!(types(&tab.seen()), asked);
            let there = tab.session.subscriptions().iter();
            let filters: Vec<_> = there
                .filter(|subscription| matches!(subscription.grant, Grant::Granted(_)))
                .map(|subscription| subscription.filter.clone())
                .collect();
            assert_eq!(filters, ["a", "b"]);
            tab.tell(Input::Unsubscribe("a".to_owned()));
            tab.run();
            assert_eq!(types(&tab.seen()), [PacketType::Unsubscribe]);
            assert_eq!(tab.storage.len(), 2);
            tab.crash();
            tab.connect();
            tab.run();
            assert_eq!(tab.session.subscriptions().len(), 1);
            assert_eq!(tab.session.identifiers_in_use(), 0);
        }
    }
}

/// Nor does a crash bring back what was given up without a connection.
#[test]
fn what_was_given_up_without_a_connection_stays_so_for_the_next_page() {
    for version in VERSIONS {
        let mut tab = subscribed(keeping(version), &["a", "b"]);
        tab.wishes.clear();
        tab.lose();
        tab.tell(Input::Unsubscribe("a".to_owned()));
        tab.crash();
        tab.connect();
        tab.run();
        assert_eq!(types(&tab.seen()), [PacketType::Unsubscribe]);
        assert!(there_is_no(&tab, "a"));
        assert_eq!(tab.storage.len(), 2);
    }
}

#[test]
fn what_was_given_up_after_disconnecting_is_left_at_the_next_connection() {
    for version in VERSIONS {
        let mut tab = subscribed(keeping(version), &["a", "b"]);
        tab.wishes.clear();
        tab.tell(Input::Disconnect);
        tab.run();
        tab.seen();
        tab.tell(Input::Unsubscribe("a".to_owned()));
        tab.tell(Input::Unsubscribe("b".to_owned()));
        tab.tell(Input::Subscribe(vec![wish("b")]));
        tab.connect();
        tab.run();
        assert_eq!(types(&tab.seen()), [PacketType::Unsubscribe]);
        assert!(there_is_no(&tab, "a"));
        assert_eq!(tab.storage.len(), 2);
    }
}

#[test]
fn what_the_next_page_wants_in_another_way_is_asked_for() {
    for version in VERSIONS {
        let mut tab = subscribed(keeping(version), &["a", "b"]);
        tab.wishes[1].options.qos = midge::protocol::Qos::AtLeastOnce;
        tab.crash();
        tab.connect();
        tab.run();
        assert_eq!(types(&tab.seen()), [PacketType::Subscribe]);
        tab.crash();
        tab.connect();
        tab.run();
        assert_eq!(types(&tab.seen()), []);
    }
}

/// After a crash at any output of a subscription, of another in its place and of its end, the next page brings the
/// broker to what it wants.
#[test]
fn a_crash_leaves_no_subscription_behind_and_none_out() {
    for version in VERSIONS {
        let mut crashes = 0;
        for fuse in 0.. {
            let mut tab = subscribed(keeping(version), &["a"]);
            tab.fuse = Some(fuse);
            let mut other = wish("a");
            other.options.qos = midge::protocol::Qos::AtMostOnce;
            tab.tell(Input::Subscribe(vec![other.clone(), wish("b")]));
            tab.run();
            tab.tell(Input::Unsubscribe("a".to_owned()));
            tab.run();
            if !tab.is_crashed() {
                break;
            }
            crashes += 1;
            let reached = tab.seen();
            for wishes in [vec![other.clone(), wish("b")], vec![wish("b")], vec![]] {
                let mut next = Tab::new(tab.settings.clone());
                (next.storage, next.broker) = (tab.storage.clone(), tab.broker.clone());
                next.crash();
                next.wishes = wishes;
                next.connect();
                next.run();
                let sent = types(&next.seen());
                let left = types(&reached).contains(&PacketType::Unsubscribe);
                // UNSUBSCRIBE may have arrived or not, so who wants it asks again.
                if left && !next.wishes.is_empty() && next.wishes[0].filter == "a" {
                    assert!(sent.contains(&PacketType::Subscribe), "{fuse}");
                }
                // And what was given up stays so, and the broker hears of it as long as there was no answer.
                let over = !tab
                    .storage
                    .values()
                    .any(|value| value.windows(2).any(|part| part == [1, b'a']));
                if left && next.wishes.iter().all(|wish| wish.filter != "a") {
                    assert_eq!(sent.contains(&PacketType::Unsubscribe), !over, "{fuse}");
                    assert!(there_is_no(&next, "a"), "{fuse}");
                }
                let there = next.session.subscriptions();
                assert_eq!(next.storage.len(), 1 + there.len(), "{fuse}");
                assert_eq!(next.session.identifiers_in_use(), 0);
            }
        }
        assert!(crashes > 8, "{crashes}");
    }
}

fn there_is_no(tab: &Tab, filter: &str) -> bool {
    let mut all = tab.session.subscriptions().iter();
    all.all(|subscription| subscription.filter != filter)
}
