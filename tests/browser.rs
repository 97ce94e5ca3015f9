//! Tests that need a real browser: the web APIs as they are, and the rows as the page draws them.
//! Run by `cargo xtask test browser`.
#![cfg(target_arch = "wasm32")]

mod browser_indexed_db;

use midge::{
    browser::{date, location, object_url::ObjectUrl, random, storage},
    link::{self, Command, Frame, Preview, Row},
    reading::Moment,
    ui::controls::pool::{self, Attribute, Pool, Slot, element, set_height},
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
    text: pool::Line,
    mark: Attribute,
}

impl Slot for Line {
    fn new(document: &Document) -> Self {
        let line = element(document, "div", "line");
        let text = pool::Line::inside(document, &line, "span", "");
        Self {
            element: line,
            text,
            mark: Attribute::default(),
        }
    }

    fn element(&self) -> &HtmlElement {
        &self.element
    }

    fn put_away(&mut self) {}
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
    let turn = link::Turn {
        connection: 7,
        commands,
    };
    assert_eq!(link::decode::<link::Turn>(&link::encode(&turn)), Ok(turn));
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
        answers: vec![link::Answer::List(list)],
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

/// What JavaScript writes is what natively the standard library does: see `tests/payload_cbor.rs` for the same numbers there.
#[wasm_bindgen_test]
fn floats_of_cbor_have_the_fewest_digits() {
    let written: [(&[u8], &str); 14] = [
        (b"\xf9\x3e\x00", "1.5"),
        (b"\xf9\x00\x00", "0.0"),
        (b"\xf9\x80\x00", "-0.0"),
        (b"\xf9\x7c\x00", "Infinity"),
        (b"\xf9\x7e\x00", "NaN"),
        (b"\xfa\x47\xc3\x50\x00", "100000.0"),
        (b"\xfa\x3d\xcc\xcc\xcd", "0.1"),
        (b"\xfa\x7f\x7f\xff\xff", "3.4028235e38"),
        (b"\xfa\x00\x00\x00\x01", "1e-45"),
        (b"\xfb\x3f\xb9\x99\x99\x99\x99\x99\x9a", "0.1"),
        (b"\xfb\x40\x37\x00\x00\x00\x00\x00\x00", "23.0"),
        (b"\xfb\x7e\x37\xe4\x3c\x88\x00\x75\x9c", "1e300"),
        (b"\xfb\xc0\x10\x66\x66\x66\x66\x66\x66", "-4.1"),
        (b"\xfb\xff\xf0\x00\x00\x00\x00\x00\x00", "-Infinity"),
    ];
    for (bytes, text) in written {
        let tagged = [&b"\x81"[..], bytes, b""].concat();
        let mut layout = midge::payload::CborLayout::default();
        layout.go_on(&tagged, 10);
        let line = layout.lines().get(1).expect("a value");
        assert_eq!(line.value, text);
    }
}
