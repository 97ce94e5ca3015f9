//! The frames that the worker sends to the page.

use serde::{Deserialize, Serialize};

use crate::link::{
    Chunk, Connection, Counters, History, Inspected, List, Notice, Queue, Remark, Seen, Series,
    Silence, Subscription, Timeline, Tree, Watched,
};

/// The answer to one [`super::Command::Ask`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Frame {
    /// The number of the connection that it is about.
    pub connection: u32,
    /// At most one of each pane. A pane without an answer has not changed since the last frame.
    pub answers: Vec<Answer>,
    /// What happened since the last frame, in order. At most the latest 64 of each kind; publications with consecutive
    /// numbers and the same outcome are one notice.
    pub notices: Vec<Notice>,
    /// A chunk of the file that the page asked for.
    pub chunk: Option<Chunk>,
}

/// The answer of a pane. Each variant has the name of its pane.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    /// The connection.
    Connection(Connection),
    /// Counters and rates.
    Counters(Counters),
    /// All subscriptions, in the order in which they were added.
    Subscriptions(Vec<Subscription>),
    /// The visible rows of the list.
    List(List),
    /// The visible rows of the tree.
    Tree(Tree),
    /// The packet that the inspector shows.
    Inspector(Inspected),
    /// The running series.
    Publisher(Vec<Series>),
    /// Publications that wait or are held back.
    Queue(Queue),
    /// Topics that contain what is typed.
    Seen(Seen),
    /// Messages by time.
    Timeline(Timeline),
    /// A page of the history of a topic.
    History(History),
    /// Subscriptions that brought nothing, beside the topics that were seen.
    Silence(Vec<Silence>),
    /// Faults that did not end the connection.
    Notes(Vec<Remark>),
    /// Goals that are watched for.
    Watched(Watched),
}
