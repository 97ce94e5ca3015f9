//! Lines of a tab's broker, in the bytes that cross them.

use midge_broker_tab::{Act, Tab};

/// CONNECT of MQTT 3.1.1, clean session, with this client identifier; `will`: a will for `t` that says `w`.
fn connect(id: &str, will: bool) -> Vec<u8> {
    let mut body = b"\0\x04MQTT\x04".to_vec();
    body.push(if will { 0b0110 } else { 0b0010 });
    body.extend([0, 0, 0, id.len() as u8]);
    body.extend(id.as_bytes());
    if will {
        body.extend(b"\0\x01t\0\x01w");
    }
    let mut packet = vec![0x10, body.len() as u8];
    packet.extend(body);
    packet
}

const CONNACK: &[u8] = b"\x20\x02\0\0";
const SUBSCRIBE: &[u8] = b"\x82\x06\0\x01\0\x01#\0";
const SUBACK: &[u8] = b"\x90\x03\0\x01\0";

fn all(tab: &mut Tab) -> Vec<Act> {
    std::iter::from_fn(|| tab.poll()).collect()
}

fn sent(line: u64, bytes: &[u8]) -> Act {
    let bytes = bytes.to_vec();
    Act::Send { line, bytes }
}

/// A client that is subscribed to everything.
fn reader(tab: &mut Tab, page: u32) -> u64 {
    let line = tab.open(1, page);
    tab.bytes(1, line, &connect("reader", false));
    tab.bytes(1, line, SUBSCRIBE);
    assert_eq!(all(tab), [sent(line, &[CONNACK, SUBACK].concat())]);
    line
}

#[test]
fn what_one_says_another_hears_and_what_is_said_at_once_leaves_at_once() {
    let mut tab = Tab::new(1);
    let reader = reader(&mut tab, 1);
    let writer = tab.open(2, 2);
    tab.bytes(2, writer, &connect("writer", false));
    assert_eq!(all(&mut tab), [sent(writer, CONNACK)]);
    let publish = b"\x30\x05\0\x01ta!";
    tab.bytes(3, writer, &[&publish[..], &publish[..3]].concat());
    tab.bytes(3, writer, &publish[3..]);
    assert_eq!(
        all(&mut tab),
        [sent(reader, &[&publish[..], publish].concat())]
    );
}

#[test]
fn a_page_that_is_gone_leaves_its_wills_and_the_lines_of_others() {
    let mut tab = Tab::new(1);
    let reader = reader(&mut tab, 1);
    let door = tab.open(2, 2);
    tab.bytes(2, door, &connect("door", true));
    assert_eq!(all(&mut tab), [sent(door, CONNACK)]);
    tab.gone(3, 2);
    let acts = all(&mut tab);
    assert!(
        acts.contains(&sent(reader, b"\x30\x04\0\x01tw")),
        "{acts:?}"
    );
    assert!(
        acts.iter()
            .any(|act| matches!(act, Act::Close { line, code: 1001, .. } if *line == door)),
        "{acts:?}"
    );
    // It is over, and only once.
    tab.gone(4, 2);
    tab.closed(4, door);
    tab.bytes(4, door, &connect("door", true));
    assert_eq!(all(&mut tab), []);
}

#[test]
fn who_says_goodbye_leaves_no_will() {
    let mut tab = Tab::new(1);
    reader(&mut tab, 1);
    let door = tab.open(2, 2);
    tab.bytes(2, door, &connect("door", true));
    tab.bytes(2, door, b"\xe0\0");
    tab.closed(3, door);
    let acts = all(&mut tab);
    let published = |act: &Act| matches!(act, Act::Send { bytes, .. } if bytes[0] >> 4 == 3);
    assert!(!acts.iter().any(published), "{acts:?}");
}

#[test]
fn the_line_of_a_client_that_comes_anew_is_closed_with_the_code_for_it() {
    let mut tab = Tab::new(1);
    let first = reader(&mut tab, 1);
    let second = tab.open(2, 2);
    tab.bytes(2, second, &connect("reader", false));
    let acts = all(&mut tab);
    assert!(
        acts.contains(&Act::Close {
            line: first,
            code: 4142,
            reason: "session taken over"
        }),
        "{acts:?}"
    );
    assert!(acts.contains(&sent(second, CONNACK)), "{acts:?}");
}

#[test]
fn a_line_that_takes_nothing_gets_no_more_than_the_limit_and_one_that_takes_goes_on() {
    let mut tab = Tab::new(1);
    let reader = reader(&mut tab, 1);
    let writer = tab.open(2, 2);
    tab.bytes(2, writer, &connect("writer", false));
    all(&mut tab);
    // 16 KiB each, 4 MiB in all.
    let mut publish = b"\x30\x83\x80\x01\0\x01t".to_vec();
    publish.resize(4 + 16 * 1024 + 3, b'x');
    let heard = |tab: &mut Tab| {
        let acts = all(tab).into_iter();
        acts.filter_map(|act| match act {
            Act::Send { line, bytes } if line == reader => Some(bytes.len() as u64),
            _ => None,
        })
        .sum::<u64>()
    };
    let mut came = (CONNACK.len() + SUBACK.len()) as u64;
    for _ in 0..256 {
        tab.bytes(3, writer, &publish);
        came += heard(&mut tab);
    }
    assert!(came < 2 << 20, "{came}");
    tab.taken(4, reader, came);
    tab.bytes(5, writer, &publish);
    assert_eq!(heard(&mut tab), publish.len() as u64);
}

#[test]
fn the_inside_is_told_and_what_is_no_question_is_not_answered() {
    let mut tab = Tab::new(1);
    reader(&mut tab, 1);
    let question = midge::inside::encode(&midge::inside::Ask::default());
    let report = tab.inside(2, &question).expect("a report");
    let report: midge::inside::Report = midge::inside::decode(&report).expect("a whole report");
    assert_eq!(report.clients.shown[0].id, "reader");
    assert_eq!(tab.inside(2, b"\xff"), None);
}
