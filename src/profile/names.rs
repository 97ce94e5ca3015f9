//! Topic names and filters, as the page checks them while they are typed. The rules are `protocol`'s.

pub use crate::protocol::{FilterFault, TopicFault, check_topic_filter, check_topic_name, matches};
