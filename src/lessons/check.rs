//! What is asked of a step, and whether it holds: packets that were seen, where the connection stands, what is subscribed.

use crate::{
    link::{Connection, Found, Goal, Grant, Phase, Subscription, TAB, Watched},
    profile::address::{Reach, reach_of},
    protocol::{self, Version},
};

/// One condition.
#[derive(Clone, Debug, PartialEq)]
pub enum Check {
    /// Packets that were seen since the step began.
    Seen(Goal),
    /// Packets of which as many were not seen since the step began.
    Unseen(Goal),
    /// Connected.
    Connected,
    /// Not connected, because the user ended it or because it was lost.
    Away,
    /// A connection was asked for and is not there: the page says why.
    Trouble,
    /// Connected with this version.
    Version(Version),
    /// Connected with a user name; with this one if there is one here.
    User(Option<String>),
    /// Connected over TLS.
    Secure,
    /// Connected to the broker in this browser.
    InTab,
    /// Connected to another machine.
    Elsewhere,
    /// The broker had kept the session.
    SessionKept,
    /// The session goes on after the connection.
    SessionStays,
    /// This filter is subscribed, and granted.
    Subscribed(String),
    /// Subscriptions that were granted bring all of these topics.
    Reaches(Vec<String>),
    /// One subscription that was granted brings all of these topics.
    OneReaches(Vec<String>),
    /// No subscription brings any of these topics.
    Misses(Vec<String>),
}

/// Conditions that have to hold together. None: it never holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Task {
    /// All of them.
    pub checks: Vec<Check>,
}

/// A control of the page that a step points at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The address of the broker, and Connect.
    Connect,
    /// The field of a topic filter, and Subscribe.
    Subscribe,
    /// The publisher.
    Publish,
    /// The list of messages.
    Messages,
    /// The topic tree.
    Topics,
    /// What is told of one message.
    Inspector,
}

impl Place {
    /// By the word that a lesson uses.
    pub fn named(word: &str) -> Option<Self> {
        Some(match word {
            "connect" => Self::Connect,
            "subscribe" => Self::Subscribe,
            "publish" => Self::Publish,
            "messages" => Self::Messages,
            "topics" => Self::Topics,
            "inspector" => Self::Inspector,
            _ => return None,
        })
    }
}

/// What the engine has told.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The connection.
    pub connection: &'a Connection,
    /// All subscriptions.
    pub subscriptions: &'a [Subscription],
    /// How far the goals are, in the order of [`Task::goals`] of the step and of its hints.
    pub goals: &'a [Found],
}

impl Facts<'_> {
    /// Goals of this number; the others are of another step.
    pub fn goals_of(watched: &Watched, number: u32) -> &[Found] {
        if watched.number == number {
            &watched.goals
        } else {
            &[]
        }
    }

    fn granted(&self) -> impl Iterator<Item = &str> {
        let granted = |one: &&Subscription| matches!(one.grant, Grant::Granted(_));
        let granted = self.subscriptions.iter().filter(granted);
        granted.map(|one| &*one.filter)
    }
}

impl Task {
    /// What is watched for.
    pub fn goals(&self) -> impl Iterator<Item = &Goal> {
        self.checks.iter().filter_map(|check| match check {
            Check::Seen(goal) | Check::Unseen(goal) => Some(goal),
            _ => None,
        })
    }

    /// Whether all conditions hold. `facts.goals` begins with those of this task.
    pub fn is_done(&self, facts: &Facts<'_>) -> bool {
        let mut goals = facts.goals.iter();
        let holds = |check: &Check| match check {
            Check::Seen(_) => goals.next().is_some_and(|found| found.reached),
            Check::Unseen(_) => goals.next().is_some_and(|found| !found.reached),
            other => holds(other, facts),
        };
        !self.checks.is_empty() && self.checks.iter().all(holds)
    }
}

/// What is no goal.
fn holds(check: &Check, facts: &Facts<'_>) -> bool {
    let connection = facts.connection;
    let connected = connection.phase == Phase::Connected;
    let reaches = |topic: &String| {
        facts
            .granted()
            .any(|filter| protocol::matches(filter, topic))
    };
    match check {
        Check::Seen(_) | Check::Unseen(_) => false,
        Check::Connected => connected,
        Check::Away => !connected,
        Check::Trouble => !connected && connection.trouble.is_some(),
        Check::Version(version) => connected && connection.version == *version,
        Check::User(name) => {
            let user = connection.user_name.as_ref();
            connected && user.is_some_and(|user| name.as_ref().is_none_or(|name| name == user))
        }
        Check::Secure => connected && connection.address.starts_with("wss://"),
        Check::InTab => connected && connection.address == TAB,
        Check::Elsewhere => connected && is_elsewhere(&connection.address),
        Check::SessionKept => connected && connection.session_present,
        Check::SessionStays => {
            let asked = &connection.asked;
            let stays = match connection.version {
                Version::V5 => asked.session_expiry.is_some_and(|seconds| seconds > 0),
                Version::V31 | Version::V311 => !asked.clean_session,
            };
            connected && stays
        }
        Check::Subscribed(filter) => {
            let granted = |one: &Subscription| {
                one.filter == *filter && matches!(one.grant, Grant::Granted(_))
            };
            facts.subscriptions.iter().any(granted)
        }
        Check::Reaches(topics) => topics.iter().all(reaches),
        Check::OneReaches(topics) => facts
            .granted()
            .any(|filter| topics.iter().all(|topic| protocol::matches(filter, topic))),
        Check::Misses(topics) => connected && !topics.iter().any(reaches),
    }
}

/// A WebSocket's address that is not this machine.
fn is_elsewhere(address: &str) -> bool {
    let host = address.split_once("://").map_or("", |(_, rest)| {
        rest.split(['/', '?']).next().unwrap_or_default()
    });
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    !host.is_empty() && reach_of(host) != Reach::Loopback
}
