//! The words for the reason codes of MQTT 5 with which a broker refuses or ends a connection.

/// What a code means, as the end of a sentence, and what to do about it.
pub type Meaning = (&'static str, &'static str);

/// Reason codes of CONNACK (MQTT 5 section 3.2.2.2) and DISCONNECT (section 3.14.2.1).
pub struct CodeWords {
    /// The meaning, and the code.
    pub refused: fn(&str, u8) -> String,
    /// The meaning, and the code.
    pub ended: fn(&str, u8) -> String,
    /// A code that the specification does not give to this packet.
    pub unknown: Meaning,
    /// By the code of a CONNACK.
    pub connack: fn(u8) -> Option<Meaning>,
    /// By the code of a DISCONNECT.
    pub disconnect: fn(u8) -> Option<Meaning>,
    pub no_version: &'static str,
    pub no_version_check: &'static str,
    pub authentication: &'static str,
    pub authentication_check: &'static str,
    pub broker_says: &'static str,
    pub server_reference: &'static str,
}
