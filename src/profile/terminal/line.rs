//! A line for a terminal, what one has to know beside it, and why there is none.

/// A command line, and what one has to know beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// One command, or several on lines of their own.
    pub text: String,
    /// What one has to know.
    pub notes: Vec<Note>,
}

/// What one has to know of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// The port is only the usual one for plain MQTT, or for MQTT over TLS: the broker's own is not known.
    GuessedPort(u16),
    /// The password is taken from the variable `MQTT_PASSWORD`.
    Password,
    /// The file of this name has to be in the folder where the line is run.
    File(String),
    /// It becomes a member of the group of a shared subscription, and takes messages away from the page.
    Shared,
    /// The commands run beside each other, each in a terminal of its own.
    Several,
}

/// Why there is no line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoLine {
    /// Placeholders are filled in by the page.
    Placeholders,
    /// It would be longer than can be read or passed on.
    TooLong,
    /// The host that served the page takes no plain MQTT now.
    NoTcp,
    /// Mosquitto's clients know no SCRAM.
    Scram,
    /// They send no password without a user name.
    PasswordAlone,
    /// They refuse control characters, and characters that Unicode sets aside, in text of the protocol.
    Refused(Part),
    /// A shell cannot pass these bytes on.
    Correlation,
    /// There is nothing to subscribe to.
    NoSubscription,
    /// They know no "if the subscription is new", and not "never" beside "as published".
    RetainHandling,
}

/// A text of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Topic name.
    Topic,
    /// Topic filter.
    Filter,
    /// User name.
    UserName,
    /// Client identifier.
    ClientId,
    /// Response topic.
    ResponseTopic,
    /// Content type.
    ContentType,
    /// Name or value of a user property.
    UserProperty,
}

/// Bytes of a line at the most. A shell's words may be longer, and nobody reads them.
pub const MOST: usize = 16 * 1024;

/// A line, unless it is too long.
pub fn bounded(text: String, notes: Vec<Note>) -> Result<Line, NoLine> {
    if text.len() > MOST {
        return Err(NoLine::TooLong);
    }
    Ok(Line { text, notes })
}
