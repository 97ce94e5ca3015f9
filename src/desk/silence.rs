//! Why a subscription brought nothing, as far as can be told from the topics that were seen. What is likeliest is said first,
//! and one thing only.

use crate::{
    link::{Grant, Levels, Silence, Subscription},
    protocol::{RetainHandling, check_topic_filter},
};

/// Nothing is said before, in milliseconds: what is kept for a filter comes at once, and the first message soon.
pub const SOON: f64 = 2_000.0;
/// From then on it is said that nothing came, though nothing seems wrong.
pub const LONG: f64 = 120_000.0;
/// Filters at most that one with commas in it is taken apart into.
const PARTS: usize = 16;

/// Why nothing came.
#[derive(Clone, Debug, PartialEq)]
pub enum Why {
    /// There is a comma in it, and a filter is one filter.
    Comma {
        /// Those that were meant.
        instead: Vec<String>,
    },
    /// White space around a level counts like any other character.
    Space {
        /// Without it.
        instead: String,
    },
    /// A slash at the front is one level more; this topic differs in it.
    Slash {
        /// One of the topics that were seen.
        topic: String,
        /// With, or without it.
        instead: String,
    },
    /// This topic differs in capital letters.
    Capitals {
        /// One of the topics that were seen.
        topic: String,
        /// With its letters.
        instead: String,
    },
    /// It has another number of levels than the topics that were seen.
    Levels {
        /// Levels of the filter.
        own: usize,
        /// Theirs.
        seen: Levels,
        /// With as many.
        instead: String,
    },
    /// Nothing seems wrong: nothing was published since.
    Quiet {
        /// What is retained would have come.
        retained: bool,
    },
}

impl Why {
    /// The filters that would bring something.
    pub fn instead(&self) -> &[String] {
        match self {
            Self::Comma { instead } => instead,
            Self::Space { instead }
            | Self::Slash { instead, .. }
            | Self::Capitals { instead, .. }
            | Self::Levels { instead, .. } => std::slice::from_ref(instead),
            Self::Quiet { .. } => &[],
        }
    }
}

/// What to say of a subscription that was granted `waited` milliseconds ago. `seen`: beside the topics that were seen.
pub fn why(one: &Subscription, seen: Option<&Silence>, waited: f64) -> Option<Why> {
    let silent = one.count == 0 && matches!(one.grant, Grant::Granted(_));
    if !silent || waited < SOON {
        return None;
    }
    if seen.is_some_and(|seen| !seen.complete) {
        return None;
    }
    // It matches a topic that was seen before: nothing is wrong with it.
    let known = seen.is_some_and(|seen| seen.matches);
    let wrong = || by_form(&one.filter).or_else(|| by_topics(&one.filter, seen?));
    let wrong = if known { None } else { wrong() };
    wrong.or_else(|| {
        (waited >= LONG).then(|| Why::Quiet {
            retained: sends_retained(one),
        })
    })
}

/// When to look again, in milliseconds from when it was granted.
pub fn look_again(waited: f64) -> Option<f64> {
    [SOON, LONG].into_iter().find(|due| *due > waited)
}

fn sends_retained(one: &Subscription) -> bool {
    one.options.retain_handling != RetainHandling::Never && !one.filter.starts_with("$share/")
}

/// What can be seen from the filter alone.
fn by_form(filter: &str) -> Option<Why> {
    if filter.contains(',') {
        let parts: Vec<String> = filter
            .split(',')
            .map(|part| part.trim().to_owned())
            .filter(|part| check_topic_filter(part).is_ok())
            .take(PARTS)
            .collect();
        if !parts.is_empty() {
            return Some(Why::Comma { instead: parts });
        }
    }
    let levels: Vec<&str> = filter.split('/').map(str::trim).collect();
    let instead = levels.join("/");
    (instead != filter && check_topic_filter(&instead).is_ok()).then_some(Why::Space { instead })
}

/// What the topics that were seen say.
fn by_topics(filter: &str, seen: &Silence) -> Option<Why> {
    let (share, plain) = split_share(filter);
    let again = |plain: &str| format!("{share}{plain}");
    if let Some(topic) = &seen.slash {
        let plain = match plain.strip_prefix('/') {
            Some(plain) => plain.to_owned(),
            None => format!("/{plain}"),
        };
        return Some(Why::Slash {
            topic: topic.clone(),
            instead: again(&plain),
        });
    }
    if let Some(topic) = &seen.capitals {
        return Some(Why::Capitals {
            topic: topic.clone(),
            instead: again(&with_letters_of(topic, plain)),
        });
    }
    let own = plain.split('/').count();
    let levels = |levels: &Levels, instead: String| Why::Levels {
        own,
        seen: levels.clone(),
        instead: again(&instead),
    };
    match (&seen.deeper, &seen.shallower) {
        (Some(deeper), _) => Some(levels(deeper, deeper_filter(plain, own, deeper))),
        (None, Some(shallower)) => {
            let kept = plain.split('/').take(usize::from(shallower.most));
            let kept: Vec<&str> = kept.collect();
            Some(levels(shallower, kept.join("/")))
        }
        (None, None) => None,
    }
}

/// `$share/group/`, and the filter behind it.
fn split_share(filter: &str) -> (&str, &str) {
    let group = filter.strip_prefix("$share/").and_then(|rest| {
        let (group, _) = rest.split_once('/')?;
        filter.split_at_checked("$share/".len() + group.len() + 1)
    });
    group.unwrap_or(("", filter))
}

/// As many levels more as the topics have; any number, where they differ.
fn deeper_filter(plain: &str, own: usize, seen: &Levels) -> String {
    if seen.least != seen.most {
        return format!("{plain}/#");
    }
    let more = usize::from(seen.most).saturating_sub(own);
    format!("{plain}{}", "/+".repeat(more))
}

/// The filter with each of its names written as in the topic.
fn with_letters_of(topic: &str, plain: &str) -> String {
    let mut there = topic.split('/');
    let levels = plain.split('/').map(|level| match (level, there.next()) {
        ("+" | "#", _) | (_, None) => level,
        (_, Some(name)) => name,
    });
    levels.collect::<Vec<_>>().join("/")
}
