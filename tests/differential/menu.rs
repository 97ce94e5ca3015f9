//! The properties of MQTT 5 as a menu: for each place that has properties, which ones, and the values worth trying
//! (MQTT 5 section 2.2.2.2, table 2-4).

use super::packet::{Bytes, Property, Value};

/// A place that has properties.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Connect,
    Will,
    Connack,
    PublishToClient,
    PublishToServer,
    Acknowledgement,
    Subscribe,
    Unsubscribe,
    Codes,
    DisconnectFromServer,
    DisconnectFromClient,
    Auth,
}

/// One order: properties that stand together. Several of one identifier where it may come more than once.
pub type Order = Vec<Property>;

/// The properties that a place may have, each with the orders worth trying.
pub fn menu(place: Place) -> Vec<Vec<Order>> {
    let ids: &[u8] = match place {
        Place::Connect => &[17, 33, 39, 34, 25, 23, 38, 21, 22],
        Place::Will => &[24, 1, 2, 3, 8, 9, 38],
        Place::Connack => &[
            17, 33, 36, 37, 39, 18, 34, 31, 38, 40, 41, 42, 19, 26, 28, 21, 22,
        ],
        Place::PublishToClient => &[1, 2, 35, 8, 9, 38, 11, 3],
        Place::PublishToServer => &[1, 2, 35, 8, 9, 38, 3],
        Place::Acknowledgement | Place::Codes => &[31, 38],
        Place::Subscribe => &[11, 38],
        Place::Unsubscribe => &[38],
        Place::DisconnectFromServer => &[31, 38, 28],
        Place::DisconnectFromClient => &[17, 31, 38],
        Place::Auth => &[21, 22, 31, 38],
    };
    ids.iter().map(|&id| orders(id, place)).collect()
}

/// `orders` as one list, with what they cannot be without: authentication data need their method (sections 3.1.2.11.10
/// and 3.2.2.3.18), and AUTH always has one (section 3.15.2.2.2).
pub fn together<'a>(place: Place, orders: impl IntoIterator<Item = &'a Order>) -> Vec<Property> {
    let mut all: Vec<Property> = orders.into_iter().flatten().cloned().collect();
    let has = |id: u8, all: &[Property]| all.iter().any(|property| property.0 == id);
    if !has(21, &all) && (has(22, &all) || (place == Place::Auth && !all.is_empty())) {
        all.push((21, Value::Text("SCRAM-SHA-256".to_owned())));
    }
    all
}

fn orders(id: u8, place: Place) -> Vec<Order> {
    let single = |values: Vec<Value>| values.into_iter().map(|value| vec![(id, value)]).collect();
    match id {
        1 | 23 | 25 | 36 | 37 | 40 | 41 | 42 => single(vec![Value::Byte(0), Value::Byte(1)]),
        // Never 0: receive maximum and topic alias (sections 3.1.2.11.3 and 3.3.2.3.4).
        33 | 35 => single([1, 255, 256, 65_535].map(Value::Two).to_vec()),
        19 | 34 => single([0, 1, 256, 65_535].map(Value::Two).to_vec()),
        // Never 0: maximum packet size (section 3.1.2.11.4).
        39 => single([1, 65_536, 268_435_460, u32::MAX].map(Value::Four).to_vec()),
        2 | 17 | 24 => single([0, 1, 0x0102_0304, u32::MAX].map(Value::Four).to_vec()),
        11 if place == Place::PublishToClient => {
            let mut all: Vec<Order> = single(identifiers());
            all.push(identifiers().into_iter().map(|value| (id, value)).collect());
            all.push(vec![
                (id, Value::Variable(7)),
                (id, Value::Variable(3)),
                (id, Value::Variable(7)),
            ]);
            all
        }
        11 => single(identifiers()),
        9 | 22 => single(
            binaries()
                .into_iter()
                .map(|bytes| Value::Binary(Bytes(bytes)))
                .collect(),
        ),
        38 => pairs(),
        // A topic name: not empty, no wildcard (section 3.3.2.3.5).
        8 => single(
            texts()
                .into_iter()
                .filter(|text| !text.is_empty())
                .map(Value::Text)
                .collect(),
        ),
        3 | 18 | 21 | 26 | 28 | 31 => single(texts().into_iter().map(Value::Text).collect()),
        other => panic!("{other} is no property"),
    }
}

fn identifiers() -> Vec<Value> {
    [
        1,
        127,
        128,
        16_383,
        16_384,
        2_097_151,
        2_097_152,
        268_435_455,
    ]
    .map(Value::Variable)
    .to_vec()
}

/// Texts without wildcards: ordinary, empty, of one byte, and of the lengths around which a length takes another byte.
pub fn texts() -> Vec<String> {
    let mut all = [
        "answer/here",
        "",
        "x",
        "多語 naïve 🎉",
        "\u{FEFF}with a mark",
        " / ",
    ]
    .map(str::to_owned)
    .to_vec();
    all.extend(
        [
            122, 123, 124, 125, 127, 128, 255, 256, 16_383, 16_384, 65_535,
        ]
        .map(|n| "t".repeat(n)),
    );
    all
}

/// Byte strings that are no text, and of the lengths around which something changes.
pub fn binaries() -> Vec<Vec<u8>> {
    let mut all = vec![
        vec![1, 2, 3],
        Vec::new(),
        vec![0],
        vec![0xFF, 0xFE, 0x00, 0xC0, 0x80],
    ];
    all.extend([123, 124, 127, 128, 16_383, 16_384, 65_535].map(|n| {
        (0..n)
            .map(|index: u32| (index * 7) as u8)
            .collect::<Vec<u8>>()
    }));
    all
}

fn pairs() -> Vec<Order> {
    let order = |pairs: &[(&str, &str)]| -> Order {
        pairs
            .iter()
            .map(|(name, value)| (38, Value::Pair((*name).to_owned(), (*value).to_owned())))
            .collect()
    };
    let long = "v".repeat(65_535);
    let many: Vec<(String, String)> = (0..300)
        .map(|n| (format!("name {}", n % 7), format!("value {n}")))
        .collect();
    let many: Vec<(&str, &str)> = many
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    vec![
        order(&[("name", "value")]),
        order(&[("", "")]),
        order(&[("only a name", "")]),
        order(&[("", "only a value")]),
        order(&[("same", "1"), ("same", "2")]),
        order(&[("same", "1"), ("same", "1")]),
        order(&[("b", "1"), ("a", "2"), ("b", "3"), ("a", "2"), ("c", "")]),
        order(&[("z", "9"), ("2", "two"), ("1", "one"), ("10", "ten")]),
        order(&[("__proto__", "x"), ("constructor", "y"), ("toString", "z")]),
        order(&[("名字", "值 🎉")]),
        order(&[(&long, "")]),
        order(&[("", &long)]),
        order(&many),
    ]
}
