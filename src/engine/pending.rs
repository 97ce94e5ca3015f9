//! A publication that is on its way, and what of its properties the page may choose.

use crate::protocol::PublishProperties;

/// A publication that is on its way. By default one that is none of this page's, or that was left to storage.
#[derive(Debug, Default)]
pub(super) struct Pending {
    /// The page's number of it, or of its series; 0 for one that an earlier page had sent.
    pub number: u32,
    pub series: bool,
    /// The PUBLISH packet's number in the capture, once it was sent.
    pub seq: Option<u64>,
}

/// The properties that are the user's to choose: topic aliases are the session's, and subscription identifiers a broker's.
pub(super) fn chosen(properties: PublishProperties) -> PublishProperties {
    PublishProperties {
        topic_alias: None,
        subscription_identifiers: Vec::new(),
        ..properties
    }
}
