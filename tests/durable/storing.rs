//! What is put into storage, when, and what is made of it when it is damaged or fails.

use midge::protocol::{Qos, Version};
use midge::session::{Change, Event, Input, StorageState};

use crate::tab::*;

#[test]
fn a_session_that_does_not_outlive_the_page_stores_nothing() {
    for version in VERSIONS {
        let mut made_up = keeping(version);
        made_up.client_id_made_up = true;
        for settings in [ending(version), made_up] {
            let mut tab = Tab::new(settings);
            tab.wishes = vec![wish("a")];
            tab.connect();
            tab.publish(1, Qos::ExactlyOnce);
            tab.run();
            tab.broker.publish(Qos::ExactlyOnce, b"in");
            tab.run();
            tab.lose();
            tab.publish(2, Qos::AtLeastOnce);
            tab.run();
            tab.tell(Input::Disconnect);
            assert_eq!(tab.session.storage(), StorageState::Off);
            assert_eq!(stores(&tab.seen()), []);
        }
    }
}

/// QoS 0 on a connection that is there costs storage nothing, either way.
#[test]
fn qos_0_is_stored_only_while_it_waits() {
    let mut tab = Tab::connected(keeping(Version::V311));
    assert_eq!(tab.session.storage(), StorageState::On);
    tab.publish(1, Qos::AtMostOnce);
    tab.broker.publish(Qos::AtMostOnce, b"in");
    tab.broker.publish(Qos::AtLeastOnce, b"in");
    tab.run();
    assert_eq!(stores(&tab.seen()), []);
    tab.drop_socket();
    tab.publish(2, Qos::AtMostOnce);
    assert_eq!(tab.storage.len(), 2);
    tab.retry();
    tab.seen();
    tab.run();
    let seen = tab.seen();
    let removed = seen
        .iter()
        .position(|seen| matches!(seen, Seen::Store(Change::Remove { .. })));
    let sent = seen.iter().position(
        |seen| matches!(seen, Seen::Sent { outline, .. } if outline.qos == Qos::AtMostOnce && outline.payload > 0),
    );
    assert!(removed.unwrap() < sent.unwrap(), "at most once");
    assert_eq!(tab.storage.len(), 1);
}

#[test]
fn every_step_is_stored_before_the_packet_that_depends_on_it() {
    for version in VERSIONS {
        let mut tab = Tab::connected(keeping(version));
        let kinds = |seen: &[Seen]| -> Vec<String> {
            let kinds = seen.iter().filter_map(|seen| match seen {
                Seen::Store(Change::Put { .. }) => Some("put".to_owned()),
                Seen::Store(Change::Remove { .. }) => Some("remove".to_owned()),
                Seen::Store(Change::Clear) => Some("clear".to_owned()),
                Seen::Sent { outline, .. } => Some(outline.packet_type.name().to_owned()),
                Seen::Event(Event::Published { .. }) => Some("published".to_owned()),
                _ => None,
            });
            kinds.collect()
        };
        tab.publish(1, Qos::ExactlyOnce);
        assert_eq!(kinds(&tab.seen()), ["put", "PUBLISH"]);
        tab.step();
        assert_eq!(kinds(&tab.seen()), ["put", "PUBREL"]);
        tab.step();
        assert_eq!(kinds(&tab.seen()), ["remove", "published"]);
        tab.broker.publish(Qos::ExactlyOnce, b"in");
        tab.step();
        assert_eq!(kinds(&tab.seen()), ["put", "PUBREC"]);
        tab.step();
        assert_eq!(kinds(&tab.seen()), ["remove", "PUBCOMP"]);
    }
}

#[test]
fn storage_that_fails_is_said_once_and_the_session_goes_on_in_memory() {
    let mut tab = Tab::connected(keeping(Version::V311));
    tab.broker.silent = true;
    tab.publish(1, Qos::AtLeastOnce);
    let detail = "QuotaExceededError".to_owned();
    tab.tell(Input::StorageFailed {
        detail: detail.clone(),
    });
    let failed = Event::StorageFailed {
        detail: detail.clone(),
    };
    tab.tell(Input::StorageFailed {
        detail: detail.clone(),
    });
    let seen = tab.seen();
    assert_eq!(
        events(&seen)
            .iter()
            .filter(|event| **event == failed)
            .count(),
        1
    );
    assert_eq!(tab.session.storage(), StorageState::Failed(detail));
    let stale = tab.storage.clone();
    tab.publish(2, Qos::ExactlyOnce);
    tab.tell(Input::Disconnect);
    assert_eq!(stores(&tab.seen()), []);
    assert_eq!(tab.session.in_flight(), 2);
    // The next connection tries storage again, and replaces what is out of date there.
    assert_eq!(tab.storage, stale);
    tab.connect();
    assert_eq!(tab.session.storage(), StorageState::On);
    assert!(matches!(stores(&tab.seen())[0], Change::Clear));
    assert_eq!(tab.storage.len(), 3);
    tab.crash();
    tab.broker.speak();
    tab.connect();
    tab.run();
    assert_eq!(
        tab.broker.delivered,
        [payload(1), payload(2), payload(1)].to_vec()
    );
    assert_eq!(tab.storage.len(), 1);
}

/// The user has ended the connection, and only then it turns out that storage took nothing of it.
#[test]
fn storage_that_fails_after_the_end_loses_nothing() {
    for version in VERSIONS {
        let mut tab = Tab::connected(keeping(version));
        tab.broker.silent = true;
        tab.publish(1, Qos::AtLeastOnce);
        tab.publish(2, Qos::ExactlyOnce);
        tab.broker.speak();
        tab.step();
        tab.step();
        tab.drop_socket();
        tab.publish(3, Qos::ExactlyOnce);
        tab.publish(4, Qos::AtMostOnce);
        tab.tell(Input::Disconnect);
        assert_eq!(tab.session.identifiers_in_use(), 0);
        tab.storage.clear();
        tab.tell(Input::StorageFailed {
            detail: "gone".to_owned(),
        });
        assert_eq!(
            tab.session.storage(),
            StorageState::Failed("gone".to_owned())
        );
        assert_eq!(tab.session.queue_size().0, 2);
        tab.connect();
        tab.run();
        assert_eq!(tab.broker.delivered, [1, 2, 3, 4].map(payload));
        assert_eq!(tab.session.identifiers_in_use(), 0);
        assert_eq!(tab.storage.len(), 1);
    }
}

/// Storage was written and cannot be read when the same page connects again.
#[test]
fn storage_that_cannot_be_read_again_loses_nothing() {
    for version in VERSIONS {
        let mut tab = Tab::connected(keeping(version));
        tab.broker.silent = true;
        tab.publish(1, Qos::ExactlyOnce);
        tab.drop_socket();
        tab.publish(2, Qos::ExactlyOnce);
        tab.tell(Input::Disconnect);
        tab.storage.clear();
        tab.broker.speak();
        tab.connect();
        tab.publish(3, Qos::ExactlyOnce);
        tab.tell(Input::StorageFailed {
            detail: "gone".to_owned(),
        });
        tab.run();
        assert_eq!(tab.broker.delivered, [1, 2, 3].map(payload));
        assert_eq!(tab.session.identifiers_in_use(), 0);
        assert!(tab.session.session_present());
        // With a connection the earlier deliveries are done with, whatever storage says afterwards.
        tab.tell(Input::Disconnect);
        tab.connect();
        tab.run();
        tab.tell(Input::StorageFailed {
            detail: "gone".to_owned(),
        });
        assert_eq!(tab.session.queue_size().0 + tab.session.in_flight(), 0);
    }
}

/// A page that used the session without storage does not wipe out what an earlier one left there.
#[test]
fn storage_that_is_turned_on_later_is_taken_up() {
    let mut tab = Tab::new(keeping(Version::V311));
    tab.connect();
    tab.publish(1, Qos::AtLeastOnce);
    tab.crash();
    let kept = tab.settings.clone();
    tab.settings = ending(Version::V311);
    tab.connect();
    tab.run();
    assert_eq!(tab.session.storage(), StorageState::Off);
    assert_eq!(tab.storage.len(), 1);
    tab.settings = kept;
    tab.connect();
    tab.run();
    assert_eq!(tab.broker.delivered, [payload(1)]);
}

/// The session at the broker goes by the name that the broker gave.
#[test]
fn a_client_identifier_that_the_broker_chose_is_kept() {
    let mut settings = keeping(Version::V5);
    settings.connect.client_id.clear();
    let mut tab = Tab::new(settings);
    tab.broker.connack = vec![0x12, 0, 5, b'g', b'i', b'v', b'e', b'n'];
    tab.connect();
    tab.run();
    tab.broker.connack.clear();
    for _ in 0..2 {
        tab.crash();
        tab.seen();
        tab.connect();
        tab.run();
        let connect = &sent(&tab.seen())[0];
        assert!(connect.ends_with(b"\x00\x05given"), "{connect:?}");
        assert!(tab.session.session_present());
    }
}

#[test]
fn damaged_records_are_counted_skipped_and_cleared_away() {
    let mut tab = Tab::connected(keeping(Version::V311));
    tab.broker.silent = true;
    tab.publish(1, Qos::AtLeastOnce);
    tab.publish(2, Qos::ExactlyOnce);
    tab.publish(3, Qos::AtLeastOnce);
    let keys: Vec<u64> = tab.storage.keys().copied().collect();
    assert_eq!(keys.len(), 4);
    // One is cut, one is of another format, one has the identifier of another, one is under a key that nobody knows.
    let third = tab.storage[&keys[3]].clone();
    tab.storage.get_mut(&keys[1]).unwrap().truncate(4);
    tab.storage.insert(keys[3] + 1, third);
    tab.storage.insert(keys[3] + 2, vec![99, 1, 2]);
    tab.storage.insert(u64::MAX, vec![1]);
    tab.crash();
    tab.seen();
    tab.connect();
    assert!(events(&tab.seen()).contains(&Event::Restored {
        publications: vec![0x8000_0000, 0x8000_0001],
        damaged: 4
    }));
    assert_eq!(tab.storage.len(), 3);
    assert_eq!(tab.session.identifiers_in_use(), 2);
    tab.broker.speak();
    tab.run();
    assert_eq!(tab.session.identifiers_in_use(), 0);
    tab.crash();
    tab.seen();
    tab.connect();
    assert!(
        !events(&tab.seen())
            .iter()
            .any(|event| matches!(event, Event::Restored { .. }))
    );
}

/// A new page gives its first message a place behind everything that waits.
#[test]
fn the_order_goes_on_over_pages() {
    let mut tab = Tab::new(keeping(Version::V311));
    for number in 1..=30 {
        if number % 10 == 1 {
            tab.crash();
            tab.connect();
        }
        tab.publish(number, Qos::AtMostOnce);
    }
    tab.run();
    assert_eq!(
        tab.broker.delivered,
        (1..=30).map(payload).collect::<Vec<_>>()
    );
}

#[test]
fn what_is_withdrawn_is_gone_from_storage() {
    let mut tab = Tab::new(keeping(Version::V311));
    tab.connect();
    tab.publish(1, Qos::AtLeastOnce);
    tab.crash();
    tab.connect();
    tab.tell(Input::Cancel(0x8000_0000));
    assert!(tab.storage.is_empty());
    assert!(events(&tab.seen()).contains(&Event::Cancelled {
        number: 0x8000_0000
    }));
    tab.crash();
    tab.connect();
    tab.run();
    assert_eq!(tab.broker.delivered, [] as [Vec<u8>; 0]);
}

proptest::proptest! {
    /// Whatever is in storage: no panic, and a session that works.
    #[test]
    fn no_bytes_of_storage_are_too_strange(
        records in proptest::collection::vec(
            (0_u64..5, 0_u64..4, 0_u8..3, proptest::collection::vec(0_u8..10, 0..60)),
            0..20,
        ),
    ) {
        let mut tab = Tab::new(keeping(Version::V311));
        for (kind, number, format, mut value) in records {
            value.insert(0, format);
            tab.storage.insert(kind << 56 | number, value);
        }
        tab.connect();
        tab.broker.session = true;
        tab.run();
        tab.publish(1, Qos::ExactlyOnce);
        tab.run();
        proptest::prop_assert!(tab.broker.delivered.contains(&payload(1)));
        proptest::prop_assert_eq!(tab.session.identifiers_in_use(), 0);
    }
}
