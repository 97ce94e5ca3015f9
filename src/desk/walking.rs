//! Walking through a list by keys: which row a key leads to. Rows are counted from the top; that a row is not loaded is no
//! hindrance.

/// What is seen of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The first row that is seen as a whole.
    pub first: u64,
    /// How far a page leads.
    pub page: u64,
    /// Rows there are.
    pub total: u64,
}

/// The row that a key leads to from the one at `at`; `None`: it leads nowhere.
pub fn walked(key: &str, at: Option<u64>, seen: Seen) -> Option<u64> {
    let last = seen.total.checked_sub(1)?;
    let next = match (key, at) {
        ("Home", _) => 0,
        ("End", _) => last,
        // Nobody has been anywhere yet: the walk begins at what is seen.
        ("ArrowDown" | "ArrowUp" | "PageDown" | "PageUp", None) => seen.first,
        ("ArrowDown", Some(at)) => at.saturating_add(1),
        ("ArrowUp", Some(at)) => at.saturating_sub(1),
        ("PageDown", Some(at)) => at.saturating_add(seen.page),
        ("PageUp", Some(at)) => at.saturating_sub(seen.page),
        _ => return None,
    };
    Some(next.min(last))
}
