//! What the engine remarks on while the connection goes on: broken rules, and limits of its own.

use serde::{Deserialize, Serialize};

/// One remark. It stays until the connection that the user asked for ends, or everything captured is thrown away.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Remark {
    /// Another number: there is something new to it. The same: at most its count is another.
    pub number: u32,
    /// On what.
    pub on: RemarkOn,
    /// The packet's number in the capture.
    pub seq: Option<u64>,
    /// How often it happened.
    pub count: u32,
}

/// What a remark is on. Details are in English, in the specification's words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum RemarkOn {
    /// A message that somebody published breaks a rule; it is kept.
    Message {
        /// Its topic for reading.
        topic: String,
        /// What is wrong.
        detail: String,
        /// The section of the specification.
        clause: String,
    },
    /// The broker broke a rule, and what it meant was taken.
    Broker {
        /// What is wrong.
        detail: String,
        /// The section of the specification.
        clause: String,
    },
    /// A packet is larger than Midge takes, which is nobody's fault; it is not kept.
    TooLarge {
        /// Its topic for reading; `None` for a packet that is no message.
        topic: Option<String>,
        /// Its bytes.
        size: u32,
        /// The limit.
        limit: u32,
    },
    /// More bytes of topic names behind aliases came than Midge keeps: messages under further aliases have no topic.
    AliasNames {
        /// The limit.
        limit: u32,
    },
}
