//! Sessions in the browser's own storage.

use std::{
    cell::Cell,
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
};

use js_sys::{Function, Reflect};
use midge::browser::indexed_db::{Sessions, Write};
use wasm_bindgen::JsValue;
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

thread_local! {
    static READINGS: Cell<u64> = const { Cell::new(0) };
}

fn next_reading() -> u64 {
    READINGS.set(READINGS.get() + 1);
    READINGS.get()
}

async fn read(page: &Sessions, session: &str) -> Result<Vec<(u64, Vec<u8>)>, String> {
    page.load(session, next_reading()).await
}

#[wasm_bindgen_test]
async fn what_was_stored_is_read_by_the_next_page_in_the_order_of_keys() {
    let first = page(1);
    assert_eq!(read(&first, "order").await, Ok(vec![]));
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
    assert_eq!(read(&second, "order").await, Ok(wanted));
    // One session's name may begin like another's.
    assert_eq!(read(&second, "orde").await, Ok(vec![]));
    assert_eq!(read(&second, "order\n").await, Ok(vec![]));
}

#[wasm_bindgen_test]
async fn clearing_takes_away_one_session_and_no_other() {
    let page = page(1);
    for session in ["clear a", "clear b"] {
        read(&page, session).await.expect("read");
        page.store(session, vec![put(1, b"x"), put(2, b"y")])
            .await
            .expect("stored");
    }
    page.store("clear b", vec![Write::Clear, put(3, b"z")])
        .await
        .expect("stored");
    assert_eq!(read(&page, "clear b").await, Ok(vec![(3, b"z".to_vec())]));
    assert_eq!(read(&page, "clear a").await.expect("read").len(), 2);
}

#[wasm_bindgen_test]
async fn a_page_that_was_followed_by_another_changes_nothing_and_is_told() {
    let (older, newer) = (page(1), page(2));
    read(&older, "owned").await.expect("read");
    older
        .store("owned", vec![put(1, b"old")])
        .await
        .expect("stored");
    assert_eq!(read(&newer, "owned").await, Ok(vec![(1, b"old".to_vec())]));
    let refused = older
        .store("owned", vec![Write::Clear, put(2, b"mixed")])
        .await;
    assert!(refused.is_err_and(|words| words.contains("another tab")));
    newer
        .store("owned", vec![put(3, b"new")])
        .await
        .expect("stored");
    let all = read(&newer, "owned").await.expect("read");
    assert_eq!(all.iter().map(|(key, _)| *key).collect::<Vec<_>>(), [1, 3]);
    // The session is the older page's again once it reads it again.
    read(&older, "owned").await.expect("read");
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
    read(&page, "limit").await.expect("read");
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
    assert_eq!(read(&page, "limit").await, Ok(vec![(2, vec![3; 1000])]));
}

#[wasm_bindgen_test]
async fn sessions_that_were_not_read_for_long_are_forgotten() {
    let page = page(1);
    read(&page, "forgotten 0").await.expect("read");
    page.store("forgotten 0", vec![put(1, b"x")])
        .await
        .expect("stored");
    for number in 1..=70 {
        read(&page, &format!("forgotten {number}"))
            .await
            .expect("read");
    }
    let refused = page.store("forgotten 0", vec![put(2, b"y")]).await;
    assert!(refused.is_err(), "it belongs to nobody any more");
    assert_eq!(read(&page, "forgotten 0").await, Ok(vec![]));
}

/// The browser commits by itself what was asked for before a request that it refused.
#[wasm_bindgen_test]
async fn a_put_that_is_refused_undoes_what_was_put_before_it() {
    let page = page(1);
    read(&page, "refused").await.expect("read");
    page.store("refused", vec![put(1, b"before")])
        .await
        .expect("stored");
    let records = Reflect::get(&js_sys::global(), &"IDBObjectStore".into()).expect("there");
    let records = Reflect::get(&records, &"prototype".into()).expect("there");
    let as_it_was = Reflect::get(&records, &"put".into()).expect("there");
    let refusing = Function::new_with_args(
        "put",
        "return function (value, key) {
            if (value.length === 13) throw new DOMException('no', 'DataCloneError');
            return put.call(this, value, key);
        }",
    )
    .call1(&JsValue::NULL, &as_it_was)
    .expect("made");
    Reflect::set(&records, &"put".into(), &refusing).expect("set");
    let writes = vec![
        put(2, b"first"),
        Write::Remove { key: 1 },
        put(3, &[0; 13]),
        put(4, b"last"),
    ];
    let refused = page.store("refused", writes).await;
    Reflect::set(&records, &"put".into(), &as_it_was).expect("set");
    assert!(refused.is_err(), "{refused:?}");
    assert_eq!(
        read(&page, "refused").await,
        Ok(vec![(1, b"before".to_vec())])
    );
}

/// A reading is given up by name, or because another one begins. The session stays with the page that has it.
#[wasm_bindgen_test]
async fn a_reading_that_was_given_up_takes_nothing_over() {
    for by_another in [false, true] {
        let (owner, newer) = (page(1), page(2));
        let (session, other) = ("given up", "given up for this");
        read(&owner, session).await.expect("read");
        let number = next_reading();
        let mut reading = pin!(newer.load(session, number));
        let begun = poll_fn(|context| Poll::Ready(reading.as_mut().poll(context))).await;
        assert!(begun.is_pending());
        if by_another {
            read(&newer, other).await.expect("read");
        } else {
            newer.give_up(number);
        }
        assert!(reading.await.is_err());
        owner
            .store(session, vec![put(1, b"mine")])
            .await
            .expect("still of the first page");
        assert!(newer.store(session, vec![put(2, b"")]).await.is_err());
        assert_eq!(newer.store(other, vec![]).await.is_ok(), by_another);
    }
}

/// The prototype of one of the browser's classes, and one of its methods as it is.
fn method(class: &str, name: &str) -> (JsValue, JsValue) {
    let class = Reflect::get(&js_sys::global(), &class.into()).expect("there");
    let prototype = Reflect::get(&class, &"prototype".into()).expect("there");
    let method = Reflect::get(&prototype, &name.into()).expect("there");
    (prototype, method)
}

/// A request that the browser takes and fails later, while others wait.
#[wasm_bindgen_test]
async fn a_request_that_fails_undoes_the_others_and_says_why() {
    let page = page(1);
    read(&page, "failed").await.expect("read");
    page.store("failed", vec![put(1, b"before")])
        .await
        .expect("stored");
    let (records, put_as_it_was) = method("IDBObjectStore", "put");
    let adding = Function::new_with_args("value, key", "return this.add(value, key)");
    Reflect::set(&records, &"put".into(), &adding).expect("set");
    let writes = vec![put(2, b"first"), put(1, b"there is one"), put(3, b"last")];
    let failed = page.store("failed", writes).await;
    Reflect::set(&records, &"put".into(), &put_as_it_was).expect("set");
    assert!(
        failed
            .as_ref()
            .is_err_and(|words| words.contains("ConstraintError")),
        "{failed:?}"
    );
    assert_eq!(
        read(&page, "failed").await,
        Ok(vec![(1, b"before".to_vec())])
    );
}

/// What is to be survived is the end of the page, not of the machine: nobody waits for the disk.
#[wasm_bindgen_test]
async fn a_change_does_not_wait_for_the_disk() {
    let page = page(1);
    let (databases, as_it_was) = method("IDBDatabase", "transaction");
    let noting = Function::new_with_args(
        "begin",
        "return function (...all) {
            const begun = begin.apply(this, all);
            globalThis.durabilities = [...(globalThis.durabilities ?? []), begun.durability];
            return begun;
        }",
    )
    .call1(&JsValue::NULL, &as_it_was)
    .expect("made");
    Reflect::set(&databases, &"transaction".into(), &noting).expect("set");
    read(&page, "relaxed").await.expect("read");
    let stored = page.store("relaxed", vec![put(1, b"x")]).await;
    Reflect::set(&databases, &"transaction".into(), &as_it_was).expect("set");
    assert_eq!(stored, Ok(()));
    let noted = Reflect::get(&js_sys::global(), &"durabilities".into()).expect("noted");
    let noted: Vec<_> = js_sys::Array::from(&noted).iter().collect();
    assert_eq!(noted.len(), 2);
    assert!(noted.iter().all(|one| one == "relaxed"), "{noted:?}");
}
