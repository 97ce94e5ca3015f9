//! What the publisher has to say of the engine's notices.

use midge::{
    desk::publishing::{News, Outcome, Published},
    link::{Notice, PublishTrouble},
};

fn published() -> Published {
    let mut published = Published::default();
    published.add(1, "first");
    published.add(2, "second");
    published
}

#[test]
fn only_the_latest_is_said_to_be_done_or_to_wait() {
    let published = published();
    let done = |numbers| published.hear(&Notice::Published { numbers }, None);
    assert_eq!(done(1..=1), None);
    assert_eq!(
        done(1..=5),
        Some(News::from(Outcome::Done {
            topic: "second".to_owned()
        }))
    );
    let waits = |numbers| published.hear(&Notice::Queued { numbers }, None);
    assert_eq!(waits(1..=1), None);
    assert_eq!(waits(2..=2), Some(News::from(Outcome::Waits)));
}

#[test]
fn an_earlier_one_is_named_when_it_is_withdrawn_or_refused() {
    let published = published();
    assert_eq!(
        published.hear(&Notice::Cancelled { number: 1 }, None),
        Some(News::from(Outcome::Cancelled {
            topic: "first".to_owned()
        }))
    );
    assert_eq!(published.hear(&Notice::Cancelled { number: 9 }, None), None);
    let news = published.hear(&refused(1), None).expect("news");
    assert!(!news.unsettles);
    assert_eq!(news.outcome, outcome(Some("first")));
    // One that an earlier page had sent.
    let news = published.hear(&refused(0), None).expect("news");
    assert_eq!(news.outcome, outcome(None));
}

#[test]
fn what_was_refused_last_is_nowhere_but_in_the_form() {
    let news = published().hear(&refused(2), Some(2)).expect("news");
    assert!(news.unsettles && news.ends_series);
    let news = published().hear(&refused(2), Some(1)).expect("news");
    assert!(!news.ends_series);
}

#[test]
fn a_failure_ends_the_series_that_it_is_of() {
    let failed = |numbers| Notice::PublishFailed {
        numbers,
        why: PublishTrouble::Cut,
    };
    let hear = |numbers, series| published().hear(&failed(numbers), series).expect("news");
    let news = hear(4..=9, Some(7));
    assert!(news.ends_series && !news.unsettles);
    assert_eq!(news.outcome, Outcome::Failed(PublishTrouble::Cut));
    assert!(!hear(4..=6, Some(7)).ends_series);
    assert!(hear(1..=2, None).unsettles);
}

#[test]
fn other_notices_are_not_for_the_publisher() {
    assert_eq!(published().hear(&Notice::SessionUnknown, Some(1)), None);
}

#[test]
fn so_many_topics_are_remembered_and_no_more() {
    let mut published = Published::default();
    for number in 1..=201 {
        published.add(number, "t");
    }
    assert_eq!(published.hear(&Notice::Cancelled { number: 1 }, None), None);
    let second = published.hear(&Notice::Cancelled { number: 2 }, None);
    assert!(second.is_some());
}

fn refused(number: u32) -> Notice {
    Notice::PublishRefused {
        number,
        seq: None,
        code: 0x87,
        reason: None,
    }
}

fn outcome(topic: Option<&str>) -> Outcome {
    Outcome::Refused {
        topic: topic.map(str::to_owned),
        code: 0x87,
        reason: None,
    }
}
