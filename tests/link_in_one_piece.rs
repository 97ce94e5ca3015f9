//! Bytes that cross the link are copied as a whole. Byte by byte, megabytes of them would be time that the page is seen to
//! stand still. Counted, not timed: in the buffer of a turn, only numbers are written and read one by one.
#![cfg(not(target_arch = "wasm32"))]

use midge::link::{
    Answer, Body, Command, ConnectRequest, Frame, Inspected, Publication, SparkplugContext,
};
use midge::protocol::{Connect, ConnectProperties, PublishProperties, Qos, Version, Will};
use postcard::{Result, de_flavors, ser_flavors};
use serde::{Serialize, de::DeserializeOwned};

const MANY: usize = 100_000;

struct Writing {
    bytes: Vec<u8>,
    single: usize,
}

impl ser_flavors::Flavor for Writing {
    type Output = Self;

    fn try_extend(&mut self, data: &[u8]) -> Result<()> {
        self.bytes.extend_from_slice(data);
        Ok(())
    }

    fn try_push(&mut self, data: u8) -> Result<()> {
        self.single += 1;
        self.bytes.push(data);
        Ok(())
    }

    fn finalize(self) -> Result<Self> {
        Ok(self)
    }
}

struct Reading<'de> {
    rest: &'de [u8],
    single: usize,
}

impl<'de> de_flavors::Flavor<'de> for Reading<'de> {
    type Remainder = usize;
    type Source = &'de [u8];

    fn pop(&mut self) -> Result<u8> {
        self.single += 1;
        let (first, rest) = self
            .rest
            .split_first()
            .ok_or(postcard::Error::DeserializeUnexpectedEnd)?;
        self.rest = rest;
        Ok(*first)
    }

    fn try_take_n(&mut self, count: usize) -> Result<&'de [u8]> {
        let (taken, rest) = self
            .rest
            .split_at_checked(count)
            .ok_or(postcard::Error::DeserializeUnexpectedEnd)?;
        self.rest = rest;
        Ok(taken)
    }

    fn finalize(self) -> Result<usize> {
        Ok(self.single)
    }
}

/// Steps of a byte that writing and reading take.
fn steps<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(
    said: &T,
) -> (usize, usize) {
    let empty = Writing {
        bytes: Vec::new(),
        single: 0,
    };
    let written = postcard::serialize_with_flavor(said, empty).expect("written");
    assert!(written.bytes.len() > MANY);
    assert_eq!(written.bytes, midge::link::encode(said));
    let reading = Reading {
        rest: &written.bytes,
        single: 0,
    };
    let mut from = postcard::Deserializer::from_flavor(reading);
    let read = T::deserialize(&mut from).expect("read");
    assert_eq!(&read, said);
    (written.single, from.finalize().expect("counted"))
}

fn assert_in_one_piece<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(said: &T) {
    let (written, read) = steps(said);
    assert!(
        written < 1000 && read < 1000,
        "{written} written, {read} read"
    );
}

fn many() -> Vec<u8> {
    (0..MANY).map(|at| at as u8).collect()
}

fn properties() -> PublishProperties {
    PublishProperties {
        correlation_data: Some(many()),
        ..PublishProperties::default()
    }
}

#[test]
fn a_frame_carries_payloads_in_one_piece() {
    let inspected = [
        Inspected {
            bytes: many(),
            ..Inspected::default()
        },
        Inspected {
            before: Some(many()),
            sparkplug: Some(SparkplugContext {
                birth: Some(many()),
                previous: Some(many()),
            }),
            ..Inspected::default()
        },
        Inspected {
            properties: Some(properties()),
            ..Inspected::default()
        },
    ];
    for inspected in inspected {
        assert_in_one_piece(&Frame {
            answers: vec![Answer::Inspector(inspected)],
            ..Frame::default()
        });
    }
}

#[test]
fn commands_carry_payloads_in_one_piece() {
    let publish = |payload, properties| {
        Command::Publish(Box::new(Publication {
            number: 1,
            topic: "t".to_owned(),
            payload: Body::Bytes(payload),
            qos: Qos::AtMostOnce,
            retain: false,
            properties,
        }))
    };
    assert_in_one_piece(&publish(many(), PublishProperties::default()));
    assert_in_one_piece(&publish(Vec::new(), properties()));
    let connect = |password, will| {
        Command::Connect(Box::new(ConnectRequest {
            connect: Connect {
                version: Version::V5,
                client_id: String::new(),
                user_name: None,
                password,
                keep_alive: 0,
                clean_session: true,
                will,
                properties: ConnectProperties::default(),
            },
            addresses: Vec::new(),
            newest: false,
            old_subprotocol: false,
            client_id_made_up: false,
            scram: false,
            strict: false,
        }))
    };
    let will = |payload, properties| {
        Some(Will {
            topic: "t".to_owned(),
            payload,
            qos: Qos::AtMostOnce,
            retain: false,
            delay: None,
            properties,
        })
    };
    assert_in_one_piece(&connect(Some(many()), None));
    assert_in_one_piece(&connect(None, will(many(), PublishProperties::default())));
    assert_in_one_piece(&connect(None, will(Vec::new(), properties())));
}
