//! Queries over generated traffic give what a plain look at every packet gives.
#![cfg(not(target_arch = "wasm32"))]

mod wire;

use midge::{
    capture::{Capture, Crossing},
    protocol::{self, Direction, PublishParts, PublishProperties, Qos, Version},
    reading::LocalTime,
};
use proptest::{prelude::*, sample::select};
use wire::encoded;

#[derive(Clone, Debug)]
struct Sent {
    topic: &'static str,
    payload: &'static str,
    qos: Qos,
    retain: bool,
    dup: bool,
    incoming: bool,
    id: u16,
    unit: Option<&'static str>,
    at: u64,
    /// Seconds ago at the end.
    ago: u64,
}

const END: u64 = 1_000_000_000;

/// A term, and the same said by a comparison.
type Case = (&'static str, fn(&Sent) -> bool);

fn temp(one: &Sent) -> Option<f64> {
    serde_json::from_str::<serde_json::Value>(one.payload)
        .ok()?
        .get("temp")?
        .as_f64()
}

const CASES: &[Case] = &[
    ("LAMP", |one| {
        format!("{} {}", one.topic, one.payload)
            .to_lowercase()
            .contains("lamp")
    }),
    ("\"is on\"", |one| one.payload.contains("is on")),
    ("lab/+", |one| protocol::matches("lab/+", one.topic)),
    ("#", |one| protocol::matches("#", one.topic)),
    ("topic:lab/lamp", |one| one.topic == "lab/lamp"),
    ("sub:lab/#", |one| {
        one.incoming && protocol::matches("lab/#", one.topic)
    }),
    ("sub:$share/g/lab/#", |one| {
        one.incoming && protocol::matches("lab/#", one.topic)
    }),
    ("qos:1", |one| one.qos == Qos::AtLeastOnce),
    ("retained", |one| one.retain),
    ("dup", |one| one.dup),
    ("sent", |one| !one.incoming),
    ("received", |one| one.incoming),
    ("size>4", |one| one.payload.len() > 4),
    ("size=0", |one| one.payload.is_empty()),
    ("since:30s", |one| one.ago <= 30),
    ("at:..00:16", |one| one.ago > 40),
    ("at:00:16:00..00:16:20", |one| (21..=40).contains(&one.ago)),
    ("type:publish", |_| true),
    ("type:puback", |_| false),
    ("id:7", |one| one.id == 7),
    ("prop:unit", |one| one.unit.is_some()),
    ("prop:unit=C", |one| one.unit == Some("C")),
    ("$.temp", |one| temp(one).is_some()),
    ("$.temp > 20", |one| temp(one).is_some_and(|it| it > 20.0)),
    ("$.items[*].id = 4", |one| one.payload.contains("\"id\":4")),
];

fn sent() -> impl Strategy<Value = Sent> {
    let topic = select(vec![
        "lab/lamp",
        "lab/temp",
        "hall/lamp",
        "lab/lamp/x",
        "$SYS/lab",
    ]);
    let payload = select(vec![
        "",
        "on",
        "the lamp is on",
        "{\"temp\":19.5}",
        "{\"temp\":23}",
        "{\"items\":[{\"id\":3},{\"id\":4}]}",
    ]);
    let flags = (any::<bool>(), any::<bool>(), any::<bool>());
    let unit = select(vec![None, Some("C"), Some("F")]);
    (topic, payload, 0u8..3, flags, 1u16..9, unit, 0u64..60).prop_map(
        |(topic, payload, qos, (retain, dup, incoming), id, unit, ago)| {
            let qos = Qos::from_bits(qos).unwrap();
            Sent {
                topic,
                payload,
                qos,
                retain,
                dup: dup && qos != Qos::AtMostOnce,
                incoming,
                id: if qos == Qos::AtMostOnce { 0 } else { id },
                unit,
                at: END - ago * 1_000_000,
                ago,
            }
        },
    )
}

fn keep(capture: &mut Capture, one: &Sent) {
    let properties = PublishProperties {
        user_properties: one
            .unit
            .iter()
            .map(|unit| ("unit".to_owned(), (*unit).to_owned()))
            .collect::<Vec<_>>(),
        ..PublishProperties::default()
    };
    let parts = PublishParts {
        topic: one.topic,
        payload: one.payload.as_bytes(),
        qos: one.qos,
        retain: one.retain,
        dup: one.dup,
        packet_id: one.id,
        properties: Some(&properties),
        ..PublishParts::default()
    };
    let bytes = encoded(&parts, Version::V5);
    let direction = if one.incoming {
        Direction::Incoming
    } else {
        Direction::Outgoing
    };
    let outline = protocol::outline(&bytes, Version::V5, direction).unwrap();
    capture.append(Crossing {
        time_us: one.at,
        direction,
        version: Version::V5,
        topic: one.topic.as_bytes(),
        bytes: &bytes,
        outline: &outline,
        repeat: false,
    });
}

fn found(capture: &mut Capture) -> Vec<u64> {
    let mut turns = 0;
    while capture.work(300) {
        turns += 1;
        assert!(turns < 10_000);
    }
    let span = capture.span();
    (span.oldest..span.end)
        .map(|position| capture.listed(position).expect("a message").seq)
        .collect()
}

proptest! {
    #[test]
    fn a_query_finds_what_fits_all_its_terms(
        mut before in prop::collection::vec(sent(), 0..40),
        terms in prop::collection::vec((select(CASES.to_vec()), any::<bool>()), 1..4),
        asked_after in 0usize..40,
    ) {
        // Time goes on; what came at which moment is what `since:` asks for.
        before.sort_by_key(|one| one.at);
        let negate = |text: &str, negated: bool| negated && !text.starts_with("since");
        let query: Vec<String> = terms
            .iter()
            .map(|((text, _), negated)| format!("{}{text}", if negate(text, *negated) { "-" } else { "" }))
            .collect();
        let mut capture = Capture::new(3);
        capture.set_local_time(LocalTime {
            now_us: END,
            ..LocalTime::default()
        });
        for (index, one) in before.iter().enumerate() {
            // Some of it comes while the query is there already.
            if index == asked_after {
                capture.measure(one.at);
                capture.set_list_filter(&query.join(" "));
                capture.work(300);
            }
            keep(&mut capture, one);
        }
        capture.set_list_filter(&query.join("  "));
        capture.measure(END);
        let wanted: Vec<u64> = before
            .iter()
            .enumerate()
            .filter(|(_, one)| terms.iter().all(|((text, fits), negated)| fits(one) != negate(text, *negated)))
            .map(|(index, _)| index as u64)
            .collect();
        prop_assert_eq!(found(&mut capture), wanted, "{}", query.join(" "));
    }
}

#[test]
fn what_grows_too_old_goes_by_time_alone() {
    let mut capture = Capture::new(3);
    let one = Sent {
        topic: "a",
        payload: "x",
        qos: Qos::AtMostOnce,
        retain: false,
        dup: false,
        incoming: true,
        id: 0,
        unit: None,
        at: END,
        ago: 0,
    };
    keep(&mut capture, &one);
    capture.set_list_filter("since:10s");
    capture.measure(END + 9_000_000);
    assert_eq!(found(&mut capture), [0]);
    // The rate goes to zero in the meantime; the list still has to be looked at.
    let mut now = END + 9_000_000;
    while let Some(due) = capture.measure_at() {
        assert!(due > now && due < END + 20_000_000);
        now = due;
        capture.measure(now);
    }
    assert!(now > END + 10_000_000);
    assert_eq!(found(&mut capture), [0_u64; 0]);
}

#[test]
fn control_packets_are_found_by_type_direction_identifier_and_size() {
    let mut capture = Capture::new(3);
    let mut put = |bytes: &[u8], direction| wire::append(&mut capture, 1, direction, bytes, false);
    let ping = put(&[0xc0, 0], Direction::Outgoing);
    let pong = put(&[0xd0, 0], Direction::Incoming);
    let ack = put(&[0x40, 2, 0, 17], Direction::Incoming);
    let message = put(&wire::publish("a", b"puback"), Direction::Incoming);
    let mut find = |query: &str| {
        capture.set_list_filter(query);
        found(&mut capture)
    };
    assert_eq!(find("type:pingreq"), [ping]);
    assert_eq!(find("type:puback id:17"), [ack]);
    assert_eq!(find("-type:publish"), [ping, pong, ack]);
    assert_eq!(find("-type:publish received size>2"), [ack]);
    assert_eq!(find("type:publish"), [message]);
    assert_eq!(find("puback"), [message], "packets were not asked for");
    capture.show_packets(true);
    let mut find = |query: &str| {
        capture.set_list_filter(query);
        found(&mut capture)
    };
    assert_eq!(find("puback"), [ack, message]);
    assert_eq!(find("-received"), [ping]);
    assert_eq!(find("qos:0"), [message]);
}

#[test]
fn what_cannot_be_read_shows_nothing() {
    let mut capture = Capture::new(3);
    wire::append(
        &mut capture,
        1,
        Direction::Incoming,
        &wire::publish("a", b"x"),
        false,
    );
    capture.set_list_filter("qos:9");
    assert_eq!(found(&mut capture), [0_u64; 0]);
}
