//! Remarks: faults that do not end the connection, and packets beyond limits of Midge.

use serde::{Deserialize, Serialize};

/// One remark. It is kept until the user makes another connection or clears the capture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Remark {
    /// It changes if there is something new. Otherwise at most the count has changed.
    pub number: u32,
    /// What it is about.
    pub on: RemarkOn,
    /// The number of the packet in the capture.
    pub seq: Option<u64>,
    /// How often it happened.
    pub count: u32,
}

/// What a remark is about. Details are in English, in the terms of the specification.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum RemarkOn {
    /// A message violates the protocol. It is kept.
    Message {
        /// Its topic for reading.
        topic: String,
        /// What is wrong.
        detail: String,
        /// The section of the specification.
        clause: String,
    },
    /// The broker violated the protocol, and its packet was accepted all the same.
    Broker {
        /// What is wrong.
        detail: String,
        /// The section of the specification.
        clause: String,
    },
    /// A packet is larger than Midge accepts, so it is not kept. This is nobody's fault.
    TooLarge {
        /// Its topic as readable text; `None` if it is not a message.
        topic: Option<String>,
        /// Its bytes.
        size: u32,
        /// The limit.
        limit: u32,
    },
    /// The topic names for topic aliases take more space than Midge allows, so messages with further aliases have no topic.
    AliasNames {
        /// The limit.
        limit: u32,
    },
}
