//! All cases, in the order of the document.

use crate::case::Case;
use crate::{crowd, large, lasting, loading, publishing, receiving, serving};

/// All cases.
pub fn all() -> Vec<Case> {
    let parts = [
        receiving::floods(),
        receiving::paced(),
        receiving::mosquitto(),
        publishing::cases(),
        lasting::cases(),
        vec![large::case()],
        loading::cases(),
        vec![crowd::case()],
        serving::cases(),
        vec![lasting::hour()],
    ];
    parts.into_iter().flatten().collect()
}
