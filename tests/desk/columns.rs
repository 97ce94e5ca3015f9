//! The room of rows: names are cut in their middle, where nothing is lost that tells them apart, and deep levels keep theirs.

use midge::desk::columns::{Lines, ListRoom, TreeRoom, columns, indent, middle};

fn shown(name: &str, room: usize) -> String {
    match middle(name, room) {
        None => name.to_owned(),
        Some(out) => format!("{}…{}", &name[..out.start], &name[out.end..]),
    }
}

#[test]
fn a_name_is_cut_in_its_middle_and_only_if_it_has_no_room() {
    assert_eq!(shown("sensors/lab/temp", 16), "sensors/lab/temp");
    assert_eq!(shown("sensors/lab/temp", 15), "sens…s/lab/temp");
    assert_eq!(shown("", 0), "");
    for room in 3..60 {
        let cut = shown("zigbee2mqtt/0x00158d0001abcdef/availability", room);
        assert!(cut.chars().count() <= room, "{cut} in {room}");
    }
}

#[test]
fn five_hundred_devices_are_told_apart_in_the_narrowest_column() {
    let names = (0..500).map(|at| format!("zigbee2mqtt/0x00158d00010{at:05x}"));
    let cut: std::collections::HashSet<_> = names.map(|name| shown(&name, 9)).collect();
    assert_eq!(cut.len(), 500);
}

#[test]
fn wide_letters_count_twice_and_marks_stay_with_their_letter() {
    assert_eq!(columns("溫度", 10), 4);
    assert_eq!(columns(&"溫".repeat(1_000_000), 10), 12);
    assert_eq!(shown("感測器/實驗室/溫度計", 10), "感…溫度計");
    // An e with an accent, in two characters, at both borders.
    let marked = "aae\u{301}bbbbbbbbbbbbbbbb\u{301}cccc";
    for room in 3..20 {
        let cut = shown(marked, room);
        let after = cut.split('…').nth(1).unwrap_or_default();
        assert!(!after.starts_with('\u{301}'), "{cut} in {room}");
    }
}

#[test]
fn a_long_name_is_looked_at_only_at_its_ends() {
    let long = "x/".repeat(30_000) + "end";
    assert_eq!(shown(&long, 10), "x/x…/x/end");
}

#[test]
fn columns_give_way_in_this_order() {
    let wide = ListRoom::new(1000.0, 7.5, 16.0, false);
    assert_eq!(
        (wide.lines, wide.clock(), wide.topic_column()),
        (Lines::One, 12, Some(45))
    );
    let narrow = ListRoom::new(431.0, 7.5, 16.0, false);
    assert_eq!(
        (narrow.lines, narrow.clock(), narrow.topic_column()),
        (Lines::Short, 8, Some(20))
    );
    let phone = ListRoom::new(390.0, 7.5, 16.0, true);
    assert_eq!(
        (phone.lines, phone.clock(), phone.topic_column()),
        (Lines::Two, 12, None)
    );
    // A short payload leaves its room to the topic, a long one does not take all.
    assert_eq!(phone.topic("21.5"), 43);
    assert_eq!(phone.topic(&"x".repeat(160)), 26);
    // A phone that lies on its side is wide enough for one line.
    assert_eq!(ListRoom::new(772.0, 7.5, 16.0, true).lines, Lines::One);
    // Letters twice as large: half the room.
    assert_eq!(ListRoom::new(862.0, 15.0, 32.0, false), narrow);
    assert!(ListRoom::new(0.0, 0.0, 16.0, false).topic("x") > 0);
}

#[test]
fn a_level_keeps_its_name_however_deep_it_is() {
    let tree = TreeRoom::new(180.0, 7.5, 16.0, false);
    for depth in [0, 1, 5, 15, 100, u16::MAX] {
        assert!(tree.name(depth, "21.5", "1") >= 9);
        assert!(indent(depth) <= 6.0);
    }
    assert!(
        (1..=20).all(|depth| indent(depth) > indent(depth - 1)),
        "each level can be seen"
    );
    // A long value gives way before the name does.
    let tree = TreeRoom::new(280.0, 7.5, 16.0, false);
    assert_eq!(
        tree.name(0, &"x".repeat(160), "12"),
        tree.name(0, "12345678", "12")
    );
    assert!(tree.name(0, "", "") >= 29);
}
