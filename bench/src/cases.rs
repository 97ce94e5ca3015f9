//! All cases, in the order of the document.

use crate::case::Case;
use crate::receiving;

/// All cases.
pub fn all() -> Vec<Case> {
    receiving::floods()
}
