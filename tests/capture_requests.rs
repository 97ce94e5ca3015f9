//! What MQTT 5 adds to the capture: topics that an alias stands for, requests with their responses, and refused
//! deliveries.

mod wire;

use midge::capture::{Capture, Crossing, Pair};
use midge::protocol::{self, Direction, PublishParts, PublishProperties, Qos, Version};
use wire::{append, encoded, publish};

use Direction::{Incoming, Outgoing};

fn properties(response_topic: Option<&str>, correlation: Option<&[u8]>) -> PublishProperties {
    PublishProperties {
        response_topic: response_topic.map(str::to_owned),
        correlation_data: correlation.map(<[u8]>::to_vec),
        ..PublishProperties::default()
    }
}

fn cross_as(
    capture: &mut Capture,
    time_us: u64,
    direction: Direction,
    name: &str,
    parts: &PublishParts<'_>,
) -> u64 {
    let bytes = encoded(parts, Version::V5);
    let outline = protocol::outline(&bytes, Version::V5, direction).unwrap();
    capture.append(Crossing {
        time_us,
        direction,
        version: Version::V5,
        topic: name.as_bytes(),
        bytes: &bytes,
        outline: &outline,
        repeat: false,
    })
}

fn cross(
    capture: &mut Capture,
    time_us: u64,
    direction: Direction,
    topic: &str,
    properties: &PublishProperties,
) -> u64 {
    let parts = PublishParts {
        topic,
        payload: b"x",
        properties: Some(properties),
        ..PublishParts::default()
    };
    cross_as(capture, time_us, direction, topic, &parts)
}

fn ask(capture: &mut Capture, direction: Direction, to: &str, data: Option<&[u8]>) -> u64 {
    cross(
        capture,
        1_000,
        direction,
        "ask",
        &properties(Some(to), data),
    )
}

fn respond(capture: &mut Capture, direction: Direction, on: &str, data: Option<&[u8]>) -> u64 {
    cross(capture, 3_500, direction, on, &properties(None, data))
}

fn pair(capture: &Capture, seq: u64) -> Option<Pair> {
    capture.pair(&capture.packet(seq).unwrap())
}

fn response(request: u64) -> Option<Pair> {
    Some(Pair::Response {
        request,
        after_us: 2_500,
    })
}

fn request(response: Option<u64>) -> Option<Pair> {
    Some(Pair::Request { response })
}

fn aliased(capture: &mut Capture, name: &str, payload: &[u8]) -> u64 {
    let parts = PublishParts {
        payload,
        topic_alias: Some(7),
        ..PublishParts::default()
    };
    cross_as(capture, 1, Incoming, name, &parts)
}

#[test]
fn a_message_whose_topic_is_an_alias_is_found_under_its_topic() {
    let mut capture = Capture::new(1);
    capture.add_filter("sensors/+/temp");
    let seq = aliased(&mut capture, "sensors/kitchen/temp", b"21");
    append(
        &mut capture,
        2,
        Incoming,
        &publish("other", b"kitchen"),
        false,
    );
    let packet = capture.packet(seq).unwrap();
    assert_eq!(
        (packet.topic(), packet.payload()),
        ("sensors/kitchen/temp", &b"21"[..])
    );
    assert_eq!(packet.version, Version::V5);
    assert!(
        !packet.masked().windows(7).any(|part| part == b"kitchen"),
        "the bytes are as they crossed"
    );
    assert_eq!(packet.properties().unwrap().topic_alias, Some(7));
    assert_eq!(capture.matching(&packet).collect::<Vec<_>>(), [0]);
    assert_eq!(capture.filter_count("sensors/+/temp").0, 1);
    let node = capture.node(&packet).unwrap();
    assert_eq!(
        capture.latest(node).unwrap().topic(),
        "sensors/kitchen/temp"
    );
    for (filter, wanted) in [("KITCHEN/t", 1), ("sensors/#", 1), ("kitchen", 2)] {
        capture.set_list_filter(filter);
        while capture.work(1000) {}
        assert_eq!(
            capture.span().end - capture.span().oldest,
            wanted,
            "{filter}"
        );
    }
}

#[test]
fn what_survives_eviction_knows_the_topic_that_its_alias_stood_for() {
    let mut capture = Capture::new(1);
    capture.set_budget(60_000);
    let seq = aliased(&mut capture, "quiet/place", b"the last");
    for _ in 0..1000 {
        append(
            &mut capture,
            2,
            Incoming,
            &publish("noise", &[0; 500]),
            false,
        );
    }
    assert!(capture.packet(seq).is_none());
    let rows = capture.tree_rows(0, 10);
    let node = rows.iter().find(|row| row.name == "place").unwrap().node;
    let latest = capture.latest(node).unwrap();
    assert_eq!(
        (latest.topic(), latest.payload()),
        ("quiet/place", &b"the last"[..])
    );
    assert!(capture.counts().held_bytes <= 60_000);
}

#[test]
fn a_response_is_paired_with_its_request_by_topic_and_correlation_data() {
    let mut capture = Capture::new(1);
    let one = ask(&mut capture, Outgoing, "answers", Some(b"1"));
    let two = ask(&mut capture, Outgoing, "answers", Some(b"2"));
    let none = ask(&mut capture, Outgoing, "answers", None);
    assert_eq!(pair(&capture, one), request(None));
    let to_two = respond(&mut capture, Incoming, "answers", Some(b"2"));
    let to_none = respond(&mut capture, Incoming, "answers", None);
    let stray = respond(&mut capture, Incoming, "answers", Some(b"3"));
    let elsewhere = respond(&mut capture, Incoming, "answers/too", Some(b"1"));
    assert_eq!(pair(&capture, to_two), response(two));
    assert_eq!(pair(&capture, to_none), response(none));
    assert_eq!(pair(&capture, stray), None);
    assert_eq!(pair(&capture, elsewhere), None);
    assert_eq!(pair(&capture, one), request(None));
    assert_eq!(pair(&capture, two), request(Some(to_two)));
    assert_eq!(pair(&capture, none), request(Some(to_none)));
}

#[test]
fn further_responses_know_their_request_and_the_request_its_first() {
    let mut capture = Capture::new(1);
    let asked = ask(&mut capture, Incoming, "answers", Some(b"1"));
    let first = respond(&mut capture, Outgoing, "answers", Some(b"1"));
    let second = respond(&mut capture, Outgoing, "answers", Some(b"1"));
    assert_eq!(pair(&capture, first), response(asked));
    assert_eq!(pair(&capture, second), response(asked));
    assert_eq!(pair(&capture, asked), request(Some(first)));
}

#[test]
fn several_requests_without_data_are_answered_in_order() {
    let mut capture = Capture::new(1);
    let asked = [0, 1, 2].map(|_| ask(&mut capture, Outgoing, "answers", None));
    let answered = [0, 1, 2].map(|_| respond(&mut capture, Incoming, "answers", None));
    let late = respond(&mut capture, Incoming, "answers", None);
    for (asked, answered) in asked.into_iter().zip(answered) {
        assert_eq!(pair(&capture, answered), response(asked));
        assert_eq!(pair(&capture, asked), request(Some(answered)));
    }
    assert_eq!(pair(&capture, late), response(asked[2]));
}

#[test]
fn a_client_that_hears_itself_pairs_what_went_with_what_came() {
    let mut capture = Capture::new(1);
    let sent = ask(&mut capture, Outgoing, "answers", None);
    let heard = ask(&mut capture, Incoming, "answers", None);
    let answer = respond(&mut capture, Outgoing, "answers", None);
    let echo = respond(&mut capture, Incoming, "answers", None);
    assert_eq!(pair(&capture, answer), response(heard));
    assert_eq!(pair(&capture, echo), response(sent));
}

#[test]
fn a_message_that_is_sent_again_is_no_second_request() {
    let mut capture = Capture::new(1);
    let asks = properties(Some("answers"), None);
    let parts = PublishParts {
        topic: "ask",
        qos: Qos::AtLeastOnce,
        packet_id: 9,
        properties: Some(&asks),
        ..PublishParts::default()
    };
    let first = cross_as(&mut capture, 1_000, Outgoing, "ask", &parts);
    let again = PublishParts { dup: true, ..parts };
    let again = cross_as(&mut capture, 2_000, Outgoing, "ask", &again);
    assert_eq!(pair(&capture, first), request(None));
    assert_eq!(pair(&capture, again), None);
}

#[test]
fn a_number_that_is_gone_is_not_offered() {
    let mut capture = Capture::new(1);
    capture.set_budget(40_000);
    let asked = ask(&mut capture, Outgoing, "answers", Some(b"1"));
    for _ in 0..200 {
        append(
            &mut capture,
            2,
            Incoming,
            &publish("noise", &[0; 500]),
            false,
        );
    }
    assert!(capture.packet(asked).is_none());
    let answered = respond(&mut capture, Incoming, "answers", Some(b"1"));
    assert_eq!(pair(&capture, answered), None);
    let asked = ask(&mut capture, Outgoing, "answers", Some(b"2"));
    let answered = respond(&mut capture, Incoming, "answers", Some(b"2"));
    assert_eq!(pair(&capture, answered), response(asked));
    capture.clear();
    let answered = respond(&mut capture, Incoming, "answers", Some(b"2"));
    assert_eq!(pair(&capture, answered), None);
}

#[test]
fn a_flood_of_requests_stays_within_the_budget_and_the_newest_are_known() {
    let mut capture = Capture::new(1);
    capture.set_budget(200_000);
    let data = [0; 100];
    let mut asked = 0;
    for number in 0..5000 {
        let to = format!("answers/{number}");
        asked = ask(&mut capture, Incoming, &to, Some(&data));
    }
    let counts = capture.counts();
    assert!(counts.held_bytes <= 200_000, "{counts:?}");
    assert_eq!(pair(&capture, asked), request(None));
    let answered = respond(&mut capture, Outgoing, "answers/4999", Some(&data));
    assert_eq!(pair(&capture, answered), response(asked));
    // Many that wait on one topic are as many as before.
    for number in 0..5000u32 {
        ask(&mut capture, Incoming, "one", Some(&number.to_be_bytes()));
    }
    let answered = respond(&mut capture, Outgoing, "one", Some(&4999u32.to_be_bytes()));
    assert!(matches!(
        pair(&capture, answered),
        Some(Pair::Response { .. })
    ));
}

#[test]
fn a_refusing_pubrec_ends_a_delivery_and_the_identifier_belongs_to_the_next() {
    let mut capture = Capture::new(1);
    let send = |capture: &mut Capture| {
        let parts = PublishParts {
            topic: "t",
            qos: Qos::ExactlyOnce,
            packet_id: 9,
            ..PublishParts::default()
        };
        cross_as(capture, 1, Outgoing, "t", &parts)
    };
    let acknowledge = |capture: &mut Capture, direction, bytes: &[u8]| {
        let outline = protocol::outline(bytes, Version::V5, direction).unwrap();
        capture.append(Crossing {
            time_us: 1,
            direction,
            version: Version::V5,
            topic: b"",
            bytes,
            outline: &outline,
            repeat: false,
        })
    };
    let first = send(&mut capture);
    // With a reason string, so that its remaining length takes two bytes.
    let mut pubrec = vec![0x50, 0x88, 0x01, 0, 9, 0x97, 0x83, 0x01, 0x1f, 0, 128];
    pubrec.extend([b'q'; 128]);
    let refused = acknowledge(&mut capture, Incoming, &pubrec);
    let second = send(&mut capture);
    let taken = acknowledge(&mut capture, Incoming, &[0x50, 2, 0, 9]);
    let released = acknowledge(&mut capture, Outgoing, &[0x62, 2, 0, 9]);
    let done = acknowledge(&mut capture, Incoming, &[0x70, 2, 0, 9]);
    let steps = |of: u64| -> Vec<u64> {
        let steps = capture.delivery(&capture.packet(of).unwrap());
        steps.iter().map(|step| step.seq).collect()
    };
    for of in [first, refused] {
        assert_eq!(steps(of), [first, refused]);
    }
    for of in [second, taken, released, done] {
        assert_eq!(steps(of), [second, taken, released, done]);
    }
}
