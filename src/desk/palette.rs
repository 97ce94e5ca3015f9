//! The commands: which of them what was typed means, and in which order they stand.
//!
//! Each word that is typed has to be found in an entry. What begins with it comes before what has it inside, and among
//! alike ones actions come before connections and topics.

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Something that can be done.
    Action,
    /// A connection that was saved.
    Connection,
    /// A topic that was seen.
    Topic,
}

/// How well an entry fits, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// It is what was typed.
    Whole,
    /// It begins with it.
    Beginning,
    /// One of its words, or levels, does.
    Word,
    /// It is inside.
    Inside,
    /// Its words begin with these letters.
    Initials,
}

/// So many are listed at most.
pub const MOST: usize = 50;

/// How a name fits to what was typed; `None`: it does not. Nothing typed fits to all.
pub fn fit(name: &str, typed: &str) -> Option<Fit> {
    let typed = typed.trim().to_lowercase();
    if typed.is_empty() {
        return Some(Fit::Whole);
    }
    let name = name.to_lowercase();
    if name == typed {
        return Some(Fit::Whole);
    }
    let mut worst = Fit::Whole;
    for (at, word) in typed.split_whitespace().enumerate() {
        let found = match place(&name, word) {
            // Only the first word that is typed stands for the beginning.
            Some(Fit::Beginning) if at > 0 => Fit::Word,
            Some(fit) => fit,
            None if begins_words(&name, word) => Fit::Initials,
            None => return None,
        };
        worst = worst.max(found);
    }
    Some(worst)
}

/// The best place of a word inside of a name.
fn place(name: &str, word: &str) -> Option<Fit> {
    if name.starts_with(word) {
        return Some(Fit::Beginning);
    }
    let mut before = None;
    for (at, _) in name.match_indices(word) {
        let new_word = name
            .get(..at)
            .and_then(|before| before.chars().next_back())
            .is_none_or(|before| !before.is_alphanumeric());
        if new_word {
            return Some(Fit::Word);
        }
        before = Some(Fit::Inside);
    }
    before
}

/// Words of the name begin with these letters, in this order, the first one with the first.
fn begins_words(name: &str, letters: &str) -> bool {
    if letters.chars().nth(1).is_none() {
        return false;
    }
    let mut initials = name
        .split(|char: char| !char.is_alphanumeric())
        .filter_map(|word| word.chars().next());
    let mut letters = letters.chars();
    if initials.next() != letters.next() {
        return false;
    }
    letters.all(|letter| initials.any(|initial| initial == letter))
}

/// The entries that fit, by their numbers, the best first.
pub fn in_order<'a>(entries: impl IntoIterator<Item = (Kind, &'a str)>, typed: &str) -> Vec<usize> {
    let mut found: Vec<(Fit, Kind, usize)> = entries
        .into_iter()
        .enumerate()
        .filter_map(|(at, (kind, name))| Some((fit(name, typed)?, kind, at)))
        .collect();
    found.sort_unstable();
    found.truncate(MOST);
    found.into_iter().map(|(_, _, at)| at).collect()
}

/// Where a key leads among so many entries: round at the ends by arrows, to the ends by pages.
pub fn moved(key: &str, at: usize, count: usize) -> Option<usize> {
    /// What a page of them is.
    const PAGE: usize = 8;
    let last = count.checked_sub(1)?;
    match key {
        "ArrowDown" => Some(if at >= last { 0 } else { at + 1 }),
        "ArrowUp" => Some(at.checked_sub(1).unwrap_or(last).min(last)),
        "PageDown" => Some((at + PAGE).min(last)),
        "PageUp" => Some(at.saturating_sub(PAGE)),
        _ => None,
    }
}
