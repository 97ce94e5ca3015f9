//! The broker's own reading and writing of packets, of MQTT 3.1.1 and 5. Not Midge's codec: a fault there would be the
//! same on both sides and show nowhere.

/// What a client sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FromClient {
    Connect {
        level: u8,
        clean: bool,
        keep_alive: u16,
        /// 0: the session ends with the connection.
        expiry: u32,
        receive_maximum: u16,
        alias_maximum: u16,
    },
    Publish {
        /// Empty where an alias stands for it.
        topic: String,
        alias: u16,
        qos: u8,
        dup: bool,
        id: u16,
        payload: Vec<u8>,
    },
    Puback(u16),
    Pubrec(u16),
    Pubrel(u16),
    Pubcomp(u16),
    Subscribe {
        id: u16,
        filters: Vec<(String, u8)>,
    },
    Unsubscribe {
        id: u16,
        filters: Vec<String>,
    },
    Pingreq,
    Disconnect {
        code: u8,
    },
}

/// Takes the first whole packet out of the buffer. `level` is that of CONNECT; 0 before it.
pub fn take(buffer: &mut Vec<u8>, level: u8) -> Option<FromClient> {
    let mut read = Reader {
        bytes: buffer,
        at: 1,
    };
    let mut shift = 0;
    let mut length = 0;
    loop {
        let byte = *read.bytes.get(read.at)?;
        read.at += 1;
        length |= usize::from(byte & 0x7F) << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            break;
        }
    }
    let end = read.at + length;
    if read.bytes.len() < end {
        return None;
    }
    let packet = parse(read.bytes[0], &mut read, end, level);
    assert!(read.at == end, "{} bytes left of {packet:?}", end - read.at);
    buffer.drain(..end);
    Some(packet)
}

fn parse(first: u8, read: &mut Reader<'_>, end: usize, level: u8) -> FromClient {
    let five = level == 5;
    match first >> 4 {
        1 => connect(read),
        3 => {
            let qos = first >> 1 & 3;
            let topic = read.text();
            let id = if qos > 0 { read.short() } else { 0 };
            let properties = read.properties(five);
            FromClient::Publish {
                topic,
                alias: find(&properties, 0x23).map_or(0, |alias| alias as u16),
                qos,
                dup: first & 8 != 0,
                id,
                payload: read.rest(end),
            }
        }
        kind @ 4..=7 => {
            assert_eq!(first & 15, if kind == 6 { 2 } else { 0 }, "flags");
            let id = read.short();
            read.rest(end);
            match kind {
                4 => FromClient::Puback(id),
                5 => FromClient::Pubrec(id),
                6 => FromClient::Pubrel(id),
                _ => FromClient::Pubcomp(id),
            }
        }
        8 => {
            let id = read.short();
            read.properties(five);
            let mut filters = Vec::new();
            while read.at < end {
                filters.push((read.text(), read.byte() & 3));
            }
            FromClient::Subscribe { id, filters }
        }
        10 => {
            let id = read.short();
            read.properties(five);
            let mut filters = Vec::new();
            while read.at < end {
                filters.push(read.text());
            }
            FromClient::Unsubscribe { id, filters }
        }
        12 => FromClient::Pingreq,
        14 => FromClient::Disconnect {
            code: read.rest(end).first().copied().unwrap_or(0),
        },
        other => panic!("packet type {other} from a client"),
    }
}

fn connect(read: &mut Reader<'_>) -> FromClient {
    let name = read.text();
    assert_eq!(name, "MQTT");
    let level = read.byte();
    let flags = read.byte();
    assert_eq!(flags & !2, 0, "only clean session is used here");
    let keep_alive = read.short();
    let properties = read.properties(level == 5);
    read.text();
    let find = |id| find(&properties, id);
    let kept = if flags & 2 == 0 { u32::MAX } else { 0 };
    FromClient::Connect {
        level,
        clean: flags & 2 != 0,
        keep_alive,
        expiry: if level == 5 {
            find(0x11).unwrap_or(0)
        } else {
            kept
        },
        receive_maximum: find(0x21).map_or(u16::MAX, |maximum| maximum as u16),
        alias_maximum: find(0x22).map_or(0, |maximum| maximum as u16),
    }
}

fn find(properties: &[(u8, u32)], id: u8) -> Option<u32> {
    let found = properties.iter().find(|(known, _)| *known == id);
    found.map(|(_, value)| *value)
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn byte(&mut self) -> u8 {
        self.at += 1;
        self.bytes[self.at - 1]
    }

    fn short(&mut self) -> u16 {
        u16::from_be_bytes([self.byte(), self.byte()])
    }

    fn long(&mut self) -> u32 {
        u32::from(self.short()) << 16 | u32::from(self.short())
    }

    fn text(&mut self) -> String {
        let length = usize::from(self.short());
        let end = self.at + length;
        String::from_utf8(self.rest(end)).expect("UTF-8")
    }

    fn rest(&mut self, end: usize) -> Vec<u8> {
        let rest = self.bytes[self.at..end].to_vec();
        self.at = end;
        rest
    }

    /// Identifiers and numbers; texts count as 0. Lengths here are below 128.
    fn properties(&mut self, there_are: bool) -> Vec<(u8, u32)> {
        let mut found = Vec::new();
        if !there_are {
            return found;
        }
        let end = usize::from(self.byte()) + self.at;
        while self.at < end {
            let id = self.byte();
            let value = match id {
                0x01 | 0x17 | 0x19 => u32::from(self.byte()),
                0x21..=0x23 => u32::from(self.short()),
                0x02 | 0x11 | 0x18 | 0x27 => self.long(),
                0x26 => {
                    self.text();
                    self.text();
                    0
                }
                other => panic!("property {other:#x} is not used here"),
            };
            found.push((id, value));
        }
        found
    }
}

/// CONNACK. In MQTT 5 with a receive maximum and an alias maximum.
pub fn connack(level: u8, present: bool, receive_maximum: u16, alias_maximum: u16) -> Vec<u8> {
    let mut body = vec![u8::from(present), 0];
    if level == 5 {
        body.push(6);
        body.push(0x21);
        body.extend(receive_maximum.to_be_bytes());
        body.push(0x22);
        body.extend(alias_maximum.to_be_bytes());
    }
    packet(0x20, &body)
}

/// PUBLISH. In MQTT 5 with this alias, if it is not 0.
#[allow(clippy::too_many_arguments)] // they are the fields of the packet
pub fn publish(
    level: u8,
    topic: &str,
    alias: u16,
    qos: u8,
    dup: bool,
    id: u16,
    payload: &[u8],
) -> Vec<u8> {
    let mut body = Vec::new();
    body.extend((topic.len() as u16).to_be_bytes());
    body.extend(topic.as_bytes());
    if qos > 0 {
        body.extend(id.to_be_bytes());
    }
    if level == 5 && alias > 0 {
        body.extend([3, 0x23]);
        body.extend(alias.to_be_bytes());
    } else if level == 5 {
        body.push(0);
    }
    body.extend(payload);
    packet(0x30 | u8::from(dup) << 3 | qos << 1, &body)
}

/// PUBACK, PUBREC, PUBREL or PUBCOMP, by the first byte.
pub fn answer(first: u8, id: u16, code: u8) -> Vec<u8> {
    let mut body = id.to_be_bytes().to_vec();
    if code != 0 {
        body.push(code);
    }
    packet(first, &body)
}

/// SUBACK or UNSUBACK, by the first byte.
pub fn codes(first: u8, level: u8, id: u16, codes: &[u8]) -> Vec<u8> {
    let mut body = id.to_be_bytes().to_vec();
    if level == 5 {
        body.push(0);
    }
    body.extend(codes);
    packet(first, &body)
}

/// A packet of less than 128 bytes.
pub fn packet(first: u8, body: &[u8]) -> Vec<u8> {
    assert!(body.len() < 128);
    let mut bytes = vec![first, body.len() as u8];
    bytes.extend(body);
    bytes
}
