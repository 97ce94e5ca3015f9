//! A publication that is not finished, and which of its properties the page may set.

use crate::protocol::PublishProperties;

/// A publication that is not finished. The default is one of an earlier page, or one that was restored from storage.
#[derive(Debug, Default)]
pub(super) struct Pending {
    /// The page's number of it or of its series; 0 for a publication of an earlier page.
    pub number: u32,
    pub series: bool,
    /// The number of the PUBLISH packet in the capture, once it was sent.
    pub seq: Option<u64>,
}

/// The properties that the user may set. Topic aliases are set by the session, subscription identifiers by a broker.
pub(super) fn chosen(properties: PublishProperties) -> PublishProperties {
    PublishProperties {
        topic_alias: None,
        subscription_identifiers: Vec::new(),
        ..properties
    }
}
