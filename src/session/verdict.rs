//! What a reason code of the broker means for the next try (MQTT 5 section 2.4). CONNACK and DISCONNECT share their codes.
//! Knows no connection.

/// What may cure it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cure {
    /// Nothing that happens by itself: the same CONNECT would be answered the same way.
    Nothing,
    /// Time.
    Time,
    /// Another address at once, where there is one; else time.
    Elsewhere,
    /// Another address at once, where there is one; else nothing.
    OnlyElsewhere,
}

/// What may cure a connection that ended, or was refused, with this reason code.
///
/// Tried again is what the specification or the word itself calls passing. Given up is what names a fault of the
/// settings, of the user's rights or of what was sent: sent again, it would end the same way, and the user is told
/// instead. A server that is named instead is never followed by itself, as it could be anybody's: only the user's own
/// addresses are.
pub(super) fn cure(code: u8) -> Cure {
    match code {
        // Server unavailable, server busy, server shutting down, use another server.
        0x88 | 0x89 | 0x8B | 0x9C => Cure::Elsewhere,
        // Server moved: not there any more.
        0x9D => Cure::OnlyElsewhere,
        // Normal disconnection, with will: a broker has no such word, and some say it when they go.
        0x00 | 0x04 => Cure::Time,
        // Unspecified error, implementation specific error, keep alive timeout, message rate too high, quota exceeded,
        // connection rate exceeded, maximum connect time.
        0x80 | 0x83 | 0x8D | 0x96 | 0x97 | 0x9F | 0xA0 => Cure::Time,
        // Among them: not authorized, bad user name or password, banned, session taken over, administrative action, and
        // everything that this client is said to have done wrong.
        _ => Cure::Nothing,
    }
}

/// DISCONNECT with this code may be the answer to a packet of this client: what it asked for, or what it published.
pub(super) fn blames(code: u8) -> bool {
    match code {
        // Bad user name or password, bad authentication method, banned: of CONNECT. Server busy, shutting down, keep alive
        // timeout, session taken over, rates, administrative action, another server, connect time: of nothing that was sent.
        0x86 | 0x88..=0x8E | 0x96 | 0x98 | 0x9C | 0x9D | 0x9F | 0xA0 => false,
        _ => code >= 0x80,
    }
}

/// The same for the return codes of CONNACK before MQTT 5 (MQTT 3.1.1 section 3.2.2.3): 3 is "server unavailable".
pub(super) fn cure_before_5(code: u8) -> Cure {
    if code == 3 {
        Cure::Elsewhere
    } else {
        Cure::Nothing
    }
}
