//! A cursor over a packet. Each of its methods reads one kind of field and advances it.
//!
//! Every read reports its field to an observer before the field is checked. So if a check fails, the field that was
//! reported last is the one at fault. The observer `()` costs nothing, because the calls to it are compiled away.

use super::fault::{Fault, FaultKind};
use super::header;
use super::label::Label;
use super::packet::{Direction, PacketType, Version};
use super::topic;

/// An observer of the fields of a packet while it is read.
pub(super) trait Observer<'p> {
    /// The next field: bytes `start..end` of the packet.
    fn field(&mut self, start: usize, end: usize, label: &'static Label, value: Value<'p>);

    /// The last field has a fault, but reading could continue after it. Returns true if it should.
    #[inline(always)]
    fn forgives(&mut self, _: &Fault) -> bool {
        false
    }
}

/// No observer.
impl<'p> Observer<'p> for () {
    #[inline(always)]
    fn field(&mut self, _: usize, _: usize, _: &'static Label, _: Value<'p>) {}
}

/// The content of a field, before it is made into text.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value<'p> {
    /// Opaque bytes: only their length is shown.
    Bytes,
    /// Byte 1.
    FirstByte(u8),
    /// The connect flags.
    ConnectFlags(u8),
    /// The connect flags of MQTT 5.
    ConnectFlagsOfFive(u8),
    /// The connect acknowledge flags.
    ConnackFlags(u8),
    /// A connect return code.
    ConnackCode(u8),
    /// A return code of SUBACK.
    SubackCode(u8),
    /// A reason code.
    Reason(PacketType, u8),
    /// The subscription options of MQTT 5.
    SubscriptionOptions(u8),
    /// A property's identifier.
    PropertyId(usize),
    /// A number.
    Number(usize),
    /// Text that is not checked yet.
    Text(&'p [u8]),
    /// The packet ends within the field.
    CutShort,
}

/// See the head of the file.
pub(super) struct Cursor<'p, 'o, O> {
    pub(super) packet: &'p [u8],
    /// The next byte.
    pub(super) at: usize,
    /// The first byte that cannot be read.
    pub(super) end: usize,
    /// Where the packet ends according to its remaining length, or its properties according to theirs: never before
    /// `end`.
    pub(super) announced_end: usize,
    /// The cursor is within the properties.
    pub(super) in_properties: bool,
    pub(super) packet_type: PacketType,
    pub(super) version: Version,
    /// `None`: the packet may be of either.
    pub(super) direction: Option<Direction>,
    pub(super) observer: &'o mut O,
}

impl<'p, O: Observer<'p>> Cursor<'p, '_, O> {
    /// A fault of this packet.
    #[cold]
    pub(super) fn fault(&self, kind: FaultKind, at: usize) -> Fault {
        Fault {
            kind,
            at,
            packet_type: Some(self.packet_type),
            version: self.version,
        }
    }

    /// A fault that does not affect the boundaries of fields, so the observer may tolerate it.
    #[cold]
    pub(super) fn object(&mut self, kind: FaultKind, at: usize) -> Result<(), Fault> {
        let fault = self.fault(kind, at);
        if self.observer.forgives(&fault) {
            Ok(())
        } else {
            Err(fault)
        }
    }

    /// Whether nothing is left to read.
    pub(super) fn is_at_end(&self) -> bool {
        self.at >= self.announced_end
    }

    /// One byte.
    #[inline]
    pub(super) fn byte(
        &mut self,
        label: &'static Label,
        value: impl FnOnce(u8) -> Value<'p>,
    ) -> Result<u8, Fault> {
        let bytes = self.take(1, label)?;
        let byte = bytes.first().copied().unwrap_or_default();
        self.observer
            .field(self.at - 1, self.at, label, value(byte));
        Ok(byte)
    }

    /// A two-byte integer, high byte first (section 1.5.2).
    #[inline]
    pub(super) fn number(&mut self, label: &'static Label) -> Result<u16, Fault> {
        let number = match *self.take(2, label)? {
            [high, low] => u16::from_be_bytes([high, low]),
            _ => 0,
        };
        self.observer.field(
            self.at - 2,
            self.at,
            label,
            Value::Number(usize::from(number)),
        );
        Ok(number)
    }

    /// A four-byte integer, highest byte first (MQTT 5 section 1.5.3).
    pub(super) fn long_number(&mut self, label: &'static Label) -> Result<u32, Fault> {
        let number = match *self.take(4, label)? {
            [a, b, c, d] => u32::from_be_bytes([a, b, c, d]),
            _ => 0,
        };
        let value = Value::Number(number as usize);
        self.observer.field(self.at - 4, self.at, label, value);
        Ok(number)
    }

    /// A variable byte integer (MQTT 5 section 1.5.5).
    #[inline]
    pub(super) fn variable(
        &mut self,
        label: &'static Label,
        value: fn(usize) -> Value<'p>,
    ) -> Result<usize, Fault> {
        let start = self.at;
        let there = self.packet.get(start..self.end).unwrap_or_default();
        match header::remaining_length(there) {
            Ok(Some((number, count))) => {
                self.at += count;
                self.observer.field(start, self.at, label, value(number));
                Ok(number)
            }
            Ok(None) => Err(self.cut_short(there.len() + 1, label)),
            Err(kind) => {
                let kind = match kind {
                    FaultKind::LengthNotMinimal => FaultKind::VariableNotMinimal,
                    _ => FaultKind::VariableUnended,
                };
                self.at += header::wrong_length(there);
                self.observer.field(start, self.at, label, Value::Bytes);
                Err(self.fault(kind, start))
            }
        }
    }

    /// A packet identifier, which is never 0 (section 2.3.1).
    #[inline]
    pub(super) fn packet_id(&mut self, label: &'static Label) -> Result<u16, Fault> {
        match self.number(label)? {
            0 => Err(self.fault(FaultKind::PacketIdZero, self.at - 2)),
            packet_id => Ok(packet_id),
        }
    }

    /// Bytes after a two-byte length.
    #[inline]
    pub(super) fn prefixed(
        &mut self,
        length: &'static Label,
        label: &'static Label,
        value: fn(&'p [u8]) -> Value<'p>,
    ) -> Result<&'p [u8], Fault> {
        let count = usize::from(self.number(length)?);
        if count > self.announced_end - self.at {
            let kind = if self.in_properties {
                FaultKind::PropertyOverEnd
            } else {
                FaultKind::LengthOverEnd
            };
            return Err(self.fault(kind, self.at - 2));
        }
        let bytes = self.take(count, label)?;
        self.observer
            .field(self.at - count, self.at, label, value(bytes));
        Ok(bytes)
    }

    /// UTF-8 text after a two-byte length (section 1.5.3). U+0000 is left to the caller, who has more to check.
    #[inline]
    pub(super) fn utf8(
        &mut self,
        length: &'static Label,
        label: &'static Label,
    ) -> Result<&'p str, Fault> {
        let bytes = self.prefixed(length, label, Value::Text)?;
        self.check_utf8(bytes)
    }

    /// The bytes that were just read as text. If invalid UTF-8 is tolerated: the valid part at the beginning.
    #[inline]
    fn check_utf8(&mut self, bytes: &'p [u8]) -> Result<&'p str, Fault> {
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(text),
            Err(error) => self.not_utf8(bytes, error.valid_up_to()),
        }
    }

    #[cold]
    fn not_utf8(&mut self, bytes: &'p [u8], valid: usize) -> Result<&'p str, Fault> {
        self.object(FaultKind::NotUtf8, self.at - bytes.len() + valid)?;
        let text = bytes.get(..valid).unwrap_or_default();
        Ok(std::str::from_utf8(text).unwrap_or_default())
    }

    /// Text without U+0000 after a two-byte length (section 1.5.3).
    pub(super) fn text(
        &mut self,
        length: &'static Label,
        label: &'static Label,
    ) -> Result<&'p str, Fault> {
        let bytes = self.prefixed(length, label, Value::Text)?;
        let text = self.check_utf8(bytes)?;
        if let Some(nul) = memchr::memchr(0, text.as_bytes()) {
            self.object(FaultKind::NulInText, self.at - bytes.len() + nul)?;
        }
        Ok(text)
    }

    /// A topic name after a two-byte length: not empty, no wildcard, no U+0000 (sections 3.3.2.1 and 4.7.3).
    #[inline]
    pub(super) fn topic_name(
        &mut self,
        length: &'static Label,
        label: &'static Label,
    ) -> Result<&'p [u8], Fault> {
        let name = self.topic_name_or_none(length, label)?;
        if name.is_empty() {
            self.object(FaultKind::TopicEmpty, self.at)?;
        }
        Ok(name)
    }

    /// A topic name that may be empty.
    #[inline]
    pub(super) fn topic_name_or_none(
        &mut self,
        length: &'static Label,
        label: &'static Label,
    ) -> Result<&'p [u8], Fault> {
        let name = self.prefixed(length, label, Value::Text)?;
        if !topic::is_plain(name) {
            self.check_topic_name(name)?;
        }
        Ok(name)
    }

    /// A topic name that was just read.
    fn check_topic_name(&mut self, name: &'p [u8]) -> Result<(), Fault> {
        let text = self.check_utf8(name)?;
        let start = self.at - name.len();
        match memchr::memchr3(0, b'+', b'#', text.as_bytes()) {
            None => Ok(()),
            Some(at) if name.get(at) == Some(&0) => self.object(FaultKind::NulInText, start + at),
            Some(at) => self.object(FaultKind::TopicWildcard, start + at),
        }
    }

    /// The rest cannot be read.
    #[cold]
    pub(super) fn pass_over(&mut self) {
        let start = self.at;
        self.at = self.end;
        if start < self.end {
            self.observer
                .field(start, self.end, &super::label::NOT_READ, Value::Bytes);
        }
    }

    /// All remaining bytes.
    #[inline]
    pub(super) fn rest(&mut self, label: &'static Label) -> Result<(), Fault> {
        let start = self.at;
        self.at = self.end;
        self.observer.field(start, self.end, label, Value::Bytes);
        if self.end < self.announced_end {
            return Err(self.fault(FaultKind::Incomplete, self.end));
        }
        Ok(())
    }

    /// Checks that nothing remains, neither in the body nor after it.
    #[inline]
    pub(super) fn finish(&mut self) -> Result<(), Fault> {
        if self.at < self.announced_end {
            let start = self.at;
            self.at = self.end;
            self.observer
                .field(start, self.end, &super::label::LEFT_OVER, Value::Bytes);
            return Err(self.fault(FaultKind::BodyTooLong, start));
        }
        if self.at < self.packet.len() {
            self.observer.field(
                self.at,
                self.packet.len(),
                &super::label::LEFT_OVER,
                Value::Bytes,
            );
            return Err(self.fault(FaultKind::TrailingBytes, self.at));
        }
        Ok(())
    }

    /// The next `count` bytes. Reports to the observer only if some are missing.
    #[inline]
    fn take(&mut self, count: usize, label: &'static Label) -> Result<&'p [u8], Fault> {
        if count <= self.end - self.at
            && let Some(bytes) = self.packet.get(self.at..self.at + count)
        {
            self.at += count;
            return Ok(bytes);
        }
        Err(self.cut_short(count, label))
    }

    #[cold]
    fn cut_short(&mut self, count: usize, label: &'static Label) -> Fault {
        let start = self.at;
        self.at = self.end;
        self.observer.field(start, self.end, label, Value::CutShort);
        // If the packet announces enough bytes, the packet is incomplete; otherwise the length is wrong.
        let kind = if count <= self.announced_end - start {
            FaultKind::Incomplete
        } else if self.in_properties {
            FaultKind::PropertyOverEnd
        } else {
            FaultKind::BodyTooShort
        };
        self.fault(kind, self.end)
    }
}
