//! What the session says: instructions to the socket, every packet that crossed the wire, and events.

use super::Phase;
use crate::protocol::{Direction, Fault, Limit, Outline, Qos, Version};

/// One thing to do or to know. Bytes are borrowed: nothing is allocated per message.
#[derive(Debug)]
pub enum Output<'a> {
    /// Open a WebSocket and tell of it under this number. Any earlier one is of no interest any more.
    Open {
        /// Where.
        address: &'a str,
        /// The WebSocket subprotocol to offer.
        subprotocol: &'static str,
        /// The version that will be spoken.
        version: Version,
        /// Its number, never used twice.
        socket: u32,
    },
    /// Close the socket once everything sent before is on its way. The session takes no further word from it.
    Close {
        /// Its number.
        socket: u32,
        /// WebSocket close code: 1000, or 4000 and above, as a browser allows no other.
        code: u16,
        /// For the broker's log.
        reason: &'static str,
    },
    /// A control packet that crossed the wire. Outgoing ones are to be sent on the open socket, in this order.
    Packet {
        /// Which way.
        direction: Direction,
        /// The whole packet.
        bytes: &'a [u8],
        /// Where its parts are.
        outline: Outline,
        /// PUBLISH only: its topic name, which is not in its bytes where a topic alias stands for it. UTF-8, as the outline
        /// was made.
        topic: &'a [u8],
        /// What it means to the application.
        role: PacketRole,
    },
    /// Change what storage holds. Packets that come after it must not leave before storage has done so: only then does
    /// a crash at any moment lose nothing, and deliver QoS 2 once.
    Store(Change),
    /// An incoming PUBLISH that breaks a rule within sound borders: a message all the same.
    Flawed {
        /// The whole packet.
        bytes: &'a [u8],
        /// Where its parts are; its topic may be of any bytes.
        outline: Outline,
        /// Its topic for reading.
        topic: &'a str,
        /// What it means to the application.
        role: PacketRole,
        /// The first of its faults.
        fault: Fault,
    },
    /// What the broker sent is not a packet. Mostly the socket is closed as well, with [`Output::Close`] in the same drain;
    /// an answer of which it is plain what it means is taken, with [`Event::Breach`].
    Malformed {
        /// The bytes in question, at most [`super::MALFORMED_LIMIT`] of them.
        bytes: &'a [u8],
        /// What is wrong with them.
        fault: Fault,
    },
    /// Something happened.
    Event(Event),
}

/// A change of what storage holds for the session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Put this value under this key, in place of any earlier one.
    Put {
        /// The key.
        key: u64,
        /// The session's own words.
        value: Vec<u8>,
    },
    /// Remove this key.
    Remove {
        /// The key.
        key: u64,
    },
    /// Remove every key of this session.
    Clear,
}

/// What a packet means to the application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PacketRole {
    /// An incoming PUBLISH: a message.
    Message,
    /// An incoming PUBLISH of QoS 2 that was delivered before: not a message.
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
        /// The session of the connection before is taken up: the broker had kept it, or, in MQTT 3.1, which has no word for
        /// that, may have.
        resumed: bool,
        /// The version that it took, to be remembered.
        version: Version,
    },
    /// After a connection was lost without the user's wish, it is there again.
    Returned {
        /// For how long it was away, in microseconds.
        away: u64,
        /// The broker had kept the session.
        session_present: bool,
        /// The machine had slept meanwhile, as far as can be told.
        slept: bool,
    },
    /// The broker had kept a session that this side knows nothing of. MQTT 5 demands that the connection is closed then
    /// ([MQTT-3.2.2-4]); another follows at once that begins a new session, so messages that waited in the old one are
    /// lost.
    SessionUnknown,
    /// SUBACK granted a filter.
    Granted {
        /// The filter.
        filter: String,
        /// The maximum quality of service granted.
        qos: Qos,
    },
    /// SUBACK refused a filter. It stays wanted, and is asked for again at the next connection.
    Refused {
        /// The filter.
        filter: String,
        /// 0x80, or the reason code of MQTT 5.
        code: u8,
        /// Reason string.
        reason: Option<String>,
    },
    /// The broker closed the connection when it was asked for this filter, so it is probably not permitted. It stays wanted,
    /// and is not asked for again until the user says so, with [`super::Input::Subscribe`].
    Withheld {
        /// The filter.
        filter: String,
    },
    /// The broker closed the connection each time this publication was sent. It is not sent again until the user says so;
    /// see [`super::Session::held_back`].
    HeldBack {
        /// Its number.
        number: u32,
    },
    /// What was asked for is not allowed by what the broker granted, so it was not sent. It stays wanted.
    Forbidden {
        /// The filter.
        filter: String,
        /// Why.
        why: Limit,
    },
    /// What was asked for is not a topic filter (MQTT 3.1.1 section 4.7). It is not in the list of subscriptions.
    FilterInvalid {
        /// What was asked for.
        filter: String,
    },
    /// UNSUBACK: the broker gave up a filter, or says that it does not.
    Unsubscribed {
        /// The filter.
        filter: String,
        /// 0, 0x11 (it held no such subscription, which is no failure), or the refusal: from 0x80.
        code: u8,
        /// Reason string.
        reason: Option<String>,
    },
    /// A publication is done: for QoS 0 it has left (see [`super::Input::Buffered`]), for QoS 1 and 2 it is acknowledged.
    Published {
        /// Its number.
        number: u32,
    },
    /// A publication waits: there is no connection, the broker takes no more for now, or too much is on its way already.
    Queued {
        /// Its number.
        number: u32,
    },
    /// A publication that waited was withdrawn by the user.
    Cancelled {
        /// Its number.
        number: u32,
    },
    /// The broker took a publication and refused it: PUBACK or PUBREC with a reason code from 0x80 (MQTT 5).
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
    /// The session ended, and with it deliveries that were not finished.
    Unfinished {
        /// How many QoS 1 messages are sent anew.
        sent_anew: u32,
        /// Numbers of the publications that were sent and whose outcome is unknown: sending them anew could deliver
        /// them twice, or there is no connection to send them on.
        unknown: Vec<u32>,
    },
    /// Publications that waited in storage, or were not finished, are taken up again, under these numbers of the session:
    /// from [`super::FIRST_RESTORED`] on, so that they are none of the caller's.
    Restored {
        /// How many wait or are in flight.
        publications: Vec<u32>,
        /// How many records of storage could not be read.
        damaged: u32,
    },
    /// Storage failed: from here on the session is kept in memory only.
    StorageFailed {
        /// The browser's own words.
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
    /// A packet went by that is larger than [`super::Settings::packet_limit`], this client's own limit.
    PassedOver {
        /// Its topic for reading; `None` for a packet that is no message.
        topic: Option<String>,
        /// Its size in bytes, header included.
        size: u32,
        /// The limit.
        limit: u32,
    },
    /// More bytes of topic names behind aliases came than are kept: messages under further aliases have no topic here. Said
    /// once a connection.
    AliasNamesFull {
        /// How many bytes are kept.
        limit: u32,
    },
}

/// Why a publication did not go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PublishFault {
    /// There is no connection, and none is wanted.
    NotConnected,
    /// As much waits as may wait (see [`super::QueueLimit`]).
    QueueFull,
    /// Of QoS 0, and the connection ended before it had left.
    Cut,
    /// It expired while it waited (MQTT 5 section 3.3.2.3.3).
    Expired,
    /// The broker does not allow it.
    Forbidden(Limit),
    /// The topic, or the response topic, is not a topic name (MQTT 3.1.1 section 4.7).
    Topic,
    /// The packet, or a text in its properties, is more than MQTT allows.
    TooLarge,
    /// All 65,535 packet identifiers are in use.
    NoIdentifier,
}
