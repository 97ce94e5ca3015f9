//! Sessions in the browser's own storage.

use midge::browser::indexed_db::{Sessions, Write};
use wasm_bindgen_test::wasm_bindgen_test;

/// A page with this token, and a session of this test alone.
fn page(token: u8) -> Sessions {
    Sessions::new([token; 32])
}

fn put(key: u64, value: &[u8]) -> Write {
    Write::Put {
        key,
        value: value.to_vec(),
    }
}

#[wasm_bindgen_test]
async fn what_was_stored_is_read_by_the_next_page_in_the_order_of_keys() {
    let first = page(1);
    assert_eq!(first.load("order").await, Ok(vec![]));
    let last = u64::MAX - 1;
    first
        .store(
            "order",
            vec![put(last, b"last"), put(1 << 56, &[0, 255]), put(7, b"")],
        )
        .await
        .expect("stored");
    first
        .store(
            "order",
            vec![put(7, b"new"), put(9, b"x"), Write::Remove { key: 9 }],
        )
        .await
        .expect("stored");
    let wanted = vec![
        (7, b"new".to_vec()),
        (1 << 56, vec![0, 255]),
        (last, b"last".to_vec()),
    ];
    let second = page(2);
    assert_eq!(second.load("order").await, Ok(wanted));
    // One session's name may begin like another's.
    assert_eq!(second.load("orde").await, Ok(vec![]));
    assert_eq!(second.load("order\n").await, Ok(vec![]));
}

#[wasm_bindgen_test]
async fn clearing_takes_away_one_session_and_no_other() {
    let page = page(1);
    for session in ["clear a", "clear b"] {
        page.load(session).await.expect("read");
        page.store(session, vec![put(1, b"x"), put(2, b"y")])
            .await
            .expect("stored");
    }
    page.store("clear b", vec![Write::Clear, put(3, b"z")])
        .await
        .expect("stored");
    assert_eq!(page.load("clear b").await, Ok(vec![(3, b"z".to_vec())]));
    assert_eq!(page.load("clear a").await.expect("read").len(), 2);
}

#[wasm_bindgen_test]
async fn a_page_that_was_followed_by_another_changes_nothing_and_is_told() {
    let (older, newer) = (page(1), page(2));
    older.load("owned").await.expect("read");
    older
        .store("owned", vec![put(1, b"old")])
        .await
        .expect("stored");
    assert_eq!(newer.load("owned").await, Ok(vec![(1, b"old".to_vec())]));
    let refused = older
        .store("owned", vec![Write::Clear, put(2, b"mixed")])
        .await;
    assert!(refused.is_err_and(|words| words.contains("another tab")));
    newer
        .store("owned", vec![put(3, b"new")])
        .await
        .expect("stored");
    let all = newer.load("owned").await.expect("read");
    assert_eq!(all.iter().map(|(key, _)| *key).collect::<Vec<_>>(), [1, 3]);
    // The session is the older page's again once it reads it again.
    older.load("owned").await.expect("read");
    older
        .store("owned", vec![Write::Clear])
        .await
        .expect("stored");
    assert!(newer.store("owned", vec![put(4, b"")]).await.is_err());
}

#[wasm_bindgen_test]
async fn more_than_the_limit_is_refused_as_a_whole_and_what_was_there_stays() {
    let page = page(1);
    page.set_limit(1000);
    page.load("limit").await.expect("read");
    page.store("limit", vec![put(1, &[1; 900])])
        .await
        .expect("stored");
    page.store("limit", vec![put(1, &[2; 950])])
        .await
        .expect("in its place");
    page.store("limit", vec![Write::Remove { key: 1 }, put(2, &[3; 1000])])
        .await
        .expect("after a removal");
    let refused = page.store("limit", vec![put(3, b"a"), put(4, b"b")]).await;
    assert!(refused.is_err_and(|words| words.contains("1000 bytes")));
    assert_eq!(page.load("limit").await, Ok(vec![(2, vec![3; 1000])]));
}

#[wasm_bindgen_test]
async fn sessions_that_were_not_read_for_long_are_forgotten() {
    let page = page(1);
    page.load("forgotten 0").await.expect("read");
    page.store("forgotten 0", vec![put(1, b"x")])
        .await
        .expect("stored");
    for number in 1..=70 {
        page.load(&format!("forgotten {number}"))
            .await
            .expect("read");
    }
    let refused = page.store("forgotten 0", vec![put(2, b"y")]).await;
    assert!(refused.is_err(), "it belongs to nobody any more");
    assert_eq!(page.load("forgotten 0").await, Ok(vec![]));
}
