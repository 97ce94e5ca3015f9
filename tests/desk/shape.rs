//! How a payload is shown, copied and saved.

use midge::{
    desk::shape::{
        Reason, SHAPES, Shape, best_of, best_with_reason, copied, file_name, makes_sense,
        may_be_json,
    },
    link::Inspected,
    payload::Wrapping,
    protocol::PublishProperties,
};

fn message(payload: &[u8]) -> Inspected {
    Inspected {
        bytes: payload.to_vec(),
        ..Inspected::default()
    }
}

fn said(payload: &[u8], content_type: &str) -> Inspected {
    Inspected {
        properties: Some(PublishProperties {
            content_type: Some(content_type.to_owned()),
            ..PublishProperties::default()
        }),
        ..message(payload)
    }
}

#[test]
fn the_bytes_decide_where_the_sender_says_nothing() {
    for (payload, shape) in [
        (&b"21.5"[..], Shape::Text),
        (b"two\nlines\tand a tab", Shape::Text),
        (b"\x1b[31mred", Shape::Text),
        (b"nul\0", Shape::Hex),
        (b"\xff\xfe", Shape::Hex),
        (b"", Shape::Text),
    ] {
        assert_eq!(best_of(&message(payload), false), shape, "{payload:?}");
    }
    assert_eq!(best_of(&message(b"{}"), true), Shape::Json);
}

#[test]
fn what_the_sender_says_is_a_hint() {
    assert_eq!(best_of(&said(b"a\x01b", "text/plain"), false), Shape::Text);
    assert_eq!(
        best_of(&said(b"abc", "application/octet-stream"), false),
        Shape::Hex
    );
    // No word makes text of what is none.
    assert_eq!(best_of(&said(b"\xff", "text/plain"), false), Shape::Hex);
    let mut text = message(b"a\x01b");
    text.properties = Some(PublishProperties {
        payload_is_text: Some(true),
        ..PublishProperties::default()
    });
    assert_eq!(best_of(&text, false), Shape::Text);
}

#[test]
fn json_is_tried_where_it_begins_so_or_is_announced() {
    for payload in [&b" \n[1]"[..], b"{", b"\xef\xbb\xbf{}"] {
        assert!(may_be_json(&message(payload)), "{payload:?}");
    }
    assert!(!may_be_json(&message(b"12")));
    for kind in [
        "application/json",
        "Application/JSON; charset=utf-8",
        "application/senml+json",
    ] {
        assert!(may_be_json(&said(b"12", kind)), "{kind}");
    }
    assert!(!may_be_json(&said(b"12", "application/jsonp")));
    let large = [b"[".as_slice(), &[b' '; 8 * 1024 * 1024]].concat();
    assert!(!may_be_json(&said(&large, "application/json")));
}

#[test]
fn cbor_is_known_by_what_the_sender_says_or_by_its_bytes() {
    let map = b"\xa1\x61t\xf9\x4d\x60";
    assert_eq!(best_of(&message(map), false), Shape::Cbor);
    // A number alone could be anything.
    assert_eq!(best_of(&message(b"\x05"), false), Shape::Hex);
    for kind in [
        "application/cbor",
        "application/cbor-seq",
        "application/senml+cbor",
    ] {
        assert_eq!(best_of(&said(b"\x05", kind), false), Shape::Cbor, "{kind}");
    }
    assert_eq!(file_name("t", map), "t.cbor");
    assert_eq!(copied(Shape::Cbor, map), "{\n  \"t\": 21.5\n}");
    // In part it is not copied.
    assert_eq!(copied(Shape::Cbor, b"\xa1\x61t"), "a16174");
}

#[test]
fn what_is_copied_is_what_is_seen() {
    assert_eq!(copied(Shape::Hex, b"\x00\xff"), "00ff");
    assert_eq!(copied(Shape::Text, b"a\xffb"), "a\u{fffd}b");
    assert_eq!(copied(Shape::Json, b" {} "), " {} ");
}

#[test]
fn a_file_is_named_after_its_topic_and_leads_to_no_folder() {
    for (topic, payload, name) in [
        ("sensors/1/temp", &b"21.5"[..], "sensors_1_temp.txt"),
        ("../../etc/passwd", b"\xff", "_.._etc_passwd.bin"),
        ("...", b"{\"a\": 1}", "payload.json"),
        ("", b"x", "payload.txt"),
        ("\u{202e}gpj.exe", b"\x89PNG\r\n\x1a\n", "_gpj.exe.png"),
        ("溫度", b"{not json", "溫度.txt"),
    ] {
        assert_eq!(file_name(topic, payload), name, "{topic}");
    }
    assert_eq!(file_name(&"x".repeat(500), b"").len(), 84);
}

#[test]
fn messagepack_and_protobuf_are_known_by_what_the_sender_says_or_by_their_bytes() {
    let map = b"\x82\xa1t\xcb\x40\x35\x80\0\0\0\0\0\xa1n\x01";
    assert_eq!(best_of(&message(map), false), Shape::Msgpack);
    let fields = b"\x0a\x05lab-1\x10\x96\x01";
    assert_eq!(best_of(&message(fields), false), Shape::Protobuf);
    // Too little to tell by.
    assert_eq!(best_of(&message(b"\x08\x96\x01"), false), Shape::Hex);
    for (kind, shape) in [
        ("application/msgpack", Shape::Msgpack),
        ("application/vnd.google.protobuf", Shape::Protobuf),
    ] {
        assert_eq!(
            best_with_reason(&said(b"\x05\0", kind), false),
            (shape, Reason::Said)
        );
    }
    assert_eq!(
        copied(Shape::Msgpack, map),
        "{\n  \"t\": 21.5,\n  \"n\": 1\n}"
    );
    assert_eq!(copied(Shape::Protobuf, fields), "1: \"lab-1\"\n2: 150");
    assert_eq!(copied(Shape::Latin1, b"20\xb0"), "20°");
    assert_eq!(file_name("t", map), "t.msgpack");
    assert_eq!(file_name("t", b"\x1f\x8b\x08\0"), "t.gz");
}

#[test]
fn a_shape_is_found_again_by_the_name_it_is_stored_by() {
    for (shape, name) in SHAPES {
        assert_eq!(shape.stored(), name);
        assert_eq!(Shape::of_stored(name), Some(shape));
    }
    assert_eq!(Shape::of_stored("picture"), None);
}

#[test]
fn of_base64_only_what_makes_sense_is_opened_unasked() {
    assert!(makes_sense(Wrapping::Base64, b"{\"t\": 1}"));
    assert!(makes_sense(Wrapping::Base64, b"\x89PNG\r\n\x1a\n"));
    assert!(!makes_sense(Wrapping::Base64, b"\x9d\x01\xff\xfe"));
    assert!(makes_sense(Wrapping::Gzip, b"\x9d\x01\xff\xfe"));
}

#[test]
fn sparkplug_is_known_by_its_topic_and_its_bytes() {
    let message = |topic: &str, payload: &[u8]| Inspected {
        topic: topic.to_owned(),
        bytes: payload.to_vec(),
        ..Inspected::default()
    };
    let fields = b"\x08\x01\x18\x02";
    let best = |topic, payload| best_with_reason(&message(topic, payload), false);
    assert_eq!(
        best("spBv1.0/g/NDATA/n", fields),
        (Shape::Sparkplug, Reason::Topic)
    );
    assert_eq!(best("spBv1.0/g/NDATA/n", b"online").0, Shape::Text);
    assert_eq!(best("spBv1.0/STATE/host", b"ONLINE").0, Shape::Text);
    assert_eq!(best("other", fields).0, Shape::Hex);
}
