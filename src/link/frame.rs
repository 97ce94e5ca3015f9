//! What the worker tells the page at a time.

use serde::{Deserialize, Serialize};

use crate::link::{
    Connection, Counters, Inspected, List, Notice, Queue, Remark, Series, Subscription, Tree,
};

/// One answer to one `Ask`. What is `None` has not changed since the last frame.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Frame {
    /// The connection.
    pub connection: Option<Connection>,
    /// Counters and rates.
    pub counters: Option<Counters>,
    /// All subscriptions, in the order in which they were first asked for.
    pub subscriptions: Option<Vec<Subscription>>,
    /// The visible rows of the list.
    pub list: Option<List>,
    /// The visible rows of the tree.
    pub tree: Option<Tree>,
    /// What the inspector looks at.
    pub inspected: Option<Inspected>,
    /// The series that are running.
    pub series: Option<Vec<Series>>,
    /// Publications that wait.
    pub queue: Option<Queue>,
    /// What is remarked on while the connection goes on.
    pub remarks: Option<Vec<Remark>>,
    /// What happened since the last frame, in order. Bounded: the latest 64 of each kind, and publications of consecutive
    /// numbers that came to the same are one notice.
    pub notices: Vec<Notice>,
}
