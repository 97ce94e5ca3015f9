//! Brokers whose word for "not permitted" is to close the connection: the filter is found, named, left out until the user asks
//! again, and nobody else is blamed.

use midge::protocol::{PacketType, Qos};
use midge::session::{Event, Grant, Input, Phase, Settings, Suspected, Trouble};

use crate::link::*;

/// A broker that closes without a word over some filters and topics, and answers everything else in order.
struct Strict {
    link: Link,
    forbidden: Vec<&'static str>,
    /// SUBSCRIBE and UNSUBSCRIBE that came, on all connections: the filters of each.
    asked: Vec<Vec<String>>,
    closes: usize,
    said: Vec<Event>,
}

impl Strict {
    fn new(settings: Settings, forbidden: &[&'static str]) -> Self {
        let mut strict = Self {
            link: Link::new(1),
            forbidden: forbidden.to_vec(),
            asked: Vec::new(),
            closes: 0,
            said: Vec::new(),
        };
        strict.link.tell(connect(settings));
        strict
    }

    fn connects(&mut self) {
        let seen = self.link.accept(false);
        self.answer(seen);
    }

    fn subscribe(&mut self, filters: &[&str]) {
        let filters: Vec<_> = filters.iter().map(|one| (*one, Qos::AtMostOnce)).collect();
        let seen = self.link.subscribe(&filters);
        self.answer(seen);
    }

    fn answer(&mut self, mut seen: Vec<Seen>) {
        while !seen.is_empty() {
            self.said.extend(events(&seen));
            let mut more = Vec::new();
            for packet in sent(&seen) {
                let id = packet
                    .get(2..4)
                    .map_or(0, |id| u16::from_be_bytes([id[0], id[1]]));
                if matches!(packet[0], 0x82 | 0xA2) {
                    let filters = self.filters_of(&packet);
                    let closes = filters
                        .iter()
                        .any(|one| self.forbidden.contains(&one.as_str()));
                    self.asked.push(filters.clone());
                    if closes {
                        self.closes += 1;
                        more.extend(self.link.closed(1006));
                        break;
                    }
                    more.extend(match packet[0] {
                        0x82 => self.link.suback(id, &vec![0; filters.len()]),
                        _ => self.link.unsuback(id, filters.len()),
                    });
                }
            }
            seen = more;
        }
    }

    fn filters_of(&self, packet: &[u8]) -> Vec<String> {
        let five = self.link.version == midge::protocol::Version::V5;
        let mut rest = &packet[4 + usize::from(five)..];
        let mut filters = Vec::new();
        while let [high, low, behind @ ..] = rest {
            let (filter, behind) = behind.split_at(usize::from(u16::from_be_bytes([*high, *low])));
            filters.push(String::from_utf8(filter.to_vec()).expect("text"));
            rest = &behind[usize::from(packet[0] == 0x82)..];
        }
        filters
    }

    /// Comes back until it stays; the session's own waits in between.
    fn until_it_stays(&mut self) {
        for _ in 0..40 {
            match self.link.session.phase() {
                Phase::Connected => return,
                Phase::Waiting => {
                    let seen = self.link.wake();
                    self.said.extend(events(&seen));
                    self.connects();
                }
                phase => panic!("{phase:?}: {:?}", self.link.session.trouble()),
            }
        }
        panic!("it never stays");
    }

    fn grant(&self, filter: &str) -> Grant {
        let all = self.link.session.subscriptions();
        let one = all.iter().find(|one| one.filter == filter);
        one.expect("wanted").grant
    }

    fn withheld(&self) -> Vec<&str> {
        let withheld = self.said.iter().filter_map(|event| match event {
            Event::Withheld { filter } => Some(filter.as_str()),
            _ => None,
        });
        withheld.collect()
    }
}

fn suspected(filters: &[&str]) -> Option<Suspected> {
    Some(Suspected {
        filters: filters.iter().map(|&one| one.to_owned()).collect(),
        topic: None,
    })
}

/// Asked for by hand, while everything works: that was it.
#[test]
fn a_filter_that_the_broker_closes_over_is_not_asked_for_again() {
    for settings in each() {
        let mut strict = Strict::new(settings, &["secret/#"]);
        strict.connects();
        strict.subscribe(&["open/#", "more/+"]);
        strict.link.now += 20 * SECOND;
        strict.subscribe(&["secret/#"]);
        assert!(matches!(
            strict.link.session.trouble(),
            Some(Trouble::Lost { .. })
        ));
        assert_eq!(
            strict.link.session.suspected().cloned(),
            suspected(&["secret/#"])
        );
        assert_eq!(strict.withheld(), ["secret/#"]);
        strict.until_it_stays();
        assert_eq!(strict.closes, 1);
        assert_eq!(strict.grant("secret/#"), Grant::Withheld);
        assert_eq!(strict.grant("open/#"), Grant::Granted(Qos::AtMostOnce));
        assert_eq!(strict.link.session.suspected(), None);
        // Not at any later connection either.
        for _ in 0..5 {
            strict.link.now += 20 * SECOND;
            strict.link.closed(1006);
            strict.until_it_stays();
        }
        assert_eq!(strict.closes, 1);
        assert_eq!(
            strict
                .asked
                .iter()
                .flatten()
                .filter(|one| *one == "secret/#")
                .count(),
            1
        );
    }
}

/// It is the only filter of a connection that begins with it: twice is no accident.
#[test]
fn a_lone_filter_at_connect_is_left_out_after_two_closes() {
    for settings in each() {
        let mut strict = Strict::new(settings, &["secret/#"]);
        strict.link.subscribe(&[("secret/#", Qos::AtMostOnce)]);
        strict.connects();
        assert_eq!(strict.grant("secret/#"), Grant::Asleep);
        assert_eq!(
            strict.link.session.suspected().cloned(),
            suspected(&["secret/#"])
        );
        strict.until_it_stays();
        assert_eq!(
            (strict.closes, strict.grant("secret/#")),
            (2, Grant::Withheld)
        );
    }
}

/// With several in one SUBSCRIBE, each is asked for alone, and only what closes is left out.
#[test]
fn among_several_the_culprits_are_found_and_nobody_else_is_blamed() {
    let names = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"];
    for settings in each() {
        for forbidden in [&["a"][..], &["h"], &["c", "f"], &["l"], &["a", "h", "l"]] {
            let mut strict = Strict::new(settings.clone(), forbidden);
            let filters: Vec<_> = names.iter().map(|one| (*one, Qos::AtMostOnce)).collect();
            strict.link.subscribe(&filters);
            strict.connects();
            strict.until_it_stays();
            let mut withheld = strict.withheld();
            withheld.sort_unstable();
            assert_eq!(withheld, forbidden);
            for name in names {
                let granted = strict.grant(name) == Grant::Granted(Qos::AtMostOnce);
                assert_eq!(granted, !forbidden.contains(&name), "{name}");
            }
            // One for the packet that it was in, and one for itself.
            assert!(strict.closes <= 2 + forbidden.len(), "{}", strict.closes);
            // After the first close a suspect goes with no other.
            let first = strict
                .asked
                .iter()
                .position(|all| all.iter().any(|one| forbidden.contains(&one.as_str())));
            for all in strict.asked.iter().skip(first.expect("asked") + 1) {
                let suspect = all.iter().any(|one| forbidden.contains(&one.as_str()));
                assert!(!suspect || all.len() == 1, "{all:?}");
            }
        }
    }
}

/// The others come first, and each suspect when the one before it was answered.
#[test]
fn suspects_go_behind_the_others_and_one_at_a_time() {
    let mut link = Link::connected(settings());
    link.subscribe(&[("fine", Qos::AtMostOnce)]);
    link.bytes(&suback(1, &[0]));
    link.now += SECOND;
    link.subscribe(&[("one", Qos::AtMostOnce), ("two", Qos::AtMostOnce)]);
    link.lose();
    let seen = link.accept(false);
    assert_eq!(
        as_broker(&seen),
        [PacketType::Connect, PacketType::Subscribe]
    );
    assert!(sent(&seen)[1].ends_with(b"\x00\x04fine\x00"));
    let first = sent_ids(&seen)[1].2;
    let seen = link.suback(first, &[0]);
    assert!(
        sent(&seen).concat().ends_with(b"\x00\x03one\x00"),
        "{seen:?}"
    );
    assert_eq!(as_broker(&seen), [PacketType::Subscribe]);
    let seen = link.suback(sent_ids(&seen)[0].2, &[0]);
    assert!(sent(&seen).concat().ends_with(b"\x00\x03two\x00"));
    link.suback(sent_ids(&seen)[0].2, &[0]);
    // Nothing is suspected any more.
    assert_eq!(
        as_broker(&link.subscribe(&[("three", Qos::AtMostOnce), ("four", Qos::AtMostOnce)])),
        [PacketType::Subscribe]
    );
}

/// A broker that is slow to answer and closes nothing does not hold anything up for long.
#[test]
fn what_is_not_answered_for_so_long_closes_nothing() {
    let mut link = Link::connected(settings());
    link.subscribe(&[("one", Qos::AtMostOnce), ("two", Qos::AtMostOnce)]);
    link.lose();
    assert_eq!(
        as_broker(&link.accept(false)),
        [PacketType::Connect, PacketType::Subscribe]
    );
    assert_eq!(as_broker(&link.publish(1, Qos::AtLeastOnce)), []);
    assert_eq!(as_broker(&link.pass(5 * SECOND)), []);
    assert_eq!(as_broker(&link.wake()), [PacketType::Subscribe]);
    assert_eq!(as_broker(&link.wake()), [PacketType::Publish]);
    // Later it ends for another reason.
    link.now += 6 * SECOND;
    link.lose();
    assert_eq!(link.session.suspected(), None);
    assert_eq!(
        as_broker(&link.accept(false)),
        [
            PacketType::Connect,
            PacketType::Subscribe,
            PacketType::Publish
        ]
    );
}

#[test]
fn asked_again_it_goes_alone_and_is_left_out_again_or_stays() {
    let mut strict = Strict::new(settings(), &["secret/#"]);
    strict.connects();
    strict.subscribe(&["open/#"]);
    strict.link.now += 20 * SECOND;
    strict.subscribe(&["secret/#"]);
    strict.until_it_stays();
    for _ in 0..3 {
        strict.link.now += 20 * SECOND;
        strict.subscribe(&["secret/#"]);
        strict.until_it_stays();
        assert_eq!(strict.grant("secret/#"), Grant::Withheld);
    }
    assert_eq!(strict.closes, 4);
    // Asked again without a connection, it goes behind the others.
    strict.link.now += 20 * SECOND;
    strict.link.closed(1006);
    strict.link.subscribe(&[("secret/#", Qos::AtMostOnce)]);
    assert_eq!(strict.grant("secret/#"), Grant::Asleep);
    strict.asked.clear();
    strict.forbidden.clear();
    strict.until_it_stays();
    assert_eq!(strict.asked, [["open/#"], ["secret/#"]]);
    assert_eq!(strict.grant("secret/#"), Grant::Granted(Qos::AtMostOnce));
}

#[test]
fn left_out_by_the_user_it_is_gone() {
    let mut strict = Strict::new(settings(), &["secret/#"]);
    strict.connects();
    strict.subscribe(&["open/#", "more"]);
    strict.link.now += 20 * SECOND;
    strict.subscribe(&["secret/#"]);
    strict.link.tell(Input::Unsubscribe("secret/#".to_owned()));
    strict.asked.clear();
    strict.until_it_stays();
    assert_eq!(strict.asked, [["open/#", "more"]]);
    assert_eq!(strict.link.session.subscriptions().len(), 2);
}

/// Another user may be permitted more; the same one is not, whenever the button is pressed.
#[test]
fn other_settings_are_another_chance() {
    let mut strict = Strict::new(settings(), &["secret/#"]);
    strict.connects();
    strict.subscribe(&["open/#"]);
    strict.link.now += 20 * SECOND;
    strict.subscribe(&["secret/#"]);
    strict.link.tell(connect(settings()));
    strict.asked.clear();
    strict.connects();
    assert_eq!(strict.asked, [["open/#"]]);
    let mut other = settings();
    other.connect.user_name = Some("admin".to_owned());
    strict.link.tell(connect(other));
    strict.asked.clear();
    strict.forbidden.clear();
    strict.connects();
    assert_eq!(strict.asked, [["open/#"], ["secret/#"]]);
}

/// MQTT 5 has a word for it, which is the end of the connection as well.
#[test]
fn disconnect_over_a_filter_is_no_end_for_good() {
    for code in [0x80, 0x82, 0x83, 0x87, 0x8F, 0x97, 0x9E, 0xA1, 0xA2] {
        let mut link = Link::connected(settings5());
        link.subscribe(&[("open/#", Qos::AtMostOnce)]);
        link.suback(1, &[0]);
        link.subscribe(&[("secret/#", Qos::AtMostOnce)]);
        link.bytes(&disconnect5(code, &[]));
        assert!(matches!(
            link.session.trouble(),
            Some(Trouble::Disconnected { .. })
        ));
        assert_eq!(link.session.phase(), Phase::Waiting, "{code:#X}");
        assert_eq!(link.session.suspected().cloned(), suspected(&["secret/#"]));
        link.wake();
        let seen = link.accept(false);
        assert_eq!(
            as_broker(&seen),
            [PacketType::Connect, PacketType::Subscribe]
        );
    }
    // What is said of the client, or of CONNECT, is not said of a filter.
    for (code, phase) in [
        (0x8E, Phase::Failed),
        (0x98, Phase::Failed),
        (0x8B, Phase::Waiting),
    ] {
        let mut link = Link::connected(settings5());
        link.subscribe(&[("secret/#", Qos::AtMostOnce)]);
        link.bytes(&disconnect5(code, &[]));
        assert_eq!(
            (link.session.phase(), link.session.suspected()),
            (phase, None)
        );
    }
}

/// The backoff is kept: a broker that closes is not hammered, and it is no fight over the client identifier.
#[test]
fn closes_over_filters_are_no_fight() {
    let forbidden = ["a", "b", "c", "d", "e", "f", "g", "h"];
    let mut strict = Strict::new(keeping(), &forbidden);
    let filters: Vec<_> = forbidden
        .iter()
        .map(|one| (*one, Qos::AtMostOnce))
        .collect();
    strict.link.subscribe(&filters);
    let began = strict.link.now;
    strict.connects();
    strict.until_it_stays();
    assert_eq!(strict.closes, 9);
    assert!(strict.link.now - began > 60 * SECOND);
    assert_eq!(strict.withheld(), forbidden);
}

/// Given up in a session that goes on, over a broker that closes at UNSUBSCRIBE: nobody is locked out.
#[test]
fn a_filter_that_cannot_be_given_up_locks_nobody_out() {
    for settings in each_keeping() {
        let mut link = Link::connected(settings);
        link.subscribe(&[("held", Qos::AtMostOnce)]);
        link.suback(1, &[0]);
        link.now += 20 * SECOND;
        let mut seen = link.tell(Input::Unsubscribe("held".to_owned()));
        let mut closes = 0;
        while as_broker(&seen).contains(&PacketType::Unsubscribe) {
            closes += 1;
            assert!(closes <= 3);
            seen = link.lose();
            seen.extend(link.accept(true));
        }
        assert_eq!((closes, link.session.phase()), (3, Phase::Connected));
    }
}

/// Where nothing is outstanding, what was said last is named all the same: QoS 0 is answered by nobody.
#[test]
fn a_close_right_after_a_message_of_qos_0_names_its_topic() {
    let mut link = Link::connected(settings());
    link.tell(Input::Publish(message(
        1,
        "secret/topic",
        b"x",
        Qos::AtMostOnce,
    )));
    link.now += SECOND / 10;
    link.closed(1006);
    let named = link
        .session
        .suspected()
        .and_then(|one| one.topic.as_deref());
    assert_eq!(named, Some("secret/topic"));
    link.wake();
    link.accept(false);
    link.tell(Input::Publish(message(
        1,
        "secret/topic",
        b"x",
        Qos::AtMostOnce,
    )));
    link.now += 2 * SECOND;
    link.closed(1006);
    assert_eq!(link.session.suspected(), None);
}

/// A change of network, and a broker that was silent before, explain the loss.
#[test]
fn what_is_explained_is_put_down_to_no_filter() {
    let mut link = Link::connected(settings());
    link.tell(Input::NetworkChanged);
    link.subscribe(&[("a", Qos::AtMostOnce), ("b", Qos::AtMostOnce)]);
    link.lose();
    assert_eq!(link.session.suspected(), None);
    let seen = link.accept(false);
    assert_eq!(
        sent(&seen)[1..],
        [b"\x82\x0a\x00\x02\x00\x01a\x00\x00\x01b\x00".to_vec()]
    );
}

/// Behind a message that is never acknowledged, too.
#[test]
fn asked_again_behind_what_is_not_answered_it_goes_out_in_time() {
    let mut strict = Strict::new(settings(), &["secret/#"]);
    strict.connects();
    strict.subscribe(&["open/#"]);
    strict.subscribe(&["secret/#"]);
    strict.until_it_stays();
    let large = vec![b'x'; 1 << 20];
    strict.link.tell(Input::Publish(message(
        1,
        "large",
        &large,
        Qos::AtLeastOnce,
    )));
    assert_eq!(
        as_broker(&strict.link.subscribe(&[("secret/#", Qos::AtMostOnce)])),
        []
    );
    let began = strict.link.now;
    while as_broker(&strict.link.wake()) != [PacketType::Subscribe] {}
    // Five seconds, and sixteen more for its size on a slow line.
    assert!(strict.link.now - began <= 30 * SECOND);
}

/// Before MQTT 5 only a client may say DISCONNECT. A broker that says it over a filter means what others mean by a close.
#[test]
fn a_farewell_over_a_filter_is_put_down_to_it() {
    let mut link = Link::connected(keeping());
    link.subscribe(&[("open/#", Qos::AtMostOnce)]);
    link.suback(1, &[0]);
    link.subscribe(&[("secret/#", Qos::AtMostOnce)]);
    let seen = link.bytes(&DISCONNECT);
    assert_eq!(link.session.suspected().cloned(), suspected(&["secret/#"]));
    let filter = "secret/#".to_owned();
    assert!(events(&seen).contains(&Event::Withheld { filter }));
    link.wake();
    assert_eq!(as_broker(&link.accept(true)), [PacketType::Connect]);
    assert_eq!(link.session.subscriptions()[1].grant, Grant::Withheld);
}

/// Answered, if not in so many words: it ends no connection, and nothing goes one at a time because of it any more.
#[test]
fn a_suspect_whose_suback_lacks_its_code_is_cleared() {
    let mut link = Link::connected(settings());
    link.subscribe(&[("one", Qos::AtMostOnce)]);
    link.lose();
    link.accept(false);
    link.suback(2, &[]);
    link.publish(1, Qos::AtLeastOnce);
    assert_eq!(
        as_broker(&link.publish(2, Qos::AtLeastOnce)),
        [PacketType::Publish]
    );
}
