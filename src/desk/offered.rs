//! What is offered while somebody types: what was typed before, the latest first, and then topics that were seen.

/// So many are offered at most.
pub const MOST: usize = 12;

/// The texts that contain every word of what is typed, case-insensitively; each once, and not the typed text itself.
/// `lower` puts a text in lower case: the browser does that without the tables that Rust would bring.
pub fn offered<'a>(
    typed: &str,
    before: &'a [String],
    seen: &'a [String],
    lower: fn(&str) -> String,
) -> Vec<&'a str> {
    let words: Vec<String> = typed.split_whitespace().map(lower).collect();
    let mut offered: Vec<&str> = Vec::new();
    for one in before.iter().chain(seen) {
        if offered.len() == MOST {
            break;
        }
        let plain = lower(one);
        if one != typed
            && words.iter().all(|word| plain.contains(word))
            && !offered.contains(&one.as_str())
        {
            offered.push(one);
        }
    }
    offered
}
