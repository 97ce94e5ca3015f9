//! English: payloads.

use super::content::{ContentWords, TerminalWords};
use crate::{
    payload::{CborFault, CborProblem, JsonFault, Mark, NumberFault, Open},
    profile::terminal::{NoLine, Note, Part},
};

fn open(what: Open) -> &'static str {
    match what {
        Open::Object => "the object that { opens",
        Open::Array => "the list that [ opens",
        Open::String => "a string",
        Open::Value => "a value",
    }
}

fn json_fault(fault: &JsonFault) -> String {
    match fault {
        JsonFault::Nothing => "there is nothing but white space".to_owned(),
        JsonFault::Unfinished(what) => format!("it ends before {} is finished", open(*what)),
        JsonFault::Second => "a second document begins here, and JSON is one value".to_owned(),
        JsonFault::After(letter) => {
            format!("the document is over, and {} follows", character(*letter))
        }
        JsonFault::TrailingComma => "a comma stands before the closing bracket".to_owned(),
        JsonFault::MissingComma => "a comma is missing here".to_owned(),
        JsonFault::MissingColon => "a colon is missing after the key".to_owned(),
        JsonFault::MissingValue => "a value is missing here".to_owned(),
        JsonFault::SingleQuote => "JSON takes double quotes only".to_owned(),
        JsonFault::CurlyQuote(quote) => {
            format!("{quote} is a quote of a text editor, JSON takes the straight \"")
        }
        JsonFault::Comment => "JSON has no comments".to_owned(),
        JsonFault::PlainKey(key) => format!("the key {key} needs double quotes"),
        JsonFault::Key(letter) => {
            format!(
                "a key in double quotes belongs here, and {} stands",
                character(*letter)
            )
        }
        JsonFault::NoNumber(word) => format!("JSON has no {word}"),
        JsonFault::Word(word, instead) => format!("{word} is written {instead} in JSON"),
        JsonFault::Unknown(word) => format!("{word} is no value; text needs double quotes"),
        JsonFault::WrongBracket(what) => {
            format!("the wrong bracket closes {}", open(*what))
        }
        JsonFault::Number(fault) => match fault {
            NumberFault::LeadingZero => "a number does not begin with 0 and more digits",
            NumberFault::Plus => "a number does not begin with +",
            NumberFault::PointFirst => "a number has a digit before its point",
            NumberFault::NoDigit => "a digit is missing in the number",
        }
        .to_owned(),
        JsonFault::Control(10) => "a line break in a string is written \\n".to_owned(),
        JsonFault::Control(9) => "a tab in a string is written \\t".to_owned(),
        JsonFault::Control(code) => {
            format!("a string holds the control character \\u{code:04x} as it is")
        }
        JsonFault::Escape(letter) => {
            format!("\\ does not go with {}", character(*letter))
        }
        JsonFault::Unicode => "\\u needs four hexadecimal digits".to_owned(),
        JsonFault::Character(letter) => format!("{} does not belong here", character(*letter)),
    }
}

/// A character, by its code where it would not be seen.
fn character(letter: char) -> String {
    if letter.is_alphanumeric() || letter.is_ascii_punctuation() {
        format!("“{letter}”")
    } else {
        format!("U+{:04X}", u32::from(letter))
    }
}

fn note(note: &Note) -> String {
    match note {
        Note::GuessedPort(port) => {
            format!("Port {port} is the usual one, and a guess; this page uses a WebSocket.")
        }
        Note::Password => "Set MQTT_PASSWORD to the password first.".to_owned(),
        Note::File(name) => format!("Run it where the file {name} is."),
        Note::Shared => {
            "It joins the group of the shared subscription, and takes its share of the messages."
                .to_owned()
        }
        Note::Several => {
            "Run each in a terminal of its own: they differ in their options.".to_owned()
        }
    }
}

fn none(why: NoLine) -> String {
    let part = |part| match part {
        Part::Topic => "topic",
        Part::Filter => "topic filter",
        Part::UserName => "user name",
        Part::ClientId => "client id",
        Part::ResponseTopic => "response topic",
        Part::ContentType => "content type",
        Part::UserProperty => "user property",
    };
    match why {
        NoLine::Placeholders => "Not with mosquitto_pub: it does not fill in placeholders.".to_owned(),
        NoLine::TooLong => "Not as a command: it would be too long. Save it to a file, and use mosquitto_pub -f.".to_owned(),
        NoLine::InBrowser => "Not here: the broker is in this browser, where no other program gets to it.".to_owned(),
        NoLine::NoTcp => "Not now: the host of this page takes no MQTT over TCP. It does when it is started with --tcp.".to_owned(),
        NoLine::WayIn => "Not from here: this page reaches the broker through its host. Use the address that midge was given with --broker.".to_owned(),
        NoLine::Scram => "Not with Mosquitto's programs: they know no SCRAM.".to_owned(),
        NoLine::PasswordAlone => {
            "Not with Mosquitto's programs: they send no password without a user name.".to_owned()
        }
        NoLine::Refused(what) => format!(
            "Not with Mosquitto's programs: they refuse the control characters in the {}.",
            part(what)
        ),
        NoLine::Correlation => {
            "Not as a command: a shell cannot pass on correlation data with a zero byte, or with a line break at its end.".to_owned()
        }
        NoLine::NoSubscription => "Nothing is subscribed to.".to_owned(),
        NoLine::RetainHandling => {
            "Not with mosquitto_sub: it cannot ask for retained messages in the way that is chosen here.".to_owned()
        }
    }
}

fn cbor_fault(fault: &CborFault) -> String {
    let what = match fault.problem {
        CborProblem::Cut => "the payload ends inside an item",
        CborProblem::NoItem => "no item begins with this byte",
        CborProblem::NotUtf8 => "this text is not UTF-8",
        CborProblem::StrayBreak => "an end mark stands where nothing is open that it could end",
        CborProblem::NoValue => "the map ends after a key, without its value",
        CborProblem::WrongChunk => {
            "only strings of the same kind may stand in a string of several parts"
        }
    };
    format!(
        "Not CBOR from byte {} on (counted from 0): {what}.",
        fault.at
    )
}

pub const CONTENT: ContentWords = ContentWords {
    reading: "Reading it as JSON…",
    not_json: |what, line, column| format!("Not JSON, line {line}, column {column}: {what}."),
    json_fault,
    cbor_fault,
    cbor_cut: |size| format!("{size} in all. Copy and Save have all of it."),
    lone_surrogate: |line, column| {
        format!(
            "Line {line}, column {column}: an escape names half a character. Some programs refuse that."
        )
    },
    deep: |levels| {
        format!("Below {levels} levels the lines are not indented further. Everything is there.")
    },
    mark: |mark| match mark {
        Mark::Utf8 => {
            "A byte order mark (EF BB BF) stands before it. Many programs that read JSON do not expect one."
        }
        Mark::Utf16 => {
            "It begins with the byte order mark of UTF-16. MQTT's text is UTF-8, and many programs expect nothing else."
        }
        Mark::Utf32 => {
            "It begins with the byte order mark of UTF-32. MQTT's text is UTF-8, so it is shown as bytes."
        }
    },
    new: "new",
    gone: |count, keys| match (count, keys) {
        (_, "") => format!("{count} gone from the end"),
        (1..=3, keys) => format!("gone: {keys}"),
        (_, keys) => format!("{count} gone: {keys}…"),
    },
    placeholders: "Fill in placeholders",
    as_it_is: |first, more| {
        let more = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        format!(
            "No placeholder, goes out as it is: {}{more}",
            first.join("  ")
        )
    },
    empty: "Nothing is typed: a message without payload goes out.",
    empty_retained: "Without payload and with Retain, it deletes the retained message of this topic.",
};

/// The same in a terminal.
pub const TERMINAL: TerminalWords = TerminalWords {
    copy: "Copy the command",
    note,
    none,
};
