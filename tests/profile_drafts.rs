//! Drafts: what is typed is never lost without a way back, and survives a reload as far as storage goes.
#![cfg(not(target_arch = "wasm32"))]

use std::sync::Arc;

use midge::profile::drafts::{
    Bench, Draft, DraftProperties, Drafts, File, Format, MAX_BYTES, MAX_DRAFTS, MAX_WRITTEN,
    SubscriptionDraft,
};

fn draft(payload: &str) -> Draft {
    Draft {
        topic: "a/b".into(),
        payload: payload.into(),
        every: "1".into(),
        ..Draft::default()
    }
}

fn newest(drafts: &Drafts) -> Option<(&str, usize)> {
    let (draft, count) = drafts.newest()?;
    Some((&draft.payload, count))
}

#[test]
fn a_draft_that_makes_room_for_a_message_can_be_had_back_and_the_message_too() {
    let mut drafts = Drafts::default();
    assert!(drafts.make_room(draft("mine")));
    drafts.settle(draft("a message"));
    assert_eq!(newest(&drafts), Some(("mine", 1)));
    // Nothing was typed into the message: it is still in the list.
    assert_eq!(drafts.back(draft("a message")), Some(draft("mine")));
    assert_eq!(newest(&drafts), None);
    assert!(drafts.make_room(draft("mine")), "it is as unsent as it was");
    drafts.settle(draft("a message"));
    // Something was.
    assert_eq!(drafts.back(draft("a message, edited")), Some(draft("mine")));
    assert_eq!(newest(&drafts), Some(("a message, edited", 1)));
    assert_eq!(drafts.back(draft("mine")), Some(draft("a message, edited")));
    assert_eq!(newest(&drafts), Some(("mine", 1)));
}

#[test]
fn pressing_on_leads_around_all_drafts() {
    let mut drafts = Drafts::default();
    for payload in ["1", "2", "3"] {
        assert!(drafts.make_room(draft(payload)));
    }
    let mut form = draft("4");
    let mut seen = Vec::new();
    for _ in 0..8 {
        form = drafts.back(form).expect("a draft");
        seen.push(form.payload.clone());
    }
    assert_eq!(seen, ["3", "2", "1", "4", "3", "2", "1", "4"]);
}

#[test]
fn what_is_to_be_found_elsewhere_is_not_kept_again() {
    let mut drafts = Drafts::default();
    assert!(!drafts.make_room(Draft::default()), "nothing was typed");
    let chosen = Draft {
        qos: 2,
        retain: true,
        every: "5".into(),
        ..Draft::default()
    };
    assert!(!drafts.make_room(chosen), "nothing was typed");
    drafts.settle(draft("sent"));
    assert!(!drafts.make_room(draft("sent")));
    assert!(drafts.make_room(draft("sent and changed")));
    // The same twice is once.
    assert!(drafts.make_room(draft("other")));
    assert!(drafts.make_room(draft("sent and changed")));
    assert_eq!(newest(&drafts), Some(("sent and changed", 2)));
    // It was refused after all.
    drafts.settle(draft("refused"));
    drafts.unsettle();
    assert!(drafts.make_room(draft("refused")));
}

#[test]
fn every_field_counts_as_typed() {
    let properties = |properties| Draft {
        properties,
        ..Draft::default()
    };
    let typed = [
        Draft {
            topic: "a".into(),
            ..Draft::default()
        },
        Draft {
            payload: " ".into(),
            ..Draft::default()
        },
        Draft {
            file: Some(File {
                name: "a".into(),
                bytes: None,
            }),
            ..Draft::default()
        },
        properties(DraftProperties {
            response_topic: "r".into(),
            ..DraftProperties::default()
        }),
        properties(DraftProperties {
            correlation: "c".into(),
            ..DraftProperties::default()
        }),
        properties(DraftProperties {
            content_type: "t".into(),
            ..DraftProperties::default()
        }),
        properties(DraftProperties {
            expiry: "1".into(),
            ..DraftProperties::default()
        }),
        properties(DraftProperties {
            user: vec![("a".into(), String::new())],
            ..DraftProperties::default()
        }),
    ];
    for form in typed {
        assert!(Drafts::default().make_room(form.clone()), "{form:?}");
    }
}

#[test]
fn drafts_are_bounded_by_number_and_bytes_and_the_newest_always_stays() {
    let mut drafts = Drafts::default();
    for number in 0..MAX_DRAFTS + 5 {
        drafts.make_room(draft(&number.to_string()));
    }
    assert_eq!(newest(&drafts), Some(("24", MAX_DRAFTS)));
    let file = |bytes: usize| Draft {
        file: Some(File {
            name: "film".into(),
            bytes: Some(vec![bytes as u8; bytes].into()),
        }),
        ..Draft::default()
    };
    drafts.make_room(file(MAX_BYTES - 30));
    let (_, count) = drafts.newest().unwrap();
    assert!((2..MAX_DRAFTS).contains(&count), "{count}");
    drafts.make_room(file(MAX_BYTES + 1));
    assert_eq!(drafts.newest(), Some((&file(MAX_BYTES + 1), 1)));
}

fn everything() -> Bench {
    let form = Draft {
        topic: "a/\u{200b}b".into(),
        payload: "{{random 0..9}}\n\"\u{0}\"".into(),
        as_it_is: true,
        format: Format::Json,
        file: None,
        qos: 2,
        retain: true,
        every: "0.5".into(),
        properties: DraftProperties {
            response_topic: "r".into(),
            correlation: "0a".into(),
            correlation_hex: true,
            content_type: "t".into(),
            expiry: "60".into(),
            is_text: true,
            user: vec![("name".into(), "value".into()), (String::new(), "2".into())],
        },
    };
    let mut drafts = Drafts::default();
    drafts.make_room(draft("older"));
    drafts.make_room(draft("newer"));
    drafts.settle(form.clone());
    Bench {
        form,
        drafts,
        subscription: SubscriptionDraft {
            filter: "s/+".into(),
            qos: 1,
            no_local: true,
            as_published: true,
            handling: 2,
            identifier: "7".into(),
        },
        query: "topic:\"a b\"".into(),
        packets: true,
        section: "topics".into(),
        search: "lamp".into(),
    }
}

#[test]
fn what_is_written_is_read_again() {
    let bench = everything();
    let (text, all) = bench.write();
    assert!(all);
    assert_eq!(Bench::read(&text), bench);
    assert_eq!(Bench::read(&Bench::default().write().0), Bench::default());
}

#[test]
fn the_bytes_of_a_file_are_not_written_and_its_name_is() {
    let form = Draft {
        format: Format::File,
        file: Some(File {
            name: "photo.png".into(),
            bytes: Some(Arc::from(vec![7; 10_000_000])),
        }),
        ..Draft::default()
    };
    let bench = Bench {
        form,
        ..Bench::default()
    };
    let (text, all) = bench.write();
    assert!(all && text.len() < 1_000, "{}", text.len());
    let read = Bench::read(&text).form;
    assert_eq!(read.format, Format::File);
    assert_eq!(
        read.file,
        Some(File {
            name: "photo.png".into(),
            bytes: None
        })
    );
}

#[test]
fn what_finds_no_room_is_left_out_and_said() {
    let mut bench = Bench::default();
    for payload in ["old", &"x".repeat(MAX_WRITTEN), "new"] {
        bench.drafts.make_room(draft(payload));
    }
    bench.form = draft("the form");
    let (text, all) = bench.write();
    assert!(!all && text.len() < MAX_WRITTEN);
    let read = Bench::read(&text);
    assert_eq!(read.form, draft("the form"));
    assert_eq!(newest(&read.drafts), Some(("new", 1)));
    bench.form = draft(&"y".repeat(MAX_WRITTEN));
    bench.query = "kept all the same".into();
    let (text, all) = bench.write();
    assert!(!all);
    let read = Bench::read(&text);
    assert_eq!(
        (read.form, read.query.as_str()),
        (Draft::default(), "kept all the same")
    );
}

#[test]
fn damaged_storage_gives_what_is_still_sound() {
    let whole = everything().write().0;
    for end in 0..whole.len() {
        if let Some(text) = whole.get(..end) {
            Bench::read(text);
        }
    }
    for text in ["", "[]", "null", "{", "[1,2]", "\u{0}", "{\"form\":[]}"] {
        assert_eq!(Bench::read(text), Bench::default(), "{text}");
    }
    let read = Bench::read(
        r#"{"version":9,"form":{"topic":7},"kept":[{"topic":"sound","qos":77},{"qos":"x"},3,null,{}],
            "subscription":{"filter":"f","qos":200,"handling":9},"query":{},"packets":"yes","search":"s","new":1}"#,
    );
    assert_eq!(read.form, Draft::default());
    let (kept, count) = read.drafts.newest().unwrap();
    assert_eq!((kept.topic.as_str(), kept.qos, count), ("sound", 2, 1));
    assert_eq!(
        (
            read.subscription.filter.as_str(),
            read.subscription.qos,
            read.subscription.handling
        ),
        ("f", 2, 2)
    );
    assert_eq!(
        (read.query.as_str(), read.packets, read.search.as_str()),
        ("", false, "s")
    );
    let many = format!(
        r#"{{"kept":[{}]}}"#,
        vec![r#"{"topic":"t"}"#; 10_000].join(",")
    );
    assert_eq!(Bench::read(&many).drafts.newest().unwrap().1, MAX_DRAFTS);
}
