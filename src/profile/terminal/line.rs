//! A command line, notes about it, and reasons why there is none.

/// A command line with notes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// One command, or several, each on its own line.
    pub text: String,
    /// The notes.
    pub notes: Vec<Note>,
}

/// A note about a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// The port is the usual one for plain MQTT or for MQTT over TLS. The broker's may be another.
    GuessedPort(u16),
    /// The password is read from the variable `MQTT_PASSWORD`.
    Password,
    /// A file with this name has to be in the current folder.
    File(String),
    /// It joins the group of a shared subscription, so the page gets fewer messages.
    Shared,
    /// The commands have to run at the same time, each in its own terminal.
    Several,
}

/// Why there is no line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoLine {
    /// Placeholders are filled in by the page.
    Placeholders,
    /// It would be too long.
    TooLong,
    /// The host that served the page does not accept plain MQTT now.
    NoTcp,
    /// The page reaches the broker through the host, which does not tell where that is.
    WayIn,
    /// The broker is in this browser, where no other program gets to it.
    InBrowser,
    /// Mosquitto's clients do not support SCRAM.
    Scram,
    /// They cannot send a password without a user name.
    PasswordAlone,
    /// They refuse control characters and Unicode noncharacters in this text.
    Refused(Part),
    /// A shell cannot pass these bytes on.
    Correlation,
    /// There is nothing to subscribe to.
    NoSubscription,
    /// They do not support this retain handling.
    RetainHandling,
}

/// A text in a packet.
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

/// The most bytes of a line. Shells accept more, but nobody would read that.
pub const MOST: usize = 16 * 1024;

/// A line, unless it is too long.
pub fn bounded(text: String, notes: Vec<Note>) -> Result<Line, NoLine> {
    if text.len() > MOST {
        return Err(NoLine::TooLong);
    }
    Ok(Line { text, notes })
}
