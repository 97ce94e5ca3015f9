//! The connect form: what is wrong with it, and what connection it stands for.

use midge::{
    desk::connect::{
        OutOfRange, TypedConnection, TypedFive, TypedWill,
        address::{Aside, Remark, asides, remark, way_in},
        expiry_to_edit,
        faults::{Field, FormFault, faults},
        keep_alive_seconds, number,
        request::request,
    },
    link::ConnectRequest,
    profile::{
        address::{Address, AddressFault, Page, examine},
        expiry::Unit,
        saved::{SavedConnection, SavedProperties, SavedWill},
    },
    protocol::{ConnectProperties, PublishProperties, TopicFault, Version},
};

const PAGE: Page<'_> = Page {
    scheme: "http:",
    host: "localhost:8080",
};

fn read(address: &str) -> Result<Address, AddressFault> {
    examine(address, PAGE)
}

/// A form as a page starts with it.
fn plain() -> TypedConnection {
    TypedConnection {
        address: "ws://localhost:9001".to_owned(),
        client_id: "midge-1".to_owned(),
        made_up: true,
        keep_alive: "30".to_owned(),
        clean_session: true,
        five: TypedFive {
            request_problem: true,
            ..TypedFive::default()
        },
        ..TypedConnection::default()
    }
}

fn wrong(form: &TypedConnection) -> Vec<(Field, FormFault)> {
    faults(form, read)
}

fn one(field: Field, fault: FormFault) -> Vec<(Field, FormFault)> {
    vec![(field, fault)]
}

#[test]
fn nothing_is_wrong_with_a_form_as_a_page_starts_with_it() {
    assert_eq!(wrong(&plain()), []);
}

#[test]
fn every_address_is_read_and_an_empty_row_is_no_mistake() {
    let form = TypedConnection {
        address: String::new(),
        others: vec![String::new(), "ws://".to_owned()],
        ..plain()
    };
    assert_eq!(
        wrong(&form),
        [
            (Field::Address(1), FormFault::Address(AddressFault::Empty)),
            (Field::Address(3), FormFault::Address(AddressFault::NoHost)),
        ]
    );
}

/// MQTT 3.1.1 [MQTT-3.1.3-7]
#[test]
fn a_session_that_is_kept_needs_a_client_identifier_before_mqtt_5() {
    let form = |version, clean_session| TypedConnection {
        client_id: String::new(),
        version,
        clean_session,
        ..plain()
    };
    let needed = one(Field::ClientId, FormFault::ClientIdNeeded);
    assert_eq!(wrong(&form(Some(Version::V31), true)), needed);
    assert_eq!(wrong(&form(Some(Version::V311), true)), []);
    assert_eq!(wrong(&form(Some(Version::V311), false)), needed);
    assert_eq!(wrong(&form(Some(Version::V5), false)), []);
    // It may come to an older version.
    assert_eq!(wrong(&form(None, false)), needed);
}

/// MQTT 3.1.1 [MQTT-3.1.2-22]
#[test]
fn a_password_alone_is_for_mqtt_5() {
    let form = |version, scram| TypedConnection {
        password: 3,
        version,
        scram,
        ..plain()
    };
    let needed = one(Field::UserName, FormFault::UserNameNeeded);
    assert_eq!(wrong(&form(None, false)), needed);
    assert_eq!(wrong(&form(Some(Version::V311), false)), needed);
    assert_eq!(wrong(&form(Some(Version::V5), false)), []);
    // There it is said with the other half.
    let both = one(Field::Authentication, FormFault::ScramNeedsBoth);
    assert_eq!(wrong(&form(Some(Version::V5), true)), both);
}

#[test]
fn scram_counts_only_where_mqtt_5_may_be_spoken() {
    let form = |version| TypedConnection {
        scram: true,
        version,
        ..plain()
    };
    let both = one(Field::Authentication, FormFault::ScramNeedsBoth);
    assert_eq!(wrong(&form(None)), both);
    assert_eq!(wrong(&form(Some(Version::V311))), []);
}

/// MQTT 5 [MQTT-1.5.4-2]
#[test]
fn texts_hold_no_nul_and_have_an_end() {
    let named = |user_name: String| TypedConnection {
        user_name,
        ..plain()
    };
    assert_eq!(
        wrong(&named("a\0b".to_owned())),
        one(Field::UserName, FormFault::Nul)
    );
    assert_eq!(wrong(&named("x".repeat(65_535))), []);
    assert_eq!(
        wrong(&named("x".repeat(65_536))),
        one(Field::UserName, FormFault::TooLong)
    );
    let password = |password| TypedConnection {
        user_name: "chen".to_owned(),
        password,
        ..plain()
    };
    assert_eq!(wrong(&password(65_535)), []);
    assert_eq!(
        wrong(&password(65_536)),
        one(Field::Password, FormFault::TooLong)
    );
}

#[test]
fn numbers_are_whole_and_of_their_range() {
    assert_eq!(number::<u16>(" 7 ", 1), Ok(Some(7)));
    assert_eq!(number::<u16>("", 1), Ok(None));
    for typed in ["0", "65536", "-1", "1.5", "x"] {
        assert_eq!(number::<u16>(typed, 1), Err(OutOfRange), "{typed}");
    }
    assert_eq!(number::<u16>("0", 0), Ok(Some(0)));
    assert_eq!(keep_alive_seconds(" 0 "), Some(0));
    assert_eq!(keep_alive_seconds(""), None);
    assert_eq!(keep_alive_seconds("65536"), None);
    let form = TypedConnection {
        keep_alive: "soon".to_owned(),
        five: TypedFive {
            receive_maximum: "0".to_owned(),
            maximum_packet_size: "4294967296".to_owned(),
            topic_alias_maximum: "65536".to_owned(),
            expiry: "x".to_owned(),
            ..TypedFive::default()
        },
        ..plain()
    };
    assert_eq!(
        wrong(&form),
        [
            (Field::KeepAlive, FormFault::KeepAlive),
            (Field::Expiry, FormFault::Time),
            (Field::ReceiveMaximum, FormFault::Range(1, 65_535)),
            (Field::MaximumPacketSize, FormFault::Range(1, u32::MAX)),
            (Field::TopicAliasMaximum, FormFault::Range(0, 65_535)),
        ]
    );
    // Fields that are not shown are never wrong.
    let older = TypedConnection {
        version: Some(Version::V311),
        keep_alive: "30".to_owned(),
        ..form
    };
    assert_eq!(wrong(&older), []);
}

fn will() -> TypedWill {
    TypedWill {
        topic: "gone".to_owned(),
        payload: "bye".to_owned(),
        qos: 1,
        ..TypedWill::default()
    }
}

#[test]
fn a_will_is_looked_at_once_it_has_a_topic() {
    let bad = TypedWill {
        topic: "a/#".to_owned(),
        payload: "x".repeat(65_536),
        delay: "-1".to_owned(),
        response_topic: "b/+".to_owned(),
        content_type: "\0".to_owned(),
        correlation: "x".repeat(65_536),
        user_properties: vec![("\0".to_owned(), String::new())],
        ..TypedWill::default()
    };
    let form = |will, version| TypedConnection {
        will,
        version,
        ..plain()
    };
    assert_eq!(
        wrong(&form(bad.clone(), None)),
        [
            (Field::WillDelay, FormFault::Range(0, u32::MAX)),
            (Field::WillContentType, FormFault::Nul),
            (
                Field::WillResponseTopic,
                FormFault::Topic(TopicFault::Wildcard { level: 1 })
            ),
            (Field::WillCorrelation, FormFault::TooLong),
            (Field::WillUserProperties, FormFault::Nul),
            (
                Field::WillTopic,
                FormFault::Topic(TopicFault::Wildcard { level: 1 })
            ),
            (Field::WillPayload, FormFault::TooLong),
        ]
    );
    let older = wrong(&form(bad.clone(), Some(Version::V311)));
    let older: Vec<Field> = older.into_iter().map(|(field, _)| field).collect();
    assert_eq!(older, [Field::WillTopic, Field::WillPayload]);
    let none = TypedWill {
        topic: String::new(),
        ..bad
    };
    assert_eq!(wrong(&form(none, None)), []);
}

#[test]
fn only_what_more_typing_cannot_mend_is_said_before_connect_is_pressed() {
    for fault in [
        FormFault::Range(0, 1),
        FormFault::Time,
        FormFault::KeepAlive,
        FormFault::TooLong,
        FormFault::Nul,
    ] {
        assert!(fault.early(), "{fault:?}");
    }
    for fault in [
        FormFault::Address(AddressFault::Empty),
        FormFault::ClientIdNeeded,
        FormFault::UserNameNeeded,
        FormFault::ScramNeedsBoth,
        FormFault::Topic(TopicFault::Empty),
    ] {
        assert!(!fault.early(), "{fault:?}");
    }
}

fn saved(form: &TypedConnection) -> SavedConnection {
    form.to_save("home".to_owned()).expect("a sound form")
}

#[test]
fn what_is_saved_can_be_put_into_the_form_again() {
    let five = TypedFive {
        expiry: "2".to_owned(),
        expiry_unit: Unit::Hours,
        receive_maximum: "20".to_owned(),
        maximum_packet_size: String::new(),
        topic_alias_maximum: "16".to_owned(),
        request_response: true,
        request_problem: false,
        user_properties: vec![("a".to_owned(), "b".to_owned())],
    };
    let will = TypedWill {
        delay: "5".to_owned(),
        content_type: "text/plain".to_owned(),
        is_text: true,
        ..will()
    };
    let form = TypedConnection {
        five: five.clone(),
        will: will.clone(),
        ..plain()
    };
    let saved = saved(&form);
    assert_eq!(saved.properties.session_expiry, Some(7_200));
    assert_eq!(TypedFive::to_edit(&saved.properties), five);
    assert_eq!(TypedWill::to_edit(saved.will.as_ref()), will);
    assert_eq!(TypedWill::to_edit(None), TypedWill::default());
    assert_eq!(expiry_to_edit(None), (String::new(), Unit::Hours));
    assert_eq!(
        expiry_to_edit(Some(u32::MAX)),
        (String::new(), Unit::ForEver)
    );
}

#[test]
fn addresses_are_saved_once_and_without_what_surrounds_them() {
    let form = TypedConnection {
        address: " ws://a ".to_owned(),
        others: ["", " ws://b", "ws://a", " "].map(str::to_owned).to_vec(),
        ..plain()
    };
    let saved = saved(&form);
    assert_eq!(saved.address, "ws://a");
    assert_eq!(saved.more_addresses, ["ws://b"]);
}

#[test]
fn an_identifier_that_was_made_up_is_not_saved() {
    assert_eq!(saved(&plain()).client_id, None);
    let typed = TypedConnection {
        made_up: false,
        ..plain()
    };
    assert_eq!(saved(&typed).client_id.as_deref(), Some("midge-1"));
}

#[test]
fn what_is_wrong_where_nobody_sees_it_is_neither_kept_nor_in_the_way() {
    let form = |version| TypedConnection {
        version,
        five: TypedFive {
            receive_maximum: "0".to_owned(),
            ..TypedFive::default()
        },
        will: TypedWill {
            delay: "x".to_owned(),
            content_type: "text/plain".to_owned(),
            ..will()
        },
        ..plain()
    };
    assert_eq!(form(None).to_save(String::new()), None);
    let saved = saved(&form(Some(Version::V311)));
    assert_eq!(saved.properties, SavedProperties::default());
    let kept = saved.will.expect("a will");
    assert_eq!((kept.topic.as_str(), kept.qos), ("gone", 1));
    assert_eq!((kept.delay, kept.content_type), (None, None));
    // What is sound is kept even so.
    let sound = TypedConnection {
        version: Some(Version::V311),
        five: TypedFive {
            receive_maximum: "9".to_owned(),
            ..TypedFive::default()
        },
        ..plain()
    };
    assert_eq!(
        sound
            .to_save(String::new())
            .map(|saved| saved.properties.receive_maximum),
        Some(Some(9))
    );
}

fn requested(saved: SavedConnection) -> ConnectRequest {
    request(saved, None, "midge-2".to_owned(), false)
}

#[test]
fn the_version_that_the_broker_took_last_is_tried_first() {
    let form = |version, found| TypedConnection {
        version,
        found,
        ..plain()
    };
    let asked = |version, found| {
        let request = requested(saved(&form(version, found)));
        (request.connect.version.name(), request.newest)
    };
    assert_eq!(asked(None, None), ("MQTT 5", true));
    assert_eq!(asked(None, Some(Version::V31)), ("MQTT 3.1", true));
    assert_eq!(
        asked(Some(Version::V311), Some(Version::V5)),
        ("MQTT 3.1.1", false)
    );
}

#[test]
fn scram_never_falls_back_to_a_version_that_would_send_the_password() {
    let form = |version| TypedConnection {
        scram: true,
        version,
        ..plain()
    };
    let request = requested(saved(&form(None)));
    assert_eq!(
        (
            request.connect.version.name(),
            request.newest,
            request.scram
        ),
        ("MQTT 5", false, true)
    );
    // Chosen for another version, it is not in force.
    assert!(!requested(saved(&form(Some(Version::V311)))).scram);
}

#[test]
fn what_only_mqtt_5_has_is_not_asked_for_before_it() {
    let saved = |version| SavedConnection {
        version,
        properties: SavedProperties {
            session_expiry: Some(60),
            ..SavedProperties::default()
        },
        will: Some(SavedWill {
            topic: "gone".to_owned(),
            delay: Some(5),
            content_type: Some("text/plain".to_owned()),
            ..SavedWill::default()
        }),
        ..saved(&plain())
    };
    let old = requested(saved(Some(Version::V311)));
    assert_eq!(old.connect.properties, ConnectProperties::default());
    let will = old.connect.will.expect("a will");
    assert_eq!(will.delay, None);
    assert_eq!(will.properties, PublishProperties::default());
    let newest = requested(saved(None));
    assert_eq!(newest.connect.properties.session_expiry, Some(60));
    assert_eq!(newest.connect.will.and_then(|will| will.delay), Some(5));
}

#[test]
fn a_request_names_an_identifier_in_any_case() {
    let request = requested(saved(&plain()));
    assert!(request.client_id_made_up);
    assert_eq!(request.connect.client_id, "midge-2");
    let named = SavedConnection {
        client_id: Some("mine".to_owned()),
        more_addresses: vec!["ws://b".to_owned()],
        ..saved(&plain())
    };
    let request = requested(named);
    assert!(!request.client_id_made_up);
    assert_eq!(request.connect.client_id, "mine");
    assert_eq!(request.addresses, ["ws://localhost:9001", "ws://b"]);
}

fn said(typed: &str, finished: bool) -> Option<Remark> {
    remark(read(typed), finished, false)
}

#[test]
fn what_more_typing_may_mend_is_said_when_the_field_is_left() {
    assert_eq!(said("ws:/", false), None);
    assert!(said("ws:/", true).is_some());
    for never_mended in ["http://a", "ws://a/#x", "ws://u:p@a"] {
        assert!(said(never_mended, false).is_some(), "{never_mended}");
    }
    assert_eq!(said("", true), None);
    assert_eq!(
        remark(read(""), true, true),
        Some(Remark::Fault(AddressFault::Empty))
    );
    assert_eq!(said("ws://a:9001", true), None);
}

#[test]
fn ports_that_hardly_work_are_said_while_they_are_typed() {
    let plain = said("ws://a:1883", false).expect("a remark");
    assert!(matches!(plain, Remark::PlainPort { .. }));
    assert_eq!(plain.ways()[0].address, "ws://a:9001");
    assert!(matches!(
        said("wss://a:8883", false),
        Some(Remark::TlsPort { .. })
    ));
}

#[test]
fn the_companion_is_offered_as_a_way_to_what_no_browser_reaches() {
    let way = |typed: &str| way_in(&said(typed, true).expect("a remark"), typed);
    for (typed, command) in [
        ("mqtt://192.168.1.5", "midge --broker mqtt://192.168.1.5"),
        ("TCP://pi:1884/", "midge --broker mqtt://pi:1884"),
        ("ws://a:1883/mqtt", "midge --broker mqtt://a:1883"),
        ("wss://a:8883", "midge --broker mqtts://a:8883"),
        ("ssl://a", "midge --broker mqtts://a"),
        ("mqtt://[::1]", "midge --broker 'mqtt://[::1]'"),
    ] {
        assert_eq!(way(typed).as_deref(), Some(command), "{typed}");
    }
    // Credentials are for their fields first.
    for typed in [
        "http://a",
        "mqtt://",
        "mqtt://a b",
        "mqtt://$(a)",
        "ws://",
        "ssl://chen:tea@a",
    ] {
        assert_eq!(way(typed), None, "{typed}");
    }
}

#[test]
fn a_remark_offers_the_ways_out_that_there_are() {
    let ways = |typed: &str| said(typed, true).expect("a remark").ways();
    let credentials = ways("ws://u:p@a");
    assert_eq!(
        credentials[0].credentials,
        Some(("u".to_owned(), "p".to_owned()))
    );
    let without = ways("ws://a/#x");
    assert_eq!(without.len(), 1);
    assert_eq!(
        (without[0].address.as_str(), &without[0].credentials),
        ("ws://a/", &None)
    );
    assert_eq!(ways("ws://"), []);
}

#[test]
fn what_is_said_in_passing_is_no_alert() {
    let public = Page {
        scheme: "https:",
        host: "midge.example",
    };
    let asides = |address: &str, page| asides(&examine(address, page));
    assert_eq!(asides("ws://pi.local:9001", PAGE), [Aside::LocalName]);
    assert_eq!(
        asides("wss://192.168.1.5:9001", public),
        [Aside::PrivateFromPublic]
    );
    assert!(asides("ws://192.168.1.5:9001", public).contains(&Aside::MixedContentOnLan));
    assert_eq!(asides("ws://a:1883", PAGE), []);
    assert_eq!(asides("nonsense", PAGE), []);
}
