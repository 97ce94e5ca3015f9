//! Of subscriptions that brought nothing: how near they come to the topics that were seen.

use serde::{Deserialize, Serialize};

/// A filter that the broker granted and that has matched no message, beside the topics that were seen.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Silence {
    /// The filter.
    pub filter: String,
    /// So many topics were looked at.
    pub topics: u32,
    /// Those are all there are. Until then nothing can be said of it.
    pub complete: bool,
    /// It matches one of them: only nothing new has come.
    pub matches: bool,
    /// Topics that go on below what it names.
    pub deeper: Option<Levels>,
    /// Topics that end before it does.
    pub shallower: Option<Levels>,
    /// The first topic that differs in capital letters alone.
    pub capitals: Option<String>,
    /// The first topic that differs in a slash at the front alone.
    pub slash: Option<String>,
}

/// How many levels some topics have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Levels {
    /// The first of these topics.
    pub topic: String,
    /// Levels of the one that has the fewest.
    pub least: u16,
    /// Levels of the one that has the most.
    pub most: u16,
}
