//! What must hold for any bytes at all: used by the fuzz targets and, with bytes made by proptest, by `tests/fuzzed.rs`.

use std::{ops::Range, sync::Arc};

use midge::payload::{
    Change, Check, Checked, Difference, Layout, MOST_INSIDE, MsgpackLayout, Opening,
    ProtobufLayout, Sparkplug, Template, Wrapping,
};
use midge::profile::{saved::Saved, share_link, stored};
use midge::protocol::{
    Connect, ConnectProperties, Direction, Fault, FaultKind, Framer, FromBroker, PacketType,
    Version, check_topic_filter, check_topic_name, claimed_topic, decode, fields, flawed_answer,
    flawed_publish, matches, outline, places, publish_properties, secrets, start_of_publish,
};
use midge::session::{Input, Session, Settings, SocketEvent};

/// All versions.
pub const VERSIONS: [Version; 3] = [Version::V31, Version::V311, Version::V5];

/// Small, so that short inputs meet it.
const LIMIT: usize = 64;

/// Packets and the fault of a stream, cut into pieces of this length.
fn cut(
    stream: &[u8],
    piece: usize,
    version: Version,
    direction: Direction,
) -> (Vec<Vec<u8>>, Option<Fault>) {
    let framer = Framer::facing(LIMIT, version, direction);
    cut_by(framer, stream, piece)
}

/// The same by a framer that passes over what is too large: what it kept of that is among the packets.
fn passing(stream: &[u8], piece: usize, version: Version) -> (Vec<Vec<u8>>, Option<Fault>) {
    let framer = Framer::new(LIMIT, version);
    cut_by(framer.passing_over(true).forgiving(true), stream, piece)
}

fn cut_by(mut framer: Framer, stream: &[u8], piece: usize) -> (Vec<Vec<u8>>, Option<Fault>) {
    let mut packets = Vec::new();
    for piece in stream.chunks(piece.max(1)) {
        framer.push(piece);
        while let Some(cut) = framer.cut() {
            match cut {
                Ok(range) => packets.push(framer.packet(range).to_vec()),
                Err(_) if framer.is_between() => packets.push(framer.passed_over().to_vec()),
                Err(fault) => return (packets, Some(fault)),
            }
        }
        assert!(framer.pending() <= LIMIT + piece.len());
    }
    (packets, None)
}

/// However a stream is split, the same packets come out, and the same end.
pub fn framing(bytes: &[u8]) {
    let Some((&piece, stream)) = bytes.split_first() else {
        return;
    };
    for version in VERSIONS {
        for direction in [Direction::Incoming, Direction::Outgoing] {
            let whole = cut(stream, stream.len(), version, direction);
            assert_eq!(cut(stream, usize::from(piece), version, direction), whole);
            assert_eq!(cut(stream, 1, version, direction), whole);
        }
        let whole = passing(stream, stream.len(), version);
        assert_eq!(passing(stream, usize::from(piece), version), whole);
        assert_eq!(passing(stream, 1, version), whole);
    }
}

/// Outline, typed packet and field map agree on what is valid; the field map covers every byte once and marks one fault, or
/// each that a message can be kept with.
pub fn decoding(packet: &[u8], version: Version) {
    let map = fields(packet, version);
    let mut at = 0;
    for field in &map {
        assert_eq!(field.range.start, at);
        at = field.range.end;
    }
    assert_eq!(at, packet.len());
    // Secrets lie within the packet, in order, and each field that is one is among them.
    let secrets = secrets(packet, version);
    let end = secrets.iter().fold(0, |end, secret| {
        assert!(end <= secret.start && secret.start <= secret.end);
        secret.end
    });
    assert!(end <= packet.len());
    for field in map.iter().filter(|field| field.secret) {
        let hidden = |secret: &Range<usize>| {
            secret.start <= field.range.start && field.range.end <= secret.end
        };
        assert!(secrets.iter().any(hidden), "{field:?}");
    }
    let faults: Vec<Fault> = map.iter().filter_map(|field| field.fault).collect();
    // Nobody has to look for that one but the map.
    let unpromised = |fault: &&Fault| fault.kind == FaultKind::PayloadNotText;
    let faults = faults.len() - faults.iter().filter(unpromised).count();
    let kept = flawed(packet, version);
    assert!(faults <= 1 || kept || packet.first().is_some_and(|first| first >> 4 == 3));
    let mut valid = false;
    for direction in [Direction::Incoming, Direction::Outgoing] {
        let Ok(outline) = outline(packet, version, direction) else {
            continue;
        };
        valid = true;
        let (start, end) = outline.topic;
        assert!(start <= end && end as usize <= packet.len());
        assert!(outline.payload as usize <= packet.len());
        let _ = publish_properties(packet, &outline);
    }
    // What is wrong only by its direction is not marked in the map, which knows none.
    let expected = usize::from(!valid && !packet.is_empty());
    assert!(faults.min(1) == expected || !valid && only_by_direction(packet, version));
    if let Ok(outline) = outline(packet, version, Direction::Incoming) {
        let typed = decode(packet, version).is_ok();
        assert_eq!(typed, outline.packet_type != PacketType::Publish);
    }
}

/// What can be kept all the same is something that was refused, and lies within the packet.
fn flawed(packet: &[u8], version: Version) -> bool {
    let _ = claimed_topic(packet);
    let _ = start_of_publish(packet);
    let refused = outline(packet, version, Direction::Incoming).is_err();
    if let Some(answer) = flawed_answer(packet, version) {
        assert!(!matches!(
            answer,
            FromBroker::Connack(_) | FromBroker::Auth(_)
        ));
    }
    let Some((outline, fault)) = flawed_publish(packet, version) else {
        return false;
    };
    assert!(refused && fault.is_of_a_message());
    let (start, end) = outline.topic;
    assert!(start <= end && end <= outline.payload && outline.payload as usize <= packet.len());
    let known = places(packet, version);
    assert_eq!(
        (known.payload, known.end),
        (outline.payload as usize, packet.len())
    );
    let _ = publish_properties(packet, &outline);
    true
}

/// The map finds no fault, so what is wrong with it in one direction must differ from what is wrong in the other.
fn only_by_direction(packet: &[u8], version: Version) -> bool {
    let fault = |direction| outline(packet, version, direction).err();
    fault(Direction::Incoming) != fault(Direction::Outgoing)
}

/// A matcher as the specification words it, level by level (MQTT 5 section 4.7).
fn naive(filter: &str, topic: &str) -> bool {
    let filter = match filter.strip_prefix("$share/") {
        Some(shared) => shared.split_once('/').map_or("", |(_, filter)| filter),
        None => filter,
    };
    if topic.starts_with('$') && filter.starts_with(['+', '#']) {
        return false;
    }
    let mut topic = topic.split('/');
    for level in filter.split('/') {
        if level == "#" {
            return true;
        }
        match topic.next() {
            Some(name) if level == "+" || level == name => {}
            _ => return false,
        }
    }
    topic.next().is_none()
}

/// The matcher agrees with the naive one, and takes what is no filter or name without a panic.
pub fn topics(text: &str) {
    let (filter, topic) = text.split_once('\n').unwrap_or((text, text));
    let valid = (
        check_topic_filter(filter).is_ok(),
        check_topic_name(topic).is_ok(),
    );
    if valid == (true, true) {
        assert_eq!(
            matches(filter, topic),
            naive(filter, topic),
            "{filter:?} {topic:?}"
        );
    } else {
        let _ = matches(filter, topic);
    }
}

/// What was read from a link is written and read the same.
pub fn links(text: &str) {
    let (link, _) = share_link::parse(text);
    let written = share_link::write(&link);
    if written.len() <= share_link::MAX_LENGTH {
        let (again, warnings) = share_link::parse(&written);
        assert_eq!(again, link, "{warnings:?}");
    }
}

/// Whatever is stored, a change of one thing leaves the others as they were read.
pub fn storage(text: &str) {
    let saved = Saved::read(text);
    let Some(one) = saved.connections.first().or(saved.last.as_ref()) else {
        let _ = stored::change(Some(text), stored::Change::Tidy);
        return;
    };
    if let Ok(changed) = stored::change(Some(text), stored::Change::Last(one)) {
        let again = Saved::read(&changed);
        assert_eq!(again.connections, saved.connections);
        assert_eq!(again.last, Some(one.clone().to_keep()));
    }
    if let Some(one) = saved.connections.first()
        && let Ok(changed) = stored::change(Some(text), stored::Change::Put(one))
    {
        assert_eq!(Saved::read(&changed), saved);
    }
    if let Ok(changed) = stored::change(Some(text), stored::Change::Remove(&one.name)) {
        let again = Saved::read(&changed);
        assert!(again.connections.iter().all(|each| each.name != one.name));
        assert_eq!(again.last, saved.last);
    }
}

/// MessagePack and protobuf are laid out to an end, the same in turns as in one go.
pub fn laid_out(bytes: &[u8]) {
    macro_rules! in_turns {
        ($layout:ty) => {
            let mut whole = <$layout>::default();
            whole.go_on(bytes, usize::MAX);
            assert!(whole.is_done() && whole.at() <= bytes.len());
            let mut turns = <$layout>::default();
            while !turns.is_done() {
                let wanted = turns.lines().len() + 1;
                turns.go_on(bytes, wanted);
            }
            assert_eq!(turns.lines(), whole.lines());
            assert_eq!(turns.fault(), whole.fault());
        };
    }
    in_turns!(MsgpackLayout);
    in_turns!(ProtobufLayout);
    let mut read = Sparkplug::read(bytes);
    assert!(read.fault.is_none_or(|at| at < bytes.len()));
    read.resolve(&read.clone());
    for metric in &read.metrics {
        let _ = (metric.type_name(), metric.shown());
    }
}

/// What a payload is in is opened to an end, within its bound, the same in turns as in one go.
pub fn opening(bytes: &[u8]) {
    for wrapping in [
        Wrapping::Gzip,
        Wrapping::Zlib,
        Wrapping::Zstd,
        Wrapping::Base64,
        Wrapping::Utf16,
    ] {
        let begin = || Opening::new(wrapping, Arc::new(bytes.to_vec()));
        let whole = begin().go_on(usize::MAX);
        assert!(
            whole
                .as_ref()
                .is_some_and(|opened| opened.bytes.len() <= MOST_INSIDE)
        );
        let mut turns = begin();
        let in_turns = loop {
            if let Some(opened) = turns.go_on(1) {
                break Some(opened);
            }
        };
        assert_eq!(in_turns, whole);
    }
}

/// Any bytes of a payload: what is told of them is the same in one turn and in many, every line comes once and in order,
/// and a document does not differ from itself. Any text is a template, or says where it is none.
pub fn payloads(bytes: &[u8]) {
    let whole = Check::default().go_on(bytes, usize::MAX);
    let mut check = Check::default();
    let turns = loop {
        match check.go_on(bytes, 3) {
            Checked::Unknown => {}
            end => break end,
        }
    };
    assert_eq!(turns, whole);
    let mut layout = Layout::default();
    while !layout.is_done() {
        let more = layout.lines().len() + 1;
        layout.go_on(bytes, more);
    }
    let ends = || layout.lines().iter().map(|line| line.value.clone());
    assert!(
        ends()
            .zip(ends().skip(1))
            .all(|(one, next)| one.end <= next.start)
    );
    if let Some(mut difference) = Difference::from(bytes) {
        for line in layout.lines() {
            assert_eq!(difference.of(line, bytes), Change::None);
        }
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        match Template::parse(text) {
            Ok(template) => assert!(template.samples().count() > 0),
            Err(error) => assert!(text[error.at..].starts_with("{{")),
        }
    }
}

/// Whatever a broker says, in whatever pieces, the session neither panics nor runs away.
pub fn sessions(bytes: &[u8]) {
    let [version, piece, stream @ ..] = bytes else {
        return;
    };
    let version = VERSIONS[usize::from(*version) % VERSIONS.len()];
    let mut session = Session::new(1);
    let settings = Settings::new(
        "ws://b",
        Connect {
            version,
            client_id: "f".to_owned(),
            keep_alive: 60,
            clean_session: true,
            user_name: None,
            password: None,
            will: None,
            properties: ConnectProperties::default(),
        },
    );
    let connect = Input::Connect {
        settings: Box::new(settings),
        stored: Vec::new(),
    };
    session.handle(1, connect);
    while session.poll().is_some() {}
    let opened = SocketEvent::Opened {
        subprotocol: "mqtt",
    };
    session.handle(
        2,
        Input::Socket {
            socket: 1,
            event: opened,
        },
    );
    let mut now = 3;
    while session.poll().is_some() {}
    for piece in stream.chunks(usize::from(*piece).max(1)) {
        let event = SocketEvent::Bytes(piece);
        session.handle(now, Input::Socket { socket: 1, event });
        let mut outputs = 0;
        while session.poll().is_some() {
            outputs += 1;
            assert!(outputs < 100_000);
        }
        now += 1_000;
    }
}
