//! What was typed into the publisher: whether it is a message, and whether that may go.

use midge::{
    desk::typed::{
        Faults, Shown, Stop, TypedMessage, Way, interval, may_go,
        payload::{PayloadFault, TypedPayload},
        properties::{self, Long, PropertyFault},
        to_edit, way,
    },
    link::{Body, Connection, Phase, Publication, Queue, Subscription},
    payload::{NotHex, Place},
    profile::drafts::{DraftProperties, Format},
    protocol::{Granted, Limit, PublishProperties, Qos, SubscribeOptions, TopicFault, Version},
};

fn payload(format: Format, text: &str) -> TypedPayload<'_> {
    TypedPayload {
        format,
        text,
        file: None,
        placeholders: true,
    }
}

fn bytes(bytes: &[u8]) -> Result<Body, PayloadFault> {
    Ok(Body::Bytes(bytes.to_vec()))
}

#[test]
fn a_payload_goes_out_as_its_format_says() {
    assert_eq!(payload(Format::Text, "a\tb").body(), bytes(b"a\tb"));
    assert_eq!(payload(Format::Json, "[1]").body(), bytes(b"[1]"));
    assert_eq!(payload(Format::Hex, "00 ff").body(), bytes(&[0, 0xff]));
    let file = TypedPayload {
        file: Some(b"\0file"),
        ..payload(Format::File, "not this")
    };
    assert_eq!(file.body(), bytes(b"\0file"));
}

#[test]
fn what_is_wrong_with_a_payload_is_told_with_its_place() {
    assert_eq!(payload(Format::File, "").body(), Err(PayloadFault::NoFile));
    assert_eq!(
        payload(Format::Hex, "0g").body(),
        Err(PayloadFault::Hex(NotHex::Character('g')))
    );
    let Err(PayloadFault::Json { place, .. }) = payload(Format::Json, "[1,\n 2;]").body() else {
        panic!("no fault");
    };
    assert_eq!(place, Place { line: 2, column: 3 });
    let unknown = payload(Format::Text, "{{random 9..0}}").body();
    assert!(
        matches!(unknown, Err(PayloadFault::Template { .. })),
        "{unknown:?}"
    );
}

#[test]
fn a_fault_in_json_with_placeholders_is_where_it_was_typed() {
    // Filled in, the text before the fault is shorter than what was typed.
    let typed = r#"{"a": {{random 1..9}}, x}"#;
    let Err(PayloadFault::Json { place, .. }) = payload(Format::Json, typed).body() else {
        panic!("no fault");
    };
    assert_eq!(place.column, typed.find('x').expect("an x") + 1);
}

#[test]
fn placeholders_are_filled_in_by_the_engine_unless_they_are_switched_off() {
    let typed = "{{random 1..9}}";
    let on = payload(Format::Text, typed);
    assert_eq!(on.body(), Ok(Body::Template(typed.to_owned())));
    let off = TypedPayload {
        placeholders: false,
        ..on
    };
    assert_eq!(off.body(), bytes(typed.as_bytes()));
    assert!(on.has_choice() && off.has_choice());
    assert!(!payload(Format::Text, "plain").has_choice());
    assert!(!payload(Format::Hex, "{{").has_choice());
}

#[test]
fn no_bytes_at_all_are_a_message_in_every_format() {
    for format in [Format::Text, Format::Json, Format::Hex] {
        assert_eq!(payload(format, "").body(), bytes(b""), "{format:?}");
        assert!(payload(format, "").is_empty());
    }
    // White space is not nothing, but for hexadecimal.
    assert!(!payload(Format::Text, " ").is_empty());
    assert!(payload(Format::Hex, " , ").is_empty());
    let empty = TypedPayload {
        file: Some(b""),
        ..payload(Format::File, "x")
    };
    assert!(empty.is_empty());
    assert!(!payload(Format::File, "").is_empty());
}

#[test]
fn an_empty_payload_is_worth_a_word_where_it_does_not_say_it_itself() {
    assert!(!payload(Format::Text, "").is_notably_empty(false));
    assert!(payload(Format::Text, "").is_notably_empty(true));
    assert!(payload(Format::Hex, "").is_notably_empty(false));
    assert!(!payload(Format::Hex, "00").is_notably_empty(true));
}

/// A message as it was typed, with nothing wrong.
fn message(properties: &DraftProperties) -> TypedMessage<'_> {
    TypedMessage {
        topic: "a/b",
        payload: payload(Format::Text, "on"),
        qos: 1,
        retain: true,
        properties,
    }
}

fn connected(version: Version) -> Connection {
    Connection {
        phase: Phase::Connected,
        version,
        granted: Some(Granted {
            maximum_qos: Qos::ExactlyOnce,
            retain: true,
            ..Granted::default()
        }),
        ..Connection::default()
    }
}

#[test]
fn a_message_is_read_with_all_that_was_typed() {
    let properties = DraftProperties {
        content_type: "text/plain".to_owned(),
        ..DraftProperties::default()
    };
    let read = message(&properties).read(7, &connected(Version::V5));
    assert_eq!(
        read,
        Ok(Publication {
            number: 7,
            topic: "a/b".to_owned(),
            payload: Body::Bytes(b"on".to_vec()),
            qos: Qos::AtLeastOnce,
            retain: true,
            properties: PublishProperties {
                content_type: Some("text/plain".to_owned()),
                ..PublishProperties::default()
            },
        })
    );
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let properties = DraftProperties {
        expiry: "soon".to_owned(),
        ..DraftProperties::default()
    };
    let wrong = TypedMessage {
        topic: "a/#",
        payload: payload(Format::Hex, "0"),
        ..message(&properties)
    };
    assert_eq!(
        wrong.read(1, &connected(Version::V5)),
        Err(Faults {
            topic: Some(TopicFault::Wildcard { level: 1 }),
            payload: Some(PayloadFault::Hex(NotHex::Odd)),
            properties: Some(PropertyFault::Expiry),
        })
    );
}

#[test]
fn properties_do_not_count_where_an_older_version_is_in_use() {
    let properties = DraftProperties {
        expiry: "soon".to_owned(),
        content_type: "text/plain".to_owned(),
        ..DraftProperties::default()
    };
    let read = message(&properties).read(1, &connected(Version::V311));
    let read = read.expect("a message");
    assert_eq!(read.properties, PublishProperties::default());
    // While no version is settled, they do.
    let unsettled = Connection {
        phase: Phase::Connecting,
        ..connected(Version::V311)
    };
    assert!(message(&properties).read(1, &unsettled).is_err());
}

fn publication() -> Publication {
    message(&DraftProperties::default())
        .read(1, &connected(Version::V5))
        .expect("a message")
}

#[test]
fn what_may_not_go_is_stopped_with_the_first_reason() {
    let free = Queue::default();
    let open = connected(Version::V5);
    assert_eq!(may_go(&publication(), &open, &free), Ok(()));
    let mut strict = open.clone();
    strict.granted = Some(Granted {
        maximum_qos: Qos::AtMostOnce,
        retain: true,
        packet_size: Some(5),
        ..Granted::default()
    });
    // The form says it already, so that it is not said twice.
    assert_eq!(may_go(&publication(), &strict, &free), Err(Stop::Choice));
    let quiet = Publication {
        qos: Qos::AtMostOnce,
        ..publication()
    };
    assert_eq!(
        may_go(&quiet, &strict, &free),
        Err(Stop::Limit(Limit::PacketSize(5)))
    );
    let full = Queue {
        count: 3,
        limit: 3,
        ..Queue::default()
    };
    let away = Connection {
        phase: Phase::Waiting,
        granted: None,
        ..open.clone()
    };
    assert_eq!(may_go(&publication(), &away, &full), Err(Stop::QueueFull));
    assert_eq!(may_go(&publication(), &open, &full), Ok(()));
}

#[test]
fn what_is_said_to_be_text_has_to_be_text() {
    let said = |payload: Body| Publication {
        payload,
        properties: PublishProperties {
            payload_is_text: Some(true),
            ..PublishProperties::default()
        },
        ..publication()
    };
    let (open, free) = (connected(Version::V5), Queue::default());
    let wrong = said(Body::Bytes(vec![0xff]));
    assert_eq!(may_go(&wrong, &open, &free), Err(Stop::NotText));
    assert_eq!(may_go(&said(Body::Bytes("é".into())), &open, &free), Ok(()));
    let template = said(Body::Template("{{n}}".to_owned()));
    assert_eq!(may_go(&template, &open, &free), Ok(()));
}

#[test]
fn a_message_waits_where_a_connection_is_wanted() {
    let ways = [
        (Phase::Connected, Way::Now),
        (Phase::Connecting, Way::Later),
        (Phase::Waiting, Way::Later),
        (Phase::Disconnected, Way::Nowhere),
        (Phase::Failed, Way::Nowhere),
    ];
    for (phase, expected) in ways {
        assert_eq!(way(phase), expected, "{phase:?}");
    }
}

#[test]
fn a_series_has_bounds() {
    assert_eq!(interval(1.0), Some(1_000));
    assert_eq!(interval(0.01), Some(10));
    assert_eq!(interval(86_400.0), Some(86_400_000));
    assert_eq!(interval(0.0126), Some(13));
    for wrong in [0.0, 0.009, -1.0, 86_400.1, f64::NAN, f64::INFINITY] {
        assert_eq!(interval(wrong), None, "{wrong}");
    }
}

#[test]
fn a_message_is_put_into_the_form_so_that_it_goes_out_as_it_came() {
    let messages: [&[u8]; 6] = [
        b"plain",
        b"",
        b"line\r\nend",
        b"{{random 1..9}}",
        b"\xff\x00",
        "溫度".as_bytes(),
    ];
    for message in messages {
        let shown = to_edit(message);
        let (format, text, placeholders) = match &shown {
            Shown::Text { text, placeholders } => (Format::Text, text, *placeholders),
            Shown::Hex(text) => (Format::Hex, text, true),
        };
        // A text field has one kind of line end.
        assert!(!text.contains('\r'));
        let typed = TypedPayload {
            placeholders,
            ..payload(format, text)
        };
        assert_eq!(typed.body(), bytes(message));
    }
}

#[test]
fn properties_are_the_same_after_they_were_put_into_the_form() {
    let some = |text: &str| Some(text.to_owned());
    let all = PublishProperties {
        payload_is_text: Some(true),
        message_expiry: Some(60),
        content_type: some("text/plain"),
        response_topic: some("answers"),
        correlation_data: Some(vec![0, 0xff]),
        user_properties: vec![("unit".to_owned(), "°C".to_owned())],
        ..PublishProperties::default()
    };
    let readable = PublishProperties {
        correlation_data: Some(b"17".to_vec()),
        ..all.clone()
    };
    for properties in [PublishProperties::default(), all, readable] {
        let typed = properties::to_edit(&properties);
        assert_eq!(properties::read(&typed), Ok(properties));
    }
}

#[test]
fn what_was_typed_is_counted() {
    assert_eq!(properties::count(&DraftProperties::default()), 0);
    let some = DraftProperties {
        expiry: "no number yet".to_owned(),
        is_text: true,
        user: vec![(String::new(), "x".to_owned()); 3],
        ..DraftProperties::default()
    };
    assert_eq!(properties::count(&some), 5);
}

#[test]
fn properties_that_mqtt_has_no_room_for_are_named() {
    let long = "x".repeat(65_536);
    let fits = "x".repeat(65_535);
    let content = |content_type: String| DraftProperties {
        content_type,
        ..DraftProperties::default()
    };
    assert!(properties::read(&content(fits.clone())).is_ok());
    assert_eq!(
        properties::read(&content(long.clone())),
        Err(PropertyFault::TooLong(Long::ContentType))
    );
    let user = |user| DraftProperties {
        user: vec![user],
        ..DraftProperties::default()
    };
    for pair in [(long.clone(), String::new()), (String::new(), long)] {
        assert_eq!(
            properties::read(&user(pair)),
            Err(PropertyFault::TooLong(Long::UserProperties))
        );
    }
    // Two digits are one byte.
    let hex = |count: usize| DraftProperties {
        correlation: "00".repeat(count),
        correlation_hex: true,
        ..DraftProperties::default()
    };
    assert!(properties::read(&hex(65_535)).is_ok());
    assert_eq!(
        properties::read(&hex(65_536)),
        Err(PropertyFault::TooLong(Long::CorrelationData))
    );
    assert_eq!(
        properties::read(&DraftProperties {
            response_topic: "a/+".to_owned(),
            ..DraftProperties::default()
        }),
        Err(PropertyFault::ResponseTopic(TopicFault::Wildcard {
            level: 1
        }))
    );
}

#[test]
fn a_subscription_to_the_response_topic_is_offered_once() {
    let here = [subscription("answers/me")];
    assert!(properties::is_unheard("answers/other", &here));
    assert!(!properties::is_unheard("answers/me", &here));
    for no_topic in ["", "answers/#", "$share/g"] {
        assert!(!properties::is_unheard(no_topic, &[]), "{no_topic}");
    }
}

fn subscription(filter: &str) -> Subscription {
    Subscription {
        filter: filter.to_owned(),
        options: SubscribeOptions::default(),
        identifier: None,
        reason: None,
        grant: midge::link::Grant::Asked,
        colour: 0,
        muted: false,
        count: 0,
        rate: 0.0,
    }
}

#[test]
fn a_response_topic_is_made_of_what_the_broker_says_is_free() {
    let topic = |information: Option<&str>| {
        properties::own_response_topic(&Connection {
            client_id: "midge/1+#".to_owned(),
            granted: Some(Granted {
                response_information: information.map(str::to_owned),
                ..Granted::default()
            }),
            ..Connection::default()
        })
    };
    assert_eq!(topic(None), "response/midge-1--");
    assert_eq!(topic(Some("mine/")), "mine/midge-1--");
    assert_eq!(topic(Some("mine")), "mine");
    // What no message can be published to is not taken from anybody.
    assert_eq!(topic(Some("all/#")), "response/midge-1--");
}
