//! What the worker tells the page at a time.

use serde::{Deserialize, Serialize};

use crate::link::{
    Chunk, Connection, Counters, Inspected, List, Notice, Queue, Remark, Seen, Series,
    Subscription, Tree,
};

/// One answer to one `Ask`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Frame {
    /// Of which connection it tells.
    pub connection: u32,
    /// One of each pane at the most. Of a pane without an answer nothing has changed since the last frame.
    pub answers: Vec<Answer>,
    /// What happened since the last frame, in order. Bounded: the latest 64 of each kind, and publications of consecutive
    /// numbers that came to the same are one notice.
    pub notices: Vec<Notice>,
    /// A part of a file that was asked for.
    pub chunk: Option<Chunk>,
}

/// What a pane answers; each has the pane's name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    /// The connection.
    Connection(Connection),
    /// Counters and rates.
    Counters(Counters),
    /// All subscriptions, in the order in which they were first asked for.
    Subscriptions(Vec<Subscription>),
    /// The visible rows of the list.
    List(List),
    /// The visible rows of the tree.
    Tree(Tree),
    /// What the inspector looks at.
    Inspector(Inspected),
    /// The series that are running.
    Publisher(Vec<Series>),
    /// Publications that wait.
    Queue(Queue),
    /// Topics that hold what is typed.
    Seen(Seen),
    /// What is remarked on while the connection goes on.
    Notes(Vec<Remark>),
}
