//! Outputs of the session: instructions to the socket and to storage, every packet that crossed the wire, and events.

use super::Phase;
use crate::protocol::{Direction, Fault, Limit, Outline, Qos, Version};

/// One output. Bytes are borrowed, so nothing is allocated per message.
#[derive(Debug)]
pub enum Output<'a> {
    /// Open a WebSocket. Report what happens to it with this number. Earlier sockets no longer matter.
    Open {
        /// The address.
        address: &'a str,
        /// The WebSocket subprotocol to offer.
        subprotocol: &'static str,
        /// The version that will be spoken.
        version: Version,
        /// Its number, which is never reused.
        socket: u32,
    },
    /// Close the socket after everything sent before it. The session ignores this socket from now on.
    Close {
        /// Its number.
        socket: u32,
        /// WebSocket close code: 1000, or 4000 and above, because a browser allows no other.
        code: u16,
        /// The close reason, for the log of the broker.
        reason: &'static str,
    },
    /// A control packet. Send outgoing ones on the open socket, in this order.
    Packet {
        /// Which way.
        direction: Direction,
        /// The whole packet.
        bytes: &'a [u8],
        /// Where its parts are.
        outline: Outline,
        /// PUBLISH only: its topic name, which is not in its bytes if a topic alias stands for it. Valid UTF-8.
        topic: &'a [u8],
        /// What it means to the application.
        role: PacketRole,
    },
    /// Change the records in storage. Packets after this output must not be sent before the change is durable. Only
    /// then does a crash at any moment lose nothing, and deliver QoS 2 messages once.
    Store(Change),
    /// An incoming PUBLISH that breaks a rule but can still be read as a message.
    Flawed {
        /// The whole packet.
        bytes: &'a [u8],
        /// Where its parts are. The topic may be any bytes.
        outline: Outline,
        /// Its topic, made readable.
        topic: &'a str,
        /// What it means to the application.
        role: PacketRole,
        /// The first of its faults.
        fault: Fault,
    },
    /// The broker sent something that is not a valid packet. Usually the socket is closed, too, with an
    /// [`Output::Close`] that follows. An answer whose meaning is still clear is accepted, with an [`Event::Breach`].
    Malformed {
        /// The bytes in question, at most [`super::MALFORMED_LIMIT`] of them.
        bytes: &'a [u8],
        /// What is wrong with them.
        fault: Fault,
    },
    /// Something happened.
    Event(Event),
}

/// A change of the session's records in storage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Store this value under this key, replacing any earlier value.
    Put {
        /// The key.
        key: u64,
        /// The value, in a format of the session's own.
        value: Vec<u8>,
    },
    /// Remove this key.
    Remove {
        /// The key.
        key: u64,
    },
    /// Remove all records of this session.
    Clear,
}

/// What a packet means to the application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PacketRole {
    /// An incoming PUBLISH: a message.
    Message,
    /// An incoming QoS 2 PUBLISH that was delivered before: not a message.
    Repeat,
    /// An outgoing PUBLISH: the publication of this number, for the first time or again (see its DUP flag).
    Publication(u32),
    /// Any other packet.
    Control,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// [`super::Session::phase`] has changed to this.
    PhaseChanged(Phase),
    /// CONNACK accepted the connection.
    Connected {
        /// The broker had kept the session.
        session_present: bool,
        /// The session of the connection before is taken up: the broker had kept it, or, in MQTT 3.1, which cannot say so,
        /// may have.
        resumed: bool,
        /// The version in use. Remember it for the next time.
        version: Version,
    },
    /// A connection that was lost has been restored.
    Returned {
        /// How long there was none, in microseconds.
        away: u64,
        /// The broker had kept the session.
        session_present: bool,
        /// The machine probably slept meanwhile.
        slept: bool,
    },
    /// The broker had kept a session that this side knows nothing about. MQTT 5 requires to close the connection then
    /// ([MQTT-3.2.2-4]). The next one follows at once and starts a new session, so messages that waited in the old one
    /// are lost.
    SessionUnknown,
    /// SUBACK granted a filter.
    Granted {
        /// The filter.
        filter: String,
        /// The maximum quality of service granted.
        qos: Qos,
    },
    /// SUBACK refused a filter. It stays in the list, and is requested again on the next connection.
    Refused {
        /// The filter.
        filter: String,
        /// 0x80, or the reason code of MQTT 5.
        code: u8,
        /// Reason string.
        reason: Option<String>,
    },
    /// The broker closed the connection when this filter was requested, so it is probably not permitted. It stays in
    /// the list, and is not requested again until the next [`super::Input::Subscribe`] with it.
    Withheld {
        /// The filter.
        filter: String,
    },
    /// The broker closed the connection each time this publication was sent. It is not sent again until the user asks
    /// for it; see [`super::Session::held_back`].
    HeldBack {
        /// Its number.
        number: u32,
    },
    /// The broker does not allow this subscription, so it was not requested. It stays in the list.
    Forbidden {
        /// The filter.
        filter: String,
        /// Why.
        why: Limit,
    },
    /// This is not a valid topic filter (MQTT 3.1.1 section 4.7). It is not in the list of subscriptions.
    FilterInvalid {
        /// The text in question.
        filter: String,
    },
    /// UNSUBACK: the broker ended a subscription, or refused to.
    Unsubscribed {
        /// The filter.
        filter: String,
        /// 0, 0x11 (it held no such subscription, which is no failure), or the refusal: from 0x80.
        code: u8,
        /// Reason string.
        reason: Option<String>,
    },
    /// A publication is done: QoS 0 has left the send buffer (see [`super::Input::Buffered`]), QoS 1 and 2 is
    /// acknowledged.
    Published {
        /// Its number.
        number: u32,
    },
    /// A publication waits: there is no connection, the broker accepts no more for now, or the send buffer is full.
    Queued {
        /// Its number.
        number: u32,
    },
    /// The user cancelled a publication that had not been sent, or discarded one that was held back.
    Cancelled {
        /// Its number.
        number: u32,
    },
    /// The broker received a publication and refused it: PUBACK or PUBREC with a reason code from 0x80 (MQTT 5).
    PublishRefused {
        /// Its number.
        number: u32,
        /// Reason code.
        code: u8,
        /// Reason string.
        reason: Option<String>,
    },
    /// A publication was not sent, and will not be.
    PublishFailed {
        /// Its number.
        number: u32,
        /// Why.
        why: PublishFault,
    },
    /// The session ended, and with it unfinished deliveries.
    Unfinished {
        /// How many QoS 1 messages are sent again as new messages.
        sent_anew: u32,
        /// Numbers of publications that were sent and whose outcome is unknown: sending them again could deliver them
        /// twice, or there is no connection.
        unknown: Vec<u32>,
    },
    /// Unsent and unfinished publications were restored from storage. The session gave them new numbers from
    /// [`super::FIRST_RESTORED`] on, which callers do not use.
    Restored {
        /// Their numbers.
        publications: Vec<u32>,
        /// How many records of storage could not be read.
        damaged: u32,
    },
    /// Storage failed: from now on the session is kept in memory only.
    StorageFailed {
        /// The browser's error message.
        detail: String,
    },
    /// Re-authentication was accepted.
    Reauthenticated,
    /// The broker broke a rule with the packet before this, and the connection goes on.
    Breach {
        /// What, in English.
        detail: String,
        /// The section of the specification.
        clause: String,
    },
    /// A packet was skipped because it is larger than [`super::Settings::packet_limit`].
    PassedOver {
        /// Its topic, made readable; `None`: it is no message.
        topic: Option<String>,
        /// Its size in bytes, header included.
        size: u32,
        /// The limit.
        limit: u32,
    },
    /// The memory for the topic names of aliases is full: messages with further aliases are shown without a topic.
    /// Reported once per connection.
    AliasNamesFull {
        /// How many bytes are kept.
        limit: u32,
    },
}

/// Why a publication did not go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PublishFault {
    /// There is no connection, and the user has not asked for one.
    NotConnected,
    /// The queue is full (see [`super::QueueLimit`]).
    QueueFull,
    /// It is QoS 0, and the connection ended before it left the send buffer.
    Cut,
    /// It expired while it waited (MQTT 5 section 3.3.2.3.3).
    Expired,
    /// The broker does not allow it.
    Forbidden(Limit),
    /// The topic, or the response topic, is not a topic name (MQTT 3.1.1 section 4.7).
    Topic,
    /// The packet, or a text in its properties, is larger than MQTT allows.
    TooLarge,
    /// All 65,535 packet identifiers are in use.
    NoIdentifier,
}
