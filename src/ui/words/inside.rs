//! The words of the broker's inside, which few open: they are loaded with it, in every language, and are no part of the
//! others.

use crate::inside::Outcome;

/// See the file of each language.
pub struct InsideWords {
    /// Clients that are connected, all clients, subscriptions, retained messages, messages that wait.
    pub totals: fn(&str, &str, &str, &str, &str) -> String,
    pub no_answer: &'static str,
    /// In the words of who refused.
    pub refused: fn(&str) -> String,
    pub left_out: fn(&str) -> String,
    // Clients
    pub clients: &'static str,
    pub client: &'static str,
    pub state: &'static str,
    pub keep_alive: &'static str,
    pub session: &'static str,
    pub in_flight: &'static str,
    pub queued: &'static str,
    pub connected: &'static str,
    pub away: &'static str,
    pub this_page: &'static str,
    pub no_keep_alive: &'static str,
    pub with_connection: &'static str,
    pub for_ever: &'static str,
    pub stays: fn(&str) -> String,
    pub ends_in: fn(&str) -> String,
    pub user: fn(&str) -> String,
    pub clean: &'static str,
    pub will: fn(&str) -> String,
    pub heard: fn(&str) -> String,
    pub owed: fn(&str) -> String,
    pub unreleased: fn(&str) -> String,
    pub dropped: fn(&str) -> String,
    // Subscriptions
    pub subscriptions: &'static str,
    pub no_subscriptions: &'static str,
    pub group: fn(&str) -> String,
    pub no_local: &'static str,
    pub as_published: &'static str,
    /// When retained messages are sent, if not with every subscription: only with a new one, and never.
    pub handlings: [&'static str; 2],
    pub identifier: fn(u32) -> String,
    // Retained messages
    pub retained: &'static str,
    pub own_retained: fn(&str) -> String,
    pub no_retained: &'static str,
    pub topic: &'static str,
    pub size: &'static str,
    pub qos: &'static str,
    pub when: &'static str,
    pub from: &'static str,
    // The course of a message
    pub course: &'static str,
    pub choose: &'static str,
    pub none_came: &'static str,
    pub not_noted: &'static str,
    pub all_messages: &'static str,
    pub came_from: &'static str,
    pub the_broker: &'static str,
    pub is_will: &'static str,
    pub at: &'static str,
    pub went_to: &'static str,
    pub would_go_to: &'static str,
    pub nobody: &'static str,
    pub nobody_any_more: &'static str,
    pub matched: &'static str,
    pub outcome: &'static str,
    /// The quality of service that was granted for a filter.
    pub granted: fn(u8) -> String,
    /// Published, and the highest that was granted.
    pub lower: fn(u8, u8) -> String,
    pub as_retained: &'static str,
    pub waits_for: &'static str,
    /// How far it is; whether the client is connected.
    pub outcomes: fn(Outcome, bool) -> &'static str,
}
