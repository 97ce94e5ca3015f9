//! Secrets are in the capture as they crossed the wire, and leave it only when somebody asks for them by name.

use midge::capture::{Capture, Crossing, Opening, Packet};
use midge::protocol::{
    self, Auth, Connect, ConnectProperties, Direction, Version, Will, encode, outline,
};

const SECRET: &str = "Tr0ub4dor&3";
const VERSIONS: [Version; 3] = [Version::V31, Version::V311, Version::V5];

/// CONNECT with all that it can carry.
fn connect(version: Version) -> Vec<u8> {
    let five = version == Version::V5;
    let connect = Connect {
        version,
        client_id: "tester".into(),
        keep_alive: 60,
        clean_session: true,
        user_name: Some("chen".into()),
        password: Some(SECRET.into()),
        will: Some(Will {
            topic: "gone".into(),
            payload: b"bye".to_vec(),
            ..Will::default()
        }),
        properties: ConnectProperties {
            user_properties: vec![("site".into(), "7".into())],
            authentication_method: five.then(|| "SCRAM-SHA-256".into()),
            authentication_data: five.then(|| format!("n,,n=chen,r={SECRET}").into_bytes()),
            ..ConnectProperties::default()
        },
    };
    let mut bytes = Vec::new();
    encode::connect(&connect, &mut bytes).expect("it fits");
    bytes
}

fn auth() -> Vec<u8> {
    let auth = Auth {
        code: 0x18,
        method: Some("SCRAM-SHA-256".into()),
        data: Some(format!("c=biws,r={SECRET},p={SECRET}").into_bytes()),
        ..Auth::default()
    };
    let mut bytes = Vec::new();
    encode::auth(&auth, &mut bytes).expect("it fits");
    bytes
}

/// CONNACK of MQTT 5: a user property, a method, data.
fn connack() -> Vec<u8> {
    let mut properties = vec![0x26, 0, 1, b'a', 0, 1, b'b', 0x15, 0, 1, b'M', 0x16];
    let data = format!("v={SECRET}");
    properties.extend([0, data.len() as u8]);
    properties.extend(data.as_bytes());
    let length = properties.len() as u8;
    [vec![0x20, length + 3, 0, 0, length], properties].concat()
}

/// Every packet that can carry a secret.
fn all() -> Vec<(Version, Direction, Vec<u8>)> {
    let connects = VERSIONS.map(|version| (version, Direction::Outgoing, connect(version)));
    let answers = [
        (Version::V5, Direction::Incoming, connack()),
        (Version::V5, Direction::Incoming, auth()),
        (Version::V5, Direction::Outgoing, auth()),
    ];
    connects.into_iter().chain(answers).collect()
}

fn tells(bytes: &[u8]) -> bool {
    bytes
        .windows(SECRET.len())
        .any(|part| part == SECRET.as_bytes())
}

/// All that can be read out of a packet without asking for secrets.
fn read_out(packet: &Packet<'_>) -> Vec<u8> {
    let mut out = packet.masked().into_owned();
    out.extend(format!("{packet:?}").as_bytes());
    for field in packet.fields().into_iter().chain(packet.fields_within(40)) {
        out.extend(field.value.as_bytes());
        out.extend(format!("{field:?}").as_bytes());
    }
    out.extend(packet.payload());
    out.extend(packet.topic_bytes());
    out.extend(format!("{:?}", packet.properties()).as_bytes());
    out
}

#[test]
fn no_secret_is_read_out_of_a_packet_unless_it_is_asked_for() {
    let mut capture = Capture::new(1);
    for (version, direction, bytes) in all() {
        let outline = outline(&bytes, version, direction).expect("a packet");
        let seq = capture.append(Crossing {
            time_us: 1,
            direction,
            version,
            topic: b"",
            bytes: &bytes,
            outline: &outline,
            repeat: false,
        });
        let packet = capture.packet(seq).expect("there");
        assert!(tells(&bytes) && packet.bytes_with_secrets() == bytes);
        assert!(!tells(&read_out(&packet)), "{version:?} {packet:?}");
        let masked = packet.masked();
        assert_eq!(masked.len(), bytes.len());
        // Nothing else is hidden: all that differs are the secrets.
        for (at, (before, after)) in bytes.iter().zip(masked.iter()).enumerate() {
            let secret = packet
                .fields()
                .into_iter()
                .find(|field| field.secret && field.range.contains(&at));
            assert_eq!(
                *after,
                if secret.is_some() { b'*' } else { *before },
                "{version:?} at {at}"
            );
        }
    }
    assert!(!format!("{capture:?}").contains(SECRET));
    let bytes = format!("{:?}", SECRET.as_bytes());
    assert!(!format!("{capture:?}").contains(bytes.trim_matches(['[', ']'])));
}

/// What a broker sends may break off or be wrong anywhere, before a secret and within one.
#[test]
fn a_packet_that_cannot_be_read_hides_its_secrets_too() {
    let mut capture = Capture::new(1);
    capture.set_budget(1 << 20);
    let mut broken_ones = 0;
    for (version, direction, bytes) in all() {
        // The identifier of authentication data, without which they are something else.
        let fields = protocol::fields(&bytes, version);
        let data = fields
            .iter()
            .find(|field| field.name == "Authentication Data");
        let identifier = data.map(|field| field.range.start - 3);
        let cut = (1..bytes.len()).map(|len| bytes[..len].to_vec());
        let places = (1..bytes.len()).filter(|at| Some(*at) != identifier);
        let wrong = places.flat_map(|at| {
            let bytes = &bytes;
            [0, 1, 0x21, 0x7F, 0x80, 0xFF].map(move |byte| {
                let mut wrong = bytes.clone();
                wrong[at] = byte;
                wrong
            })
        });
        let longer = [[&bytes[..], SECRET.as_bytes()].concat()];
        for broken in cut.chain(wrong).chain(longer) {
            if outline(&broken, version, direction).is_ok() {
                continue;
            }
            let seq = capture.append_malformed(1, direction, &broken, version);
            let packet = capture.packet(seq).expect("there");
            assert!(!tells(&read_out(&packet)), "{version:?} {broken:02x?}");
            broken_ones += 1;
        }
    }
    assert!(broken_ones > 1_000, "{broken_ones}");
}

#[test]
fn nothing_is_hidden_of_a_broken_answer_that_can_hold_no_secret() {
    let mut capture = Capture::new(1);
    for (version, bytes) in [
        // Reserved flags, a number that is the identifier of authentication data in MQTT 5.
        (Version::V311, &[0x20, 2, 0x16, 5][..]),
        (Version::V5, &[0x20, 7, 0, 0, 4, 0x7E, 1, 2, 3]),
        (Version::V5, &[0xD0, 2, 0x16, 1]),
    ] {
        let seq = capture.append_malformed(1, Direction::Incoming, bytes, version);
        let packet = capture.packet(seq).expect("there");
        assert_eq!(packet.masked(), bytes);
    }
}

#[test]
fn the_address_of_a_connection_tells_no_secret() {
    for address in [
        format!("wss://chen:{SECRET}@broker/mqtt"),
        format!("wss://{SECRET}@broker:8884/mqtt?site=7"),
        format!("wss://broker/mqtt?token={SECRET}&site=7"),
        format!("wss://broker/mqtt?site=7&X-Amz-Signature={SECRET}"),
    ] {
        let mut capture = Capture::new(1);
        capture.begin_connection(Opening {
            time_us: 1,
            socket: 1,
            address: &address,
            version: Version::V5,
        });
        let connection = capture.connections().next().expect("begun");
        assert!(
            connection.address().starts_with("wss://broker"),
            "{connection:?}"
        );
        assert!(!connection.address().contains(SECRET), "{address}");
        assert!(!format!("{capture:?}").contains(SECRET), "{address}");
        assert_eq!(connection.address_with_secrets(), address);
    }
    assert_eq!(
        midge::reading::secrets::without_user_info("wss://broker/a@b?c@d"),
        "wss://broker/a@b?c@d"
    );
}
