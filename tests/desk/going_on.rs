//! Going on where one left.

use midge::{
    desk::going_on::{GoingOn, TakenUp, connects_by_itself},
    link::{Grant, Subscription},
    profile::{kept_filters::KeptFilter, saved::SavedConnection},
    protocol::{Qos, SubscribeOptions, SubscribeRequest},
};

fn connection(name: &str, address: &str) -> SavedConnection {
    let written = serde_json::json!({ "name": name, "address": address });
    serde_json::from_str(&written.to_string()).expect("a connection")
}

fn with(filters: &[&str], one: SavedConnection) -> SavedConnection {
    SavedConnection {
        subscriptions: Some(filters.iter().map(|filter| kept(filter)).collect()),
        ..one
    }
}

fn kept(filter: &str) -> KeptFilter {
    KeptFilter::new(filter, SubscribeOptions::from(Qos::AtLeastOnce), None)
}

fn subscription(filter: &str, grant: Grant) -> Subscription {
    Subscription {
        filter: filter.into(),
        options: Qos::AtLeastOnce.into(),
        identifier: None,
        reason: None,
        grant,
        colour: 0,
        muted: false,
        count: 0,
        rate: 0.0,
    }
}

fn asked(filter: &str) -> SubscribeRequest {
    SubscribeRequest {
        filter: filter.into(),
        options: Qos::AtLeastOnce.into(),
        identifier: None,
    }
}

fn remembered(on: &GoingOn) -> Vec<String> {
    let all = on.in_use().and_then(|one| one.subscriptions.clone());
    let all = all.unwrap_or_default().into_iter();
    all.map(|one| one.filter).collect()
}

#[test]
fn the_next_connection_to_the_same_broker_brings_what_was_subscribed() {
    let mut on = GoingOn::default();
    on.expect(&with(&["a/#"], connection("", "ws://h/?x=1")), false);
    let taken_up = on.connect(connection("", "ws://h/?x=1"));
    assert_eq!(
        taken_up,
        Some(TakenUp {
            filters: vec![asked("a/#")],
            colours: Vec::new(),
            only: false
        })
    );
    // Once: what is given up afterwards does not come back.
    assert_eq!(on.connect(connection("", "ws://h/?x=1")), None);
}

#[test]
fn another_broker_is_not_asked_for_it() {
    let mut on = GoingOn::default();
    on.expect(&with(&["a/#"], connection("", "ws://h")), false);
    assert_eq!(on.connect(connection("", "ws://other")), None);
    assert_eq!(remembered(&on), [""; 0]);
    // Not later, either.
    assert_eq!(on.connect(connection("", "ws://h")), None);
}

#[test]
fn a_saved_connection_brings_its_own_and_no_others() {
    let mut on = GoingOn::default();
    let saved = with(&["a/#"], connection("lab", "ws://h"));
    on.expect(&saved, true);
    let taken_up = on.connect(connection("", "ws://h")).expect("something");
    assert!(taken_up.only);
    assert_eq!(on.name(), Some("lab"));
    // One that an earlier Midge saved says nothing of subscriptions: what is there stays.
    on.expect(&connection("old", "ws://o"), true);
    assert_eq!(on.connect(connection("", "ws://o")), None);
    assert_eq!(on.name(), Some("old"));
    // Elsewhere the name stands for nothing.
    on.connect(connection("", "ws://elsewhere"));
    assert_eq!(on.name(), None);
}

#[test]
fn what_is_subscribed_on_an_accepted_connection_is_remembered_when_it_changes() {
    let mut on = GoingOn::default();
    let granted = Grant::Granted(Qos::AtLeastOnce);
    let mut all = vec![subscription("a/#", granted)];
    assert!(!on.subscribed(&all), "there is no connection");
    on.meet();
    assert!(!on.subscribed(&all), "nor was one accepted");
    on.connect(connection("", "ws://h"));
    // What is told now may be another connection's.
    assert!(!on.subscribed(&[]));
    on.meet();
    assert!(on.subscribed(&all));
    assert_eq!(remembered(&on), ["a/#"]);
    if let Some(one) = all.first_mut() {
        one.count = 7;
        one.grant = Grant::Asked;
    }
    assert!(!on.subscribed(&all), "a count is no change");
    all.push(subscription("kills", Grant::Withheld));
    assert!(
        !on.subscribed(&all),
        "what ends each connection is left out"
    );
    if let Some(one) = all.first_mut() {
        one.colour = 5;
    }
    assert!(on.subscribed(&all), "its colour is kept");
    let last = on.in_use().expect("one").clone();
    let mut later = GoingOn::default();
    later.expect(&last, false);
    let taken_up = later.connect(connection("", "ws://h")).expect("something");
    assert_eq!(taken_up.colours, [("a/#".to_owned(), 5)]);
    if let Some(one) = all.first_mut() {
        one.options.no_local = true;
    }
    assert!(on.subscribed(&all));
    assert!(on.subscribed(&[]));
    assert_eq!(remembered(&on), [""; 0]);
}

#[test]
fn what_is_remembered_is_without_secrets_and_finds_the_same_broker() {
    let mut on = GoingOn::default();
    on.connect(connection("", "ws://h/?token=geheim-4711-geheim"));
    on.meet();
    assert!(on.subscribed(&[subscription("a", Grant::Asked)]));
    let last = on.in_use().expect("one").clone();
    assert!(!format!("{last:?}").contains("geheim"));
    let mut later = GoingOn::default();
    later.expect(&last, false);
    assert!(
        later
            .connect(connection("", "ws://h/?token=another-4711-other"))
            .is_some()
    );
}

#[test]
fn the_form_is_saved_with_the_subscriptions_of_its_own_broker() {
    let mut on = GoingOn::default();
    let here = connection("", "ws://h");
    assert_eq!(on.save(&here, "new"), None);
    assert_eq!(on.name(), None);
    on.connect(here.clone());
    on.meet();
    on.subscribed(&[subscription("a", Grant::Asked)]);
    assert_eq!(on.save(&connection("", "ws://other"), "other"), None);
    assert_eq!(on.name(), None);
    assert_eq!(on.save(&here, "lab"), Some(vec![kept("a").coloured(0)]));
    assert_eq!(
        on.name(),
        Some("lab"),
        "what changes now is kept there, too"
    );
    // One that waits to be connected has its subscriptions as well.
    let mut on = GoingOn::default();
    on.expect(&with(&["b"], here.clone()), false);
    assert_eq!(on.save(&here, "lab"), Some(vec![kept("b")]));
}

#[test]
fn the_page_connects_by_itself_only_where_nothing_is_missing() {
    let last = connection("", "ws://h");
    let incomplete = SavedConnection {
        incomplete: true,
        ..last.clone()
    };
    assert!(connects_by_itself(true, false, Some(&last), false));
    assert!(!connects_by_itself(false, false, Some(&last), false));
    assert!(!connects_by_itself(true, true, Some(&last), false));
    assert!(!connects_by_itself(true, false, None, false));
    assert!(!connects_by_itself(true, false, Some(&incomplete), false));
    assert!(connects_by_itself(true, false, Some(&incomplete), true));
}

#[test]
fn what_the_next_connection_brings_can_be_told_before() {
    let mut on = GoingOn::default();
    assert!(on.brings("ws://h").is_empty());
    on.expect(&with(&["a/#", "b"], connection("", "ws://h")), false);
    assert_eq!(on.brings("ws://h"), ["a/#", "b"]);
    assert!(on.brings("ws://other").is_empty());
    on.connect(connection("", "ws://h"));
    on.meet();
    on.subscribed(&[subscription("c", Grant::Granted(Qos::AtMostOnce))]);
    assert_eq!(
        on.brings("ws://h"),
        ["c"],
        "after a disconnect it goes on with these"
    );
}
