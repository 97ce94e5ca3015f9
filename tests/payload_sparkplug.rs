//! Sparkplug B: topics, metrics with names, types and values, aliases by the birth, and gaps.

use midge::payload::{Sparkplug, SparkplugTopic, sparkplug_gap};
use proptest::prelude::*;

fn varint(mut value: u64) -> Vec<u8> {
    let mut out = Vec::new();
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
    out
}

fn number(field: u64, value: u64) -> Vec<u8> {
    [varint(field << 3), varint(value)].concat()
}

fn bytes(field: u64, value: &[u8]) -> Vec<u8> {
    [
        varint(field << 3 | 2),
        varint(value.len() as u64),
        value.to_vec(),
    ]
    .concat()
}

fn metric(parts: &[Vec<u8>]) -> Vec<u8> {
    bytes(2, &parts.concat())
}

#[test]
fn topics_of_nodes_and_devices_are_told_apart() {
    let node = SparkplugTopic::of("spBv1.0/plant/NDATA/edge").expect("a node");
    assert_eq!(
        (node.group, node.kind, node.node, node.device),
        ("plant", "NDATA", "edge", None)
    );
    assert_eq!(node.birth(), "spBv1.0/plant/NBIRTH/edge");
    let device = SparkplugTopic::of("spBv1.0/plant/DDATA/edge/pump").expect("a device");
    assert_eq!(device.birth(), "spBv1.0/plant/DBIRTH/edge/pump");
    assert!(node.is_beside(&device) && !node.is_birth());
    for other in [
        "spBv1.0/plant/NDEATH/edge",
        "spBv1.0/plant/NDATA/other",
        "spBv1.0/other/NDATA/edge",
    ] {
        assert!(
            !node.is_beside(&SparkplugTopic::of(other).expect(other)),
            "{other}"
        );
    }
    for none in [
        "spBv1.0/STATE/host",
        "spBv1.0/g/NDATA/n/d",
        "spBv1.0/g/DDATA/n",
        "spBv1.0/g/X/n",
        "a/b",
        "spBv1.0",
    ] {
        assert_eq!(SparkplugTopic::of(none), None, "{none}");
    }
}

#[test]
fn every_type_has_its_name_and_its_value() {
    let negative = |value: i64| value.cast_unsigned();
    let float = [vec![12 << 3 | 5], 1.5f32.to_le_bytes().to_vec()].concat();
    let double = [vec![13 << 3 | 1], (-2.25f64).to_le_bytes().to_vec()].concat();
    for (datatype, value, name, shown) in [
        (1, number(10, 0xff), "Int8", "-1"),
        (2, number(10, 0xffff), "Int16", "-1"),
        (3, number(10, 0xffff_ffff), "Int32", "-1"),
        (3, number(10, negative(-7)), "Int32", "-7"),
        (4, number(11, negative(-7)), "Int64", "-7"),
        (7, number(10, 0xffff_ffff), "UInt32", "4294967295"),
        (8, number(11, u64::MAX), "UInt64", "18446744073709551615"),
        (9, float, "Float", "1.5"),
        (10, double, "Double", "-2.25"),
        (11, number(14, 1), "Boolean", "true"),
        (
            12,
            bytes(15, "溫 \"x\"".as_bytes()),
            "String",
            "\"溫 \\\"x\\\"\"",
        ),
        (
            13,
            number(11, 1_700_000_000_000),
            "DateTime",
            "2023-11-14T22:13:20.000Z",
        ),
        (17, bytes(16, b"\0\xff"), "Bytes", "h'00ff'"),
        (16, bytes(17, b"abc"), "DataSet", "DataSet (3 B)"),
        (99, number(7, 1), "99", "null"),
    ] {
        let read = Sparkplug::read(&metric(&[bytes(1, b"m"), number(4, datatype), value]));
        assert_eq!(read.fault, None);
        let one = &read.metrics[0];
        assert_eq!(
            (one.type_name().as_str(), one.shown().as_str()),
            (name, shown)
        );
    }
}

#[test]
fn an_alias_has_the_name_and_the_type_that_the_birth_told() {
    let birth = [
        number(1, 1000),
        metric(&[
            bytes(1, b"temperature"),
            number(2, 7),
            number(4, 3),
            number(10, 20),
        ]),
        number(3, 0),
    ]
    .concat();
    let birth = Sparkplug::read(&birth);
    assert_eq!((birth.timestamp, birth.seq), (Some(1000), Some(0)));
    let data = [
        metric(&[number(2, 7), number(10, 0xffff_ffff)]),
        metric(&[number(2, 8), number(10, 1)]),
        number(3, 3),
    ]
    .concat();
    let mut data = Sparkplug::read(&data);
    data.resolve(&birth);
    let [first, second] = data.metrics.as_slice() else {
        panic!("{data:?}");
    };
    assert_eq!(first.name.as_deref(), Some("temperature"));
    assert!(first.is_resolved);
    assert_eq!(
        (first.type_name().as_str(), first.shown().as_str()),
        ("Int32", "-1")
    );
    assert_eq!((second.name.as_deref(), second.is_resolved), (None, false));
}

#[test]
fn gaps_are_counted_around_the_end() {
    for (before, now, missing) in [
        (0, 1, None),
        (255, 0, None),
        (1, 3, Some(1)),
        (254, 1, Some(2)),
        (5, 5, Some(255)),
    ] {
        assert_eq!(sparkplug_gap(before, now), missing, "{before} {now}");
    }
}

#[test]
fn more_metrics_than_are_read_are_counted() {
    let many = metric(&[number(2, 1)]).repeat(10_005);
    let read = Sparkplug::read(&many);
    assert_eq!((read.metrics.len(), read.more), (10_000, 5));
    assert_eq!(Sparkplug::read(b"\x08\x01\x12\x05x").fault, Some(2));
}

proptest! {
    #[test]
    fn any_bytes_are_read_to_an_end(payload in proptest::collection::vec(any::<u8>(), 0..300)) {
        let read = Sparkplug::read(&payload);
        prop_assert!(read.fault.is_none_or(|at| at < payload.len()));
    }
}
