//! `$SYS`, in mosquitto's names (section 4.7.2).

use std::collections::BTreeMap;

use midge_broker_core::Settings;

use crate::desk::*;

fn counting(interval: u32) -> Desk {
    Desk::with(Settings {
        sys_interval: interval,
        version: "midge 1".into(),
        ..Settings::default()
    })
}

fn sys(desk: &mut Desk, client: C) -> BTreeMap<String, String> {
    let all = desk.messages(client).into_iter();
    all.map(|message| {
        let name = message
            .topic
            .strip_prefix("$SYS/broker/")
            .expect("the broker's own");
        (name.to_owned(), message.text().to_owned())
    })
    .collect()
}

#[test]
fn what_is_counted_is_published_as_it_changes() {
    let mut desk = counting(10);
    let client = desk.client(V311, "c");
    desk.subscribe(client, &[("$SYS/#", QOS[0])]);
    let first = sys(&mut desk, client);
    assert_eq!(first["version"], "midge 1");
    assert_eq!(first["uptime"], "0 seconds");
    let away = desk.join(&staying(V5, "d"));
    desk.subscribe(away, &[("$share/g/t", QOS[1])]);
    desk.cut(away);
    desk.publish_whole(client, "t", "hello", QOS[1]);
    desk.wait(10);
    let second = sys(&mut desk, client);
    for (name, value) in [
        ("uptime", "10 seconds"),
        ("clients/total", "2"),
        ("clients/connected", "1"),
        ("clients/disconnected", "1"),
        ("clients/maximum", "2"),
        ("subscriptions/count", "2"),
        ("shared_subscriptions/count", "1"),
        ("publish/messages/received", "1"),
        ("publish/bytes/received", "5"),
        ("messages/received", "5"),
    ] {
        assert_eq!(second.get(name).map(String::as_str), Some(value), "{name}");
    }
    assert!(
        second["load/messages/received/1min"]
            .parse::<f64>()
            .expect("a number")
            > 0.0
    );
    assert!(!second.contains_key("version"), "it has not changed");
    // Once for all that was slept through.
    desk.now += 1_000_000 * SECOND;
    desk.tell(midge_broker_core::Input::Time);
    assert_eq!(
        desk.got(client)
            .iter()
            .filter(|got| matches!(got, Got::Publish(message) if message.topic.ends_with("uptime")))
            .count(),
        1
    );
}

#[test]
fn a_wildcard_does_not_bring_it_and_an_interval_of_0_makes_none() {
    let mut desk = counting(1);
    let client = desk.client(V311, "c");
    desk.subscribe(client, &[("#", QOS[0]), ("+/broker/uptime", QOS[0])]);
    desk.wait(5);
    assert_eq!(desk.got(client), []);
    let mut desk = counting(0);
    let client = desk.client(V311, "c");
    desk.subscribe(client, &[("$SYS/#", QOS[0])]);
    desk.wait(100);
    assert_eq!(desk.got(client), []);
    assert_eq!(desk.broker.wake_at(), None);
}
