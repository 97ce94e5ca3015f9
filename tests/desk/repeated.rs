//! The same message twice.

use midge::{
    desk::repeated::{Repeated, clause, repeated},
    link::{Inspected, Sibling},
    protocol::{PublishProperties, Version},
};

/// A message that two filters match, 3 ms after its like.
fn second() -> Inspected {
    Inspected {
        bytes: b"hello".to_vec(),
        before: Some(b"hello".to_vec()),
        sibling: Some(Sibling {
            after: 3.0,
            retain: false,
        }),
        matched: vec![("o/+".to_owned(), 0), ("o/#".to_owned(), 1)],
        ..Inspected::default()
    }
}

#[test]
fn two_filters_that_match_are_why_it_came_twice() {
    assert_eq!(repeated(&second()), Some(Repeated::Overlap { after: 3.0 }));
    assert_eq!(clause(Version::V5), "3.3.4");
    assert_eq!(clause(Version::V311), "3.3.5");
}

#[test]
fn another_payload_another_time_or_one_filter_are_two_messages() {
    let change = |change: fn(&mut Inspected)| {
        let mut one = second();
        change(&mut one);
        repeated(&one)
    };
    assert_eq!(change(|one| one.before = Some(b"other".to_vec())), None);
    assert_eq!(change(|one| one.before = None), None);
    assert_eq!(change(|one| one.matched.truncate(1)), None);
    assert_eq!(change(|one| one.outgoing = true), None);
    assert_eq!(change(|one| one.dup = true), None);
    assert_eq!(
        change(|one| one.sibling = Some(Sibling {
            after: 251.0,
            retain: false
        })),
        None
    );
    assert_eq!(
        change(|one| one.sibling = Some(Sibling {
            after: 3.0,
            retain: true
        })),
        None
    );
    // One delivery that names both subscriptions is for both.
    assert_eq!(
        change(|one| one.properties = Some(PublishProperties {
            subscription_identifiers: vec![1, 2],
            ..PublishProperties::default()
        })),
        None
    );
}

#[test]
fn what_is_retained_comes_for_each_subscription_however_late() {
    let mut one = second();
    one.retain = true;
    one.matched.truncate(1);
    one.sibling = Some(Sibling {
        after: 60_000.0,
        retain: true,
    });
    assert_eq!(repeated(&one), Some(Repeated::Retained));
}
