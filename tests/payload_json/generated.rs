//! Documents for tests: as text, with the spellings that a parsed value would lose.

use proptest::prelude::*;

/// Text of a JSON document: any spelling of numbers and strings, white space, the same key twice.
pub fn document() -> impl Strategy<Value = String> {
    let space = "[ \n\r\t]{0,2}";
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("-0".to_owned()),
        Just("1e999".to_owned()),
        Just("123456789012345678901234567890".to_owned()),
        "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,3})?([eE][+-]?[0-9]{1,3})?",
        string(),
    ];
    let inner = leaf.prop_recursive(5, 40, 4, move |inner| {
        let member = (string(), space, inner.clone(), space)
            .prop_map(|(key, before, value, after)| format!("{key}{before}:{value}{after}"));
        prop_oneof![
            (space, proptest::collection::vec(inner.clone(), 0..4))
                .prop_map(|(space, all)| format!("[{space}{}]", all.join(","))),
            (space, proptest::collection::vec(member, 0..4))
                .prop_map(|(space, all)| format!("{{{space}{}}}", all.join(&format!("{space},")))),
        ]
    });
    // Around it as many levels as no stack would hold if each were a call.
    let deep = prop_oneof![9 => 0usize..4, 1 => 100usize..400];
    (inner, deep, space).prop_map(|(text, deep, space)| {
        let open = "[{\"a\":".repeat(deep);
        format!("{space}{open}{text}{}{space}", "}]".repeat(deep))
    })
}

/// A string as it may be spelt.
fn string() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-c.\u{e9}\u{6eab}\u{1f321}/]{0,3}",
        Just("\\\\".to_owned()),
        Just("\\\"".to_owned()),
        Just("\\n".to_owned()),
        Just("\\u0061".to_owned()),
        Just("\\ud83d\\ude00".to_owned()),
        Just("\\ud800".to_owned()),
        Just("{[,:]}".to_owned()),
    ];
    proptest::collection::vec(piece, 0..4).prop_map(|pieces| format!("\"{}\"", pieces.concat()))
}
