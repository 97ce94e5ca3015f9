//! How near a topic filter comes to a topic that it does not match: by the number of levels, by capitals, by a slash at the
//! front. For whoever subscribed and hears nothing.

use super::topic::unshared;

/// What stands between a filter and a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nearness {
    /// Nothing: it matches.
    Matches,
    /// The topic goes on below what the filter names.
    Deeper,
    /// The topic ends before the filter does.
    Shallower,
    /// Capital letters.
    Capitals,
    /// One of them begins with a slash, which makes an empty first level.
    Slash,
}

/// One difference between a valid filter and a topic name; `None` where there are others, or more. Does not allocate.
pub fn nearness(filter: &str, topic: &str) -> Option<Nearness> {
    let filter = unshared(filter);
    // [MQTT-4.7.2-1]: whoever subscribed to a leading wildcard did not mean these.
    if topic.starts_with('$') && !filter.starts_with('$') {
        return None;
    }
    let without_slash = || match (filter.strip_prefix('/'), topic.strip_prefix('/')) {
        (Some(filter), None) => levels(filter, topic),
        (None, Some(topic)) => levels(filter, topic),
        _ => None,
    };
    levels(filter, topic).or_else(|| {
        let same = without_slash() == Some(Nearness::Matches);
        same.then_some(Nearness::Slash)
    })
}

fn levels(filter: &str, topic: &str) -> Option<Nearness> {
    let (mut wanted, mut there) = (filter.split('/'), topic.split('/'));
    let mut capitals = false;
    loop {
        let only = |alone: Nearness| (!capitals).then_some(alone);
        match (wanted.next(), there.next()) {
            (Some("#"), _) => break,
            (Some(wanted), Some(level)) => {
                if wanted != "+" && wanted != level {
                    capitals = true;
                    if !same_letters(wanted, level) {
                        return None;
                    }
                }
            }
            (None, None) => break,
            (None, Some(_)) => return only(Nearness::Deeper),
            (Some(_), None) => return only(Nearness::Shallower),
        }
    }
    Some(if capitals {
        Nearness::Capitals
    } else {
        Nearness::Matches
    })
}

fn same_letters(one: &str, other: &str) -> bool {
    one.chars()
        .flat_map(char::to_lowercase)
        .eq(other.chars().flat_map(char::to_lowercase))
}
