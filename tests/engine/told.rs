//! What a frame tells of each pane, by name.

use midge::link::{
    Answer, Connection, Counters, Frame, History, Inspected, List, Queue, Remark, Seen, Series,
    Silence, Subscription, Timeline, Tree, Watched,
};

macro_rules! told {
    ($($name:ident: $pane:ident($type:ty)),* $(,)?) => {
        /// The answers of a frame; `None` of a pane that has no news.
        pub trait Told {
            $(fn $name(&self) -> Option<&$type>;)*
        }

        impl Told for Frame {
            $(
                fn $name(&self) -> Option<&$type> {
                    let mut answers = self.answers.iter().filter_map(|answer| match answer {
                        Answer::$pane(answer) => Some(answer),
                        _ => None,
                    });
                    let answer = answers.next();
                    assert!(answers.next().is_none(), "a pane answers once");
                    answer
                }
            )*
        }
    };
}

told! {
    connection: Connection(Connection),
    counters: Counters(Counters),
    subscriptions: Subscriptions(Vec<Subscription>),
    list: List(List),
    tree: Tree(Tree),
    inspected: Inspector(Inspected),
    series: Publisher(Vec<Series>),
    queue: Queue(Queue),
    remarks: Notes(Vec<Remark>),
    seen: Seen(Seen),
    timeline: Timeline(Timeline),
    history: History(History),
    watched: Watched(Watched),
    silence: Silence(Vec<Silence>),
}
