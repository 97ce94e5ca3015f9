//! The same message twice: whether the one that is looked at came once more for a reason that MQTT names.

use crate::{desk::inspected::payload, link::Inspected, protocol::Version};

/// Longer apart, two equal messages are more likely two publications: milliseconds.
const TOGETHER: f64 = 250.0;

/// Why it came again.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Repeated {
    /// Several filters match it, and the broker delivers for each: so many milliseconds apart, most likely the same.
    Overlap {
        /// From the one before.
        after: f64,
    },
    /// What is retained came for a subscription that was made later.
    Retained,
}

/// Why this message is the same as the one before it on its topic; `None` where it is not, or nothing speaks for it.
pub fn repeated(one: &Inspected) -> Option<Repeated> {
    let before = one.before.as_deref()?;
    let sibling = one.sibling?;
    let same = before == payload(one) && sibling.retain == one.retain;
    // A DUP is the same delivery, and said where it is shown.
    if one.outgoing || one.dup || !same {
        return None;
    }
    if one.retain {
        return Some(Repeated::Retained);
    }
    // A broker that names both subscriptions has delivered for both at once.
    let named = one
        .properties
        .as_ref()
        .map_or(0, |properties| properties.subscription_identifiers.len());
    (one.matched.len() > 1 && named < 2 && sibling.after <= TOGETHER).then_some(Repeated::Overlap {
        after: sibling.after,
    })
}

/// Where the specification leaves it to the broker.
pub fn clause(version: Version) -> &'static str {
    match version {
        Version::V5 => "3.3.4",
        Version::V31 | Version::V311 => "3.3.5",
    }
}
