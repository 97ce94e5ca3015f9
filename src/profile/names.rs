//! What may be typed as a topic filter or a topic name, for those who may not know `protocol`.

pub use crate::protocol::{FilterFault, TopicFault, check_topic_filter, check_topic_name};
