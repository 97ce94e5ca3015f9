//! What is offered while somebody types: what was typed before, the latest first, and then topics that were seen.

/// So many are offered at most.
pub const MOST: usize = 12;

/// What holds every word of what is typed, whatever the case; each once, and not what stands there already.
pub fn offered<'a>(typed: &str, before: &'a [String], seen: &'a [String]) -> Vec<&'a str> {
    let words: Vec<String> = typed.split_whitespace().map(str::to_lowercase).collect();
    let mut offered: Vec<&str> = Vec::new();
    for one in before.iter().chain(seen) {
        if offered.len() == MOST {
            break;
        }
        let plain = one.to_lowercase();
        if one != typed
            && words.iter().all(|word| plain.contains(word))
            && !offered.contains(&one.as_str())
        {
            offered.push(one);
        }
    }
    offered
}
