//! Values in JSON payloads, found by their paths.
#![cfg(not(target_arch = "wasm32"))]

use midge::reading::{Wanted, read_query};
use proptest::prelude::*;
use serde_json::Value;

fn finds(query: &str, document: &[u8]) -> bool {
    match read_query(query)
        .expect(query)
        .in_lower_case()
        .terms
        .pop()
        .unwrap()
        .wanted
    {
        Wanted::Json { path, test } => path.finds(document, test.as_ref()),
        other => panic!("{query}: {other:?}"),
    }
}

const DOCUMENT: &str = r#"{
    "temp": 23.5, "text": "23.5", "device": "Lab \"A\" é\n", "on": true, "none": null,
    "time": "2026-11-27T10:00:00Z", "a.b": 1,
    "items": [{"id": 3, "tags": ["x"]}, {"id": 4}, {"id": "4"}], "temp": -1, "nested": {"deep": {"id": 9}}
}"#;

#[test]
fn a_value_is_found_where_the_path_leads() {
    let found = [
        "$.temp",
        "$.temp > 23",
        "$.temp = 23.50",
        "$.temp < 0",
        "$.text >= 23.5",
        "$.device ~ lab",
        "$.device ~ \"\\\"a\\\" é\"",
        "$.on = true",
        "$.on != false",
        "$.none = null",
        "$.time > \"2026-11\"",
        "$[\"a.b\"] = 1",
        "$['a.b'] = 1",
        "$.items[*].id = 4",
        "$.items[2].id = \"4\"",
        "$.items[0].tags[0] = x",
        "$.items ~ tags",
        "$.*.deep.id = 9",
        "$.nested.*.* = 9",
    ];
    for query in found {
        assert!(finds(query, DOCUMENT.as_bytes()), "{query}");
    }
    let not = [
        "$.Temp",
        "$.temp > 24",
        "$.temp ~ 99",
        "$.device = lab",
        "$.on = 1",
        "$.on = \"true\"",
        "$.none > 0",
        "$.temp.x",
        "$.items[3]",
        "$.items.id",
        "$.deep",
        "$[0]",
    ];
    for query in not {
        assert!(!finds(query, DOCUMENT.as_bytes()), "{query}");
    }
}

#[test]
fn what_is_nearly_json_is_searched_as_far_as_it_goes() {
    assert!(finds("$.a = 1", b"\xef\xbb\xbf {\"a\":1}"));
    assert!(finds("$.a = 1", b"{\"a\":1,}"));
    assert!(finds("$.b = 2", b"{\"a\":NaN,\"b\":2"));
    assert!(finds("$[1] = 2", b"[1,2] [3]"));
    assert!(!finds("$.b", b"{\"a\":\"not closed"));
    assert!(!finds("$.a", b"{a:1}"));
    assert!(!finds("$.a", b"\xff\xfe"));
    assert!(!finds("$.a", b""));
    let deep = [b"[".repeat(3_000_000), b"]".repeat(3_000_000)].concat();
    assert!(!finds("$.a", &deep));
    assert!(finds("$[*]", &deep));
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-50i64..50).prop_map(Value::from),
        "[a-c\\\\\"/\n\u{e9}\u{1f600}]{0,3}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 30, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[ab]", inner, 0..3)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// The same by way of a document in memory.
fn at<'a>(value: &'a Value, steps: &[&str]) -> Vec<&'a Value> {
    let Some((step, further)) = steps.split_first() else {
        return vec![value];
    };
    let next: Vec<&Value> = match (value, *step) {
        (Value::Object(members), ".*") => members.values().collect(),
        (Value::Array(elements), ".*") => elements.iter().collect(),
        (Value::Array(elements), "[1]") => elements.get(1).into_iter().collect(),
        (Value::Object(members), ".a") => members.get("a").into_iter().collect(),
        (Value::Object(members), ".b") => members.get("b").into_iter().collect(),
        _ => Vec::new(),
    };
    next.into_iter().flat_map(|one| at(one, further)).collect()
}

proptest! {
    #[test]
    fn generated_documents_give_what_a_plain_reading_gives(
        document in json(),
        steps in prop::collection::vec(prop::sample::select(vec![".a", ".b", ".*", "[1]"]), 1..4),
        limit in -50i64..50,
        pretty in any::<bool>(),
    ) {
        let found = at(&document, &steps);
        let text = if pretty { serde_json::to_string_pretty(&document) } else { serde_json::to_string(&document) }.unwrap();
        let path = format!("${}", steps.concat());
        prop_assert_eq!(finds(&path, text.as_bytes()), !found.is_empty());
        let above = found.iter().any(|one| one.as_i64().is_some_and(|one| one > limit));
        prop_assert_eq!(finds(&format!("{path} > {limit}"), text.as_bytes()), above);
        let holds = found.iter().any(|one| one.as_str() == Some("b"));
        prop_assert_eq!(finds(&format!("{path} = \"b\""), text.as_bytes()), holds);
    }

    #[test]
    fn hostile_bytes_end_in_an_answer(document in prop::collection::vec(prop::sample::select(b"[]{}\",:\\u1 \xff".to_vec()), 0..60)) {
        finds("$.*[*].a > 1", &document);
        finds("$[*] ~ 1", &document);
    }
}
