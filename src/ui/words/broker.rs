//! The words of the connect screen, the doctor, settings and sharing.

/// See the file of each language.
pub struct BrokerWords {
    pub heading: &'static str,
}
