//! All cases, in the order of the document.

use crate::case::Case;
use crate::{publishing, receiving};

/// All cases.
pub fn all() -> Vec<Case> {
    let parts = [
        receiving::floods(),
        receiving::paced(),
        receiving::mosquitto(),
        publishing::cases(),
    ];
    parts.into_iter().flatten().collect()
}
