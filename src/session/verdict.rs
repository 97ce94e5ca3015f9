//! What a reason code of the broker means for the next attempt (MQTT 5 section 2.4). CONNACK and DISCONNECT share their
//! codes. Knows no connection.

/// What may help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cure {
    /// Nothing automatic: the same CONNECT would get the same answer.
    Nothing,
    /// Time: try again after a wait.
    Time,
    /// Another address at once, if there is one; otherwise time.
    Elsewhere,
    /// Another address at once, if there is one; otherwise nothing.
    OnlyElsewhere,
}

/// What may help after a connection ended, or was refused, with this reason code.
///
/// A retry follows codes that describe a temporary condition. Codes that blame the settings, the user's rights or what
/// was sent lead to giving up: a retry would end the same way, so the user is informed instead. A server reference is
/// never followed automatically, because it could be anybody's; only the user's own addresses are tried.
pub(super) fn cure(code: u8) -> Cure {
    match code {
        // Server unavailable, server busy, server shutting down, use another server.
        0x88 | 0x89 | 0x8B | 0x9C => Cure::Elsewhere,
        // Server moved: this address no longer works.
        0x9D => Cure::OnlyElsewhere,
        // Normal disconnection, and the same with will message: not for brokers, but some send it when they shut down.
        0x00 | 0x04 => Cure::Time,
        // Unspecified error, implementation specific error, keep alive timeout, message rate too high, quota exceeded,
        // connection rate exceeded, maximum connect time.
        0x80 | 0x83 | 0x8D | 0x96 | 0x97 | 0x9F | 0xA0 => Cure::Time,
        // Among them: not authorized, bad user name or password, banned, session taken over, administrative action, and
        // everything that accuses this client of an error.
        _ => Cure::Nothing,
    }
}

/// A DISCONNECT with this code may be the answer to a SUBSCRIBE, UNSUBSCRIBE or PUBLISH of this client.
pub(super) fn blames(code: u8) -> bool {
    match code {
        // Bad user name or password, bad authentication method and banned answer a CONNECT. Server busy, shutting down,
        // keep alive timeout, session taken over, rates, administrative action, another server and connect time answer
        // nothing that was sent.
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
