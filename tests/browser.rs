//! Tests that need a real browser: the web APIs as they are, and the rows as the page draws them.
//! Run by `cargo xtask test browser`.
#![cfg(target_arch = "wasm32")]

mod browser_indexed_db;

use midge::{
    browser::{date, location, object_url::ObjectUrl, random, storage},
    link::{
        self, Body, Command, Connection, Frame, Granted, Limit, MessageProperties, Phase, Preview,
        Publication, Queue, Row, Version, Wanted,
    },
    protocol::{self, PublishParts, PublishProperties, Qos, encode},
    reading::Moment,
    ui::{
        format,
        limits::{packet_size, publish_limit, queue_full, subscribe_limit},
        pool::{Attribute, Pool, Slot, Words, element, set_height},
    },
};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Document, HtmlElement};

wasm_bindgen_test_configure!(run_in_browser);

fn document() -> Document {
    web_sys::window()
        .and_then(|window| window.document())
        .expect("a page")
}

fn holder() -> HtmlElement {
    let holder = element(&document(), "div", "");
    document()
        .body()
        .expect("a body")
        .append_child(&holder)
        .expect("a place");
    holder
}

struct Line {
    element: HtmlElement,
    text: Words,
    mark: Attribute,
}

impl Slot for Line {
    fn new(document: &Document) -> Self {
        let line = element(document, "div", "line");
        let text = Words::inside(document, &line, "span", "");
        Self {
            element: line,
            text,
            mark: Attribute::default(),
        }
    }

    fn element(&self) -> &HtmlElement {
        &self.element
    }
}

fn shown(holder: &HtmlElement) -> Vec<String> {
    let children = holder.children();
    (0..children.length())
        .filter_map(|index| children.item(index))
        .filter(|child| !child.unchecked_ref::<HtmlElement>().hidden())
        .filter_map(|child| child.text_content())
        .collect()
}

fn draw(pool: &mut Pool<Line>, first: i64, count: usize) {
    for (index, line) in pool.lay_out(first, count).iter_mut().enumerate() {
        line.text.show(&(first + index as i64).to_string());
    }
}

#[wasm_bindgen_test]
fn rows_that_only_moved_keep_their_elements() {
    let holder = holder();
    let mut pool = Pool::<Line>::new(holder.clone());
    draw(&mut pool, 10, 5);
    let kept = holder.children().item(0).expect("a row");
    // The list went up by two: what was first is third now, and still the same element.
    draw(&mut pool, 8, 5);
    assert_eq!(shown(&holder), ["8", "9", "10", "11", "12"]);
    assert!(
        holder
            .children()
            .item(2)
            .expect("a row")
            .is_same_node(Some(&kept))
    );
    draw(&mut pool, 9, 5);
    assert_eq!(shown(&holder), ["9", "10", "11", "12", "13"]);
    draw(&mut pool, 500, 3);
    assert_eq!(shown(&holder), ["500", "501", "502"]);
    draw(&mut pool, 501, 0);
    assert!(shown(&holder).is_empty());
}

#[wasm_bindgen_test]
fn text_from_a_broker_stays_text() {
    let holder = holder();
    let mut pool = Pool::<Line>::new(holder.clone());
    let hostile = "<img src=x onerror=alert(1)>\u{0}&amp;";
    let line = &mut pool.lay_out(0, 1)[0];
    line.text.show(hostile);
    line.mark.set(&line.element, "data-topic", "\"><script>");
    line.mark.set_or_remove(&line.element, "data-topic", None);
    assert!(!line.element.has_attribute("data-topic"));
    assert_eq!(shown(&holder), [hostile]);
    assert_eq!(
        holder
            .query_selector_all("img, script")
            .expect("a query")
            .length(),
        0
    );
}

#[wasm_bindgen_test]
fn a_very_tall_list_gets_the_height_it_asks_for() {
    let holder = holder();
    set_height(&holder, 15_000_000.0);
    assert_eq!(holder.offset_height(), 15_000_000);
    holder.remove();
}

#[wasm_bindgen_test]
fn what_one_thread_writes_the_other_reads() {
    let commands = vec![
        Command::Hello,
        Command::Unsubscribe {
            filter: "a/#".to_owned(),
        },
    ];
    assert_eq!(
        link::decode::<Vec<Command>>(&link::encode(&commands)),
        Ok(commands)
    );
    let row = Row {
        topic: "\u{10ffff}".to_owned(),
        preview: Preview::Hex("00".to_owned()),
        ..Row::default()
    };
    let list = link::List {
        rows: vec![row],
        ..link::List::default()
    };
    let frame = Frame {
        list: Some(list),
        ..Frame::default()
    };
    assert_eq!(link::decode::<Frame>(&link::encode(&frame)), Ok(frame));
    assert_eq!(link::decode::<Frame>(&[0xff; 3]), Err(link::Garbled));
}

/// The two parts of an accented letter become one, other forms of a letter become the plain one.
#[wasm_bindgen_test]
fn text_is_brought_to_one_form() {
    use midge::browser::text::normalized;
    assert_eq!(normalized("e\u{301}\u{2168}\u{ff21}"), "\u{e9}IXA");
    assert_eq!(normalized("plain"), "plain");
}

#[wasm_bindgen_test]
fn storage_keeps_and_forgets() {
    assert!(storage::write("midge.test", "繁體"));
    assert_eq!(storage::read("midge.test").as_deref(), Some("繁體"));
    storage::remove("midge.test");
    assert_eq!(storage::read("midge.test"), None);
}

#[wasm_bindgen_test]
fn the_clock_reads_local_time() {
    let time = date::now();
    let (mut here, now) = (String::new(), js_sys::Date::new(&time.into()));
    Moment::new(time, date::local_offset(time)).clock(&mut here);
    let expected = format!(
        "{:02}:{:02}:{:02}.{:03}",
        now.get_hours(),
        now.get_minutes(),
        now.get_seconds(),
        now.get_milliseconds()
    );
    assert_eq!(here, expected);
}

#[wasm_bindgen_test]
fn numbers_read_well() {
    assert_eq!(format::whole(48_211), "48,211");
    assert_eq!(format::whole(1_000_000), "1,000,000");
    assert_eq!(
        (format::rate(0.4), format::rate(1203.6)),
        ("0.4".to_owned(), "1,204".to_owned())
    );
    assert_eq!(
        (format::size(46), format::size(48_190)),
        ("46 B".to_owned(), "48.2 kB".to_owned())
    );
    assert_eq!(
        (format::span(2.34), format::span(61_000.0)),
        ("2.3 ms".to_owned(), "1 min".to_owned())
    );
}

#[wasm_bindgen_test]
async fn bytes_in_memory_have_an_address_until_it_is_dropped() {
    let url = ObjectUrl::new(b"hello", "text/plain").expect("an address");
    let address = url.address().to_owned();
    assert_eq!(
        location::fetch_text(&address).await.as_deref(),
        Some("hello")
    );
    drop(url);
    assert_eq!(location::fetch_text(&address).await, None);
}

#[wasm_bindgen_test]
fn chance_is_not_always_the_same() {
    let drawn: std::collections::HashSet<u32> = (0..8).map(|_| random::bits()).collect();
    assert!(drawn.len() > 1);
}

fn message(topic: &str, payload: &[u8]) -> Publication {
    Publication {
        number: 1,
        topic: topic.to_owned(),
        payload: Body::Bytes(payload.to_vec()),
        qos: 0,
        retain: false,
        properties: MessageProperties::default(),
    }
}

/// A connection of MQTT 5 to a broker that allows next to nothing.
fn strict() -> Connection {
    Connection {
        phase: Phase::Connected,
        version: Version::V5,
        granted: Some(Granted {
            maximum_qos: 1,
            packet_size: Some(20),
            ..Granted::default()
        }),
        ..Connection::default()
    }
}

/// MQTT 5 [MQTT-3.2.2-11], [MQTT-3.2.2-14], [MQTT-3.2.2-15]
#[wasm_bindgen_test]
fn the_form_stops_what_the_broker_does_not_allow() {
    let connection = strict();
    let plain = message("a", b"0123456789");
    assert_eq!(publish_limit(&plain, &connection), None);
    let louder = Publication {
        qos: 2,
        ..plain.clone()
    };
    assert_eq!(publish_limit(&louder, &connection), Some(Limit::Qos(1)));
    let retained = Publication {
        retain: true,
        ..plain.clone()
    };
    assert_eq!(publish_limit(&retained, &connection), Some(Limit::Retain));
    // Fixed header 2, topic 3, no properties 1: a payload of 14 bytes fills the 20.
    assert_eq!(publish_limit(&message("a", &[0; 14]), &connection), None);
    assert_eq!(
        publish_limit(&message("a", &[0; 15]), &connection),
        Some(Limit::PacketSize(20))
    );
    // Without a connection nothing is known of the broker.
    let away = Connection {
        phase: Phase::Waiting,
        granted: None,
        ..connection
    };
    assert_eq!(publish_limit(&louder, &away), None);
}

/// MQTT 5 [MQTT-3.8.3-4]
#[wasm_bindgen_test]
fn the_form_stops_subscriptions_that_are_not_allowed() {
    let connection = strict();
    let wanted = |filter: &str| Wanted {
        filter: filter.to_owned(),
        ..Wanted::default()
    };
    assert_eq!(subscribe_limit(&wanted("a/b"), &connection), None);
    for filter in ["a/#", "+/b"] {
        assert_eq!(
            subscribe_limit(&wanted(filter), &connection),
            Some(Limit::Wildcards)
        );
    }
    assert_eq!(
        subscribe_limit(&wanted("$share/g/a"), &connection),
        Some(Limit::Shared)
    );
    let identified = Wanted {
        identifier: Some(1),
        ..wanted("a")
    };
    assert_eq!(
        subscribe_limit(&identified, &connection),
        Some(Limit::Identifiers)
    );
    let selfish = Wanted {
        no_local: true,
        ..wanted("$share/g/a")
    };
    // No broker is needed to know that.
    assert_eq!(
        subscribe_limit(&selfish, &Connection::default()),
        Some(Limit::NoLocalShared)
    );
}

#[wasm_bindgen_test]
fn only_what_would_wait_is_stopped_by_a_full_queue() {
    let full = Queue {
        count: 3,
        limit: 3,
        ..Queue::default()
    };
    let away = Connection {
        phase: Phase::Waiting,
        ..Connection::default()
    };
    assert!(queue_full(&full, &away));
    assert!(!queue_full(&full, &strict()));
    let room = Queue { count: 2, ..full };
    assert!(!queue_full(&room, &away));
}

#[wasm_bindgen_test]
fn the_form_counts_the_bytes_that_the_codec_writes() {
    let long = "x".repeat(200);
    let some = |text: &str| Some(text.to_owned());
    let properties = MessageProperties {
        payload_is_text: Some(true),
        message_expiry: Some(60),
        content_type: some("text/plain"),
        response_topic: some("answers/here"),
        correlation_data: Some(vec![0, 1, 2]),
        user_properties: vec![("unit".to_owned(), long)],
    };
    let same = PublishProperties {
        payload_is_text: properties.payload_is_text,
        message_expiry: properties.message_expiry,
        content_type: properties.content_type.clone(),
        response_topic: properties.response_topic.clone(),
        correlation_data: properties.correlation_data.clone(),
        user_properties: properties.user_properties.clone(),
        ..PublishProperties::default()
    };
    for payload in [0, 100, 127, 128, 16_384, 2_097_152] {
        let body = vec![0; payload];
        for qos in [Qos::AtMostOnce, Qos::AtLeastOnce, Qos::ExactlyOnce] {
            for (version, properties, same) in [
                (protocol::Version::V311, None, None),
                (protocol::Version::V5, Some(&properties), Some(&same)),
            ] {
                let parts = PublishParts {
                    topic: "a/b",
                    payload: &body,
                    qos,
                    packet_id: 1,
                    properties: same,
                    ..PublishParts::default()
                };
                let mut written = Vec::new();
                encode::publish(&parts, version, &mut written).expect("a packet");
                assert_eq!(
                    packet_size("a/b", payload, qos.bits(), properties),
                    written.len() as u64
                );
            }
        }
    }
}
