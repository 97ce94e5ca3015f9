//! The views of the capture: tree, list, deliveries and rates.

mod wire;

use midge::capture::Capture;
use midge::protocol::{Direction, PublishParts, Qos, Version, encode};
use wire::{append, encoded, publish};

fn receive(capture: &mut Capture, time_us: u64, topic: &str, payload: &[u8]) -> u64 {
    let bytes = publish(topic, payload);
    append(capture, time_us, Direction::Incoming, &bytes, false)
}

fn cross(capture: &mut Capture, direction: Direction, bytes: &[u8]) -> u64 {
    append(capture, 1, direction, bytes, false)
}

fn names(capture: &Capture) -> Vec<String> {
    let rows = capture.tree_rows(0, 1000);
    rows.iter()
        .map(|row| {
            format!(
                "{}{} {}",
                "  ".repeat(row.depth.into()),
                row.name,
                row.count
            )
        })
        .collect()
}

#[test]
fn the_tree_counts_levels_and_orders_them_by_name() {
    let mut capture = Capture::new(1);
    for topic in ["b/x", "a", "b/x", "b/x/deep", "b", "/lead", "b//"] {
        receive(&mut capture, 1, topic, b"");
    }
    assert_eq!(
        names(&capture),
        [
            " 1",
            "  lead 1",
            "a 1",
            "b 5",
            "   1",
            "     1",
            "  x 3",
            "    deep 1"
        ]
    );
    assert_eq!(capture.tree_size(), (6, 8));
}

#[test]
fn folded_levels_take_no_rows_and_new_topics_below_do_not_unfold_them() {
    let mut capture = Capture::new(1);
    for topic in ["a/b/c", "a/b/d", "z"] {
        receive(&mut capture, 1, topic, b"");
    }
    let b = capture.tree_rows(1, 1)[0].node;
    capture.fold(b, false);
    assert_eq!(names(&capture), ["a 2", "  b 2", "z 1"]);
    receive(&mut capture, 1, "a/b/e", b"");
    receive(&mut capture, 1, "a/n", b"");
    assert_eq!(names(&capture), ["a 4", "  b 3", "  n 1", "z 1"]);
    capture.fold(b, true);
    capture.fold(b, true);
    assert_eq!(capture.tree_size().1, 7);
    let a = capture.tree_rows(0, 1)[0].node;
    capture.fold(a, false);
    assert_eq!(names(&capture), ["a 4", "z 1"]);
    capture.fold(b, false);
    capture.fold(a, true);
    assert_eq!(names(&capture), ["a 4", "  b 3", "  n 1", "z 1"]);
    capture.fold(u32::MAX, true);
    capture.fold(0, false);
    assert_eq!(capture.tree_size().1, 4);
}

#[test]
fn a_part_of_the_tree_is_the_same_rows_as_in_the_whole() {
    let mut capture = Capture::new(1);
    for number in 0..300u32 {
        receive(
            &mut capture,
            1,
            &format!("{}/{}/{}", number % 7, number % 11, number),
            b"",
        );
    }
    for fold in [2, 9, 30] {
        let node = capture.tree_rows(fold, 1)[0].node;
        capture.fold(node, false);
    }
    let whole: Vec<_> = capture
        .tree_rows(0, 10_000)
        .iter()
        .map(|row| row.node)
        .collect();
    assert_eq!(whole.len(), capture.tree_size().1 as usize);
    for skip in 0..whole.len() {
        let part: Vec<_> = capture
            .tree_rows(skip as u32, 5)
            .iter()
            .map(|row| row.node)
            .collect();
        assert_eq!(part, whole[skip..whole.len().min(skip + 5)]);
    }
}

#[test]
fn a_search_shows_matching_topics_with_the_levels_above_and_takes_in_new_ones() {
    let mut capture = Capture::new(1);
    for topic in [
        "home/kitchen/temp",
        "home/hall/temp",
        "home/hall/light",
        "other",
    ] {
        receive(&mut capture, 1, topic, b"");
    }
    let home = capture.tree_rows(0, 1)[0].node;
    capture.fold(home, false);
    capture.set_tree_search("HALL");
    while capture.work(10_000) {}
    assert_eq!(
        names(&capture),
        ["home 3", "  hall 2", "    light 1", "    temp 1"]
    );
    receive(&mut capture, 1, "hallway", b"");
    receive(&mut capture, 1, "elsewhere", b"");
    while capture.work(10_000) {}
    assert_eq!(
        names(&capture),
        [
            "hallway 1",
            "home 3",
            "  hall 2",
            "    light 1",
            "    temp 1"
        ]
    );
    assert_eq!(capture.tree_size().1, 5);
    capture.set_tree_search("");
    assert_eq!(
        names(&capture),
        ["elsewhere 1", "hallway 1", "home 3", "other 1"]
    );
}

#[test]
fn numbers_of_nodes_are_not_used_again_after_clearing() {
    let mut capture = Capture::new(1);
    receive(&mut capture, 1, "a/b", b"");
    let before: Vec<_> = capture
        .tree_rows(0, 10)
        .iter()
        .map(|row| row.node)
        .collect();
    capture.clear();
    assert!(capture.tree_rows(0, 10).is_empty());
    receive(&mut capture, 1, "a/b", b"2");
    let after: Vec<_> = capture
        .tree_rows(0, 10)
        .iter()
        .map(|row| row.node)
        .collect();
    assert!(after.iter().all(|node| !before.contains(node)));
    assert!(capture.latest(before[1]).is_none());
    assert_eq!(capture.latest(after[1]).unwrap().payload(), b"2");
}

#[test]
fn a_topic_of_the_greatest_depth_is_taken() {
    let mut capture = Capture::new(1);
    let topic = "/".repeat(65_535);
    receive(&mut capture, 1, &topic, b"x");
    assert_eq!(capture.span().end, 1);
    let (topics, rows) = capture.tree_size();
    assert_eq!(topics, 1);
    assert!(capture.tree_rows(rows - 1, 5).len() == 1);
}

#[test]
fn a_changed_filter_is_answered_in_parts() {
    let mut capture = Capture::new(1);
    for number in 0..10_000 {
        receive(&mut capture, 1, "t", format!("value {number}").as_bytes());
    }
    let numbering = capture.span().numbering;
    capture.set_list_filter("\"VALUE 77\"");
    assert_ne!(capture.span().numbering, numbering);
    assert!(!capture.span().complete);
    assert!(capture.work(5_000));
    assert!(!capture.span().complete);
    let mut turns = 0;
    while capture.work(50_000) {
        turns += 1;
    }
    assert!(turns > 3);
    let span = capture.span();
    assert!(span.complete);
    assert_eq!((span.oldest, span.end), (0, 111));
    receive(&mut capture, 1, "t", b"value 77 again");
    capture.work(1000);
    assert_eq!(capture.listed(111).unwrap().payload(), b"value 77 again");
    assert_eq!(capture.listed(0).unwrap().payload(), b"value 77");
}

#[test]
fn positions_of_a_filtered_list_stay_when_its_oldest_messages_are_evicted() {
    let mut capture = Capture::new(1);
    capture.set_budget(100_000);
    capture.set_list_filter("even");
    let mut positions = Vec::new();
    for number in 0..3000 {
        let seq = receive(
            &mut capture,
            1,
            if number % 2 == 0 { "even" } else { "odd" },
            &[b'x'; 50],
        );
        capture.work(1000);
        if number % 2 == 0 {
            positions.push(seq);
        }
    }
    let span = capture.span();
    assert!(span.oldest > 0);
    assert_eq!(span.end, 1500);
    for position in span.oldest..span.end {
        assert_eq!(
            capture.listed(position).unwrap().seq,
            positions[position as usize]
        );
    }
}

#[test]
fn more_than_sixty_four_filters_match_and_count() {
    let mut capture = Capture::new(1);
    for number in 0..70 {
        capture.add_filter(&format!("t/{number}"));
    }
    capture.add_filter("t/#");
    receive(&mut capture, 1, "t/3", b"");
    let seq = receive(&mut capture, 1, "t/69", b"");
    let packet = capture.packet(seq).unwrap();
    assert_eq!(capture.matching(&packet).collect::<Vec<_>>(), [69, 70]);
    assert_eq!(capture.filter_count("t/#").0, 2);
    assert_eq!(capture.filter_count("t/69").0, 1);
    capture.remove_filter("t/0");
    let packet = capture.packet(seq).unwrap();
    assert_eq!(capture.matching(&packet).collect::<Vec<_>>(), [68, 69]);
}

#[test]
fn the_packets_of_one_delivery_are_found_from_any_of_them() {
    use Direction::{Incoming, Outgoing};
    let mut capture = Capture::new(1);
    let message = |payload: &[u8], qos, packet_id, dup| {
        let parts = PublishParts {
            topic: "t",
            payload,
            qos,
            dup,
            packet_id,
            ..PublishParts::default()
        };
        encoded(&parts, Version::V311)
    };
    let ack = |write: fn(u16, &mut Vec<u8>), id| {
        let mut bytes = Vec::new();
        write(id, &mut bytes);
        bytes
    };
    let mut log = Vec::new();
    for (direction, bytes) in [
        (Outgoing, message(b"1", Qos::ExactlyOnce, 9, false)), // 0
        (Incoming, message(b"other way", Qos::ExactlyOnce, 9, false)), // 1
        (Outgoing, ack(encode::pubrec, 9)),                    // 2
        (Outgoing, message(b"1", Qos::ExactlyOnce, 9, true)),  // 3
        (Incoming, ack(encode::pubrec, 9)),                    // 4
        (Outgoing, ack(encode::pubrel, 9)),                    // 5
        (Outgoing, message(b"2", Qos::AtLeastOnce, 8, false)), // 6
        (Incoming, ack(encode::pubrel, 9)),                    // 7
        (Incoming, ack(encode::pubcomp, 9)),                   // 8
        (Outgoing, ack(encode::pubcomp, 9)),                   // 9
        (Incoming, ack(encode::puback, 8)),                    // 10
        (Outgoing, message(b"3", Qos::AtLeastOnce, 9, false)), // 11
        (Incoming, ack(encode::puback, 9)),                    // 12
        (Outgoing, message(b"4", Qos::AtMostOnce, 0, false)),  // 13
    ] {
        log.push(cross(&mut capture, direction, &bytes));
    }
    let steps = |seq: u64| -> Vec<u64> {
        capture
            .delivery(&capture.packet(seq).unwrap())
            .iter()
            .map(|step| step.seq)
            .collect()
    };
    for of in [0, 3, 4, 5, 8] {
        assert_eq!(steps(of), [0, 3, 4, 5, 8], "from {of}");
    }
    for of in [1, 2, 7, 9] {
        assert_eq!(steps(of), [1, 2, 7, 9], "from {of}");
    }
    assert_eq!(steps(6), [6, 10]);
    assert_eq!(steps(10), [6, 10]);
    assert_eq!(steps(12), [11, 12]);
    assert_eq!(steps(13), [] as [u64; 0]);
}

/// A page that looks at an unfinished delivery asks for it with each frame. What was looked at once is not looked at again,
/// whether it was found by looking back or on.
#[test]
fn an_unfinished_delivery_is_looked_for_among_new_packets_only() {
    use Direction::{Incoming, Outgoing};
    let mut capture = Capture::new(1);
    for number in 0..500 {
        receive(&mut capture, 1, "before", &[number as u8]);
    }
    let parts = PublishParts {
        topic: "t",
        qos: Qos::ExactlyOnce,
        packet_id: 7,
        ..PublishParts::default()
    };
    let first = cross(&mut capture, Outgoing, &encoded(&parts, Version::V311));
    for number in 0..500 {
        receive(&mut capture, 1, "between", &[number as u8]);
    }
    let again = PublishParts { dup: true, ..parts };
    let second = cross(&mut capture, Outgoing, &encoded(&again, Version::V311));
    for (of, behind) in [(first, 502), (second, 1_002)] {
        let mut capture_now = 0;
        let mut trace = capture.trace(&capture.packet(of).unwrap());
        assert!(trace.is_of(of) && !trace.is_of(of + 1));
        assert_eq!(capture.follow(&mut trace), [first, second]);
        for number in 0..5_000 {
            receive(&mut capture, 1, "on", &[number as u8]);
            capture_now += 1;
            assert_eq!(capture.follow(&mut trace), [first, second]);
            assert_eq!(capture.follow(&mut trace), [first, second]);
        }
        // Each packet once, and on the way back those between the repeat and the first sending.
        let most = behind + capture_now + 5_001;
        assert!(trace.looked() <= most, "{} looked at", trace.looked());
    }
    let mut trace = capture.trace(&capture.packet(second).unwrap());
    capture.follow(&mut trace);
    let pubrec = cross(&mut capture, Incoming, &[0x50, 2, 0, 7]);
    assert_eq!(capture.follow(&mut trace), [first, second, pubrec]);
    let pubrel = cross(&mut capture, Outgoing, &[0x62, 2, 0, 7]);
    let pubcomp = cross(&mut capture, Incoming, &[0x70, 2, 0, 7]);
    let all = [first, second, pubrec, pubrel, pubcomp];
    assert_eq!(capture.follow(&mut trace), all);
    // It is over: the next message under this identifier is none of it, and nothing more is looked at.
    let looked = trace.looked();
    cross(&mut capture, Outgoing, &encoded(&parts, Version::V311));
    assert_eq!(
        (capture.follow(&mut trace), trace.looked()),
        (all.to_vec(), looked)
    );
}

#[test]
fn rates_are_those_of_the_last_second_and_fall_to_zero() {
    let mut capture = Capture::new(1);
    capture.add_filter("a");
    assert_eq!(capture.measure_at(), None);
    for number in 0..50 {
        receive(
            &mut capture,
            5_000_000 + number * 20_000,
            if number % 2 == 0 { "a" } else { "b" },
            b"",
        );
    }
    assert_eq!(capture.measure_at(), Some(6_000_000));
    capture.measure(5_900_000);
    assert_eq!(capture.counts().received_rate, 0.0);
    capture.measure(6_000_000);
    assert_eq!(
        (capture.counts().received_rate, capture.counts().sent_rate),
        (50.0, 0.0)
    );
    assert_eq!(capture.filter_count("a"), (25, 25.0));
    capture.measure(7_000_000);
    assert_eq!(capture.counts().received_rate, 0.0);
    assert_eq!(capture.measure_at(), None);
}

#[test]
fn each_message_knows_the_one_before_it_on_its_topic() {
    let mut capture = Capture::new(1);
    let first = receive(&mut capture, 1, "a", b"1");
    receive(&mut capture, 1, "b", b"x");
    cross(&mut capture, Direction::Outgoing, &publish("a", b"out"));
    let second = receive(&mut capture, 1, "a", b"2");
    assert_eq!(capture.packet(second).unwrap().before, Some(first));
    assert_eq!(capture.packet(first).unwrap().before, None);
}

/// A record says its time from that of its segment.
#[test]
fn times_are_exact_however_far_apart_and_whichever_way_the_clock_jumps() {
    const HOUR: u64 = 3_600_000_000;
    let mut capture = Capture::new(1);
    let near = [0, 1, u64::from(u32::MAX), 1 << 31, (1 << 31) - 1];
    let times: Vec<u64> = near
        .into_iter()
        .flat_map(|near| [HOUR + near, 500_000 * HOUR - near, u64::MAX - near, near])
        .collect();
    for (number, time) in times.iter().enumerate() {
        receive(&mut capture, *time, "t", number.to_string().as_bytes());
    }
    let seen: Vec<u64> = capture.packets().map(|packet| packet.time_us).collect();
    assert_eq!(seen, times);
    assert_eq!(capture.span().end, times.len() as u64);
    for (position, time) in times.iter().enumerate() {
        let packet = capture.listed(position as u64).expect("a position");
        assert_eq!((packet.time_us, packet.seq), (*time, position as u64));
    }
}
